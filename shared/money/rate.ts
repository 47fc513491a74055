import { divideProduct } from './divide.ts';

/**
 * A share of an amount, kept exact: 85 % is `{ numerator: 85, denominator: 100 }`. Both are whole, safe
 * numbers; a modified rate (85.5 % × 0.95) stays a fraction and is rounded once, with the amount.
 */
export type Rate = { readonly numerator: number; readonly denominator: number };

/** Makes a `Rate`; throws a `RangeError` unless both parts are whole, safe, not negative and the denominator is above zero. */
export function rate(numerator: number, denominator: number): Rate {
  if (!Number.isSafeInteger(numerator) || numerator < 0) {
    throw new RangeError(`not the numerator of a rate: ${String(numerator)}`);
  }
  if (!Number.isSafeInteger(denominator) || denominator < 1) {
    throw new RangeError(`not the denominator of a rate: ${String(denominator)}`);
  }
  return { numerator, denominator };
}

export const wholeRate: Rate = rate(1, 1);
export const noRate: Rate = rate(0, 1);

const ratioPattern = /^(0|[1-9]\d{0,2})(?:\.(\d{1,9}))?$/;

/** The rate a decimal text states: `"0.86"` is 86/100. Throws a `RangeError` on any other text. */
export function rateFromText(text: string): Rate {
  const match = ratioPattern.exec(text);
  if (match === null) throw new RangeError(`not a ratio: ${text}`);
  const decimals = match[2] ?? '';
  return rate(Number(`${match[1] ?? ''}${decimals}`), 10 ** decimals.length);
}

/** The rate a percentage states: `"86"` is 86/100, `"85.5"` is 855/1000. Throws a `RangeError` on any other text. */
export function rateFromPercentText(text: string): Rate {
  const { numerator, denominator } = rateFromText(text);
  return rate(numerator, denominator * 100);
}

/** A rate that has more decimals than can be calculated with exactly. */
export class RateTooFine extends RangeError {}

/** What a denominator comes to at most, so that an amount can still be rounded to ten yuan by its rate. */
const denominatorMax = Number.MAX_SAFE_INTEGER / 1000;

/** One rate of another, in lowest terms; throws `RateTooFine` if it can no longer be stated and applied exactly. */
export function multiplyRates(first: Rate, second: Rate): Rate {
  const [a, d] = lowestTerms(first.numerator, second.denominator);
  const [b, c] = lowestTerms(second.numerator, first.denominator);
  if (c * d > denominatorMax || !Number.isSafeInteger(a * b)) {
    throw new RateTooFine(`a rate of the denominator ${String(c * d)}`);
  }
  return rate(a * b, c * d);
}

/** The rate as a percentage without needless zeros: 86/100 is `"86%"`, 171/200 is `"85.5%"`. Endless ones are cut after six decimals. */
export function percentTextFromRate({ numerator, denominator }: Rate): string {
  if (denominator === 100) return `${String(numerator)}%`;
  const { whole: millionths, rest } = divideProduct(numerator, 100_000_000, denominator);
  if (rest === 0 && millionths % 1_000_000 === 0) return `${String(millionths / 1_000_000)}%`;
  const exact = rest === 0;
  const digits = String(millionths).padStart(7, '0');
  const decimals = digits.slice(-6).replace(/0+$/, '');
  const whole = digits.slice(0, -6);
  return `${exact ? '' : '≈'}${whole}${decimals === '' ? '' : `.${decimals}`}%`;
}

/** The same rate with the smallest whole numbers: 86/100 is 43/50. */
export function inLowestTerms({ numerator, denominator }: Rate): Rate {
  const [a, b] = lowestTerms(numerator, denominator);
  return { numerator: a, denominator: b };
}

const exactDecimalsMax = 15;

/**
 * The rate as an exact decimal with at least four decimals: 86/100 is `"0.8600"`, 171/160 is `"1.06875"`.
 * One that never ends is cut after fifteen.
 */
export function exactTextFromRate({ numerator, denominator }: Rate): string {
  let decimals = 4;
  let division = divideProduct(numerator, 10 ** decimals, denominator);
  while (division.rest !== 0 && decimals < exactDecimalsMax) {
    decimals += 1;
    division = divideProduct(numerator, 10 ** decimals, denominator);
  }
  const digits = String(division.whole).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** What `exactTextFromRate` writes. */
export const exactRatePattern = /^(0|[1-9]\d{0,2})\.(\d{4,15})$/;

/** The rate such a text states, in lowest terms. Throws a `RangeError` on any other text. */
export function rateFromExactText(text: string): Rate {
  const match = exactRatePattern.exec(text);
  if (match === null) throw new RangeError(`not an exact rate: ${text}`);
  const decimals = match[2] ?? '';
  return inLowestTerms(rate(Number(`${match[1] ?? ''}${decimals}`), 10 ** decimals.length));
}

function lowestTerms(first: number, second: number): [number, number] {
  let a = first;
  let b = second;
  while (b !== 0) {
    const rest = a % b;
    a = b;
    b = rest;
  }
  return a === 0 ? [0, 1] : [first / a, second / a];
}
