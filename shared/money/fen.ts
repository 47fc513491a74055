/** An amount of money in fen, the hundredth part of a yuan. Always a whole, safe integer. */
export type Fen = number & { readonly unit: 'fen' };

/**
 * The largest amount the program will carry, in fen: one thousand million yuan. No hospital bill comes
 * near it, and sums of a hundred thousand such amounts still stay below 2^53.
 */
export const fenMax = 100_000_000_000;

/** Makes a `Fen` of a whole number of fen; throws a `RangeError` on a fraction, NaN or an amount beyond `fenMax`. */
export function fen(amount: number): Fen {
  if (!Number.isSafeInteger(amount) || amount > fenMax || amount < -fenMax) {
    throw new RangeError(`not an amount in whole fen: ${String(amount)}`);
  }
  // Minus zero would print as "-0.00" and differ from zero in Object.is.
  return (amount === 0 ? 0 : amount) as Fen;
}

/** No money at all. */
export const zeroFen: Fen = fen(0);

/** The sum of amounts, in fen. Equal amounts count as often as they stand in the list. */
export function sumFen(amounts: Iterable<Fen>): Fen {
  let sum = 0;
  for (const amount of amounts) sum += amount;
  return fen(sum);
}
