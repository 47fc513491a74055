import type { Fen } from '../money/fen.ts';
import type { Rate } from '../money/rate.ts';
import type { RoundingUnit } from '../money/rounding.ts';
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

/** Why a step pays less than its rule comes to: a ceiling of the pack, or no more is left to pay. */
export type ShareLimit =
  { readonly kind: 'ceiling'; readonly name: Words } | { readonly kind: 'left' };

/** What one step makes its payer owe. `destination` is the payer unless the pack names another that pays for it. */
export type Share = {
  readonly step: string;
  readonly payer: string;
  readonly destination: string;
  /** What the step is called on screen and paper: the pack's name for it, else the payer's. */
  readonly name: Words;
  readonly amountFen: Fen;
  /** Absent where a payer stated the amount and nothing was reckoned here. */
  readonly base?: ShareBase;
  /** The rate that counted, in lowest terms, referral and place included; absent where several counted or none. */
  readonly rate?: Rate;
  /** Absent where nothing cut the amount. */
  readonly limit?: ShareLimit;
  /** The amount rests on something the sources do not give. */
  readonly assumed: boolean;
  /** Why its first figure is assumed; absent where a document gives that figure. */
  readonly assumption?: Words;
};

/** A part of the base with a rate of its own: inside one band, or of one catalogue class. */
export type RatedPart = {
  readonly of: 'band' | 'class-a' | 'class-b';
  readonly amountFen: Fen;
  readonly rate: Rate;
};

export type CoarseUnit = Exclude<RoundingUnit, 'fen'>;

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
  /** What the pack calls the step or the figure this node is about; absent where it has no name of its own. */
  readonly name?: Words;
  readonly rule: string;
  /** `unit/mode`, e.g. `fen/half-up`; null where nothing was rounded. */
  readonly rounding: string | null;
  readonly assumed: boolean;
  readonly text: Words;
  /** The formula in figures, e.g. `(13,450.00 − 750.00) × 86%`; absent where there is none. */
  readonly formula?: string;
  /** What the step is applied to. */
  readonly base?: { readonly kind: ShareBase; readonly name: Words; readonly amountFen: Fen };
  /** A rate in lowest terms: the one that counted, or of referral and place the one they multiply by. */
  readonly rate?: Rate;
  /** Where several rates count: each with the part of the base it counts on. */
  readonly parts?: readonly RatedPart[];
  /** What cut the amount, and what it left. */
  readonly limit?: ShareLimit & { readonly amountFen: Fen };
  /** What the share was rounded to where that is more than a fen. */
  readonly roundedTo?: CoarseUnit;
  /** Where the rule stands, in Chinese; `…En` in English where the pack gives it. */
  readonly source: {
    readonly document: string;
    readonly documentEn?: string;
    readonly article: string;
    readonly articleEn?: string;
  } | null;
  /** Why the figure is assumed, where no document gives it; `source` then repeats it as an article. */
  readonly assumption?: Words;
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
