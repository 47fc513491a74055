import { pinyin } from 'pinyin-pro';

import { withoutPrivateCharacters } from '../../shared/domain/private-characters.ts';
import { asSeen, narrow } from '../../shared/domain/written-text.ts';

/** By what a visit is found besides its numbers. */
export type FoundBy = {
  readonly name: string;
  readonly bed: string | null;
  readonly department: string | null;
};

/** A visit has no more words than this: a long name with many readings is found by its first ones. */
const wordsMost = 60;
/** Of a name whose characters have many readings no more spellings than this are kept. */
const spellingsMost = 8;

/**
 * The words a visit is found by, from the beginning of each: the name from each of its characters on, its pinyin and the
 * initials of that by any reading of a character, the bed, and the department with the bed from each character on. Dots,
 * spaces, case and width of letters are no part of a word.
 */
export function wordsOfVisit({ name, bed, department }: FoundBy): readonly string[] {
  const words = new Set<string>();
  const place = bed === null ? '' : wordOf(bed).replace(/床$/u, '');
  if (place !== '') words.add(`${place}床`);
  addEnds(words, wordOf(department ?? '') + (place === '' ? '' : `${place}床`));
  for (const part of [name, ...name.split(/[\s·]/u)]) addEnds(words, wordOf(part));
  for (const spelling of spellingsOf(wordOf(name))) words.add(spelling);
  words.delete('');
  return [...words].slice(0, wordsMost);
}

/** What was typed into a finder as the words that are looked for; each of them has to be found. */
export function wordsLookedFor(text: string): readonly string[] {
  return asSeen(text)
    .split(' ')
    .map(wordOf)
    .filter((word) => word !== '');
}

/** As words are compared: nothing invisible, narrow, small letters without marks, no dots and signs between. */
function wordOf(text: string): string {
  return narrow(asSeen(withoutPrivateCharacters(text)))
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .normalize('NFC')
    .toLowerCase();
}

/** A word from each of its characters on; of Latin letters only the whole: nobody types the end of a word. */
function addEnds(words: Set<string>, word: string): void {
  const characters = [...word];
  if (/^[a-z]+$/.test(word)) words.add(word);
  else characters.forEach((_, at) => words.add(characters.slice(at).join('')));
}

/** The pinyin of a name and its initials, from each character on, by every reading of each. */
function spellingsOf(name: string): readonly string[] {
  const characters = [...name].filter((each) => /\p{Script=Han}/u.test(each));
  const readings = characters.map(readingsOf);
  const spellings = new Set<string>();
  readings.forEach((_, at) => {
    let ways: readonly (readonly string[])[] = [[]];
    for (const each of readings.slice(at)) {
      ways = ways
        .flatMap((way) => each.map((reading) => [...way, reading]))
        .slice(0, spellingsMost);
    }
    for (const way of ways) {
      spellings.add(way.join(''));
      spellings.add(way.map((reading) => reading[0] ?? '').join(''));
    }
  });
  return [...spellings];
}

const known = new Map<string, readonly string[]>();
/** More characters than names have. */
const knownMost = 5000;

/** Every reading of a character without its tone; ü is v, as it is typed. */
function readingsOf(character: string): readonly string[] {
  const before = known.get(character);
  if (before !== undefined) return before;
  const read = pinyin(character, { multiple: true, toneType: 'none', type: 'array', v: true });
  const readings = [...new Set(read.map((each) => each.trim().toLowerCase()))].filter(
    (each) => each !== '',
  );
  const kept = readings.length === 0 ? [character] : readings;
  if (known.size < knownMost) known.set(character, kept);
  return kept;
}
