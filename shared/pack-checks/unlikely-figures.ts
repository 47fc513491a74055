import type { PackParameter } from '../policy/pack/pack-figures.ts';
import {
  declareProblems,
  type PackProblem,
  type ProblemCodeOf,
} from '../policy/pack/pack-problem.ts';
import type { PackDocument } from '../policy/pack/pack-schema.ts';
import type { PackRateRule, PackStep } from '../policy/pack/pack-steps.ts';
import { atMost } from './compare-terms.ts';
import { statedValues } from './stated-values.ts';

type Path = PackProblem['path'];

/** Slips of the pen: a rate written as a fraction, bands that say the same, ceilings and chains without effect. */
export function problemsOfUnlikelyFigures(
  document: PackDocument,
): PackProblem<UnlikelyFigureCode>[] {
  return [
    ...Object.entries(document.parameters).flatMap(([key, parameter]) =>
      ofParameter(['parameters', key], parameter),
    ),
    ...document.steps.flatMap((step, index) => ofStep(document, step, ['steps', index])),
  ];
}

function ofParameter(path: Path, parameter: PackParameter): PackProblem<UnlikelyFigureCode>[] {
  if (parameter.unit === 'yuan') return [];
  return statedValues(parameter).flatMap(([at, each]) => {
    if (typeof each === 'string') return ofPercent([...path, ...at], each);
    return each.flatMap(({ percent }, index) => [
      ...ofPercent([...path, ...at, index, 'percent'], percent),
      ...(index > 0 && Number(each[index - 1]?.percent) === Number(percent)
        ? [sameAsBefore([...path, ...at, index])]
        : []),
    ]);
  });
}

function ofPercent(path: Path, percent: string): PackProblem<UnlikelyFigureCode>[] {
  const value = Number(percent);
  if (value === 0 || value >= 1) return [];
  const meant = String(Math.round(value * 1_000_000) / 10_000);
  return [figureProblem(path, 'percent-as-fraction', { percent, meant })];
}

function sameAsBefore(path: Path): PackProblem<UnlikelyFigureCode> {
  return figureProblem(path, 'band-without-effect');
}

function ofStep(
  document: PackDocument,
  step: PackStep,
  path: Path,
): PackProblem<UnlikelyFigureCode>[] {
  if (step.rule === 'rate') return ofRate(document, step, path);
  if (step.rule === 'quota' && step.ordinary !== undefined) {
    return ofRate(document, step.ordinary, [...path, 'ordinary']);
  }
  return 'ceilingPerVisit' in step ? ofCeilings(document, step, path) : [];
}

function ofRate(
  document: PackDocument,
  rule: PackRateRule,
  path: Path,
): PackProblem<UnlikelyFigureCode>[] {
  return [
    { terms: rule, at: path },
    ...(rule.variants ?? []).map((terms, index) => ({ terms, at: [...path, 'variants', index] })),
  ].flatMap(({ terms, at }) => {
    const { deductible } = terms;
    const isChained =
      deductible !== undefined &&
      deductible !== 'none' &&
      deductible.per === 'year' &&
      deductible.referralChain !== undefined;
    return [
      ...ofCeilings(document, terms, at),
      ...(isChained ? [chainOfYear([...at, 'deductible', 'referralChain'])] : []),
    ];
  });
}

type Ceilings = {
  readonly ceilingPerVisit?: string | undefined;
  readonly ceilingPerYear?: string | undefined;
};

/** A visit's ceiling that is no lower than the year's is never the one that counts. */
function ofCeilings(
  document: PackDocument,
  { ceilingPerVisit, ceilingPerYear }: Ceilings,
  path: Path,
): PackProblem<UnlikelyFigureCode>[] {
  if (ceilingPerVisit === undefined || ceilingPerYear === undefined) return [];
  if (!atMost(document, ceilingPerYear, ceilingPerVisit)) return [];
  return [figureProblem([...path, 'ceilingPerVisit'], 'ceiling-never-reached')];
}

function chainOfYear(path: Path): PackProblem<UnlikelyFigureCode> {
  return figureProblem(path, 'chain-without-effect');
}

const figureProblem = declareProblems({
  'percent-as-fraction': ({
    percent,
    meant,
  }: {
    readonly percent: string;
    readonly meant: string;
  }) => [
    `'${percent}' 表示百分之 ${percent}，不到 1%`,
    `'${percent}' means ${percent} per cent, less than one`,
    `${meant}% 写成 '${meant}'`,
    `for ${meant} per cent write '${meant}'`,
  ],
  'band-without-effect': [
    '这一段的比例和前一段相同',
    'this band has the rate of the one before',
    '改正比例，或把两段并成一段',
    'correct the rate, or make one band of the two',
  ],
  'ceiling-never-reached': [
    '每次的封顶线不低于全年的封顶线，永远用不到',
    'the ceiling of a visit is not below that of the year: it is never reached',
    '两个封顶线是否写反了？',
    'have the two ceilings been exchanged?',
  ],
  'chain-without-effect': [
    '全年累计的起付标准本来就只付一次，转诊补差不起作用',
    'a deductible of the year is borne once anyway: the chain of referrals has no effect',
    '删去 referralChain，或改为 per: visit',
    'remove referralChain, or use per: visit',
  ],
});

type UnlikelyFigureCode = ProblemCodeOf<typeof figureProblem>;
