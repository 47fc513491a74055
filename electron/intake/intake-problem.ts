import type { Refusal, Words } from '../../shared/domain/result.ts';
import { asShown } from '../../shared/domain/written-text.ts';

/** Something of a file that was not taken, and where: a row and column of a table, or a place in a JSON. */
export type IntakeProblem<Code extends string = string> = {
  readonly row?: number;
  readonly column?: string;
  readonly place?: string;
  readonly code: Code;
  readonly message: Words;
  readonly remedy: Words;
};

export type RefusedEntry = IntakeProblem & { readonly file: string };

/** More problems of one visit are not listed: the clerk has enough to see what is wrong. */
export const problemsListedMax = 50;

/** Something that is wrong, at its place in a file. */
export function intakeProblem<Code extends string>(
  { code, message, remedy }: Refusal<Code>,
  where: Pick<IntakeProblem, 'row' | 'column' | 'place'> = {},
): IntakeProblem<Code> {
  return { ...where, code, message, remedy };
}

const placeMax = 200;
const wordsMax = 2000;

/**
 * A refused entry as it may be kept and shown: what a file or a database calls a visit or a column may be of any length, and
 * may hold what no text of the books may.
 */
export function keptEntry(entry: RefusedEntry): RefusedEntry {
  const { row, column, place, code, message, remedy, file } = entry;
  return {
    ...{ file: fit(file, placeMax), code, message: fitWords(message), remedy: fitWords(remedy) },
    ...(row === undefined ? {} : { row }),
    ...(column === undefined ? {} : { column: fit(column, placeMax) }),
    ...(place === undefined ? {} : { place: fit(place, placeMax) }),
  };
}

const fitWords = ({ zh, en }: Words): Words => ({ zh: fit(zh, wordsMax), en: fit(en, wordsMax) });

function fit(text: string, most: number): string {
  const shown = asShown(text.slice(0, most)).toWellFormed();
  return text.length > most ? `${shown}…` : shown;
}
