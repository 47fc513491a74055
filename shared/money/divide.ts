import type { RoundingMode } from './rounding.ts';

/** A whole quotient and what the division leaves: `amount × numerator = whole × denominator + rest`. */
export type Division = { readonly whole: number; readonly rest: number };

/** Up to here a quotient that was cut off is exact: rounding it cannot carry it to the next whole number. */
const cutOffExactMax = 2 ** 52;

/**
 * Divides a product exactly. Where the product passes 2^52 it is taken in `bigint`; otherwise plain
 * numbers give the same answer many times faster, without the remainder operator, which is slow for numbers
 * beyond 2^31. All three are whole and not negative.
 */
export function divideProduct(amount: number, numerator: number, denominator: number): Division {
  const product = amount * numerator;
  if (product <= cutOffExactMax) {
    const whole = Math.floor(product / denominator);
    return { whole, rest: product - whole * denominator };
  }
  const exact = BigInt(amount) * BigInt(numerator);
  const divisor = BigInt(denominator);
  return { whole: Number(exact / divisor), rest: Number(exact % divisor) };
}

/** The whole number a division comes to under a mode of rounding. */
export function roundDivision(division: Division, denominator: number, mode: RoundingMode): number {
  const { whole, rest } = division;
  if (rest === 0) return whole;
  switch (mode) {
    case 'down':
      return whole;
    case 'up':
      return whole + 1;
    case 'half-up':
      return rest >= denominator - rest ? whole + 1 : whole;
    case 'half-even':
      if (rest === denominator - rest) return whole % 2 === 0 ? whole : whole + 1;
      return rest > denominator - rest ? whole + 1 : whole;
  }
}
