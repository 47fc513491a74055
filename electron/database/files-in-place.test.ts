import { copyFileSync, existsSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';

import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findBooks } from './open-books.ts';
import { openStore } from './open-store.ts';
import { createTestStore, type TestStore } from './test-store.ts';

// A program has the data open and somebody else, beside it, deletes, exchanges or cuts a file under it. SQLite goes on
// with the file that it has open: before this was looked at, every step was acknowledged and none was in the folder.

let store: TestStore;
beforeEach(async () => {
  store = await createTestStore();
  await keep('before');
});
afterEach(async () => {
  await store.remove();
});

const keep = (word: string): Promise<void> =>
  store.transact(({ folderFacts }) => folderFacts.set(word, true));
const log = (): string => `${store.file}-wal`;

/** The next step is refused by name, none of its work is begun, and the desk shows why. */
async function expectStopped(about: string, said: string): Promise<void> {
  let begun = false;
  const writing = store.transact(() => {
    begun = true;
    return Promise.resolve();
  });
  const reason = { code: 'database-lost', details: [{ about }] };
  await expect(writing).rejects.toMatchObject({ name: 'ReadingOnlyError', reason });
  expect(begun).toBe(false);
  expect(store.readingOnly()).toMatchObject(reason);
  expect(store.readingOnly()?.message.zh).toContain(said);
}

/** What a fresh program finds in the folder: what is missing of what the folder remembers. */
async function missingAfterwards(): Promise<readonly string[]> {
  await store.close();
  const { missing } = findBooks({ file: store.file, key: store.key, folderId: 'folder' }, true);
  return missing.map(({ about }) => about);
}

describe('a program under which a file of the data', () => {
  it('is deleted writes no more and makes nothing in its place', async () => {
    rmSync(store.file);
    await expectStopped('settlement.db', '被删除或移走');
    await store.close();
    expect(existsSync(store.file)).toBe(false);
  });

  it('is exchanged writes no more, neither here nor there', async () => {
    const other = await createTestStore();
    await other.emptyLog();
    copyFileSync(other.file, `${store.file}.new`);
    renameSync(`${store.file}.new`, store.file);
    const { mtimeMs } = statSync(store.file);
    await expectStopped('settlement.db', '换成了另一个文件');
    await store.close();
    expect(statSync(store.file).mtimeMs).toBe(mtimeMs);
    await other.remove();
  });

  it('is cut writes no more', async () => {
    await store.emptyLog();
    truncateSync(store.file, statSync(store.file).size - 4096);
    await expectStopped('settlement.db', '被截短');
  });

  it('loses its log stops: what was acknowledged is there afterwards or is named as missing', async () => {
    rmSync(log());
    await expectStopped('settlement.db-wal', '被删除或移走');
    const missing = await missingAfterwards();
    if (missing.length > 0) return;
    const again = await openStore({ file: store.file, key: store.key });
    expect(await again.read(({ folderFacts }) => folderFacts.get('before'))).toBe(true);
    await again.close();
  });

  it('has its log emptied stops, and so has one whose log is exchanged', async () => {
    truncateSync(log(), 0);
    await expectStopped('settlement.db-wal', '被截短');
    const other = await createTestStore();
    try {
      await other.transact(({ folderFacts }) => folderFacts.set('a', 1));
      const log = `${other.file}-wal`;
      copyFileSync(log, `${log}.new`);
      renameSync(`${log}.new`, log);
      const writing = other.transact(({ folderFacts }) => folderFacts.set('b', 1));
      await expect(writing).rejects.toMatchObject({ reason: { code: 'database-lost' } });
    } finally {
      await other.remove();
    }
  });

  it("loses the log's index stops: another program would make one of its own", async () => {
    rmSync(`${store.file}-shm`);
    await expectStopped('settlement.db-shm', '被删除或移走');
  });

  it('is lost in the middle of a step acknowledges nothing of it', async () => {
    const step = store.transact(async ({ folderFacts }) => {
      await folderFacts.set('during', true);
      renameSync(store.file, `${store.file}.away`);
    });
    await expect(step).rejects.toMatchObject({ reason: { code: 'database-lost' } });
    expect(store.readingOnly()?.message.zh).toContain('刚才的一步没有存下');
    // Put back, it may have missed what was written meanwhile: only a new start looks at all of it.
    renameSync(`${store.file}.away`, store.file);
    await expect(keep('after')).rejects.toMatchObject({ reason: { code: 'database-lost' } });
  });

  it('is read by another connection of the same program keeps its locks', async () => {
    // Any look at the books from here; it must not open and close the file by itself.
    store.compareWithAnchor();
    const beside = new Database(store.file, { timeout: 0 });
    beside.pragma(`key="raw:${Buffer.from(store.key).toString('hex')}"`);
    beside.prepare('select count(*) from sqlite_schema').get();
    beside.close();
    expect(existsSync(log())).toBe(true);
    await keep('after');
  });

  it('grows, is checkpointed and is written by others goes on', async () => {
    const other = await store.another();
    for (let turn = 0; turn < 40; turn += 1) {
      const long = 'x'.repeat(200_000);
      await store.transact(({ folderFacts }) => folderFacts.set('long', long + String(turn)));
      await other.transact(({ folderFacts }) => folderFacts.set('short', turn));
    }
    expect(store.readingOnly()).toBeNull();
    await keep('after');
  });
});
