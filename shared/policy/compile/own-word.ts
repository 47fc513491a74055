import { roundingModes, roundingUnits, type Rounding } from '../../money/rounding.ts';

/**
 * A word of a pack as the program's own text of it. The same letters, but two texts of the program are the
 * same text and compared at once; one read from a file is compared letter by letter, at every step of every
 * visit, which costs a third of a calculation.
 */
export function ownWord<Word extends string>(words: readonly Word[], word: Word): Word {
  return words.find((each) => each === word) ?? word;
}

export function ownRounding({ unit, mode }: Rounding): Rounding {
  return { unit: ownWord(roundingUnits, unit), mode: ownWord(roundingModes, mode) };
}
