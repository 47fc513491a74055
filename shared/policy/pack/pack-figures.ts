import { z } from 'zod';
import { chargeCategories, catalogueClasses, hospitalLevels } from '../../domain/visit.ts';
import { condition } from './pack-conditions.ts';
import { age, grounds, key, name, percent, words, yuan } from './pack-words.ts';

/** The keys of a figure by hospital grade; `unknown` where the visit does not say it. */
export const gradeKeys = ['1', '2', '3', 'unknown'] as const;
export type GradeKey = (typeof gradeKeys)[number];

/**
 * The keys of a figure by the hospital levels of the person's year; `mixed` where there are several with
 * different figures.
 */
export const yearLevelKeys = [...hospitalLevels, 'mixed'] as const;

const bands = z.array(z.strictObject({ above: yuan, percent })).min(1);
const none = z.literal('none');

function figure<Unit extends string, Value extends z.ZodType>(unit: Unit, value: Value) {
  return {
    unit: z.literal(unit),
    name: words,
    value: value.optional(),
    byHospitalLevel: z.partialRecord(z.enum(hospitalLevels), value).optional(),
    byHospitalGrade: z.record(z.enum(gradeKeys), value).optional(),
    ...grounds,
  };
}

function exceptions<Value extends z.ZodType>(value: Value) {
  return z.array(z.strictObject({ when: condition, value, ...grounds })).min(1);
}

const yuanOrNone = z.union([none, yuan], { error: 'not-text-amount' });

/** A dated figure of the rules: unit, value, exceptions, and where it comes from. */
export const parameter = z.discriminatedUnion('unit', [
  z.strictObject({
    ...figure('yuan', yuan),
    byYearLevels: z.partialRecord(z.enum(yearLevelKeys), yuan).optional(),
    /** The first whose condition holds counts instead; `none`: no ceiling. */
    except: exceptions(yuanOrNone).optional(),
  }),
  z.strictObject({
    ...figure('percent', percent),
    byCatalogueClass: z
      .record(z.enum(catalogueClasses.slice(0, 2) as ['A', 'B']), percent)
      .optional(),
    except: exceptions(percent).optional(),
  }),
  z.strictObject({
    ...figure('percent-bands', bands),
    except: exceptions(bands).optional(),
  }),
]);
export type PackParameter = z.infer<typeof parameter>;

const diseaseCode = z
  .string()
  .regex(/^[A-Z]\d{2}(\.[0-9A-Za-z]+)?$/, { error: 'not-a-disease-code' });
const procedureCode = z
  .string()
  .regex(/^\d{2}(\.[0-9A-Za-z]+)?$/, { error: 'not-a-procedure-code' });

export const diseaseList = z.strictObject({
  name: words,
  diagnoses: z.enum(['principal', 'any']),
  codes: z
    .array(
      z.strictObject({
        prefix: diseaseCode,
        name: z.string().min(1),
        youngerThan: age.optional(),
      }),
    )
    .min(1),
  ...grounds,
});
export type PackDiseaseList = z.infer<typeof diseaseList>;

export const procedureList = z.strictObject({
  name: words,
  codes: z.array(z.strictObject({ prefix: procedureCode, name: z.string().min(1) })).min(1),
  ...grounds,
});

export const itemList = z.strictObject({
  name: words,
  categories: z.array(z.enum(chargeCategories)).min(1).optional(),
  /** Beginnings of the hospital's item codes. */
  codes: z
    .array(z.strictObject({ prefix: z.string().min(1), name: z.string().min(1) }))
    .min(1)
    .optional(),
  ...grounds,
});
export type PackItemList = z.infer<typeof itemList>;

export const hospitalList = z.strictObject({
  name: words,
  codes: z.array(z.strictObject({ code: z.string().min(1), name: z.string().min(1) })).min(1),
  ...grounds,
});

export const quotaList = z.strictObject({
  name: words,
  diagnoses: z.enum(['principal', 'any']),
  entries: z
    .array(
      z.strictObject({
        diagnosis: diseaseCode.optional(),
        procedure: procedureCode.optional(),
        name: z.string().min(1),
        quota: yuan,
        age: z.strictObject({ from: age.optional(), below: age.optional() }).optional(),
      }),
    )
    .min(1),
  /** Which share of the quota counts at a hospital, in per cent; without it the whole. */
  factor: key.optional(),
  ...grounds,
});
export type PackQuotaList = z.infer<typeof quotaList>;

/** What makes a figure of a visit depend on it: referral, place. */
export const modifier = z.strictObject({
  id: name,
  name: words,
  when: condition,
  multiplyRate: z.strictObject({ parameter: key, steps: z.array(name).min(1) }).optional(),
  firstPay: z.strictObject({ parameter: key }).optional(),
  disable: z.strictObject({ steps: z.array(name).min(1) }).optional(),
  ...grounds,
});
export type PackModifier = z.infer<typeof modifier>;
