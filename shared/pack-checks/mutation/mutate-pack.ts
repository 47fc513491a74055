import { compilePack } from '../../policy/compile/compile-pack.ts';
import type { PackDocument } from '../../policy/pack/pack-schema.ts';
import { readPackDocument } from '../../policy/pack/read-pack-document.ts';
import type { Words } from '../../domain/result.ts';
import type { CompiledPack } from '../../policy/compile/compiled-pack.ts';
import type { PreparedCase } from '../prepared-case.ts';
import { agrees, runCaseFigures } from '../run-case.ts';
import { conditionMutants } from './condition-mutants.ts';
import { figureMutants } from './figure-mutants.ts';
import { listMutants } from './list-mutants.ts';
import { withValue, type Mutant } from './mutant.ts';
import { orderMutants } from './order-mutants.ts';
import { roundingMutants } from './rounding-mutants.ts';
import { scopeMutants } from './scope-mutants.ts';
import { stepMutants } from './step-mutants.ts';

/** A change no case of a pack noticed. */
export type Survivor = {
  readonly file: string;
  readonly line: number;
  /** The keys of the changed place, with dots between them. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly message: Words;
  readonly remedy: Words;
};

/** What became of a pack's mutants (contract). */
export type Mutation = {
  readonly killed: number;
  readonly total: number;
  readonly survivors: readonly Survivor[];
};

/** Every mutant of a pack: one single number, category, order or rounding changed. */
export function mutantsOf(document: PackDocument): Mutant[] {
  return [
    ...scopeMutants(document),
    ...figureMutants(document),
    ...conditionMutants(document),
    ...listMutants(document),
    ...stepMutants(document),
    ...roundingMutants(document),
    ...orderMutants(document),
  ];
}

/** A sound pack, with where each of its keys stands in its text. */
export type PackUnderMutation = {
  readonly compiled: CompiledPack;
  readonly file: string;
  readonly lineOf: (path: readonly (string | number)[]) => number;
};

/**
 * Changes one single thing of a pack at a time and runs its cases, until one comes out otherwise. A change
 * the reader refuses is noticed by it. What is left shows that a figure could be wrong unseen.
 */
export function mutatePack(
  { compiled, file, lineOf }: PackUnderMutation,
  prepared: readonly PreparedCase[],
): Mutation {
  const { document } = compiled;
  const mutants = mutantsOf(document);
  const cases = [...prepared];
  const survivors: Survivor[] = [];
  for (const mutant of mutants) {
    if (isNoticed(mutant, cases)) continue;
    const { path, before, after, missing } = mutant;
    const place = path.join('.');
    const change = changeInWords(mutant);
    survivors.push({
      file,
      line: lineOf(path),
      path: place,
      before,
      after,
      message: {
        zh: `${place}：${change.zh}，没有一个案例的结果不同`,
        en: `${place}: ${change.en}, and no case comes out otherwise`,
      },
      remedy: missing,
    });
  }
  return { killed: mutants.length - survivors.length, total: mutants.length, survivors };
}

function changeInWords({ before, after }: Mutant): Words {
  if (after === '') return { zh: `删去 ${before}`, en: `${before} removed` };
  if (before === '') return { zh: `加上 ${after}`, en: `${after} added` };
  return { zh: `${before} 改成 ${after}`, en: `${before} changed to ${after}` };
}

/** Whether a changed pack is refused or some case comes out otherwise; that case is asked first next time. */
function isNoticed({ data }: Mutant, cases: PreparedCase[]): boolean {
  // The cases are not part of what was changed; read again with every mutant they would only cost time.
  const reading = readPackDocument(withValue(data, ['cases'], []));
  if (!reading.ok) return true;
  const pack = compilePack(reading.document);
  const index = cases.findIndex((each) => {
    try {
      return !agrees(each.packCase, runCaseFigures(pack, each));
    } catch {
      // A changed pack may break a promise of the engine: the desk would stop there.
      return true;
    }
  });
  if (index < 0) return false;
  const [noticing] = cases.splice(index, 1);
  if (noticing !== undefined) cases.unshift(noticing);
  return true;
}
