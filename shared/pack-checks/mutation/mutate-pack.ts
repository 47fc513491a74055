import { compilePack } from '../../policy/compile/compile-pack.ts';
import type { PackDocument } from '../../policy/pack/pack-schema.ts';
import { readPackDocument } from '../../policy/pack/read-pack-document.ts';
import type { Words } from '../../domain/result.ts';
import type { CompiledPack } from '../../policy/compile/compiled-pack.ts';
import type { PreparedCase } from '../prepared-case.ts';
import { agrees, runCaseFigures } from '../run-case.ts';
import { conditionMutants } from './condition-mutants.ts';
import { figureMutants } from './figure-mutants.ts';
import { hiddenBy } from './hidden-figures.ts';
import { listMutants } from './list-mutants.ts';
import { missingCases, type MissingCase } from './missing-cases.ts';
import { withValue, type Mutant } from './mutant.ts';
import { orderMutants } from './order-mutants.ts';
import { roundingMutants } from './rounding-mutants.ts';
import { scopeMutants } from './scope-mutants.ts';
import { stepMutants } from './step-mutants.ts';
import { findTellingVisits, settlementsMax, type Search } from './telling-visits.ts';
import { togetherMutants } from './together-mutants.ts';

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

/** A change that the pack says no visit tells, and none of those tried did. */
export type Equivalent = Pick<Survivor, 'line' | 'path' | 'before' | 'after'> & {
  readonly because: Words;
  /** How many visits were tried. */
  readonly tried: number;
};

/** What became of a pack's mutants (contract). */
export type Mutation = {
  readonly killed: number;
  readonly total: number;
  readonly survivors: readonly Survivor[];
  /** The fewest cases that would notice the survivors, ready but for their amounts. */
  readonly missing: readonly MissingCase[];
  readonly equivalents: readonly Equivalent[];
};

/** Every mutant of a pack: one single number, category, order or rounding changed. */
export function mutantsOf(document: PackDocument): Mutant[] {
  return [
    ...scopeMutants(document),
    ...figureMutants(document),
    ...conditionMutants(document),
    ...listMutants(document),
    ...stepMutants(document),
    ...togetherMutants(document),
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
 * the reader refuses is noticed by it. What is left shows that a figure could be wrong unseen: for it visits are
 * looked for that would show it. A change that the pack calls equivalent is taken for it only where none is found.
 */
export function mutatePack(
  under: PackUnderMutation,
  prepared: readonly PreparedCase[],
  { most = settlementsMax }: { readonly most?: number } = {},
): Mutation {
  const { compiled, lineOf } = under;
  const { document } = compiled;
  const mutants = mutantsOf(document);
  const cases = [...prepared];
  const unnoticed = mutants.flatMap((mutant) => {
    const changed = changedPack(mutant);
    return changed === null || isNoticed(changed, cases) ? [] : [{ mutant, changed }];
  });
  const changed = unnoticed.map((each) => each.changed);
  const searches = findTellingVisits(compiled, prepared, changed, most);
  const equivalents: Equivalent[] = [];
  const left: { readonly survivor: Survivor; readonly index: number }[] = [];
  for (const [index, { mutant }] of unnoticed.entries()) {
    const search = searches[index] ?? { visit: null, tried: 0 };
    const claim = claimOf(document, mutant);
    if (claim !== undefined && search.visit === null) {
      const { path, before, after } = mutant;
      const place = { line: lineOf(path), path: path.join('.'), before, after };
      equivalents.push({ ...place, because: claim.because, tried: search.tried });
      continue;
    }
    const isClaimed = claim !== undefined;
    left.push({ survivor: survivorOf(under, mutant, prepared, search, isClaimed), index });
  }
  const visits = searches.map(({ visit }, index) =>
    left.some((each) => each.index === index) ? visit : null,
  );
  const missing = missingCases(
    compiled,
    changed,
    visits,
    (index) => unnoticed[index]?.mutant.path.join('.') ?? '',
  );
  return {
    killed: mutants.length - unnoticed.length,
    total: mutants.length,
    survivors: left.map(({ survivor }) => survivor),
    missing: missing.map((each) => ({
      ...each,
      notices: each.notices.map((index) => left.findIndex((one) => one.index === index)),
    })),
    equivalents,
  };
}

/** What a pack says of a change: that no visit can tell it. */
function claimOf({ equivalent = [] }: PackDocument, { path, before, after }: Mutant) {
  return equivalent.find(
    (claim) =>
      claim.change === path.join('.') &&
      (claim.before ?? before) === before &&
      (claim.after ?? after) === after,
  );
}

/** Claims of a pack that speak of no change there is, or of one that its cases notice. */
export function idleClaims(
  document: PackDocument,
  { equivalents, survivors }: Mutation,
): readonly number[] {
  const left = [...equivalents, ...survivors];
  return (document.equivalent ?? []).flatMap((claim, index) =>
    left.some(
      ({ path, before, after }) =>
        claim.change === path &&
        (claim.before ?? before) === before &&
        (claim.after ?? after) === after,
    )
      ? []
      : [index],
  );
}

function survivorOf(
  { compiled, file, lineOf }: PackUnderMutation,
  mutant: Mutant,
  cases: readonly PreparedCase[],
  { visit, tried }: Search,
  isClaimed: boolean,
): Survivor {
  const { path, before, after, missing } = mutant;
  const place = path.join('.');
  const change = changeInWords(mutant);
  const hidden = hiddenBy(compiled, path, cases);
  const claim = !isClaimed
    ? { zh: '', en: '' }
    : { zh: '。equivalent 不成立：有就诊看得出来', en: '. It is not equivalent: a visit tells it' };
  const none = {
    zh: `。试了 ${String(tried)} 次就诊，没有一次结果不同；确实看不出时写 equivalent: [{ change: ${place}, because: … }]`,
    en: `. Of ${String(tried)} visits tried none tells it; where none can, write equivalent: [{ change: ${place}, because: … }]`,
  };
  return {
    file,
    line: lineOf(path),
    path: place,
    before,
    after,
    message: {
      zh: `${place}：${change.zh}，没有一个案例的结果不同${claim.zh}`,
      en: `${place}: ${change.en}, and no case comes out otherwise${claim.en}`,
    },
    remedy: {
      zh: `${missing.zh}${hidden?.zh ?? ''}${visit === null ? none.zh : ''}`,
      en: `${missing.en}${hidden?.en ?? ''}${visit === null ? none.en : ''}`,
    },
  };
}

function changeInWords({ before, after }: Mutant): Words {
  if (after === '') return { zh: `删去 ${before}`, en: `${before} removed` };
  if (before === '') return { zh: `加上 ${after}`, en: `${after} added` };
  return { zh: `${before} 改成 ${after}`, en: `${before} changed to ${after}` };
}

/** A changed pack made ready; null where its reader refuses it. */
function changedPack({ data }: Mutant): CompiledPack | null {
  // The cases are not part of what was changed; read again with every mutant they would only cost time.
  const reading = readPackDocument(withValue(data, ['cases'], []));
  return reading.ok ? compilePack(reading.document) : null;
}

/** Whether some case comes out otherwise under a changed pack; that case is asked first next time. */
function isNoticed(pack: CompiledPack, cases: PreparedCase[]): boolean {
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
