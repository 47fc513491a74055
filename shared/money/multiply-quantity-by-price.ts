import { fen, fenMax, type Fen } from './fen.ts';

/**
 * What a quantity costs at a unit price in yuan, in fen, half-up. Both are decimal texts with at most six
 * decimals, never floats: products pass 2^53. A negative quantity (a refund) gives the mirror image of
 * the positive one. Throws a `RangeError` on other texts and beyond `fenMax`.
 */
export function multiplyQuantityByPrice(quantity: string, unitPriceYuan: string): Fen {
  const first = decimalFromText(quantity);
  const second = decimalFromText(unitPriceYuan);
  const scale = first.decimals + second.decimals - 2;
  const product = first.digits * second.digits;
  if (Number.isSafeInteger(product)) {
    return fen(roundScaled(Math.abs(product), scale) * Math.sign(product));
  }
  return multiplyExactly(first, second, scale);
}

/** A quantity of one text as millionths, exact; texts with at most six decimals and nine whole digits. */
export function millionthsFromText(text: string): number {
  const { digits, decimals } = decimalFromText(text);
  return digits * (powersOfTen[6 - decimals] ?? NaN);
}

/** The decimal text of millionths, without needless zeros: 1500000 is `"1.5"`. */
export function textFromMillionths(millionths: number): string {
  const digits = String(Math.abs(millionths)).padStart(7, '0');
  const decimals = digits.slice(-6).replace(/0+$/, '');
  const sign = millionths < 0 ? '-' : '';
  return `${sign}${digits.slice(0, -6)}${decimals === '' ? '' : `.${decimals}`}`;
}

type Decimal = { readonly digits: number; readonly decimals: number };

const powersOfTen = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000] as const;

const wholeDigitsMax = 9;
const decimalsMax = 6;

/**
 * Reads `-?(0|[1-9]\d{0,8})(\.\d{1,6})?` character by character: a bill of six hundred lines holds some
 * hundred such texts, and a pattern with the cutting after it takes several times as long.
 */
function decimalFromText(text: string): Decimal {
  const { length } = text;
  const start = text.charCodeAt(0) === minus ? 1 : 0;
  let digits = 0;
  let at = start;
  let code = text.charCodeAt(at);
  while (code >= zero && code <= nine) {
    digits = digits * 10 + (code - zero);
    at += 1;
    code = text.charCodeAt(at);
  }
  const whole = at - start;
  if (whole === 0 || whole > wholeDigitsMax) throw notDecimal(text);
  if (whole > 1 && text.charCodeAt(start) === zero) throw notDecimal(text);
  let decimals = 0;
  if (at < length) {
    if (code !== point) throw notDecimal(text);
    for (at += 1; at < length; at += 1) {
      code = text.charCodeAt(at);
      if (code < zero || code > nine) throw notDecimal(text);
      digits = digits * 10 + (code - zero);
      decimals += 1;
    }
    if (decimals === 0 || decimals > decimalsMax) throw notDecimal(text);
  }
  return { digits: start === 1 ? -digits : digits, decimals };
}

const zero = 48;
const nine = 57;
const minus = 45;
const point = 46;

function notDecimal(text: string): RangeError {
  return new RangeError(`not a decimal: ${text}`);
}

function roundScaled(product: number, scale: number): number {
  if (scale <= 0) return product * 10 ** -scale;
  const divisor = 10 ** scale;
  const rest = product % divisor;
  const whole = (product - rest) / divisor;
  return rest >= divisor - rest ? whole + 1 : whole;
}

function multiplyExactly(first: Decimal, second: Decimal, scale: number): Fen {
  const product = BigInt(first.digits) * BigInt(second.digits);
  const sign = product < 0n ? -1 : 1;
  const size = product < 0n ? -product : product;
  const divisor = 10n ** BigInt(Math.max(scale, 0));
  const scaled = size * 10n ** BigInt(Math.max(-scale, 0));
  const rest = scaled % divisor;
  const whole = scaled / divisor + (2n * rest >= divisor ? 1n : 0n);
  if (whole > BigInt(fenMax)) throw new RangeError('a product beyond the largest amount');
  return fen(Number(whole) * sign);
}
