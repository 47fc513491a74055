import type { Fen } from '../money/fen.ts';
import type { YearToDate } from './person.ts';
import type { Warning, Words } from './result.ts';

/** Payers every pack knows; a pack may define more. */
export const knownPayers = [
  'basic-medical-insurance',
  'critical-illness-insurance',
  'supplementary-insurance',
  'medical-assistance',
  'hospital-reduction',
  'government-guarantee',
  'commercial-insurance',
  'public-health-subsidy',
  'charity',
] as const;
export type KnownPayer = (typeof knownPayers)[number];

/** What one step makes its payer owe. `destination` is the payer unless the pack names another that pays for it. */
export type Share = {
  readonly step: string;
  readonly payer: string;
  readonly destination: string;
  readonly amountFen: Fen;
};

/** A ratio with four decimals: 9089 is 0.9089. */
export type RatioTenThousandths = number;

/**
 * One node of the explanation, from the charge lines to the last fen. For every amount of the result, the
 * sum of `adds` to its JSON Pointer (in the result JSON of the contract, e.g. `/shares/0/amount`) equals it.
 */
export type TraceNode = {
  readonly id: string;
  readonly parent: string | null;
  /** The step it belongs to; null for the split of the bill and the totals. */
  readonly step: string | null;
  readonly rule: string;
  /** `unit/mode`, e.g. `fen/half-up`; null where nothing was rounded. */
  readonly rounding: string | null;
  readonly assumed: boolean;
  readonly text: Words;
  /** The formula in figures, e.g. `(13,450.00 − 750.00) × 86%`; absent where there is none. */
  readonly formula?: string;
  /** Where the rule stands, in Chinese; `…En` in English where the pack gives it. */
  readonly source: {
    readonly document: string;
    readonly documentEn?: string;
    readonly article: string;
    readonly articleEn?: string;
  } | null;
  readonly inputs: Readonly<Record<string, string | number | boolean | null>>;
  readonly adds: readonly { readonly to: string; readonly amountFen: Fen }[];
};

/** What the engine decided, all in fen (contract: Result JSON). */
export type SettlementResult = {
  readonly pack: string;
  readonly packVersion: string;
  readonly visitId: string;
  readonly totalFen: Fen;
  readonly eligibleFen: Fen;
  readonly excluded: {
    readonly classCFen: Fen;
    readonly classBFirstSelfPayFen: Fen;
    readonly aboveCeilingFen: Fen;
  };
  readonly shares: readonly Share[];
  readonly patientPaysFen: Fen;
  readonly patientPart: { readonly withinCatalogueFen: Fen; readonly outsideCatalogueFen: Fen };
  readonly hospitalBearsFen: Fen;
  readonly deductibleFen: Fen;
  readonly ratios: { readonly actual: RatioTenThousandths; readonly inScope: RatioTenThousandths };
  readonly due: { readonly depositFen: Fen; readonly toCollectFen: Fen; readonly toRefundFen: Fen };
  readonly yearToDate: YearToDate;
  readonly trace: readonly TraceNode[];
  readonly warnings: readonly Warning[];
};
