import { fen, type Fen } from './fen.ts';

/** Yuan as text with at most two decimals, no separators, up to `fenMax`: what files and the national interface write. */
export const yuanTextPattern = /^-?(?:(?:0|[1-9]\d{0,8})(?:\.\d{1,2})?|1000000000(?:\.0{1,2})?)$/;

/** The amount a yuan text states, in fen: `"14904.00"` is 1490400. Throws a `RangeError` on any other text. */
export function fenFromYuanText(text: string): Fen {
  if (!yuanTextPattern.test(text)) throw new RangeError(`not an amount in yuan: ${text}`);
  const point = text.indexOf('.');
  if (point === -1) return fen(Number(text) * 100);
  const decimals = text.slice(point + 1).padEnd(2, '0');
  return fen(Number(text.slice(0, point) + decimals));
}

/** The yuan text of an amount, always with two decimals: 1490400 is `"14904.00"`. */
export function yuanTextFromFen(amount: Fen): string {
  const size = Math.abs(amount);
  const cents = size % 100;
  const text = String((size - cents) / 100) + (centTexts[cents] ?? '');
  return amount < 0 ? `-${text}` : text;
}

/** The amount as people read it, with thousands separators: 1490400 is `"14,904.00"`. */
export function formatFen(amount: Fen): string {
  if (isUngrouped(amount)) return yuanTextFromFen(amount);
  const size = Math.abs(amount);
  const cents = size % 100;
  const text = grouped((size - cents) / 100) + (centTexts[cents] ?? '');
  return amount < 0 ? `-${text}` : text;
}

function isUngrouped(amount: Fen): boolean {
  return amount < 100_000 && amount > -100_000;
}

/** The yuan text of an amount that was formatted already: below a thousand yuan the two are one. */
export function yuanTextOf(amount: Fen, formatted: string): string {
  return isUngrouped(amount) ? formatted : yuanTextFromFen(amount);
}

/** `.00` to `.99`: the explanation of a long bill writes some hundred amounts. */
const centTexts: readonly string[] = Array.from(
  { length: 100 },
  (_none, cents) => `.${String(cents).padStart(2, '0')}`,
);

/** `,000` to `,999`, for the same reason. */
const thousandTexts: readonly string[] = Array.from(
  { length: 1000 },
  (_none, rest) => `,${String(rest).padStart(3, '0')}`,
);

function grouped(yuan: number): string {
  if (yuan < 1000) return String(yuan);
  const rest = yuan % 1000;
  return grouped((yuan - rest) / 1000) + (thousandTexts[rest] ?? '');
}
