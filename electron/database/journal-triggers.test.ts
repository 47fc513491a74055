import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { settleVisit } from '../settlement/settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { copyDatabase, checkCopy } from './copy-database.ts';
import { journalledTables, journalProblems, writeJournalTriggers } from './journal-triggers.ts';
import type { JournalRow } from './journal-repository.ts';
import { migrate } from './migrate.ts';
import { migrations, newestMigration } from './migrations/migrations.ts';
import { openDatabase } from './open-database.ts';
import { JournalMismatchError, openReplay } from './replay-journal.ts';
import { createTestStore, type TestStore } from './test-store.ts';
import { soleWindow } from './unit-of-work.ts';

let store: TestStore;
let folder: string;
beforeAll(async () => {
  store = await createTestStore();
  folder = await mkdtemp(join(tmpdir(), 'settlement-journal-'));
});
afterAll(async () => {
  await store.remove();
  await rm(folder, { recursive: true, force: true });
});

const at = '2017-11-27T10:15:00.000Z';
const writer = () => {
  if (store.writer === null) throw new Error('a test store writes');
  return store.writer;
};
const rowsOf = (of: TestStore, after = 0): Promise<readonly JournalRow[]> =>
  of.read(({ journal }) => journal.after(after, 100_000));

/** Every row of every table that is journalled, as text. */
async function contentOf(file: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const database = await openDatabase({ file, key: store.key, readOnly: true });
  try {
    const content: Record<string, readonly string[]> = {};
    for (const { name } of await journalledTables(database)) {
      const { rows } = await sql`select * from ${sql.table(name)}`.execute(database);
      content[name] = rows.map((row) => JSON.stringify(row)).sort();
    }
    return content;
  } finally {
    await database.destroy();
  }
}

describe('the triggers of the journal', () => {
  it('write nothing where there is no second place', async () => {
    await store.transact(({ folderFacts }) =>
      folderFacts.set('hospital', { code: 'H', name: '医院' }),
    );
    expect(await rowsOf(store)).toEqual([]);
  });

  it('are on every table of a migrated database, with every column', async () => {
    expect(await journalProblems(writer())).toEqual([]);
    expect((await journalledTables(writer())).map(({ name }) => name)).toContain('settlements');
  });

  it('are found wanting where a table or a column came without them, and made anew with each migration', async () => {
    const other = await createTestStore();
    try {
      const database = other.writer;
      if (database === null) throw new Error('a test store writes');
      await sql.raw('alter table claims add column reviewed_by text').execute(database);
      await sql.raw('create table notes (id text primary key) strict').execute(database);
      const problems = await journalProblems(database);
      expect(problems).toContain('journal_claims_inserted is not that of the table as it is now');
      expect(problems).toContain('journal_notes_inserted is missing');
      const later = { number: newestMigration + 1, name: 'later', up: () => Promise.resolve() };
      await migrate(database, [...migrations, later]);
      expect(await journalProblems(database)).toEqual([]);
    } finally {
      await other.remove();
    }
  });

  it('write every column of a row as it is: texts with quotes, numbers, null and bytes', async () => {
    const other = await createTestStore();
    try {
      const database = other.writer;
      if (database === null) throw new Error('a test store writes');
      await sql
        .raw(
          'create table things (id integer primary key, word text, mark blob, more_json text) strict',
        )
        .execute(database);
      await writeJournalTriggers(database);
      await other.transact(({ journal }) => journal.begin(1, at));
      await sql`insert into things values (${7}, ${`张"三'\n`}, ${Buffer.from([0, 255])}, ${'{"a":1}'})`.execute(
        database,
      );
      await sql`update things set word = null where id = 7`.execute(database);
      await sql`update things set more_json = '{}' where id = 7`.execute(database);
      await sql`update things set id = 8 where id = 7`.execute(database);
      await sql`update things set word = 'x', more_json = '{"b":2}' where id = 8`.execute(database);
      await sql`update things set word = 'y', more_json = '{"b":2}' where id = 8`.execute(database);
      await sql`update things set word = 'y', more_json = '{"b":2}' where id = 8`.execute(database);
      await sql`delete from things where id = 8`.execute(database);
      const rows = (await rowsOf(other)).filter(({ table_name }) => table_name === 'things');
      expect(rows.map(({ act, row_json }) => [act, JSON.parse(row_json) as unknown])).toEqual([
        ['put', { id: 7, word: `张"三'\n`, mark: '00FF', more_json: '{"a":1}' }],
        ['change', { id: 7, word: null, mark: '00FF' }],
        ['put', { id: 7, word: null, mark: '00FF', more_json: '{}' }],
        ['remove', { id: 7 }],
        ['put', { id: 8, word: null, mark: '00FF', more_json: '{}' }],
        // Once, whatever is named; without the long column where that stays; nothing where nothing changes.
        ['put', { id: 8, word: 'x', mark: '00FF', more_json: '{"b":2}' }],
        ['change', { id: 8, word: 'y', mark: '00FF' }],
        ['remove', { id: 8 }],
      ]);
    } finally {
      await other.remove();
    }
  });
});

describe('replaying the journal', () => {
  it('over a copy gives the same rows in every table, twice as once, and knows a row that does not fit', async () => {
    await store.transact(({ journal }) => journal.begin(1, at));
    const packs = await ownPacks();
    const colon = await colonCancer();
    await keepVisit(store, colon);
    const copy = join(folder, 'copy.db');
    await copyDatabase(store, copy);
    const { journalHead } = await checkCopy({ file: copy, key: store.key });
    const dependencies = dependenciesOn(store, packs);
    valueOf(await settleVisit(dependencies, { visitId: colon.visit.id, by: 'cashier1' }));
    await keepVisit(store, { ...colon, visit: { ...colon.visit, id: 'ANOTHER' } });
    const rows = await rowsOf(store, journalHead);
    expect(rows.at(-1)?.act).toBe('end');
    const replay = await openReplay({ file: copy, key: store.key }, soleWindow);
    await replay.apply(rows, newestMigration);
    await replay.apply(rows, newestMigration);
    await replay.finish();
    expect(replay.head()).toBe(rows.at(-1)?.sequence);
    await replay.close();
    // Only the books begin anew: the machine that goes on remembers them itself.
    const { books: ours, ...replayed } = await contentOf(copy);
    const { books: theirs, ...original } = await contentOf(store.file);
    expect(replayed).toEqual(original);
    expect(ours).not.toEqual(theirs);
    const again = await openReplay({ file: copy, key: store.key }, soleWindow);
    const next = replay.head() + 1;
    const strange = { sequence: next, table_name: 'claims', act: 'change', at: null } as const;
    await expect(
      again.apply([{ ...strange, row_json: '{"id":"none","state":"paid"}' }], newestMigration),
    ).rejects.toThrow(JournalMismatchError);
    await again.close();
  });

  it('forgets rows, but never the last number', async () => {
    const last = (await rowsOf(store)).at(-1)?.sequence ?? 0;
    await store.transact(({ journal }) => journal.forget(last));
    const [first, ...later] = (await rowsOf(store)).map(({ sequence }) => sequence);
    expect(first).toBe(last);
    // The unit that forgets is one itself, and is counted.
    expect(later).toEqual([last + 1, last + 2]);
  });
});
