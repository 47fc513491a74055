import { divideProduct, roundDivision, type Division } from './divide.ts';
import { fen, type Fen } from './fen.ts';
import type { Rate } from './rate.ts';
import { fenPerUnit, type Rounding } from './rounding.ts';

/**
 * A share of an amount in fen, rounded once and as the caller says. 136,753.30 yuan × 15 % is exactly
 * 20,512.995 and gives 20,513.00 half-up, where a floating-point product gives 20,512.99.
 *
 * Throws a `RangeError` on a negative amount: shares are taken of what is there, refunds are netted first.
 */
export function shareOf(amount: Fen, share: Rate, rounding: Rounding): Fen {
  if (amount < 0) throw new RangeError(`a share of a negative amount: ${String(amount)}`);
  const unit = fenPerUnit[rounding.unit];
  const denominator = share.denominator * unit;
  if (!Number.isSafeInteger(denominator)) throw new RangeError('a rate too fine to round');
  const division = divideProduct(amount, share.numerator, denominator);
  return fen(roundDivision(division, denominator, rounding.mode) * unit);
}

/** An amount rounded to a unit, in fen; throws a `RangeError` on a negative amount. */
export function roundFen(amount: Fen, rounding: Rounding): Fen {
  if (amount < 0) throw new RangeError(`rounding a negative amount: ${String(amount)}`);
  const unit = fenPerUnit[rounding.unit];
  return fen(roundDivision(divideProduct(amount, 1, unit), unit, rounding.mode) * unit);
}

/**
 * What is missing to a share of an amount beside what was paid already: `amount × share − already`, rounded
 * once; nothing where it is reached. Guarantees that promise a part of the cost are calculated by it.
 */
export function shareBeyond(amount: Fen, share: Rate, already: Fen, rounding: Rounding): Fen {
  const denominator = share.denominator * fenPerUnit[rounding.unit];
  if (!Number.isSafeInteger(denominator)) throw new RangeError('a rate too fine to round');
  const division = missingTo(amount, share, already, denominator);
  return fen(roundDivision(division, denominator, rounding.mode) * fenPerUnit[rounding.unit]);
}

/** `(amount × share − already) / denominator`, not below nothing; in `bigint` only where plain numbers are not exact. */
function missingTo(amount: Fen, share: Rate, already: Fen, denominator: number): Division {
  const due = amount * share.numerator;
  const paid = already * share.denominator;
  const missing = due - paid;
  if (Number.isSafeInteger(due) && Number.isSafeInteger(paid) && Number.isSafeInteger(missing)) {
    return missing <= 0 ? nothing : divideProduct(missing, 1, denominator);
  }
  const exact =
    BigInt(amount) * BigInt(share.numerator) - BigInt(already) * BigInt(share.denominator);
  if (exact <= 0n) return nothing;
  const divisor = BigInt(denominator);
  return { whole: Number(exact / divisor), rest: Number(exact % divisor) };
}

const nothing: Division = { whole: 0, rest: 0 };
