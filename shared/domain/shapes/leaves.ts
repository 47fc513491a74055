import { z } from 'zod';
import type { Fen } from '../../money/fen.ts';
import { noRate, rateFromText, type Rate } from '../../money/rate.ts';
import { fenFromYuanText, yuanTextFromFen, yuanTextPattern } from '../../money/yuan-text.ts';

/**
 * The single values records are made of: how JSON writes each and what the program has in memory. The message
 * of an issue is the code of the refusal at intake.
 */

/**
 * What a codec makes of JSON: it is what its own `decode` returns, so there is nothing more to check but that it
 * is there, for a field that is absent is not encoded.
 */
export function decoded<Value>(): z.ZodType<Value, Value> {
  return z.nonoptional(z.any());
}

export const text = (max: number) =>
  z.string().min(1, { error: 'empty-text' }).max(max, { error: 'too-long' });

/** One of a closed list of words or numbers. */
export const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, { error: 'not-in-list' });
export const oneOfNumbers = <const Values extends readonly number[]>(values: Values) =>
  z.literal(values, { error: 'not-in-list' });

export type { Day } from '../day.ts';
export const day = z.iso.date({ error: 'not-a-date' });

/** A moment: a day and a time, Chinese time where it says no other. */
export const moment = z
  .string()
  .regex(
    /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[ T](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?$/,
    { error: 'not-a-moment' },
  );

/** A six-digit division. */
export const place = z.string().regex(/^\d{6}$/, { error: 'not-a-place' });

/** Names of payers and steps: they stand in JSON Pointers and in the ledger. */
export const nameOfPack = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, { error: 'not-a-name' });

export const countFrom = (least: number) =>
  z.int({ error: 'not-a-count' }).min(least, { error: 'not-a-count' });

/** An amount of any size: well written, perhaps too large. */
const anyYuanText = /^-?(?:0|[1-9]\d*)(?:\.\d{1,2})?$/;

/** Yuan as text with at most two decimals; fen in memory. */
export const amount = z.codec(
  z.string({ error: 'not-text-amount' }).regex(yuanTextPattern, {
    error: ({ input }) =>
      anyYuanText.test(String(input)) ? 'amount-too-large' : 'not-text-amount',
  }),
  decoded<Fen>(),
  { decode: fenFromYuanText, encode: yuanTextFromFen },
);

/** Amounts by the name of a payer or a step. */
export const amountsByName = z.record(nameOfPack, amount);

/** A quantity or unit price with at most six decimals; text in memory too, for products pass 2^53. */
export const decimal = z
  .string({ error: 'not-text-amount' })
  .regex(/^-?(?:0|[1-9]\d{0,8})(?:\.\d{1,6})?$/, { error: 'not-text-amount' });

/** An exact decimal fraction: `numerator / denominator`, the denominator a power of ten. Text `"0.10"` is 10/100. */
export type DecimalRatio = Rate;

/** A share from 0 to 1 as text; an exact fraction over a power of ten in memory. JSON may say `null` for none. */
export const shareOrNone = z.codec(
  z
    .string({ error: 'not-text-amount' })
    .regex(/^(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?)$/, { error: 'not-a-ratio' })
    .nullable(),
  decoded<DecimalRatio>(),
  { decode: (ratio) => (ratio === null ? noRate : rateFromText(ratio)), encode: decimalText },
);

function decimalText({ numerator, denominator }: DecimalRatio): string {
  const decimals = String(denominator).length - 1;
  const digits = String(numerator).padStart(decimals + 1, '0');
  if (decimals === 0) return digits;
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** A field JSON may leave out or give as `null`: in memory it is there, or `null`. */
export function orNull<Json, Value>(schema: z.ZodType<Value, Json>) {
  return z.codec(schema.nullable().optional(), decoded<Value | null>(), {
    decode: (value) => value ?? null,
    encode: (value) => value,
  });
}

/** A list JSON may leave out: in memory it is there, perhaps empty. */
export function orNone<Json, Item>(schema: z.ZodType<Item[], Json>) {
  return z.codec(schema.optional(), decoded<Item[]>(), {
    decode: (items) => items ?? [],
    encode: (items) => items,
  });
}
