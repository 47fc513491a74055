import { maskNumbersIn } from './mask.ts';

/**
 * Words of a payer, a service, a device as they may be kept and shown: what steers a screen is gone, a citizen's number is
 * masked (who says it need not know who may see it), and the rest is cut.
 */
export function wordsOfOthers(text: string, most: number): string {
  // A number that is cut in two is still half of it: it is masked before.
  return cut(maskNumbersIn(withoutSteering(text.slice(0, most + longestNumber))), most);
}

/** A code or reference of theirs, by which they find it again: the same, but for the masking. */
export function referenceOfOthers(text: string, most: number): string {
  return cut(withoutSteering(text.slice(0, most + 1)), most);
}

const longestNumber = 18;

function withoutSteering(text: string): string {
  return (
    text
      // Gone and no space: between the digits of a number it would hide it from the masking.
      .replace(/\p{Cf}/gu, '')
      .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
      .toWellFormed()
  );
}

const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text;
