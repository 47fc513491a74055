import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { findBooks } from '../database/open-books.ts';
import { openStore, type OpenedStore } from '../database/open-store.ts';
import { settleVisit } from './settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  valueOf,
} from './settlement.test-support.ts';
import { verifyFolder } from './verify-folder.ts';

// The folder that is attacked: three patients were settled and have their paper. Before a folder remembered its
// books, whatever took settlements away here opened as an empty or an earlier folder, `verify` said that all was
// well, and the numbers on the paper were given to other patients.

const root = mkdtempSync(join(tmpdir(), 'lost-books-'));
const key = randomBytes(32);
const folderId = 'folder A';
const visits = ['A', 'B', 'C', 'D'];
const numbers = ['JS20171127-0001', 'JS20171127-0002', 'JS20171127-0003'];
/** The folder after the first settlement; after all three; and as all three leave it when the program is killed. */
const early = join(root, 'early');
const late = join(root, 'late');
const killed = join(root, 'killed');
const home = join(root, 'home');
const file = join(home, 'settlement.db');
const log = `${file}-wal`;
const anchor = join(home, 'settlement.anchor');

type Folder = { readonly home: string; readonly key: Uint8Array; readonly folderId: string };
const own: Folder = { home, key, folderId };

const open = (folder: Folder = own): Promise<OpenedStore> =>
  openStore({ ...folder, file: join(folder.home, 'settlement.db'), mustExist: true });

function copyFolder(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (name.startsWith('settlement.') && !name.endsWith('-shm')) {
      copyFileSync(join(from, name), join(to, name));
    }
  }
}

/** Every file of the folder but SQLite's own index of its log, which holds nothing. */
function contents(): Readonly<Record<string, string>> {
  const names = readdirSync(home).filter((name) => name !== 'locks' && !name.endsWith('-shm'));
  const kept = names.filter((name) => name !== 'settlement.db-wal' || readFileSync(log).length > 0);
  return Object.fromEntries(kept.map((name) => [name, readFileSync(join(home, name), 'hex')]));
}

async function settleAll(folder: Folder, ids: readonly string[]): Promise<void> {
  const store = await open(folder);
  await settleOn(store, ids);
  await store.close();
}

async function settleOn(store: OpenedStore, ids: readonly string[]): Promise<void> {
  const dependencies = dependenciesOn(store, packs);
  for (const visitId of ids) valueOf(await settleVisit(dependencies, { visitId, by: 'cashier1' }));
}

let packs: Awaited<ReturnType<typeof ownPacks>>;

beforeAll(async () => {
  packs = await ownPacks();
  mkdirSync(home);
  const made = await openStore({ file, key, folderId });
  const colon = await colonCancer();
  for (const id of visits) await keepVisit(made, { ...colon, visit: { ...colon.visit, id } });
  await settleOn(made, ['A']);
  await made.close();
  copyFolder(home, early);
  const going = await open();
  await settleOn(going, ['B', 'C']);
  copyFolder(home, killed);
  await going.close();
  copyFolder(home, late);
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  copyFolder(late, home);
});

/** The folder opens for reading only, names what is missing, settles nothing, and no file of it is changed. */
async function expectLost(...about: readonly string[]): Promise<void> {
  const before = contents();
  const store = await open();
  try {
    const reason = store.readingOnly();
    expect(reason?.code).toBe('database-lost');
    for (const each of about) {
      expect(JSON.stringify(reason?.details)).toContain(each);
    }
    const settling = settleVisit(dependenciesOn(store, packs), { visitId: 'D', by: 'cashier1' });
    await expect(settling).rejects.toMatchObject({ name: 'ReadingOnlyError', reason });
    const { ok, checks } = await verifyFolder({ store });
    expect(ok).toBe(false);
    const found = checks.find(({ name }) => name === 'anchor');
    for (const each of about) expect(JSON.stringify(found?.problems)).toContain(each);
  } finally {
    await store.close();
  }
  expect(contents()).toEqual(before);
}

async function expectSound(): Promise<void> {
  const store = await open();
  expect(store.readingOnly()).toBeNull();
  const { checks } = await verifyFolder({ store });
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  await store.close();
}

const opening = async (folder?: Folder): Promise<string> => {
  const before = contents();
  const name = await open(folder).then(
    () => 'opened',
    (problem: unknown) => (problem instanceof Error ? problem.name : String(problem)),
  );
  expect(contents()).toEqual(before);
  return name;
};

describe('a folder whose database lost something', () => {
  it('is sound before anything is done to it', async () => {
    await expectSound();
  });

  it('is seen where the database was deleted, and none is made in its place', async () => {
    rmSync(file);
    await expectLost('settlement.db', 'JS20171127-0001', 'JS20171127-0003');
    expect(existsSync(file)).toBe(false);
  });

  it('is seen where the database was emptied', async () => {
    truncateSync(file, 0);
    await expectLost('settlement.db', 'JS20171127-0001', 'JS20171127-0003');
  });

  it('is seen where an older copy of the database was put back', async () => {
    copyFileSync(join(early, 'settlement.db'), file);
    await expectLost('JS20171127-0002', 'JS20171127-0003');
  });

  it('is seen where the log was deleted after a kill', async () => {
    copyFolder(killed, home);
    rmSync(log);
    await expectLost('JS20171127-0002', 'JS20171127-0003');
  });

  it('is seen, or has lost nothing, wherever the log was cut between two of its pages', () => {
    copyFolder(killed, home);
    const whole = readFileSync(log);
    const [header, frame] = [32, 24 + 4096];
    const place = { file, key, folderId };
    let sound = 0;
    let caught = 0;
    for (let bytes = whole.length; bytes >= 0; bytes -= frame) {
      // The last step is the log's header alone, and then nothing.
      writeFileSync(log, whole.subarray(0, bytes < header ? 0 : bytes));
      rmSync(`${file}-shm`, { force: true });
      const { books, missing } = findBooks(place, true);
      if (missing.length > 0) caught += 1;
      else {
        sound += 1;
        expect(books?.days).toEqual({ '2017-11-27': 3 });
      }
    }
    expect((whole.length - header) % frame).toBe(0);
    expect(caught).toBeGreaterThan(20);
    expect(sound).toBeGreaterThan(0);
  });

  it('gives no number again that a patient has on paper', async () => {
    copyFolder(killed, home);
    rmSync(log);
    const store = await open();
    await expect(settleOn(store, ['B'])).rejects.toThrow('reading only');
    await store.close();
    copyFileSync(join(killed, 'settlement.db-wal'), log);
    const restored = await open();
    expect(restored.readingOnly()).toBeNull();
    const settlement = await restored.read(({ settlements }) => settlements.ofVisit('B'));
    expect(settlement.map(({ number }) => number)).toEqual([numbers[1]]);
    await restored.close();
  });

  it('is seen where the last acts of the audit were cut off, and where it was chained anew', async () => {
    const tampered = (statements: string): void => {
      copyFolder(late, home);
      const database = new Database(file);
      database.pragma(`key="raw:${Buffer.from(key).toString('hex')}"`);
      const triggers = database
        .prepare<[], { name: string }>("select name from sqlite_schema where type = 'trigger'")
        .all();
      for (const { name } of triggers) database.exec(`drop trigger ${name}`);
      database.exec(statements);
      database.close();
    };
    tampered(`delete from audit_entries where sequence = (select max(sequence) from audit_entries);
      update audit_head set sequence = sequence - 1,
        hash = (select hash from audit_entries where sequence = audit_head.sequence - 1)`);
    await expectLost('audit');
    tampered(`update audit_entries set hash = substr(hash, 2) || substr(hash, 1, 1);
      update audit_head set hash = (select hash from audit_entries
        where audit_entries.sequence = audit_head.sequence)`);
    await expectLost('audit');
  });
});

describe('the anchor', () => {
  it('may be behind the database: a crash came between a commit and its record', async () => {
    copyFileSync(join(early, 'settlement.anchor'), anchor);
    await expectSound();
    // It was written at once: from now on the same loss is seen.
    copyFileSync(join(early, 'settlement.db'), file);
    await expectLost('JS20171127-0003');
  });

  it('may end in the middle of a record, and goes on behind it', async () => {
    const whole = readFileSync(anchor);
    writeFileSync(anchor, whole.subarray(0, whole.length - 30));
    await expectSound();
    appendFileSync(anchor, '\0\0\0{"v":1,"fold');
    await settleAll(own, []);
    await expectSound();
  });

  it('is missed when it is deleted: nothing proves then that the data is complete', async () => {
    rmSync(anchor);
    await expectLost('settlement.anchor');
  });

  it('of another folder or another key counts for nothing', async () => {
    const other = join(root, 'other');
    for (const [otherId, otherKey] of [
      ['folder B', key],
      [folderId, randomBytes(32)],
    ] as const) {
      rmSync(other, { recursive: true, force: true });
      mkdirSync(other);
      const store = await openStore({
        ...{ file: join(other, 'settlement.db'), key: otherKey, folderId: otherId },
      });
      await store.close();
      copyFolder(late, home);
      copyFileSync(join(other, 'settlement.anchor'), anchor);
      await expectLost('settlement.anchor');
    }
  });

  it('that somebody changed is named line by line, and its other records stand', async () => {
    const text = readFileSync(anchor, 'latin1');
    const changed = text.replaceAll('"units":', '"units":9').trimEnd();
    const lines = text.trimEnd().split('\n');
    writeFileSync(anchor, `${text}${changed.split('\n').at(-1) ?? ''}\n`);
    const store = await open();
    expect(store.readingOnly()).toBeNull();
    const { checks } = await verifyFolder({ store });
    await store.close();
    expect(checks.find(({ name }) => name === 'anchor')?.problems).toMatchObject([
      { about: `settlement.anchor:${String(lines.length + 1)}` },
    ]);
    copyFileSync(join(early, 'settlement.db'), file);
    await expectLost('JS20171127-0002', 'JS20171127-0003');
  });

  it('is made for a folder of an older release at its first opening', async () => {
    const fixture = new URL('../database/fixtures/folder-0.1.0/home/', import.meta.url);
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home);
    copyFileSync(new URL('settlement.db', fixture), file);
    const old = {
      ...own,
      key: Buffer.from(readFileSync(new URL('key', fixture), 'utf8').trim(), 'hex'),
    };
    expect(existsSync(anchor)).toBe(false);
    await (await open(old)).close();
    expect(existsSync(anchor)).toBe(true);
    // The database of the older release comes back: it is older than what the folder remembers now.
    copyFileSync(new URL('settlement.db', fixture), file);
    const before = contents();
    const store = await open(old);
    expect(store.readingOnly()).toMatchObject({ code: 'database-lost' });
    expect(await store.read(({ claims }) => claims.outboxSummary())).toBeDefined();
    await store.close();
    expect(contents()).toEqual(before);
  });
});

describe('a file in the place of the database', () => {
  it('is named as damaged, with the right key, and as a wrong key with another', async () => {
    expect(await opening({ ...own, key: randomBytes(32) })).toBe('DatabaseKeyError');
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 0, 100);
    writeFileSync(file, bytes);
    expect(await opening()).toBe('DatabaseDamagedError');
  });

  it('is named as damaged where only a part was copied, or where it is something else altogether', async () => {
    truncateSync(file, Math.floor(readFileSync(file).length / 8192) * 4096);
    expect(await opening()).toBe('DatabaseDamagedError');
    writeFileSync(file, 'a letter, not a database\n'.repeat(500));
    expect(await opening()).toBe('DatabaseDamagedError');
  });

  it("is named as foreign where it is another program's or another folder's", async () => {
    rmSync(file);
    const foreign = new Database(file);
    foreign.exec('create table letters (text)');
    foreign.close();
    expect(await opening()).toBe('DatabaseForeignError');
    copyFolder(late, home);
    const other = join(root, 'other');
    rmSync(other, { recursive: true, force: true });
    mkdirSync(other);
    const otherFile = join(other, 'settlement.db');
    await (await openStore({ file: otherFile, key, folderId: 'folder B' })).close();
    copyFileSync(otherFile, file);
    expect(await opening()).toBe('DatabaseForeignError');
  });
});
