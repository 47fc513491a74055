/** The closed lists of values a visit and a person may have, as the contract writes them. */

export const visitKinds = ['inpatient', 'outpatient'] as const;
export type VisitKind = (typeof visitKinds)[number];

/** `outside-province` is a place: any level outside the province. */
export const hospitalLevels = [
  'village',
  'township',
  'county',
  'city',
  'province',
  'outside-province',
] as const;
export type HospitalLevel = (typeof hospitalLevels)[number];

export const hospitalGrades = [1, 2, 3] as const;

export const hospitalTypes = ['general', 'tcm', 'specialist'] as const;
export type HospitalType = (typeof hospitalTypes)[number];

export const catalogueClasses = ['A', 'B', 'C'] as const;
export type CatalogueClass = (typeof catalogueClasses)[number];

export const chargeCategories = [
  'western-drug',
  'chinese-patent-drug',
  'herbal',
  'examination',
  'laboratory',
  'imaging',
  'ultrasound',
  'treatment',
  'surgery',
  'anaesthesia',
  'bed',
  'nursing',
  'consumable',
  'consultation-general',
  'consultation-inpatient',
  'registration',
  'ambulance',
  'other',
] as const;
export type ChargeCategory = (typeof chargeCategories)[number];

export function isChargeCategory(word: string): word is ChargeCategory {
  return (chargeCategories as readonly string[]).includes(word);
}

export const tenderKinds = [
  'cash',
  'card',
  'wechat',
  'alipay',
  'personal-account',
  'family-account',
] as const;
export type TenderKind = (typeof tenderKinds)[number];

export const dischargeWays = [
  'by-order',
  'transfer',
  'to-community',
  'against-advice',
  'death',
  'other',
] as const;

export const outcomes = ['cured', 'improved', 'unchanged', 'died', 'other'] as const;

/** Whether somebody else answers for an injury. */
export const thirdParties = ['none', 'undetermined', 'liable'] as const;

/** What is on file of a treatment outside the insured's own area. */
export const outOfAreaFilings = ['none', 'referral', 'long-term'] as const;

export const approvalDecisions = ['approved', 'refused'] as const;

/**
 * What bears a person's number: a citizen's card, the card of a foreign permanent resident, the residence permit of Hong
 * Kong, Macao and Taiwan residents, their travel permits, a passport, a certificate of birth. `none`: there is no number.
 */
export const identityDocuments = [
  'citizen',
  'foreign-permanent',
  'hk-macao-taiwan',
  'hk-macao-permit',
  'taiwan-permit',
  'passport',
  'birth-certificate',
  'none',
] as const;
export type IdentityDocument = (typeof identityDocuments)[number];

export const personCategories = [
  'registered-poor',
  'extremely-poor',
  'subsistence-allowance',
  'low-income-edge',
  'orphan',
  'unattended-child',
  'disabled',
  'returned-to-poverty',
  'unstable-lifted',
  'edge-vulnerable',
  'sudden-hardship',
  'just-lifted',
  'illness-expense',
] as const;
export type PersonCategoryName = (typeof personCategories)[number];

export const sexes = ['male', 'female'] as const;

export const insurances = ['resident', 'employee', 'none'] as const;
export type Insurance = (typeof insurances)[number];

export const employments = ['working', 'retired', 'civil-servant'] as const;

export const disabilityLevels = [1, 2, 3, 4] as const;

/** What an amount a step is applied to may be: the bases of a pack, listed charge items, a disease's quota. */
export const shareBases = [
  'in-scope',
  'in-scope-residual',
  'residual-total',
  'total',
  'year-in-scope-self-pay',
  'year-self-pay',
  'items',
  'quota',
] as const;
export type ShareBase = (typeof shareBases)[number];
