import { z } from 'zod';
import { insurances } from '../../domain/person.ts';
import { visitKinds } from '../../domain/visit.ts';
import { referralCertificate, scopeAlternatives, scopeConditions } from './pack-conditions.ts';
import {
  diseaseList,
  hospitalList,
  itemList,
  modifier,
  parameter,
  procedureList,
  quotaList,
} from './pack-figures.ts';
import { groups } from './pack-groups.ts';
import { step } from './pack-steps.ts';
import { either, sharedCeiling } from './pack-together.ts';
import { day, grounds, key, name, place, words, yuan } from './pack-words.ts';

const signedYuan = z.string().regex(/^-?(?:0|[1-9]\d{0,8})\.\d{2}$/, { error: 'not-text-amount' });
const ratio = z.string().regex(/^-?\d+\.\d{4}$/, { error: 'not-text-ratio' });

const expectedAmounts = z.strictObject({
  total: yuan.optional(),
  eligible: yuan.optional(),
  /** Every step of the result in its order. */
  shares: z.record(name, yuan),
  patientPays: yuan,
  withinCatalogue: yuan.optional(),
  outsideCatalogue: yuan.optional(),
  hospitalBears: signedYuan.optional(),
  deductible: yuan.optional(),
  ratios: z.strictObject({ actual: ratio.optional(), inScope: ratio.optional() }).optional(),
  /** Step to the rule code of its reason for 0. */
  zeroBecause: z.record(name, z.string().min(1)).optional(),
  warnings: z.array(name).optional(),
  /** Parts of the year after the visit, in the form of the visit JSON. */
  yearToDate: z.record(z.string(), z.unknown()).optional(),
});

/** One case: a sentence, a visit file beside the pack, the amounts it must come to, and the arithmetic. */
const packCase = z.strictObject({
  case: z.string().min(1),
  visit: z.string().regex(/^cases\/[a-z0-9-]+\.json$/, { error: 'not-a-case-file' }),
  /** JSON Pointers into the visit file and what stands there in this case; null takes the field away. */
  with: z.record(z.string().startsWith('/', { error: 'not-a-pointer' }), z.unknown()).optional(),
  expect: z.union([
    expectedAmounts,
    z.strictObject({ notCovered: z.literal(true) }),
    /** The visit is chosen and its amounts are still to be worked out from the source; until then the pack is not ready. */
    z.strictObject({ notWorkedOut: z.literal(true) }),
  ]),
  /** From an amount's name to the arithmetic it comes from, in figures. */
  because: z.record(z.string().min(1), z.string().min(1)).optional(),
});
export type ExpectedAmounts = z.infer<typeof expectedAmounts>;

/** A policy pack as it is on disk: dated rules of one locality and scheme, data only. */
export const packSchema = z.strictObject({
  id: name,
  version: z.string().regex(/^\d+\.\d+\.\d+$/, { error: 'not-a-version' }),
  locality: words,
  scheme: words,
  inForceFrom: day,
  /** Exclusive; null: not ended. */
  inForceUntil: day.nullable(),
  inForce: z.strictObject({ ...grounds }).optional(),
  /** Which day decides the person's categories and age. */
  decidingDay: z.enum(['admission', 'discharge']),
  /** Which day's year the counters are of; without it the discharge. */
  year: z.enum(['admission', 'discharge']).optional(),
  /** What makes a referral certificate count; without it, that it was issued no later than the admission. */
  referralCertificate: referralCertificate.optional(),
  /** By which day care away from home must have been filed; without it the day is not asked for. */
  filingDay: z.enum(['admission', 'discharge']).optional(),
  /** Named groups, to be used wherever a list of their members may stand. */
  groups: groups.optional(),
  appliesTo: z.strictObject({
    places: z.array(place).min(1),
    insurance: z.array(z.enum(insurances)).min(1),
    kinds: z.array(z.enum(visitKinds)).min(1),
    ...scopeConditions,
    /** At least one of these, beside all the parts above. */
    anyOf: scopeAlternatives.optional(),
  }),
  sources: z
    .array(
      z.strictObject({
        id: name,
        title: words,
        publisher: z.string().min(1),
        date: day.optional(),
        address: z.string().min(1).optional(),
        note: words.optional(),
      }),
    )
    .min(1),
  payers: z.array(
    z.strictObject({ id: name, name: words, fund: words, destination: name.optional() }),
  ),
  parameters: z.record(key, parameter),
  diseaseLists: z.record(key, diseaseList).optional(),
  procedureLists: z.record(key, procedureList).optional(),
  itemLists: z.record(key, itemList).optional(),
  hospitalLists: z.record(key, hospitalList).optional(),
  quotaLists: z.record(key, quotaList).optional(),
  modifiers: z.array(modifier).min(1).max(20).optional(),
  steps: z.array(step).min(1).max(40),
  sharedCeilings: z.array(sharedCeiling).min(1).max(10).optional(),
  either: z.array(either).min(1).max(10).optional(),
  /** What the checker would report and the pack means all the same. */
  accepts: z
    .array(z.strictObject({ check: name, about: z.string().min(1), reason: words }))
    .optional(),
  /** Changes of the pack that no visit can tell; `check-packs --mutate` looks for one before it believes it. */
  equivalent: z
    .array(
      z.strictObject({
        /** Where, as a survivor says it; `before` and `after` where several changes are made there. */
        change: z.string().min(1),
        before: z.string().optional(),
        after: z.string().optional(),
        because: words,
      }),
    )
    .min(1)
    .optional(),
  cases: z.array(packCase),
});

export type PackDocument = z.infer<typeof packSchema>;
export type PackCase = PackDocument['cases'][number];
