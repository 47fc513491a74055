import {
  multiplyRates,
  percentTextFromRate,
  rateFromPercentText,
  RateTooFine,
  type Rate,
} from '../money/rate.ts';
import {
  declareProblems,
  type PackProblem,
  type ProblemCodeOf,
} from '../policy/pack/pack-problem.ts';
import type { PackDocument } from '../policy/pack/pack-schema.ts';
import { statedValues } from './stated-values.ts';

/** So many products of one step are looked at; more come of no real pack. */
const productsMax = 5000;

/**
 * Steps whose rate, modified as the pack says, has more decimals than can be calculated with exactly: `settle` would
 * refuse such a visit, on the day it comes. Whether two modifiers ever hold at once is not asked.
 */
export function problemsOfFineRates(document: PackDocument): PackProblem<FineRateCode>[] {
  return document.steps.flatMap((step) => {
    const problem = firstTooFine(document, step);
    return problem === null ? [] : [problem];
  });
}

function firstTooFine(
  document: PackDocument,
  step: PackDocument['steps'][number],
): PackProblem<FineRateCode> | null {
  let products = ratesNamedIn(step).flatMap((key) => ratesOf(document, key));
  for (const [index, { multiplyRate }] of (document.modifiers ?? []).entries()) {
    if (multiplyRate?.steps.includes(step.id) !== true) continue;
    const made = [...products];
    for (const factor of ratesOf(document, multiplyRate.parameter)) {
      for (const product of products) {
        try {
          made.push(multiplyRates(product, factor));
        } catch (problem) {
          if (!(problem instanceof RateTooFine)) throw problem;
          const [rate, by] = [percentTextFromRate(product), percentTextFromRate(factor)];
          const path = ['modifiers', index, 'multiplyRate'];
          return fineProblem(path, 'rate-too-fine', { step: step.id, rate, by });
        }
      }
    }
    products = [...new Map(made.map((rate) => [textOf(rate), rate])).values()];
    if (products.length > productsMax) return null;
  }
  return null;
}

const textOf = ({ numerator, denominator }: Rate): string =>
  `${String(numerator)}/${String(denominator)}`;

/** The figures a step, its groups or its ordinary rule pay by. */
function ratesNamedIn(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(ratesNamedIn);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) =>
    key === 'rate' && typeof value === 'string' ? [value] : ratesNamedIn(value),
  );
}

function ratesOf({ parameters }: PackDocument, key: string): readonly Rate[] {
  const parameter = parameters[key];
  if (parameter === undefined || parameter.unit === 'yuan') return [];
  return statedValues(parameter).flatMap(([, value]) =>
    typeof value === 'string'
      ? [rateFromPercentText(value)]
      : value.map(({ percent }) => rateFromPercentText(percent)),
  );
}

const fineProblem = declareProblems({
  'rate-too-fine': ({
    step,
    rate,
    by,
  }: {
    readonly step: string;
    readonly rate: string;
    readonly by: string;
  }) => [
    `支付环节“${step}”的比例 ${rate} 再乘 ${by}，小数太多，不能准确计算`,
    `the rate ${rate} of step "${step}" times ${by} has more decimals than can be calculated with exactly`,
    '核对文件里的比例；两个比例合起来的小数位不要超过文件写的',
    'compare both with the document; write no more decimals than it has',
  ],
});

type FineRateCode = ProblemCodeOf<typeof fineProblem>;
