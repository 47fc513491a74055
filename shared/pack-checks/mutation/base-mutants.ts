import type { PackCondition } from '../../policy/pack/pack-conditions.ts';
import type { PackDocument } from '../../policy/pack/pack-schema.ts';
import { stepBases, type PackRateRule, type PackStep } from '../../policy/pack/pack-steps.ts';
import { alwaysHolds, neverTogether, type Context } from '../condition-logic.ts';
import { contextOfStep } from '../pack-uses.ts';
import { withValue, type Mutant, type Path } from './mutant.ts';
import { areEither } from './together-mutants.ts';

/** A rate on every other base that could make a difference. */
export function otherBases(
  document: PackDocument,
  step: PackStep,
  index: number,
  path: Path,
  rule: PackRateRule,
): Mutant[] {
  return stepBases
    .filter((base) => base !== rule.base)
    .filter((base) => !sameBase(document, index, rule, base))
    .filter((base) => !sameOverTheYear(document, step, rule, base))
    .map((base) => otherBase(document, path, rule.base, base));
}

/**
 * Before anything was paid the in-scope cost and what is left of it are one and the same, and so are the
 * whole bill and what is left of that: which of the two a first step names can change nothing.
 */
function sameBase(
  document: PackDocument,
  index: number,
  rule: PackRateRule,
  other: string,
): boolean {
  const own = document.steps[index];
  if (own === undefined) return false;
  const context = contextOfStep(document, own);
  const before = document.steps
    .slice(0, index)
    .filter((step) => !neverTogether(document, [...context, ...contextOfStep(document, step)]))
    .filter(({ rule: kind }) => kind !== 'not-stated')
    // Of another way of the same choice nothing was paid where this step pays, nor of what switches it off.
    .filter(({ id }) => !areEither(document, id, own.id))
    .filter(
      (step) => !isSwitchedOff(document, own, [...context, ...contextOfStep(document, step)]),
    );
  const pair = new Set([rule.base, other]);
  if (pair.has('total') && pair.has('residual-total')) return before.length === 0;
  const inScope = pair.has('in-scope') && pair.has('in-scope-residual');
  const isYearly = [rule, ...(rule.variants ?? [])].some(
    ({ deductible }) =>
      deductible !== undefined && deductible !== 'none' && deductible.per === 'year',
  );
  return inScope && !isYearly && before.every(({ rule: kind }) => kind === 'items');
}

/** Whether a step pays nothing wherever some conditions hold, for a modifier switches it off there. */
function isSwitchedOff(document: PackDocument, { id }: PackStep, context: Context): boolean {
  return (document.modifiers ?? []).some(
    ({ when, disable }) =>
      disable?.steps.includes(id) === true && alwaysHolds(document, when, context),
  );
}

/** What a person is for the whole year, as far as a pack asks. */
const ofPerson: readonly string[] = [
  'categories',
  'insurance',
  'employment',
  'contractedDoctor',
  'disabilityLevels',
];

/**
 * A step whose figures are the same on all visits of a person's year comes to the same, but for the rounding of each
 * visit, whether it pays on the visit or on the year and takes off what it paid: its year is its own.
 */
function sameOverTheYear(
  { parameters, modifiers = [] }: PackDocument,
  { id }: PackStep,
  rule: PackRateRule,
  other: string,
): boolean {
  const isPair = ['in-scope', 'in-scope-residual'].includes(rule.base)
    ? other === 'year-in-scope-self-pay'
    : rule.base === 'residual-total' && other === 'year-self-pay';
  if (!isPair || modifiers.some(({ multiplyRate }) => multiplyRate?.steps.includes(id) === true)) {
    return false;
  }
  const isSame = (key: string | undefined): boolean => {
    if (key === undefined) return true;
    const parameter = parameters[key];
    return (
      parameter?.value !== undefined &&
      (parameter.except ?? []).every(({ when }) => isOfPerson(when))
    );
  };
  return (
    [rule, ...(rule.variants ?? [])].every(
      ({ rate, deductible, ceilingPerVisit }) =>
        isSame(rate) &&
        ceilingPerVisit === undefined &&
        (deductible === undefined ||
          deductible === 'none' ||
          (deductible.per === 'year' && isSame(deductible.parameter))),
    ) && (rule.variants ?? []).every(({ when }) => isOfPerson(when))
  );
}

function isOfPerson({ anyOf = [], ...plain }: PackCondition): boolean {
  return [plain, ...anyOf].every((each) =>
    Object.keys(each).every((part) => ofPerson.includes(part)),
  );
}

/** A step on another base. */
export function otherBase(
  document: PackDocument,
  path: Path,
  before: string,
  after: string,
): Mutant {
  return {
    path: [...path, 'base'],
    before,
    after,
    missing: {
      zh: `加一个案例，基数 ${before} 和 ${after} 不相等，支付也不同`,
      en: `add a case in which the bases ${before} and ${after} differ, and what is paid with them`,
    },
    data: withValue(document, [...path, 'base'], after),
  };
}
