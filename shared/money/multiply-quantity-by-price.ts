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
  const millionths = digits * 10 ** (6 - decimals);
  if (!Number.isSafeInteger(millionths)) throw new RangeError(`a decimal too large: ${text}`);
  return millionths;
}

/** The decimal text of millionths, without needless zeros: 1500000 is `"1.5"`. */
export function textFromMillionths(millionths: number): string {
  const digits = String(Math.abs(millionths)).padStart(7, '0');
  const decimals = digits.slice(-6).replace(/0+$/, '');
  const sign = millionths < 0 ? '-' : '';
  return `${sign}${digits.slice(0, -6)}${decimals === '' ? '' : `.${decimals}`}`;
}

type Decimal = { readonly digits: number; readonly decimals: number };

const decimalPattern = /^-?(?:0|[1-9]\d{0,8})(?:\.\d{1,6})?$/;

function decimalFromText(text: string): Decimal {
  if (!decimalPattern.test(text)) throw new RangeError(`not a decimal: ${text}`);
  const point = text.indexOf('.');
  if (point === -1) return { digits: Number(text), decimals: 0 };
  return {
    digits: Number(text.slice(0, point) + text.slice(point + 1)),
    decimals: text.length - point - 1,
  };
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
