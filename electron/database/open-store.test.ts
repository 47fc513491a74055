import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  DatabaseBusyError,
  DatabaseConstraintError,
  DatabaseDamagedError,
  DatabaseFullError,
  DatabaseKeyError,
  DatabaseNewerError,
  DatabaseNotDurableError,
} from './database-errors.ts';
import { databaseRefusal } from './database-refusals.ts';
import { openStore } from './open-store.ts';
import { createTestStore, type TestStore } from './test-store.ts';

let store: TestStore;

beforeEach(async () => {
  store = await createTestStore();
});

afterEach(async () => {
  await store.remove();
});

const writerOf = (opened: { readonly writer: TestStore['writer'] }) => {
  if (opened.writer === null) throw new Error('the test needs a writing store');
  return opened.writer;
};

describe('opening the data of a folder', () => {
  it('keeps what was written, for a second opening with the same key', async () => {
    await store.transact(({ folderFacts }) => folderFacts.set('hospital', { name: '平江' }));
    const again = await store.another();
    expect(await again.read(({ folderFacts }) => folderFacts.get('hospital'))).toEqual({
      name: '平江',
    });
  });

  it('keeps nothing readable in the file', async () => {
    const marker = 'a-sentence-nobody-may-read';
    await store.transact(({ folderFacts }) => folderFacts.set('secret', marker));
    await store.close();
    expect((await readFile(store.file)).includes(marker)).toBe(false);
  });

  it('refuses another key, by name, and leaves the file as it was', async () => {
    await store.close();
    const before = await readFile(store.file);
    await expect(openStore({ file: store.file, key: randomBytes(32) })).rejects.toBeInstanceOf(
      DatabaseKeyError,
    );
    expect(await readFile(store.file)).toEqual(before);
  });

  it('names a damaged page when it is touched', async () => {
    await store.transact(async ({ folderFacts }) => {
      for (let index = 0; index < 200; index += 1) {
        await folderFacts.set(`fact-${String(index)}`, 'x'.repeat(500));
      }
    });
    await store.close();
    const bytes = await readFile(store.file);
    bytes.fill(0x5a, bytes.length - 30 * 4096, bytes.length - 10 * 4096);
    await writeFile(store.file, bytes);
    const reopening = openStore({ file: store.file, key: store.key }).then((damaged) =>
      damaged.read(({ folderFacts }) => folderFacts.all()).finally(() => damaged.close()),
    );
    await expect(reopening).rejects.toBeInstanceOf(DatabaseDamagedError);
  });

  it('refuses data of a newer program', async () => {
    await sql`PRAGMA user_version = 9990`.execute(writerOf(store));
    await expect(store.another()).rejects.toBeInstanceOf(DatabaseNewerError);
  });

  it('refuses to write where it was opened for reading only', async () => {
    const reason = databaseRefusal('database-lost', { missing: [] });
    const looking = await openStore({ file: store.file, key: store.key, readingOnly: reason });
    let begun = false;
    const writing = looking.transact(() => {
      begun = true;
      return Promise.resolve();
    });
    await expect(writing).rejects.toMatchObject({ name: 'ReadingOnlyError', reason });
    expect(begun).toBe(false);
    expect(looking.readingOnly()).toBe(reason);
    expect(store.readingOnly()).toBeNull();
    await looking.close();
  });
});

describe('a transaction', () => {
  it('is kept whole or not at all', async () => {
    const half = store.transact(async ({ folderFacts }) => {
      await folderFacts.set('half', true);
      throw new Error('stopped in the middle');
    });
    await expect(half).rejects.toThrow('stopped in the middle');
    expect(await store.read(({ folderFacts }) => folderFacts.get('half'))).toBeNull();
  });

  it('is alone: others in the same program wait their turn', async () => {
    const add = () =>
      store.transact(async ({ folderFacts }) => {
        const value = Number(await folderFacts.get('count'));
        await folderFacts.set('count', value + 1);
      });
    await Promise.all(Array.from({ length: 50 }, add));
    expect(await store.read(({ folderFacts }) => folderFacts.get('count'))).toBe(50);
  });

  it('refuses a second unit of work inside it rather than waiting for itself', async () => {
    const nested = store.transact(() => store.read(({ folderFacts }) => folderFacts.get('a')));
    await expect(nested).rejects.toThrow('inside a unit of work');
  });

  it('refuses an amount that is not whole, and one beyond what may be', async () => {
    const database = writerOf(store);
    const insert = (amount: number) =>
      sql`insert into message_sequences values ('H1', 's', ${amount})`.execute(database);
    await expect(insert(0.5)).rejects.toThrow('not a whole number');
    await expect(insert(10_000)).rejects.toBeInstanceOf(DatabaseConstraintError);
  });

  it('refuses a text with the character NUL, as a database server does', async () => {
    const write = store.transact(({ folderFacts }) => folderFacts.set('a\0b', 1));
    await expect(write).rejects.toThrow('NUL');
    expect(await store.read(({ folderFacts }) => folderFacts.all())).toEqual({});
  });

  it('refuses to read an integer it could not hold exactly', async () => {
    const beyond = sql`select 9007199254740993 as value`.execute(writerOf(store));
    await expect(beyond).rejects.toThrow('beyond a safe integer');
  });

  it('that finds no room is taken back whole, by name, and works once there is room', async () => {
    const database = writerOf(store);
    const write = (name: string) =>
      store.transact(async ({ folderFacts }) => {
        await folderFacts.set(`${name} small`, 1);
        await folderFacts.set(name, 'x'.repeat(100_000));
      });
    const { rows } = await sql<{ page_count: number }>`PRAGMA page_count`.execute(database);
    const pages = String(rows[0]?.page_count ?? 0);
    await sql.raw(`PRAGMA max_page_count = ${pages}`).execute(database);
    await expect(write('a')).rejects.toBeInstanceOf(DatabaseFullError);
    expect(await store.read(({ folderFacts }) => folderFacts.all())).toEqual({});
    await sql`PRAGMA max_page_count = 1000000`.execute(database);
    await write('a');
  });

  it('is seen by other programs through a changed data version', async () => {
    const other = await store.another();
    const before = await other.dataVersion();
    expect(await other.dataVersion()).toBe(before);
    await store.transact(({ folderFacts }) => folderFacts.set('a', 1));
    expect(await other.dataVersion()).not.toBe(before);
  });
});

describe('a connection', () => {
  const levelOf = async (opened: { readonly writer: TestStore['writer'] }) =>
    (await sql<{ synchronous: number }>`PRAGMA synchronous`.execute(writerOf(opened))).rows[0]
      ?.synchronous;

  it('waits for the disk at every commit, also after writing and after reopening', async () => {
    await store.transact(({ folderFacts }) => folderFacts.set('a', 1));
    expect(await levelOf(store)).toBe(2);
    await store.close();
    const again = await store.another();
    expect(await levelOf(again)).toBe(2);
    await again.transact(({ folderFacts }) => folderFacts.set('a', 2));
    expect(await levelOf(again)).toBe(2);
  });

  it('that would not wait is caught at the commit, and nothing is kept', async () => {
    await sql`PRAGMA synchronous = NORMAL`.execute(writerOf(store));
    const write = store.transact(({ folderFacts }) => folderFacts.set('a', 1));
    await expect(write).rejects.toBeInstanceOf(DatabaseNotDurableError);
    expect(await store.read(({ folderFacts }) => folderFacts.get('a'))).toBeNull();
  });

  it('enforces foreign keys', async () => {
    const orphan = sql`insert into person_categories (person_id, category, source)
      values ('nobody', 'orphan', 'visit')`.execute(writerOf(store));
    await expect(orphan).rejects.toBeInstanceOf(DatabaseConstraintError);
  });

  it('reports a database that stays locked as busy, and works once it is free', async () => {
    const other = await store.another();
    await sql`PRAGMA busy_timeout = 50`.execute(writerOf(other));
    let letGo = (): void => undefined;
    const holding = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let hasBegun = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      hasBegun = resolve;
    });
    const holder = store.transact(async () => {
      hasBegun();
      await holding;
    });
    await begun;
    const write = () => other.transact(({ folderFacts }) => folderFacts.set('a', 1));
    await expect(write()).rejects.toBeInstanceOf(DatabaseBusyError);
    letGo();
    await holder;
    await write();
  });
});
