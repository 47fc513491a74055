import type { Refusal, Words } from '../../shared/domain/result.ts';

/** Something of a file that was not taken, and where: a row and column of a table, or a place in a JSON. */
export type IntakeProblem<Code extends string = string> = {
  readonly row?: number;
  readonly column?: string;
  readonly place?: string;
  readonly code: Code;
  readonly message: Words;
  readonly remedy: Words;
};

export type RefusedEntry = IntakeProblem & { readonly file: string };

/** More problems of one visit are not listed: the clerk has enough to see what is wrong. */
export const problemsListedMax = 50;

/** Something that is wrong, at its place in a file. */
export function intakeProblem<Code extends string>(
  { code, message, remedy }: Refusal<Code>,
  where: Pick<IntakeProblem, 'row' | 'column' | 'place'> = {},
): IntakeProblem<Code> {
  return { ...where, code, message, remedy };
}
