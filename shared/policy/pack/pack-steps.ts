import { z } from 'zod';
import { roundingModes, roundingUnits } from '../../money/rounding.ts';
import { condition } from './pack-conditions.ts';
import { key, name, sourceReference, words } from './pack-words.ts';

/**
 * What an amount a step is applied to may be (计算基数). Closed: a word that is not here is refused.
 *
 * - `in-scope`: total − class C − above ceiling − first self-pay − what was waived before;
 * - `in-scope-residual`: in scope, less what earlier steps took of it;
 * - `residual-total`: the whole bill less all earlier steps, out-of-scope costs included;
 * - `total`: the whole bill;
 * - `year-in-scope-self-pay`, `year-self-pay`: what the person has borne this year, in scope or in all,
 *   this visit included; the step pays on the year and what it paid before is taken off.
 */
export const stepBases = [
  'in-scope',
  'in-scope-residual',
  'residual-total',
  'total',
  'year-in-scope-self-pay',
  'year-self-pay',
] as const;
export type StepBase = (typeof stepBases)[number];

/** Whether a base is in-scope cost; the others are of the whole bill. */
export function isInScopeBase(base: string): boolean {
  return base === 'in-scope' || base === 'in-scope-residual' || base === 'year-in-scope-self-pay';
}

/** Which part of the patient's a step on the total lowers first. The first self-pay stands between the two. */
export const loweringOrders = ['within-catalogue', 'outside-catalogue'] as const;
export type LoweringOrder = (typeof loweringOrders)[number];

const rounding = z.strictObject({ unit: z.enum(roundingUnits), mode: z.enum(roundingModes) });
const lowersFirst = z.enum(loweringOrders).optional();
const ceilings = { ceilingPerVisit: key.optional(), ceilingPerYear: key.optional() };

const deductible = z.strictObject({
  parameter: key,
  per: z.enum(['visit', 'year']),
  /** A patient referred on pays the difference of the deductibles only, on the way down none. */
  referralChain: z.literal('difference').optional(),
});

const variant = z.strictObject({
  name: words,
  when: condition,
  rate: key.optional(),
  /** `none` here and for the ceilings: this group has none, whatever the step says for others. */
  deductible: z.union([z.literal('none'), deductible]).optional(),
  ...ceilings,
});

const rateFields = {
  base: z.enum(stepBases),
  rate: key.optional(),
  deductible: deductible.optional(),
  ...ceilings,
  rounding,
  lowersFirst,
  /** Groups of persons with figures of their own; `best`: of those that fit the one that pays most. */
  variants: z.array(variant).min(1).optional(),
  take: z.enum(['best', 'first']).optional(),
};

const common = {
  id: name,
  name: words,
  payer: name,
  destination: name.optional(),
  /** Whom the step concerns; for others it is absent. */
  appliesTo: condition.optional(),
  /** What must hold for it to pay; else it pays 0 with the reason. */
  requires: condition.optional(),
  otherwise: words.optional(),
  /**
   * Which visits feed its yearly deductible, bands and targets, where they are not those it applied to. A visit
   * it does not apply to counts with what is left at its place among the steps.
   */
  countsTowards: condition.optional(),
  source: sourceReference,
  assumptions: z.array(z.strictObject({ about: name, reason: words })).optional(),
};

export const ordinaryRule = z.strictObject(rateFields);

/**
 * What a part to be paid is reckoned of: the bill; its in-scope cost, what the patient pays first of it included;
 * or only what is left of it after that.
 */
const reachOf = ['total', 'in-scope', 'in-scope-after-first-pay'] as const;

const target = z.union([
  z.strictObject({ reach: key, of: z.enum(reachOf) }),
  z.strictObject({ yearSelfPayAtMost: key }),
  z.strictObject({ visitSelfPayAtMost: key }),
  z.strictObject({ nothingLeft: z.literal(true) }),
]);
export type PackTarget = z.infer<typeof target>;

/** The words for how several targets of a guarantee go together. */
export const targetCombinations = ['either-sufficient', 'best-for-patient'] as const;

/** One ordered rule of a pack: who pays, on which base, how much. */
export const step = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('rate'), ...common, ...rateFields }),
  z.strictObject({
    rule: z.literal('items'),
    ...common,
    items: key,
    rate: key,
    ...ceilings,
    rounding,
    lowersFirst,
  }),
  z.strictObject({
    rule: z.literal('quota'),
    ...common,
    quotas: key,
    rate: key,
    rounding,
    ordinary: ordinaryRule.optional(),
  }),
  z.strictObject({
    rule: z.literal('guarantee'),
    ...common,
    base: z.enum(['in-scope-residual', 'residual-total']),
    combine: z.enum(targetCombinations),
    targets: z.array(target).min(1),
    /** Neither is needed where the only target is that nothing is left. */
    rounding: rounding.optional(),
    lowersFirst,
    ...ceilings,
  }),
  z.strictObject({
    rule: z.literal('approved-amount'),
    ...common,
    base: z.enum(['in-scope-residual', 'residual-total']),
    /** The form an application is made on. */
    form: words,
    lowersFirst,
    ...ceilings,
  }),
  z.strictObject({ rule: z.literal('not-stated'), ...common, reason: words }),
]);
export type PackStep = z.infer<typeof step>;
export type PackRateRule = z.infer<typeof ordinaryRule>;
/** What one group of persons is paid by. */
export type PackRateTerms = Omit<z.infer<typeof variant>, 'name' | 'when'>;
