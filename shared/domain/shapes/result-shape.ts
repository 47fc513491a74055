import { z } from 'zod';
import {
  exactRatePattern,
  exactTextFromRate,
  rateFromExactText,
  type Rate,
} from '../../money/rate.ts';
import { roundingUnits } from '../../money/rounding.ts';
import { shareBases } from '../closed-values.ts';
import { fields } from './fields.ts';
import { amount, decoded } from './leaves.ts';
import { yearToDateShape } from './person-shape.ts';
import { earlierPartsShape } from './visit-shape.ts';
import { withoutLimits } from './without-limits.ts';

/** A sentence in both languages. */
const words = fields({ zh: z.string(), en: z.string() });

/** A rate in lowest terms. As text it has at least four decimals and is exact: a text with two is an amount. */
const exactRate = z.codec(z.string().regex(exactRatePattern), decoded<Rate>(), {
  decode: rateFromExactText,
  encode: exactTextFromRate,
});

/** A ratio with four decimals: 9089 is 0.9089. */
export type RatioTenThousandths = number;

const ratio = z.codec(z.string().regex(/^-?\d+\.\d{4}$/), decoded<RatioTenThousandths>(), {
  decode: (text) => Number(text.replace('.', '')),
  encode: (tenThousandths) => {
    const digits = String(Math.abs(tenThousandths)).padStart(5, '0');
    return `${tenThousandths < 0 ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
  },
});

const shareBase = z.enum(shareBases);

/** Why a step pays less than its rule comes to: a ceiling of the pack, or no more is left to pay. */
const shareLimit = z.union([
  fields({ kind: z.literal('ceiling'), name: words }),
  fields({ kind: z.literal('left') }),
]);
export type ShareLimit = z.output<typeof shareLimit>;

/** What one step makes its payer owe, as JSON writes it: `destination` only where another than the payer is asked. */
const writtenShare = fields({
  step: z.string(),
  payer: z.string(),
  /** What the step is called on screen and paper: the pack's name for it, else the payer's. */
  name: words,
  amount,
  destination: z.string().exactOptional(),
  /** Absent where a payer stated the amount and nothing was reckoned here. */
  base: shareBase.exactOptional(),
  /** The rate that counted, referral and place included; absent where several counted or none. */
  rate: exactRate.exactOptional(),
  /** Absent where nothing cut the amount. */
  limit: shareLimit.exactOptional(),
  /** The amount rests on something the sources do not give. */
  assumed: z.boolean(),
  /** Why its first figure is assumed; absent where a document gives that figure. */
  assumption: words.exactOptional(),
});
type WrittenShare = z.output<typeof writtenShare>;

/** What one step makes its payer owe. `destination` is the payer unless the pack names another that pays for it. */
export type Share = Omit<WrittenShare, 'destination'> & { readonly destination: string };

const shareShape = z.codec(writtenShare, decoded<Share>(), {
  decode: (share) => ({ ...share, destination: share.destination ?? share.payer }),
  encode: ({ destination, ...share }): WrittenShare =>
    destination === share.payer ? share : { ...share, destination },
});

/** A part of the base with a rate of its own: inside one band, or of one catalogue class. */
const ratedPart = fields({ of: z.enum(['band', 'class-a', 'class-b']), amount, rate: exactRate });
export type RatedPart = z.output<typeof ratedPart>;

const coarseUnit = z.enum(roundingUnits).exclude(['fen']);
export type CoarseUnit = z.output<typeof coarseUnit>;

/**
 * One node of the explanation, from the charge lines to the last fen. For every amount of the result, the
 * sum of `adds` to its JSON Pointer (in the result JSON of the contract, e.g. `/shares/0/amount`) equals it.
 */
const traceNodeShape = fields({
  id: z.string(),
  parent: z.string().nullable(),
  /** The step it belongs to; null for the split of the bill and the totals. */
  step: z.string().nullable(),
  /** What the pack calls the step or the figure this node is about; absent where it has no name of its own. */
  name: words.exactOptional(),
  rule: z.string(),
  /** `unit/mode`, e.g. `fen/half-up`; null where nothing was rounded. */
  rounding: z.string().nullable(),
  assumed: z.boolean(),
  text: words,
  /** The formula in figures, e.g. `(13,450.00 − 750.00) × 86%`; absent where there is none. */
  formula: z.string().exactOptional(),
  /** What the step is applied to. */
  base: fields({ kind: shareBase, name: words, amount }).exactOptional(),
  /** A rate: the one that counted, or of referral and place the one they multiply by. */
  rate: exactRate.exactOptional(),
  /** Where several rates count: each with the part of the base it counts on. */
  parts: z.array(ratedPart).exactOptional(),
  /** What cut the amount, and what it left. */
  limit: z
    .union([
      fields({ kind: z.literal('ceiling'), name: words, amount }),
      fields({ kind: z.literal('left'), amount }),
    ])
    .exactOptional(),
  /** What the share was rounded to where that is more than a fen. */
  roundedTo: coarseUnit.exactOptional(),
  /** Where the rule stands, in Chinese; `…En` in English where the pack gives it. */
  source: fields({
    document: z.string(),
    documentEn: z.string().exactOptional(),
    article: z.string(),
    articleEn: z.string().exactOptional(),
  }).nullable(),
  /** Why the figure is assumed, where no document gives it; `source` then repeats it as an article. */
  assumption: words.exactOptional(),
  inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  adds: z.array(fields({ to: z.string(), amount })),
});
export type TraceNode = z.output<typeof traceNodeShape>;

/** What the engine decided (contract: Result JSON). */
export const resultShape = fields({
  pack: z.string(),
  packVersion: z.string(),
  visitId: z.string(),
  total: amount,
  eligible: amount,
  excluded: fields({ classC: amount, classBFirstSelfPay: amount, aboveCeiling: amount }),
  shares: z.array(shareShape),
  patientPays: amount,
  patientPart: fields({ withinCatalogue: amount, outsideCatalogue: amount }),
  hospitalBears: amount,
  /** What the hospital keeps where a quota is above the cost; `hospitalBears` is less by it. Absent where there is none. */
  hospitalGains: amount.exactOptional(),
  deductible: amount,
  ratios: fields({ actual: ratio, inScope: ratio }),
  due: fields({ deposit: amount, toCollect: amount, toRefund: amount }),
  yearToDate: withoutLimits(yearToDateShape),
  /** Of a stay: what its parts came to, this one included, to be handed on where more is to be settled. */
  earlierParts: withoutLimits(earlierPartsShape).exactOptional(),
  trace: z.array(traceNodeShape),
  warnings: z.array(fields({ code: z.string(), place: z.string().exactOptional(), text: words })),
});
export type SettlementResult = z.output<typeof resultShape>;
export type ResultJson = z.input<typeof resultShape>;
