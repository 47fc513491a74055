import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { migrate, versionOf } from './migrate.ts';
import { migrations } from './migrations/migrations.ts';
import { takeLock } from './named-lock.ts';
import { openDatabase } from './open-database.ts';
import { openStore, type OpenedStore } from './open-store.ts';
import { inMemoryFile } from './sqlite-connection.ts';

let folder: string;
let opened: OpenedStore[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settlement-migrate-'));
  opened = [];
});

afterEach(async () => {
  for (const store of opened) await store.close();
  await rm(folder, { recursive: true, force: true });
});

const key = randomBytes(32);

async function open() {
  const store = await openStore({ file: join(folder, 'settlement.db'), key });
  opened.push(store);
  const { writer } = store;
  if (writer === null) throw new Error('a store opened for writing has a writer');
  return { store, writer };
}

async function withEmpty<Value>(
  work: (database: Awaited<ReturnType<typeof openDatabase>>) => Promise<Value>,
): Promise<Value> {
  const database = await openDatabase({ file: inMemoryFile, key, readOnly: false });
  try {
    return await work(database);
  } finally {
    await database.destroy();
  }
}

async function declarations(database: Awaited<ReturnType<typeof openDatabase>>) {
  const { rows } = await sql<{ name: string; text: string | null }>`
    select name, sql as text from sqlite_schema order by name`.execute(database);
  return rows;
}

describe('migrating', () => {
  it('goes up, each number once', () => {
    const numbers = migrations.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
  });

  it('makes only STRICT tables, every one of them', async () => {
    const { writer } = await open();
    const { rows } = await sql<{ name: string; strict: number }>`
      select name, strict from pragma_table_list where type = 'table' and schema = 'main'
        and name not like 'sqlite_%'`.execute(writer);
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter(({ strict }) => strict !== 1)).toEqual([]);
  });

  it('is done once by several programs that open a new folder at the same time', async () => {
    const stores = await Promise.all(Array.from({ length: 4 }, open));
    for (const { writer } of stores)
      expect(await versionOf(writer)).toBe(migrations.at(-1)?.number);
    await stores[3]?.store.transact(({ folderFacts }) => folderFacts.set('a', 1));
    expect(await stores[0]?.store.read(({ folderFacts }) => folderFacts.get('a'))).toBe(1);
  });

  it('leaves the old tables whole if it is interrupted, and goes on from there', async () => {
    const { writer } = await open();
    let isBroken = true;
    const next = {
      number: 9000,
      name: 'a test',
      up: async (database: typeof writer) => {
        await sql`create table half_made (a integer primary key) strict`.execute(database);
        if (isBroken) throw new Error('interrupted');
      },
    };
    await expect(migrate(writer, [...migrations, next])).rejects.toThrow('interrupted');
    expect(await versionOf(writer)).toBe(migrations.at(-1)?.number);
    isBroken = false;
    expect(await migrate(writer, [...migrations, next])).toEqual([9000]);
    expect(await migrate(writer, [...migrations, next])).toEqual([]);
  });

  it('makes the tables of an empty file together, or none of them', async () => {
    await withEmpty(async (database) => {
      const next = {
        number: 9000,
        name: 'a test',
        up: () => Promise.reject(new Error('interrupted')),
      };
      await expect(migrate(database, [...migrations, next])).rejects.toThrow('interrupted');
      expect([await versionOf(database), await declarations(database)]).toEqual([0, []]);
      expect(await migrate(database, migrations)).toEqual(migrations.map(({ number }) => number));
    });
  });

  it('makes the same tables, indexes and triggers together as one after the other', async () => {
    const together = await withEmpty(async (database) => {
      await migrate(database, migrations);
      return declarations(database);
    });
    const inTurn = await withEmpty(async (database) => {
      for (const index of migrations.keys())
        await migrate(database, migrations.slice(0, index + 1));
      return declarations(database);
    });
    expect(together.length).toBeGreaterThan(100);
    expect(inTurn).toEqual(together);
  });

  it('waits for another program that holds the lock of migrating', async () => {
    const place = { home: folder, databaseFile: join(folder, 'settlement.db') };
    const lock = await takeLock(place, 'migrate', 'migrating');
    if (!lock.ok) throw new Error('the lock is refused');
    const opening = open();
    setTimeout(() => {
      lock.value.release();
    }, 200);
    const { writer } = await opening;
    expect(await versionOf(writer)).toBe(migrations.at(-1)?.number);
  });
});

describe('what is kept for good', () => {
  it('is changed and removed by nobody: settlements, shares, audit entries', async () => {
    const { store, writer } = await open();
    const entry = { at: '2017-11-27T10:00:00+08:00', who: 'a', act: 'b', about: 'c', detail: {} };
    await store.transact(({ audit }) => audit.append(entry));
    const change = sql`update audit_entries set who = 'somebody else'`.execute(writer);
    await expect(change).rejects.toThrow('never changed');
    await expect(sql`delete from audit_entries`.execute(writer)).rejects.toThrow('never removed');
    const guards = await sql<{ name: string }>`
      select name from sqlite_schema where type = 'trigger' and substr(name, 1, 8) <> 'journal_' order by name`.execute(
      writer,
    );
    expect(guards.rows.map(({ name }) => name)).toEqual([
      'audit_entries_counted',
      'audit_entries_remain',
      'audit_entries_stay',
      'audit_keys_remain',
      'audit_keys_stay',
      'books_go_on',
      'books_remain',
      'numbers_lost_remain',
      'numbers_lost_stay',
      'pack_acceptances_remain',
      'pack_acceptances_stay',
      'pack_acts_remain',
      'pack_acts_stay',
      'packs_in_force_remain',
      'packs_in_force_stay',
      'settlement_intents_counted',
      'settlement_shares_remain',
      'settlement_shares_stay',
      'settlement_versions_stay',
      'settlements_remain',
      'settlements_stay',
      'user_passwords_remain',
      'users_remain',
    ]);
  });
});
