import type { SettlementInput } from '../domain/person.ts';
import type { Warning } from '../domain/result.ts';
import type { PackProblem } from '../policy/pack/pack-problem.ts';
import type { PackCase } from '../policy/pack/pack-schema.ts';

/** A case with its visit read, ready to be run many times. */
export type PreparedCase = {
  /** Its place among the cases of the pack, from 0. */
  readonly index: number;
  readonly packCase: PackCase;
  readonly input: SettlementInput;
  /** The visit as plain data, with everything the case sets. */
  readonly data: unknown;
  /** What reading the visit already warned of. */
  readonly warnings: readonly Warning[];
};

export type PreparedCases = {
  readonly cases: readonly PreparedCase[];
  readonly problems: readonly PackProblem[];
};

/** The same problem, saying first of which case it is. */
export function inCase<Code extends string>(
  sentence: string,
  { message, ...same }: PackProblem<Code>,
): PackProblem<Code> {
  return {
    ...same,
    message: { zh: `${sentence}：${message.zh}`, en: `${sentence}: ${message.en}` },
  };
}
