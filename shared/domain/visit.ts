import type { Fen } from '../money/fen.ts';

/** A calendar day in Asia/Shanghai, `YYYY-MM-DD`. */
export type Day = string;

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

/** An exact decimal fraction: `numerator / denominator`, the denominator a power of ten. Text `"0.10"` is 10/100. */
export type DecimalRatio = { readonly numerator: number; readonly denominator: number };

export type Hospital = {
  readonly code: string;
  readonly name: string;
  readonly level: HospitalLevel;
  readonly grade?: 1 | 2 | 3;
  readonly type?: HospitalType;
  /** Six-digit division. */
  readonly place?: string;
};

export type Diagnosis = {
  readonly code: string;
  readonly name: string;
  readonly principal: boolean;
};
export type Procedure = { readonly code: string; readonly name: string; readonly on?: Day };

export type Referral = {
  readonly certificate: string;
  readonly issuedOn: Day;
  readonly fromHospitalLevel: HospitalLevel;
  readonly previousVisitId: string | null;
  readonly deductiblePaidFen: Fen;
};

/** One priced item. A refund has negative quantity and amount and names the line it takes back. */
export type ChargeLine = {
  readonly line: number;
  readonly code: string;
  readonly name: string;
  readonly category: ChargeCategory;
  readonly catalogueClass: CatalogueClass;
  /** Share of a class B item the patient bears first; 0/1 elsewhere. */
  readonly firstSelfPayRatio: DecimalRatio;
  /** Unit price above which an item is not eligible, as decimal text with at most six decimals; null: none. */
  readonly priceCeiling: string | null;
  readonly unit: string;
  /** Decimal texts with at most six decimals: products pass 2^53, so they are never floats. */
  readonly quantity: string;
  readonly unitPrice: string;
  readonly amountFen: Fen;
  readonly on: Day;
  readonly refundsLine?: number;
  readonly nationalCode?: string;
  readonly orderedBy?: CodeAndName;
  readonly department?: CodeAndName;
  readonly at?: string;
  readonly restrictedUse?: boolean;
};

export type CodeAndName = { readonly code: string; readonly name: string };

/** Where only totals are known. The last four add up to the first. */
export type VisitTotals = {
  readonly totalFen: Fen;
  readonly eligibleFen: Fen;
  readonly classBFirstSelfPayFen: Fen;
  readonly classCFen: Fen;
  readonly aboveCeilingFen: Fen;
};

/** Why the hospital's own system says the visit is not ready to be settled. */
export type Blocker = { readonly code: string; readonly text: string };

export const tenderKinds = [
  'cash',
  'card',
  'wechat',
  'alipay',
  'personal-account',
  'family-account',
] as const;
export type TenderKind = (typeof tenderKinds)[number];
export type Tender = { readonly kind: TenderKind; readonly amountFen: Fen };

export type DepositReceipt = {
  readonly receipt: string;
  readonly amountFen: Fen;
  readonly on: Day;
  readonly tender: TenderKind;
};

export const dischargeWays = [
  'by-order',
  'transfer',
  'to-community',
  'against-advice',
  'death',
  'other',
] as const;

/** What an office decided on an application of the patient's, for the step that asks for one. */
export type Approval = {
  readonly step: string;
  readonly form: string;
  readonly number: string;
  readonly decision: 'approved' | 'refused';
  readonly amountFen: Fen;
  readonly on: Day;
};

/** What a payer of a person no pack of ours covers has stated of this visit. */
export type PayerFigures = {
  readonly from: string;
  readonly receivedOn: Day;
  readonly shares: readonly { readonly payer: string; readonly amountFen: Fen }[];
  readonly patientPaysFen: Fen;
};

/** One inpatient stay or outpatient encounter being charged (contract: Visit JSON). */
export type Visit = {
  readonly id: string;
  readonly kind: VisitKind;
  readonly admittedOn: Day;
  readonly dischargedOn: Day;
  readonly hospital: Hospital;
  readonly diagnoses: readonly Diagnosis[];
  readonly procedures: readonly Procedure[];
  readonly referral: Referral | null;
  /** Either charge lines, or totals where only totals are known. */
  readonly bill:
    | { readonly kind: 'charges'; readonly charges: readonly ChargeLine[] }
    | { readonly kind: 'totals'; readonly totals: VisitTotals };
  readonly depositFen: Fen;
  readonly deposits?: readonly DepositReceipt[];
  readonly blockers: readonly Blocker[];
  readonly admissionNumber?: string;
  readonly medicalRecordNumber?: string;
  readonly department?: CodeAndName;
  readonly bed?: string;
  readonly attendingDoctor?: CodeAndName;
  readonly dischargeWay?: (typeof dischargeWays)[number];
  readonly outcome?: 'cured' | 'improved' | 'unchanged' | 'died' | 'other';
  readonly injury?: {
    readonly cause: string;
    readonly thirdParty: 'none' | 'undetermined' | 'liable';
  };
  readonly insurer?: { readonly personNumber?: string; readonly visitId?: string };
  readonly emergency?: boolean;
  readonly outOfArea?: { readonly filed: 'none' | 'referral' | 'long-term' };
  readonly chronicDisease?: {
    readonly code: string;
    readonly certificateFrom: Day;
    readonly until?: Day;
  };
  readonly approvals?: readonly Approval[];
  /** Where a stay is settled in parts: how many came before, and what of the deductible they bore. */
  readonly earlierParts?: { readonly parts: number; readonly deductiblePaidFen: Fen };
  readonly payerFigures?: PayerFigures;
};
