import { z } from 'zod';
import { employments, insurances, personCategories } from '../../domain/person.ts';
import { hospitalLevels, hospitalTypes, visitKinds } from '../../domain/visit.ts';
import { age, day, key, place } from './pack-words.ts';

/**
 * What a referral certificate says. `late`: there is one and it does not count, for it was issued after admission or is
 * not as the pack asks (`referralCertificate`); `emergency`: none was possible.
 */
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

export const categoriesCondition = z.union([
  z.strictObject({ any: atLeastOne(z.enum(personCategories)) }),
  z.strictObject({ none: atLeastOne(z.enum(personCategories)) }),
]);

const ownParts = {
  categories: categoriesCondition.optional(),
  hospitalLevels: atLeastOne(z.enum(hospitalLevels)).optional(),
  hospitalGrades: atLeastOne(z.literal(hospitalGrades)).optional(),
  hospitalTypes: atLeastOne(z.enum(hospitalTypes)).optional(),
  /** A key of `hospitalLists`. */
  hospitals: key.optional(),
  /** A hospital outside the province lies in another area, one that says nothing of its place in the own. */
  hospitalArea: atLeastOne(z.enum(hospitalAreas)).optional(),
  /** Where the hospital lies; one that says nothing of its place lies where the patient is insured. */
  hospitalPlaces: atLeastOne(place).optional(),
  visitKinds: atLeastOne(z.enum(visitKinds)).optional(),
  insurance: atLeastOne(z.enum(insurances)).optional(),
  employment: atLeastOne(z.enum(employments)).optional(),
  /** On the deciding day, in full years, or in days or months of a small child; `below` is exclusive. */
  age: z.strictObject({ from: age.optional(), below: age.optional() }).optional(),
  /** Which admission of the year this one is; both ends inclusive. */
  admissionOfYear: z.strictObject({ from: count.optional(), until: count.optional() }).optional(),
  /** Day of discharge; `before` is exclusive. */
  discharged: z.strictObject({ from: day.optional(), before: day.optional() }).optional(),
  referral: atLeastOne(z.enum(referralStates)).optional(),
  outOfArea: atLeastOne(z.enum(outOfAreaStates)).optional(),
  /** Whether the visit was an emergency, with or without a referral. */
  emergency: z.boolean().optional(),
  /** A key of `diseaseLists`. */
  diseases: key.optional(),
  /** A key of `procedureLists`. */
  procedures: key.optional(),
  /** A key of `diseaseLists`: the chronic disease of the visit, its certificate valid on the day of discharge. */
  chronicDiseases: key.optional(),
  contractedDoctor: z.boolean().optional(),
  disabilityLevels: atLeastOne(z.literal([1, 2, 3, 4])).optional(),
};

const parts = {
  ...ownParts,
  /** What must not hold: all of it together. */
  not: z.strictObject(ownParts).optional(),
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

/** What a pack asks of a referral certificate, beside that it was issued no later than the admission. */
export const referralCertificate = z.strictObject({
  /** How many days it holds; 0: only on the day it was issued. */
  validDays: z.number().int().min(0).max(366).optional(),
  /** Of which levels the hospital that issued it may be. */
  from: atLeastOne(z.enum(hospitalLevels)).optional(),
  /** To which levels it may lead. */
  to: atLeastOne(z.enum(hospitalLevels)).optional(),
  /** `up`: to a hospital of a higher level; `down`: to one of a lower. */
  direction: z.enum(['up', 'down']).optional(),
  /** It must name the visit it comes from, and that must be one the person had. */
  earlierVisit: z.literal(true).optional(),
});
export type ReferralCertificate = z.infer<typeof referralCertificate>;
