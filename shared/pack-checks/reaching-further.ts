import type { Words } from '../domain/result.ts';
import { hospitalLevels, type HospitalLevel } from '../domain/visit.ts';
import type { PackCondition, PlainCondition } from '../policy/pack/pack-conditions.ts';
import { declareProblems, type ProblemCodeOf } from '../policy/pack/pack-problem.ts';
import type { PackDocument } from '../policy/pack/pack-schema.ts';
import type { PackRateRule, PackStep } from '../policy/pack/pack-steps.ts';
import { alwaysHolds, neverTogether, type Context } from './condition-logic.ts';
import type { About } from './judgements.ts';
import { contextOfStep } from './pack-uses.ts';

/**
 * Steps that pay where an earlier one does not, and exceptions that an earlier step has and a later one lacks. What
 * one payer leaves out because of where, how or by which way a patient was treated, the next then pays instead: seldom
 * what a law means. Whether it is, the pack says in `accepts`.
 */
export function stepsReachingFurther(document: PackDocument): About<ReachingFurtherCode>[] {
  const paying = document.steps.filter(paysByRule);
  return paying.flatMap((step, index) => {
    const at = document.steps.indexOf(step);
    const earlier = paying.slice(0, index).filter(isInsurance);
    const narrower = earlier.filter((before) => reachesFurther(document, step, before));
    const found: About<ReachingFurtherCode>[] = [];
    if (narrower.length > 0) {
      const words = namesOf(narrower);
      found.push({
        ...furtherProblem(['steps', at], 'reaches-further', { step: step.name, before: words }),
        about: step.id,
      });
    }
    for (const modifier of lackingExceptions(document, step, paying.slice(0, index))) {
      found.push({
        ...furtherProblem(['steps', at], 'exception-not-shared', {
          step: step.name,
          exception: modifier.name,
        }),
        about: step.id,
      });
    }
    return found;
  });
}

/** What was granted for an application, and what the source is silent about, reaches as far as it was granted. */
function paysByRule({ rule }: PackStep): boolean {
  return rule === 'rate' || rule === 'quota' || rule === 'guarantee';
}

/** Waived items and what fills up to a target are extras: that they are given to fewer says nothing of others. */
function isInsurance({ rule }: PackStep): boolean {
  return rule === 'rate' || rule === 'quota';
}

function reachesFurther(document: PackDocument, step: PackStep, before: PackStep): boolean {
  const context = contextOfStep(document, step);
  // Steps for different visits stand beside each other, not one behind the other.
  if (neverTogether(document, [...context, ...contextOfStep(document, before)])) return false;
  return [
    ...ofVisit(before.appliesTo),
    ...ofVisit(before.requires),
    ...levelsOf(document, before),
  ].some((asked) => !alwaysHolds(document, asked, context));
}

/** The parts of a condition that are of the visit; of the person a step may ask what it likes. */
function ofVisit(condition: PackCondition | undefined): Context {
  if (condition === undefined) return [];
  const { anyOf, ...plain } = condition;
  const own = visitParts(plain);
  const alternatives = (anyOf ?? []).map(visitParts);
  return [
    ...(isEmpty(own) ? [] : [own]),
    ...(alternatives.length === 0 || alternatives.some(isEmpty) ? [] : [{ anyOf: alternatives }]),
  ];
}

const partsOfPersons: readonly string[] = [
  'categories',
  'insurance',
  'employment',
  'age',
  'contractedDoctor',
  'disabilityLevels',
  'admissionOfYear',
  'not',
];

function visitParts(condition: PlainCondition): PlainCondition {
  return Object.fromEntries(
    Object.entries(condition).filter(
      ([part, value]) => value !== undefined && !partsOfPersons.includes(part),
    ),
  );
}

function isEmpty(condition: object): boolean {
  return Object.keys(condition).length === 0;
}

/** The hospital levels of which a step states all it needs to pay, where that is not every level. */
function levelsOf(document: PackDocument, step: PackStep): Context {
  const rule = step.rule === 'quota' ? step.ordinary : step.rule === 'rate' ? step : undefined;
  if (rule === undefined) return [];
  const levels = hospitalLevels.filter((level) =>
    termsOf(rule).some((terms) => terms.every((key) => isStated(document, key, level))),
  );
  return levels.length === hospitalLevels.length || levels.length === 0
    ? []
    : [{ hospitalLevels: levels }];
}

/** The figures of each set of terms that a step may pay by. */
function termsOf({
  rate,
  deductible,
  variants = [],
}: PackRateRule): readonly (readonly string[])[] {
  const named = (one: string | undefined, other: PackRateRule['deductible'] | 'none') => [
    ...(one === undefined ? [] : [one]),
    ...(other === undefined || other === 'none' ? [] : [other.parameter]),
  ];
  return [
    ...(rate === undefined ? [] : [named(rate, deductible)]),
    ...variants.map((variant) => named(variant.rate ?? rate, variant.deductible ?? deductible)),
  ];
}

function isStated(document: PackDocument, key: string, level: HospitalLevel): boolean {
  const parameter = document.parameters[key];
  if (parameter?.byHospitalLevel === undefined) return true;
  const value = parameter.byHospitalLevel[level];
  return value !== undefined && !(parameter.unit === 'percent' && Number(value) === 0);
}

/** Modifiers that an earlier step is under, and this one is not, on visits on which it pays. */
function lackingExceptions(
  document: PackDocument,
  step: PackStep,
  earlier: readonly PackStep[],
): NonNullable<PackDocument['modifiers']> {
  return (document.modifiers ?? []).filter(({ when, multiplyRate, disable }) => {
    const named = (multiplyRate ?? disable)?.steps ?? [];
    return (
      !named.includes(step.id) &&
      earlier.some(
        (before) =>
          named.includes(before.id) &&
          !neverTogether(document, [
            ...contextOfStep(document, step),
            ...contextOfStep(document, before),
            when,
          ]),
      )
    );
  });
}

function namesOf(steps: readonly PackStep[]): Words {
  return {
    zh: steps.map(({ name }) => `“${name.zh}”`).join('、'),
    en: steps.map(({ name }) => `"${name.en}"`).join(', '),
  };
}

const furtherProblem = declareProblems({
  'reaches-further': ({ step, before }: { readonly step: Words; readonly before: Words }) => [
    `“${step.zh}”付的就诊比它前面的${before.zh}多：前面因医院级别、地点、病种或就诊类型不付的，它按全部剩余来付`,
    `"${step.en}" pays on visits on which ${before.en} before it does not, because of level, place, disease or kind: there it pays on all that is left`,
    '把同样的条件写到整个政策包的 appliesTo 或这个支付环节的 requires；出处就是这样规定的，在 accepts 里写 check: reaches-further、about 和理由',
    'put the same condition into appliesTo of the pack or requires of this step; where the source means it, say so in accepts: check: reaches-further, about, reason',
  ],
  'exception-not-shared': ({
    step,
    exception,
  }: {
    readonly step: Words;
    readonly exception: Words;
  }) => [
    `前面的支付环节有例外“${exception.zh}”，“${step.zh}”没有：前面少付的由它来付`,
    `a step before is under the exception "${exception.en}" and "${step.en}" is not: what that one pays less, this one pays`,
    '把这个支付环节也写进例外的 steps；出处就是这样规定的，在 accepts 里写 check: exception-not-shared、about 和理由',
    'name this step in the exception, too; where the source means it, say so in accepts: check: exception-not-shared, about, reason',
  ],
});

export type ReachingFurtherCode = ProblemCodeOf<typeof furtherProblem>;
