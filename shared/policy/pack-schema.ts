import { z } from 'zod';
import { insurances, personCategories } from '../domain/person.ts';
import { hospitalLevels, visitKinds } from '../domain/visit.ts';
import { roundingModes, roundingUnits } from '../money/rounding.ts';

/**
 * What an amount a step is applied to may be (计算基数). Closed: a word that is not here is refused.
 *
 * - `in-scope`: total − class C − above ceiling − first self-pay;
 * - `in-scope-residual`: in scope, less what earlier steps took of it;
 * - `residual-total`: the whole bill less all earlier steps, out-of-scope costs included;
 * - `total`: the whole bill.
 */
export const stepBases = ['in-scope', 'in-scope-residual', 'residual-total', 'total'] as const;
export type StepBase = (typeof stepBases)[number];

/** Which part of the patient's a step on the total lowers first. The first self-pay stands between the two. */
export const loweringOrders = ['within-catalogue', 'outside-catalogue'] as const;
export type LoweringOrder = (typeof loweringOrders)[number];

const words = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
const name = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, { error: 'not-a-name' });
const key = z.string().regex(/^[a-z][A-Za-z0-9]*$/, { error: 'not-a-key' });
const day = z.iso.date({ error: 'not-a-date' });
const place = z.string().regex(/^\d{6}$/, { error: 'not-a-place' });
const yuan = z
  .string({ error: 'not-text-amount' })
  .regex(/^(?:0|[1-9]\d{0,8})(?:\.\d{1,2})?$/, { error: 'not-text-amount' });
const percent = z
  .string({ error: 'not-text-percent' })
  .regex(/^(?:100|[1-9]?\d)(?:\.\d{1,4})?$/, { error: 'not-text-percent' });

const sourceReference = z.strictObject({ document: name, article: z.string().min(1) });

/** Where a source gives no figure, the pack says so and why this one stands. */
const grounds = {
  source: sourceReference.optional(),
  assumed: z.literal(true).optional(),
  reason: words.optional(),
};

const byLevel = <Value extends z.ZodType>(value: Value) =>
  z.partialRecord(z.enum(hospitalLevels), value);

const parameter = z.discriminatedUnion('unit', [
  z.strictObject({
    unit: z.literal('yuan'),
    name: words,
    value: yuan.optional(),
    byHospitalLevel: byLevel(yuan).optional(),
    ...grounds,
  }),
  z.strictObject({
    unit: z.literal('percent'),
    name: words,
    value: percent.optional(),
    byHospitalLevel: byLevel(percent).optional(),
    ...grounds,
  }),
  z.strictObject({
    unit: z.literal('percent-bands'),
    name: words,
    bands: z.array(z.strictObject({ above: yuan, percent })).min(1),
    ...grounds,
  }),
]);

const categoriesCondition = z.union([
  z.strictObject({ any: z.array(z.enum(personCategories)).min(1) }),
  z.strictObject({ none: z.array(z.enum(personCategories)).min(1) }),
]);

const diseaseList = z.strictObject({
  name: words,
  diagnoses: z.enum(['principal', 'any']),
  codes: z
    .array(
      z.strictObject({
        prefix: z.string().regex(/^[A-Z]\d{2}(\.[0-9A-Za-z]+)?$/, { error: 'not-a-disease-code' }),
        name: z.string().min(1),
        youngerThan: z.number().int().min(1).max(120).optional(),
      }),
    )
    .min(1),
  ...grounds,
});

const rounding = z.strictObject({ unit: z.enum(roundingUnits), mode: z.enum(roundingModes) });

const step = z.strictObject({
  id: name,
  name: words,
  payer: name,
  destination: name.optional(),
  base: z.enum(stepBases),
  deductible: z.strictObject({ parameter: key, per: z.enum(['visit', 'year']) }).optional(),
  rate: key,
  ceilingPerVisit: key.optional(),
  ceilingPerYear: key.optional(),
  rounding,
  lowersFirst: z.enum(loweringOrders).optional(),
  categories: categoriesCondition.optional(),
  hospitalLevels: z.array(z.enum(hospitalLevels)).min(1).optional(),
  diseases: key.optional(),
  whenZero: words.optional(),
  source: sourceReference,
  assumptions: z.array(z.strictObject({ about: name, reason: words })).optional(),
});

/** One case: a sentence, a visit file beside the pack, and the amounts it must come to. */
const packCase = z.strictObject({
  case: z.string().min(1),
  visit: z.string().regex(/^cases\/[a-z0-9-]+\.json$/, { error: 'not-a-case-file' }),
  expect: z.strictObject({
    total: yuan.optional(),
    eligible: yuan.optional(),
    shares: z.record(name, yuan),
    patientPays: yuan,
    withinCatalogue: yuan.optional(),
    outsideCatalogue: yuan.optional(),
    hospitalBears: z.string().optional(),
    deductible: yuan.optional(),
    zeroBecause: z.record(name, z.string().min(1)).optional(),
  }),
  because: z.string().min(1),
});

/** A policy pack as it lies on disk: dated rules of one locality and scheme, data only. */
export const packSchema = z.strictObject({
  id: name,
  version: z.string().regex(/^\d+\.\d+\.\d+$/, { error: 'not-a-version' }),
  locality: words,
  scheme: words,
  inForceFrom: day,
  inForceUntil: day.nullable(),
  inForce: z.strictObject({ ...grounds }).optional(),
  decidingDay: z.enum(['admission', 'discharge']),
  appliesTo: z.strictObject({
    places: z.array(place).min(1),
    insurance: z.array(z.enum(insurances)).min(1),
    kinds: z.array(z.enum(visitKinds)).min(1),
    categories: categoriesCondition.optional(),
  }),
  sources: z
    .array(
      z.strictObject({
        id: name,
        title: words,
        publisher: z.string().min(1),
        date: day.optional(),
        note: words.optional(),
      }),
    )
    .min(1),
  payers: z.array(
    z.strictObject({ id: name, name: words, fund: words, destination: name.optional() }),
  ),
  parameters: z.record(key, parameter),
  diseaseLists: z.record(key, diseaseList).optional(),
  steps: z.array(step).min(1).max(40),
  cases: z.array(packCase),
});

export type PackDocument = z.infer<typeof packSchema>;
export type PackStep = PackDocument['steps'][number];
export type PackParameter = PackDocument['parameters'][string];
export type PackDiseaseList = z.infer<typeof diseaseList>;
export type PackCase = PackDocument['cases'][number];
export type CategoriesCondition = z.infer<typeof categoriesCondition>;
export type SourceReference = z.infer<typeof sourceReference>;
