import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

import Database from 'better-sqlite3';

/**
 * `held`: nobody else has the database open, its log stands in the file, and until `release` whoever opens it waits.
 * `in-use`: somebody has it open. `unusable`: it is gone, empty, damaged or under another key.
 */
export type HeldAlone =
  | { readonly kind: 'held'; release(): void }
  | { readonly kind: 'in-use' }
  | { readonly kind: 'unusable' };

/** Between two tries while others have it open. */
const tryAgainMs = 100;

/**
 * Has a database for this program alone, so that another file can take its name in one step: a log that were left
 * beside it would be read into the new one. Every connection of a command or a desk keeps a lock of the operating
 * system on the file; one that ends within `patienceMs` is waited for.
 */
export async function holdAlone(
  file: string,
  key: Uint8Array,
  patienceMs: number,
): Promise<HeldAlone> {
  if (!existsSync(file)) return { kind: 'unusable' };
  let database: Database.Database | null = null;
  try {
    database = new Database(file, { timeout: 0 });
    database.pragma(`key="raw:${Buffer.from(key).toString('hex')}"`);
    const tables = database.prepare('select count(*) from sqlite_schema').pluck().get();
    if (tables === 0) return { kind: 'unusable' };
    for (let waitedMs = 0; ; waitedMs += tryAgainMs) {
      if (takeAlone(database)) {
        const held = database;
        database = null;
        return { kind: 'held', release: () => void held.close() };
      }
      if (waitedMs >= patienceMs) return { kind: 'in-use' };
      await wait(tryAgainMs);
    }
  } catch (problem) {
    if (isBusy(problem)) return { kind: 'in-use' };
    if (problem instanceof Database.SqliteError) return { kind: 'unusable' };
    throw problem;
  } finally {
    database?.close();
  }
}

/** To leave its log SQLite needs the file to itself; then nobody gets in before this one lets go. */
function takeAlone(database: Database.Database): boolean {
  try {
    if (database.pragma('journal_mode=DELETE', { simple: true }) !== 'delete') return false;
    database.exec('begin exclusive');
    return true;
  } catch (problem) {
    if (isBusy(problem)) return false;
    throw problem;
  }
}

function isBusy(problem: unknown): boolean {
  return problem instanceof Database.SqliteError && /^SQLITE_(?:BUSY|LOCKED)/.test(problem.code);
}
