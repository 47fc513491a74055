import type { SettlementInput } from '../domain/person.ts';
import type { Words } from '../domain/result.ts';
import { compareVersions, isInForce, whyNot } from '../policy/choose-pack.ts';
import type { CompiledPack } from '../policy/compile/compiled-pack.ts';
import { declareProblems, type ProblemCodeOf } from '../policy/pack/pack-problem.ts';
import type { About } from './judgements.ts';
import type { PreparedCase } from './prepared-case.ts';

/** A pack among others, its cases ready. */
export type PackAmongOthers = {
  readonly compiled: CompiledPack;
  readonly file: string;
  readonly cases: readonly PreparedCase[];
};

type BetweenPacksJudgement = About<BetweenPacksCode>;

/** What is wrong with a pack beside the others of its folder: dates, persons two packs are for. */
export function judgementsBetween(
  own: PackAmongOthers,
  all: readonly PackAmongOthers[],
): BetweenPacksJudgement[] {
  const others = all.filter((other) => other !== own);
  const versions = others.filter(({ compiled }) => compiled.id === own.compiled.id);
  const strangers = others.filter(({ compiled }) => compiled.id !== own.compiled.id);
  return [
    ...versions.flatMap(({ compiled }) => overlap(own.compiled, compiled)),
    ...gapBefore(own.compiled, versions),
    ...strangers.flatMap((other) => samePersons(own, other)),
  ];
}

/**
 * Versions may overlap: a text that has settled visits is never edited, and the higher version counts on the days both
 * are in force. One that begins later and yet has the lower number is a slip: on those days it would never count.
 */
function overlap(own: CompiledPack, other: CompiledPack): BetweenPacksJudgement[] {
  const { inForceFrom } = own;
  const isReplaced =
    compareVersions(own.version, other.version) < 0 &&
    inForceFrom > other.inForceFrom &&
    isInForce(other, inForceFrom);
  if (!isReplaced) return [];
  return [
    {
      ...betweenProblem(['version'], 'dates-overlap', { other: packName(other) }),
      about: other.version,
    },
  ];
}

/** Days between a version and the one before on which none is in force. */
function gapBefore(
  own: CompiledPack,
  versions: readonly PackAmongOthers[],
): BetweenPacksJudgement[] {
  const earlier = versions
    .map(({ compiled }) => compiled)
    .filter(({ inForceFrom }) => inForceFrom < own.inForceFrom);
  const [first] = earlier;
  if (first === undefined) return [];
  const latest = earlier.reduce((a, b) => (endOf(b) > endOf(a) ? b : a), first);
  if (latest.inForceUntil === null || latest.inForceUntil >= own.inForceFrom) return [];
  return [
    {
      ...betweenProblem(['inForceFrom'], 'dates-gap', { latest, own }),
      about: latest.version,
    },
  ];
}

const packName = ({ id, version }: CompiledPack): string => `${id}@${version}`;

function endOf({ inForceUntil }: CompiledPack): string {
  return inForceUntil ?? '9999-12-31';
}

/** A person of one of the pack's cases whom another pack is for on the same day too. */
function samePersons(own: PackAmongOthers, other: PackAmongOthers): BetweenPacksJudgement[] {
  for (const { input, packCase } of own.cases) {
    if (whyNot(own.compiled, input) !== null) continue;
    for (const person of [input, ...withCategoriesOf(other.compiled, input)]) {
      if (whyNot(own.compiled, person) !== null || whyNot(other.compiled, person) !== null)
        continue;
      return [bothApply(other.compiled, packCase.case, person)];
    }
  }
  return [];
}

/** The same person holding a category the other pack is for as well: many hold several. */
function withCategoriesOf(
  { appliesTo: { categories } }: CompiledPack,
  { person, ...same }: SettlementInput,
): SettlementInput[] {
  if (categories === undefined || !('any' in categories)) return [];
  return categories.any.map((name) => ({
    ...same,
    person: { ...person, categories: [...person.categories, { name }] },
  }));
}

function bothApply(
  other: CompiledPack,
  sentence: string,
  { person }: SettlementInput,
): BetweenPacksJudgement {
  const held = person.categories.map(({ name }) => name);
  const [zh, en] =
    held.length === 0
      ? ['没有类别', 'no category']
      : [`类别 ${held.join('、')}`, `the categories ${held.join(', ')}`];
  return {
    ...betweenProblem(['appliesTo'], 'packs-overlap', {
      other: packName(other),
      held: { zh, en },
      sentence,
    }),
    about: other.id,
  };
}

const betweenProblem = declareProblems({
  'dates-overlap': ({ other }: { readonly other: string }) => [
    `生效日期比 ${other} 晚，版本号却更低：两版都有效的日子按版本号高的算，这一版用不上`,
    `begins after ${other} and has a lower version: while both are in force the higher one counts, so this one never would`,
    '把版本号改得比它高，或改正 inForceFrom',
    'give it a higher version, or correct inForceFrom',
  ],
  'dates-gap': ({
    latest,
    own,
  }: {
    readonly latest: Pick<CompiledPack, 'version' | 'inForceUntil'>;
    readonly own: Pick<CompiledPack, 'inForceFrom'>;
  }) => [
    `${String(latest.inForceUntil)} 起到 ${own.inForceFrom} 前，没有一版有效（前一版 ${latest.version}）`,
    `from ${String(latest.inForceUntil)} until ${own.inForceFrom} no version is in force (the one before is ${latest.version})`,
    '改正日期，或补上中间的一版；确实没有政策的，在 accepts 里写 check: dates-gap、about（前一版的版本号）和理由',
    'correct the dates, or add the version between; where there was none, say so in accepts: check: dates-gap, about (the version before), reason',
  ],
  'packs-overlap': ({
    other,
    held,
    sentence,
  }: {
    readonly other: string;
    readonly held: Words;
    readonly sentence: string;
  }) => [
    `${other} 也适用于这个案例的人（${held.zh}）：${sentence}`,
    `${other} is for the person of this case too (with ${held.en}): ${sentence}`,
    '两个政策包只能有一个适用：改正其中一个的 appliesTo（例如 categories: { none: […] }）或日期',
    'only one of two packs may apply: correct appliesTo (as with categories: { none: […] }) or the dates of one of them',
  ],
});

type BetweenPacksCode = ProblemCodeOf<typeof betweenProblem>;
