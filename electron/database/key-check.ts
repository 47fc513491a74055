import { createHmac, hkdfSync, randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { DatabaseDamagedError, DatabaseKeyError } from './database-errors.ts';

/** A database and the key it is opened with, in the folder of that id. */
type KeyedPlace = { readonly file: string; readonly key: Uint8Array; readonly folderId: string };

/** The file beside the database by which the folder's key is known. */
export const keyCheckName = 'settlement.key-check';

/** A database is whole pages of this many bytes, from the first on. */
const pageBytes = 4096;

/**
 * Keeps by what the key of the folder is known again, once it has opened the database: where it does not open it later, the
 * database is damaged. It says nothing of the key. What cannot be written is left for the next opening.
 */
export function keepKeyCheck(place: KeyedPlace): void {
  const path = checkPath(place);
  const check = checkOf(place);
  if (readCheck(path) === check) return;
  const beside = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    writeFileSync(beside, `${check}\n`, { mode: 0o600 });
    renameSync(beside, path);
  } catch {
    rmSync(beside, { force: true });
  }
}

/**
 * Why a key does not open a database: a `DatabaseDamagedError` where the key is the folder's or no key could open such a
 * file, a `DatabaseKeyError` else, which says whether it can be told (`isCertain`). `isKnownRight`: something else of the folder
 * was written with the key.
 */
export function whyNotOpened(
  place: KeyedPlace,
  isKnownRight: boolean,
  problem: DatabaseKeyError,
): DatabaseDamagedError | DatabaseKeyError {
  const kept = readCheck(checkPath(place));
  const isRight = isKnownRight || kept === checkOf(place);
  if (isRight || statSync(place.file).size % pageBytes !== 0) {
    return new DatabaseDamagedError('HEADER', `the database is damaged: ${problem.message}`);
  }
  return new DatabaseKeyError(problem.code, problem.message, kept !== null);
}

const checkPath = ({ file }: KeyedPlace): string => join(dirname(file), keyCheckName);

/** No secret: it opens nothing. */
function checkOf({ key, folderId }: KeyedPlace): string {
  const own = Buffer.from(hkdfSync('sha256', key, '', 'settlement key check 1', 32));
  return createHmac('sha256', own).update(folderId).digest('hex');
}

/** Null where there is none, or nothing that could be one. */
function readCheck(path: string): string | null {
  try {
    const text = readFileSync(path, 'latin1').trim();
    return /^[0-9a-f]{64}$/.test(text) ? text : null;
  } catch {
    return null;
  }
}
