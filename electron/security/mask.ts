import { hasRightCheckDigit } from '../../shared/domain/citizen-number.ts';
import { asSeen } from '../../shared/domain/written-text.ts';

/**
 * A name as others may see it: 张*三, 张*, M* A* L*. Whole characters are counted, so a rare one outside the
 * basic plane is one character too, and what nobody sees is none. Of a name in Latin letters the first of each word is left, however long.
 */
export function maskName(written: string): string {
  const name = asSeen(written).trim();
  if (/^[\p{Script=Latin}\s,.'-]+$/u.test(name)) {
    return name.replace(/(\p{Script=Latin})[^\s,]*,?/gu, '$1*');
  }
  const characters = Array.from(name);
  const first = characters[0] ?? '';
  if (characters.length <= 2) return `${first}*`;
  return `${first}${'*'.repeat(characters.length - 2)}${characters.at(-1) ?? ''}`;
}

/** An ID number of which enough is hidden. */
export type MaskedNumber = string & { readonly idNumber: 'masked' };

/**
 * An ID number as others may see it: its first six and last four, 430626********0016. Of a shorter one, such as a permit's,
 * the first three and the last two: more would leave nothing to hide.
 */
export function maskIdNumber(idNumber: string): MaskedNumber {
  const { length } = idNumber;
  const [first, last] = length <= 10 ? [0, 0] : length < 15 ? [3, 2] : [6, 4];
  const hidden = '*'.repeat(length - first - last);
  return (idNumber.slice(0, first) + hidden + idNumber.slice(length - last)) as MaskedNumber;
}

/** A text that people wrote, or a search, with every citizen's number in it masked. */
export function maskNumbersIn(text: string): string {
  return text.replaceAll(/(?<!\d)\d{17}[\dXx](?!\d)/g, (number) =>
    hasRightCheckDigit(number.toUpperCase()) ? maskIdNumber(number) : number,
  );
}

/** Of two numbers that are compared so much is hidden, or they are as good as shown in full. */
const hiddenLeast = 6;

/** Two ID numbers that differ, masked except for where; null: so little would be hidden that it is not masking. */
export function maskNumbersButDifference(
  one: string,
  other: string,
): readonly [MaskedNumber, MaskedNumber] | null {
  if (Array.from(one).length !== Array.from(other).length) return null;
  const masked = maskAllButDifference(one, other);
  const isHidden = masked.every((each) => each.split('*').length > hiddenLeast);
  return isHidden ? (masked as readonly string[] as readonly [MaskedNumber, MaskedNumber]) : null;
}

/**
 * Two names that differ, masked except for where: the two a person must compare. The first character
 * stays; where one is longer, both are shown whole, for then any place may be the one.
 */
export function maskAllButDifference(one: string, other: string): readonly [string, string] {
  const [ones, others] = [Array.from(one), Array.from(other)];
  if (ones.length !== others.length) return [one, other];
  const shown = (characters: readonly string[]): string =>
    characters.map((each, at) => (at === 0 || ones[at] !== others[at] ? each : '*')).join('');
  return [shown(ones), shown(others)];
}
