import { basename, dirname, join } from 'node:path';

import type { Kysely } from 'kysely';

import {
  addToAnchor,
  anchorPlace,
  openAnchor,
  readAnchor,
  type AnchorPlace,
  type OpenAnchor,
  type Remembered,
} from './anchor/anchor-file.ts';
import { isBehind } from './anchor/anchor-record.ts';
import { isMissingOrEmpty, lookAtBooks, type Books } from './anchor/look-at-books.ts';
import { anchorName, missingFromBooks } from './anchor/missing-from-books.ts';
import { markAnchored, wholeRecord } from './books-units.ts';
import { DatabaseForeignError, DatabaseKeyError } from './database-errors.ts';
import type { MissingFromBooks } from './database-refusals.ts';
import { whyNotOpened } from './key-check.ts';
import { tryLock } from './named-lock.ts';
import type { Tables } from './schema.ts';

/** Whose books are opened and with which key. */
export type BooksPlace = {
  readonly file: string;
  readonly key: Uint8Array;
  /** The folder's own id: a database or an anchor of another folder is known by it. */
  readonly folderId: string;
};

/** A database and what its folder remembers of it, compared before anything is opened for writing. */
export type FoundBooks = {
  /** null: there is no database. */
  readonly books: Books | null;
  readonly remembered: Remembered;
  readonly missing: readonly MissingFromBooks[];
};

/** What a folder remembers and its books do not hold, and lines of its anchor that are not its own. */
export type AnchorFindings = {
  readonly missing: readonly MissingFromBooks[];
  readonly strangeLines: readonly number[];
};

/** The anchor lies beside the database. */
export function anchorOf({ file, key, folderId }: BooksPlace): AnchorPlace {
  return anchorPlace(join(dirname(file), anchorName), key, folderId);
}

/**
 * Compares a database with what its folder remembers of it. Reads only. `mustExist`: the folder had a database,
 * whether it remembers one or not. Throws a `DatabaseKeyError` only where nothing shows that the key is right; a
 * file that the right key does not open is damaged (`DatabaseDamagedError`); a `DatabaseForeignError` for another
 * folder's.
 */
export function findBooks(place: BooksPlace, mustExist: boolean): FoundBooks {
  const remembered = readAnchor(anchorOf(place));
  const hadBooks = mustExist || remembered.exists;
  const books = isMissingOrEmpty(place.file) ? null : look(place, remembered);
  if (books === null && !hadBooks) return { books, remembered, missing: [] };
  return { books, remembered, missing: missingFromBooks(remembered, books) };
}

function look(place: BooksPlace, { furthest }: Remembered): Books {
  const { file, key, folderId } = place;
  const name = basename(file);
  let books: Books;
  try {
    books = lookAtBooks(file, key, furthest?.entries ?? 0);
  } catch (problem) {
    if (!(problem instanceof DatabaseKeyError)) throw problem;
    // The anchor was written with this key, so it is not the key that is wrong.
    throw whyNotOpened(place, furthest !== null, problem);
  }
  const whose = books.own?.folder ?? '';
  if (whose !== '' && whose !== folderId) {
    throw new DatabaseForeignError('FOREIGN', `${name} belongs to another folder`);
  }
  return books;
}

/** Opens the anchor; a folder that had none, or whose crash left it behind, gets its record now. */
export async function startAnchor(
  writer: Kysely<Tables>,
  place: BooksPlace,
  { books, remembered }: FoundBooks,
  onFault: (problem: unknown) => void,
): Promise<OpenAnchor> {
  const lockPlace = { home: dirname(place.file), databaseFile: place.file };
  const anchor = openAnchor(anchorOf(place), {
    whole: () => wholeRecord(writer),
    lock: () => tryLock(lockPlace, 'anchor', '整理数据进度记录 (writing the anchor anew)'),
  });
  const own = books?.own ?? null;
  const { furthest } = remembered;
  if (own?.anchored === true && furthest !== null && !isBehind(furthest, own)) return anchor;
  try {
    await anchor.append(await wholeRecord(writer));
    await markAnchored(writer, place.folderId);
  } catch (problem) {
    // The database is sound without it; the next record makes up for this one.
    onFault(problem);
  }
  return anchor;
}

/** What a folder remembers of its books. */
export function readRemembered(place: BooksPlace): Remembered {
  return readAnchor(anchorOf(place));
}

/** Writes down how far the books are that were just put in place, before anybody opens them. */
export function rememberBooks(place: BooksPlace, at: string): void {
  const { own, days } = lookAtBooks(place.file, place.key, 0);
  if (own === null) throw new Error('books that do not say how far they are');
  const { generation, units, entries, head } = own;
  addToAnchor(anchorOf(place), { generation, units, entries, head, at, days });
}
