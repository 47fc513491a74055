import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { sql } from 'kysely';

import { openStore, type OpenedStore } from './open-store.ts';

export type TestStore = OpenedStore & {
  readonly folder: string;
  readonly file: string;
  readonly key: Uint8Array;
  /** Another store on the same file, as a second program would have it. */
  another(): Promise<OpenedStore>;
  /** Does to the data what only a fault or a forger would: past the triggers, which stand again afterwards, checks and references. */
  tamper(statement: string): Promise<void>;
  /** Moves what SQLite's log holds into the file, so that the log is empty. */
  emptyLog(): Promise<void>;
  /** Closes this store and all others made from it, and removes the folder. */
  remove(): Promise<void>;
};

/** Where a folder remembers how far its books are. */
export const anchorBeside = (file: string): string => join(dirname(file), 'settlement.anchor');

/** An empty store of this process, closed: each of its tests gets a copy, for the migrations take half a second. */
let empty: Promise<Pick<TestStore, 'file' | 'key'>> | null = null;

async function makeEmptyStore(): Promise<Pick<TestStore, 'file' | 'key'>> {
  const folder = mkdtempSync(join(tmpdir(), 'settlement-empty-store-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const place = { file: join(folder, 'settlement.db'), key: randomBytes(32) };
  await (await openStore(place)).close();
  return place;
}

/**
 * A store in a folder of its own under the system's temporary folder: a real, encrypted, migrated file, empty or
 * a copy of another that is closed. Empty stores of one process have the same key.
 */
export async function createTestStore(
  copied?: Pick<TestStore, 'file' | 'key'>,
): Promise<TestStore> {
  const from = copied ?? (await (empty ??= makeEmptyStore()));
  const folder = await mkdtemp(join(tmpdir(), 'settlement-store-'));
  const file = join(folder, 'settlement.db');
  const { key } = from;
  await copyFile(from.file, file);
  await copyFile(anchorBeside(from.file), anchorBeside(file));
  const store = await openStore({ file, key });
  const others: OpenedStore[] = [];
  return {
    ...store,
    folder,
    file,
    key,
    async another() {
      const other = await openStore({ file, key });
      others.push(other);
      return other;
    },
    async tamper(statement) {
      const writer = store.writer;
      if (writer === null) throw new Error('a test store writes');
      const guards = await sql<{ name: string; text: string }>`
        select name, sql as text from sqlite_schema where type = 'trigger'`.execute(writer);
      const past = ['PRAGMA foreign_keys = OFF', 'PRAGMA ignore_check_constraints = ON'];
      const drops = guards.rows.map(({ name }) => `drop trigger ${name}`);
      const again = guards.rows.map(({ text }) => text);
      for (const each of [...drops, ...past, statement, ...again])
        await sql.raw(each).execute(writer);
    },
    async emptyLog() {
      if (store.writer === null) throw new Error('a test store writes');
      await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(store.writer);
      store.files?.takeAsTheyAre();
    },
    async remove() {
      for (const each of [...others, store]) await each.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
