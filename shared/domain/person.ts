import type { Fen } from '../money/fen.ts';
import type { Day, HospitalLevel, Visit } from './visit.ts';

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

/** A dated recognition. No `from`: valid from any day; no `until`: without end. `until` is the last valid day. */
export type PersonCategory = {
  readonly name: PersonCategoryName;
  readonly from?: Day;
  readonly until?: Day;
};

export const insurances = ['resident', 'employee', 'none'] as const;
export type Insurance = (typeof insurances)[number];

export const employments = ['working', 'retired', 'civil-servant'] as const;

export type Person = {
  readonly name: string;
  readonly idNumber: string;
  readonly birthDate: Day;
  readonly sex: 'male' | 'female';
  readonly insurance: Insurance;
  readonly categories: readonly PersonCategory[];
  /** Six-digit division. */
  readonly insuredPlace: string;
  readonly employment?: (typeof employments)[number];
  readonly contractedDoctor?: boolean;
  readonly disabilityLevel?: 1 | 2 | 3 | 4;
  readonly phone?: string;
  readonly address?: string;
  readonly contact?: string;
};

/** The person's counters for the settlement year, before or after a visit. All amounts in fen. */
export type YearToDate = {
  readonly year: number;
  readonly asOf: Day;
  /** Ids of our visits the figures already include. */
  readonly includesVisits: readonly string[];
  readonly admissions: number;
  readonly deductiblePaidFen: Fen;
  readonly eligibleFen: Fen;
  /** By payer id. */
  readonly paidFen: Readonly<Record<string, Fen>>;
  /** By step id. */
  readonly byStepFen: Readonly<Record<string, Fen>>;
  /** Everything the person paid this year. */
  readonly selfPayFen: Fen;
  /** Its in-scope part. */
  readonly eligibleSelfPayFen: Fen;
  readonly levels: readonly HospitalLevel[];
};

/** What `settle` and the desk decide on (contract: Visit JSON). `yearToDate: null` is a fresh year, unknown. */
export type SettlementInput = {
  readonly visit: Visit;
  readonly person: Person;
  readonly yearToDate: YearToDate | null;
};
