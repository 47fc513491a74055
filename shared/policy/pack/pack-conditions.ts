import { z } from 'zod';
import { employments, insurances, personCategories } from '../../domain/person.ts';
import { hospitalLevels, hospitalTypes, visitKinds } from '../../domain/visit.ts';
import { day, key } from './pack-words.ts';

/** What a referral certificate says. `late`: issued after admission, invalid; `emergency`: none was possible. */
export const referralStates = ['valid', 'late', 'none', 'emergency'] as const;
export type ReferralState = (typeof referralStates)[number];

/** How care outside the insured area was filed; `local`: the hospital lies in the own area and nothing was filed. */
export const outOfAreaStates = ['local', 'none', 'referral', 'long-term'] as const;
export type OutOfAreaState = (typeof outOfAreaStates)[number];

/** Whether a hospital lies in the insured's own area: the place of the pack that the person is insured in. */
export const hospitalAreas = ['own', 'other'] as const;
export type HospitalArea = (typeof hospitalAreas)[number];

export const hospitalGrades = [1, 2, 3] as const;

const atLeastOne = <Value extends z.ZodType>(value: Value) => z.array(value).min(1);
const count = z.number().int().min(1).max(999);
const age = z.number().int().min(0).max(150);

export const categoriesCondition = z.union([
  z.strictObject({ any: atLeastOne(z.enum(personCategories)) }),
  z.strictObject({ none: atLeastOne(z.enum(personCategories)) }),
]);

const parts = {
  categories: categoriesCondition.optional(),
  hospitalLevels: atLeastOne(z.enum(hospitalLevels)).optional(),
  hospitalGrades: atLeastOne(z.literal(hospitalGrades)).optional(),
  hospitalTypes: atLeastOne(z.enum(hospitalTypes)).optional(),
  /** A key of `hospitalLists`. */
  hospitals: key.optional(),
  /** A hospital outside the province lies in another area, one that says nothing of its place in the own. */
  hospitalArea: atLeastOne(z.enum(hospitalAreas)).optional(),
  visitKinds: atLeastOne(z.enum(visitKinds)).optional(),
  insurance: atLeastOne(z.enum(insurances)).optional(),
  employment: atLeastOne(z.enum(employments)).optional(),
  /** Full years on the deciding day; `below` is exclusive. */
  age: z.strictObject({ from: age.optional(), below: age.optional() }).optional(),
  /** Which admission of the year this one is; both ends inclusive. */
  admissionOfYear: z.strictObject({ from: count.optional(), until: count.optional() }).optional(),
  /** Day of discharge; `before` is exclusive. */
  discharged: z.strictObject({ from: day.optional(), before: day.optional() }).optional(),
  referral: atLeastOne(z.enum(referralStates)).optional(),
  outOfArea: atLeastOne(z.enum(outOfAreaStates)).optional(),
  /** A key of `diseaseLists`. */
  diseases: key.optional(),
  /** A key of `procedureLists`. */
  procedures: key.optional(),
  /** A key of `diseaseLists`: the chronic disease of the visit, its certificate valid on the day of discharge. */
  chronicDiseases: key.optional(),
  contractedDoctor: z.boolean().optional(),
  disabilityLevels: atLeastOne(z.literal([1, 2, 3, 4])).optional(),
};

/** What a pack's scope may ask for beside place, insurance and kind of visit, which it always states. */
export const scopeConditions = z
  .strictObject(parts)
  .omit({ visitKinds: true, insurance: true }).shape;

/** Cases of which a pack is for one at least. */
export const scopeAlternatives = z.array(z.strictObject(parts)).min(2);

/** A condition on a visit and its person. Closed; every part that is stated must hold. */
export const condition = z.strictObject({
  ...parts,
  /** At least one of these, beside all the parts above. */
  anyOf: z.array(z.strictObject(parts)).min(2).optional(),
});
export type PackCondition = z.infer<typeof condition>;
export type PlainCondition = NonNullable<PackCondition['anyOf']>[number];
