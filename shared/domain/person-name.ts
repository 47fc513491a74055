import { withoutPrivateCharacters } from './private-characters.ts';
import { asSeen } from './written-text.ts';

/**
 * How a name is kept and printed: private characters in their own places, without what is invisible, no space around it, and
 * one where there were several. Lists put a space into names of two characters to make columns of them; it is no part of it.
 */
export function writtenName(text: string): string {
  const seen = asSeen(withoutPrivateCharacters(text)).normalize('NFC');
  return seen
    .replace(/ +/g, ' ')
    .trim()
    .replace(/^(\p{Script=Han}) (\p{Script=Han})$/u, '$1$2');
}

/** The dots that stand between the parts of a minority or foreign name; registers and keyboards each have their own. */
const interpuncts =
  /[\u00B7\u0387\u2022\u2024\u2027\u2219\u22C5\u2E31\u30FB\uFF65.\u2E33\u16EB\u25CF\u25E6\u3002]/gu;

/** Between the parts of a name in Latin letters. */
const latinSeparators = /[\s,'\u2019`\u00B4\-\u2010-\u2015]+/u;

/**
 * Whether two spellings are one name: another dot, a space, full-width letters, the case and order of Latin parts, and a
 * character in private use are not another name. Nor is a name that was cut where a card or permit has no more room: 30
 * bytes of GBK (50 with the extension), 15 or 35 characters. Another character is another name.
 */
export function isSameName(one: string, other: string): boolean {
  const [ones, others] = [partsOf(one), partsOf(other)];
  const [joined, otherJoined] = [ones.join(''), others.join('')];
  if (joined === '' || otherJoined === '') return joined === otherJoined;
  if (joined === otherJoined) return true;
  if (isLatin(joined) && isLatin(otherJoined) && haveSameParts(ones, others)) return true;
  return (
    (otherJoined.startsWith(joined) && mayBeCut(one)) ||
    (joined.startsWith(otherJoined) && mayBeCut(other))
  );
}

/** The parts of a name as they are compared; a Chinese name is one. */
function partsOf(name: string): readonly string[] {
  const plain = writtenName(name).normalize('NFKC').replace(interpuncts, ' ');
  const letters = plain.normalize('NFD').replace(/(?<=\p{Script=Latin})\p{M}+/gu, '');
  return letters
    .normalize('NFC')
    .toUpperCase()
    .split(latinSeparators)
    .filter((part) => part !== '');
}

const isLatin = (text: string): boolean => /^[\p{Script=Latin}]+$/u.test(text);

/** More parts than these are compared in their order and sorted; trying every order would take too long. */
const partsTriedMost = 5;

/** The same parts in another order, also where one side writes two of them as one word. */
function haveSameParts(ones: readonly string[], others: readonly string[]): boolean {
  if ([...ones].sort().join(' ') === [...others].sort().join(' ')) return true;
  if (ones.length > partsTriedMost || others.length > partsTriedMost) return false;
  const [fewer, more] = ones.length < others.length ? [ones, others] : [others, ones];
  const wholes = new Set(ordersOf(fewer).map((parts) => parts.join('')));
  return ordersOf(more).some((parts) => wholes.has(parts.join('')));
}

function ordersOf(parts: readonly string[]): readonly (readonly string[])[] {
  if (parts.length < 2) return [parts];
  return parts.flatMap((first, at) =>
    ordersOf(parts.filter((_, index) => index !== at)).map((rest) => [first, ...rest]),
  );
}

/** Where names are cut: bytes of GBK of the field on a card, and of both fields; a character that has no room is left out. */
const bytesOfCards = [29, 30, 49, 50];
/** Characters of the name on an ID card and of the Latin name on a permit, also where the last one was a space. */
const charactersOfCards = [15, 34, 35];

function mayBeCut(name: string): boolean {
  const characters = [...asSeen(name).trim()];
  const bytes = characters.reduce((sum, each) => sum + bytesInGbk(each), 0);
  return bytesOfCards.includes(bytes) || charactersOfCards.includes(characters.length);
}

function bytesInGbk(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  return code > 0xffff ? 4 : 2;
}
