import {
  roundingModes,
  roundingUnits,
  type RoundingMode,
  type RoundingUnit,
} from '../../money/rounding.ts';
import type { PackParameter } from '../../policy/pack/pack-figures.ts';
import type { PackDocument } from '../../policy/pack/pack-schema.ts';
import type { PackStep } from '../../policy/pack/pack-steps.ts';
import { rateRulesOf } from './condition-places.ts';
import { withValue, type Mutant, type Path } from './mutant.ts';

/** Every other unit and every other mode of every rounding. */
export function roundingMutants(document: PackDocument): Mutant[] {
  return document.steps.flatMap((step, index) => {
    const path = ['steps', index];
    const rounded = roundedOf(document, step, path);
    return rounded.flatMap(({ path: at, unit, mode, fractions }) => [
      ...roundingUnits
        .filter((other) => other !== unit)
        .map((other) => ofUnit(document, [...at, 'rounding', 'unit'], unit, other)),
      ...roundingModes
        .filter((other) => other !== mode && !modesAgree(mode, other, unit, fractions))
        .map((other) => ofMode(document, [...at, 'rounding', 'mode'], mode, other, unit)),
    ]);
  });
}

/** A fraction of whole fen that is rounded, in lowest terms or not. */
type Fraction = readonly [numerator: bigint, denominator: bigint];

type Rounded = {
  readonly path: Path;
  readonly unit: RoundingUnit;
  readonly mode: RoundingMode;
  readonly fractions: readonly Fraction[];
};

/** The roundings of a step and of what fractions they round; one that rounds nothing is left out. */
function roundedOf(document: PackDocument, step: PackStep, path: Path): Rounded[] {
  const rates = rateRulesOf(step, path).map(({ path: at, rule }) => {
    const keys = [rule, ...(rule.variants ?? [])].map(({ rate }) => rate);
    return { path: at, ...rule.rounding, fractions: multiplied(document, step.id, keys) };
  });
  switch (step.rule) {
    case 'items':
      return [{ path, ...step.rounding, fractions: fractionsOf(document, [step.rate]) }];
    case 'quota': {
      // The patient's part is what the rate leaves.
      const fractions = fractionsOf(document, [step.rate]).map(
        ([numerator, denominator]): Fraction => [denominator - numerator, denominator],
      );
      return [...rates, { path, ...step.rounding, fractions }];
    }
    case 'guarantee': {
      const fractions = step.targets.flatMap((target): readonly Fraction[] => {
        if ('reach' in target) return fractionsOf(document, [target.reach]);
        return 'nothingLeft' in target ? [] : [[1n, 1n]];
      });
      const { rounding } = step;
      return fractions.length === 0 || rounding === undefined
        ? []
        : [{ path, ...rounding, fractions }];
    }
    default:
      return rates;
  }
}

/** Every rate some parameters may come to, as exact fractions. */
function fractionsOf(document: PackDocument, keys: readonly (string | undefined)[]): Fraction[] {
  return keys.flatMap((key) => {
    const parameter = key === undefined ? undefined : document.parameters[key];
    return parameter === undefined ? [] : percentsOf(parameter).map(fractionOf);
  });
}

/** The same, also as every modifier of the step may change them. */
function multiplied(
  document: PackDocument,
  step: string,
  keys: readonly (string | undefined)[],
): Fraction[] {
  let fractions = fractionsOf(document, keys);
  for (const { multiplyRate } of document.modifiers ?? []) {
    if (multiplyRate?.steps.includes(step) !== true) continue;
    const factors = fractionsOf(document, [multiplyRate.parameter]);
    const products = fractions.flatMap(([a, b]) =>
      factors.map(([c, d]): Fraction => [a * c, b * d]),
    );
    fractions = [...fractions, ...products];
  }
  return fractions;
}

function percentsOf(parameter: PackParameter): string[] {
  if (parameter.unit === 'yuan') return [];
  const { value, byHospitalLevel, byHospitalGrade, except } = parameter;
  const byClass = parameter.unit === 'percent' ? parameter.byCatalogueClass : undefined;
  const values = [
    value,
    ...[byHospitalLevel, byHospitalGrade, byClass].flatMap((stated) =>
      Object.values<PackParameter['value']>(stated ?? {}),
    ),
    ...(except ?? []).map((exception) => exception.value),
  ];
  return values.flatMap((each) => {
    if (each === undefined) return [];
    return typeof each === 'string' ? [each] : each.map(({ percent }) => percent);
  });
}

/** "85.5" per cent is 855000/1000000. */
export function fractionOf(percent: string): Fraction {
  return [BigInt(Math.round(Number(percent) * 10_000)), 1_000_000n];
}

const fenOf: Readonly<Record<RoundingUnit, bigint>> = {
  fen: 1n,
  jiao: 10n,
  yuan: 100n,
  'ten-yuan': 1000n,
};

/**
 * Whether two modes give the same for every amount in fen: 80 % of whole fen never ends in half a fen, 50 %
 * in nothing but half a fen. Of such a change no case can tell.
 */
export function modesAgree(
  a: RoundingMode,
  b: RoundingMode,
  unit: RoundingUnit,
  fractions: readonly Fraction[],
): boolean {
  return fractions.every(([numerator, denominator]) => {
    const whole = denominator * fenOf[unit];
    const parts = whole / greatestCommonDivisor(numerator, whole);
    if (parts === 1n) return true;
    const pair = new Set([a, b]);
    if (pair.has('half-up') && pair.has('half-even')) return parts % 2n === 1n;
    // Of halves alone, half-up is up.
    return parts === 2n && pair.has('half-up') && pair.has('up');
  });
}

function greatestCommonDivisor(first: bigint, second: bigint): bigint {
  let [a, b] = [first, second];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

const unitWords: Readonly<Record<RoundingUnit, readonly [string, string]>> = {
  fen: ['分', 'a fen'],
  jiao: ['角', 'a jiao'],
  yuan: ['元', 'a yuan'],
  'ten-yuan': ['十元', 'ten yuan'],
};

function ofUnit(document: PackDocument, path: Path, unit: string, other: RoundingUnit): Mutant {
  const [zh, en] = unitWords[other];
  return {
    path,
    before: unit,
    after: other,
    missing: {
      zh: `加一个案例，取整到${zh}会得出更小的金额（向上的会被费用本身或封顶线盖住）`,
      en: `add a case whose amount comes out lower when rounded to ${en} (a higher one may be cut to what is left)`,
    },
    data: withValue(document, path, other),
  };
}

function ofMode(
  document: PackDocument,
  path: Path,
  mode: RoundingMode,
  other: RoundingMode,
  unit: RoundingUnit,
): Mutant {
  const [zh, en] = unitWords[unit];
  const pair = new Set([mode, other]);
  const halves = pair.has('half-up') && pair.has('half-even');
  return {
    path,
    before: mode,
    after: other,
    missing: halves
      ? {
          zh: `加一个取整前正好在两个偶数${zh}之间一半之下（如 0.5、2.5）的案例`,
          en: `add a case whose exact amount ends in half ${en} after an even number of them`,
        }
      : {
          zh: `加一个取整前有零头、${mode} 和 ${other} 结果不同的案例`,
          en: `add a case whose exact amount leaves a rest that ${mode} and ${other} treat differently`,
        },
    data: withValue(document, path, other),
  };
}
