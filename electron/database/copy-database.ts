import { closeSync, fsyncSync, openSync } from 'node:fs';

import { sql } from 'kysely';

import { openDatabase, type DatabasePlace } from './open-database.ts';
import { versionOf } from './migrate.ts';
import { openWorkerConnection } from './worker-connection.ts';

/**
 * Writes a copy of a database, encrypted with the same key, while others go on working with it: the state of one
 * moment, whole, without free pages. It is on the disk when this answers. The target must not exist.
 */
export async function copyDatabase(
  { file, key }: { readonly file: string; readonly key: Uint8Array },
  target: string,
): Promise<void> {
  const connection = await openWorkerConnection({ file, key, readOnly: true });
  try {
    // SQLite's own way of copying (`sqlite3_backup`) does not work on encrypted files.
    await connection.execute('vacuum into ?', [target]);
  } finally {
    await connection.close();
  }
  const descriptor = openSync(target, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What a copy of a database holds, read from the copy itself. */
type CopyFacts = {
  /** The number of the last row of its journal; what comes after it is not in the copy. */
  readonly journalHead: number;
  /** The number of the last migration its tables went through. */
  readonly schema: number;
};

/** Opens a copy with its key and reads it through. Rejects with the database's own errors where it is damaged. */
export async function checkCopy(place: DatabasePlace): Promise<CopyFacts> {
  const database = await openDatabase({ ...place, readOnly: true });
  try {
    const { rows } = await sql<{ integrity_check: string }>`PRAGMA integrity_check`.execute(
      database,
    );
    const [first] = rows;
    if (first?.integrity_check !== 'ok') {
      throw new Error(`the copy is damaged: ${first?.integrity_check ?? 'it says nothing'}`);
    }
    const journal = await database
      .selectFrom('journal')
      .select((row) => row.fn.max('sequence').as('head'))
      .executeTakeFirst();
    return { journalHead: journal?.head ?? 0, schema: await versionOf(database) };
  } finally {
    await database.destroy();
  }
}
