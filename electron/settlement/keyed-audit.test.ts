import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, describe, expect, it } from 'vitest';

import { auditHash } from '../database/audit-repository.ts';
import { openStore, type OpenedStore } from '../database/open-store.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import type { AuditEntryTable } from '../database/schema.ts';
import { verifyFolder } from './verify-folder.ts';

// Somebody has the tables, as on a database server, but not the folder's key: what he does to the audit shows in
// `verify`, without any anchor. With a plain hash he could make any end of the chain anew.

const at = '2017-11-27T10:15:00.000+08:00';
const stores: TestStore[] = [];
afterEach(async () => {
  for (const each of stores.splice(0)) await each.remove();
});
const root = mkdtempSync(join(tmpdir(), 'keyed-audit-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const act = (on: OpenedStore, about: string): Promise<number> =>
  on.transact(({ audit }) => audit.append({ at, who: 'a', act: 'b', about, detail: {} }));

async function storeWithActs(): Promise<TestStore> {
  const store = await createTestStore();
  stores.push(store);
  for (const about of ['one', 'two', 'three']) await act(store, about);
  return store;
}

async function chainProblems(on: OpenedStore): Promise<readonly string[]> {
  const { checks } = await verifyFolder({ store: on });
  const chain = checks.find(({ name }) => name === 'audit-chain');
  return (chain?.problems ?? []).map(({ about, problem }) => `${about}: ${problem}`);
}

const entriesOf = (on: OpenedStore): Promise<readonly AuditEntryTable[]> =>
  on.read(({ audit }) => audit.list({ after: 0, limit: 1000 }));

describe('the audit chain of a new folder', () => {
  it('has keyed hashes from its first entry on, which nobody makes without the key', async () => {
    const store = await storeWithActs();
    expect(await chainProblems(store)).toEqual([]);
    for (const entry of await entriesOf(store)) {
      expect(entry.hash).not.toBe(auditHash(entry, null));
      expect(entry.hash).toBe(auditHash(entry, store.auditKey()));
    }
  });

  it('shows an end that was cut off, its head set back with it', async () => {
    const store = await storeWithActs();
    await store.tamper('delete from audit_entries where sequence = 3');
    await store.tamper(`update audit_head set sequence = 2,
      hash = (select hash from audit_entries where sequence = 2)`);
    expect(await chainProblems(store)).toEqual([
      expect.stringContaining(
        'audit 2: its end is not the one that was sealed: entries were cut off or made anew',
      ),
    ]);
  });

  it('shows an end that was made anew, hashed as anybody can', async () => {
    const store = await storeWithActs();
    const last = (await entriesOf(store)).at(-1);
    if (last === undefined) throw new Error('there are entries');
    const forged = { ...last, about: 'somebody else' };
    const hash = auditHash(forged, null);
    await store.tamper(
      `update audit_entries set about = 'somebody else', hash = '${hash}' where sequence = 3`,
    );
    await store.tamper(`update audit_head set hash = '${hash}'`);
    expect(await chainProblems(store)).toEqual([
      expect.stringContaining('audit 3: its end is not the one'),
      '3: was changed',
    ]);
  });

  it('does not lose its key unnoticed: made anew without it the whole chain is another one', async () => {
    const store = await storeWithActs();
    const entries = await entriesOf(store);
    await store.tamper('delete from audit_keys');
    let previous_hash = entries[0]?.previous_hash ?? '';
    for (const entry of entries) {
      const hash = auditHash({ ...entry, previous_hash }, null);
      await store.tamper(
        `update audit_entries set previous_hash = '${previous_hash}', hash = '${hash}' where sequence = ${String(entry.sequence)}`,
      );
      previous_hash = hash;
    }
    await store.tamper(`update audit_head set hash = '${previous_hash}', seal = ''`);
    expect((await chainProblems(store)).length).toBeGreaterThan(0);
    const again = await store.another();
    expect(again.readingOnly()).toMatchObject({
      code: 'database-lost',
      details: [{ about: 'audit 3' }],
    });
  });

  it('is not opened where the entry that its key counts from was moved', async () => {
    const store = await storeWithActs();
    await store.tamper('update audit_keys set first_entry = 4');
    await expect(store.another()).rejects.toMatchObject({ code: 'AUDIT_KEY' });
    await store.tamper('update audit_keys set first_entry = 1');
    await (await store.another()).close();
  });

  it('goes on under the same key for the next program', async () => {
    const store = await storeWithActs();
    const other = await store.another();
    await act(other, 'four');
    await act(store, 'five');
    expect(await chainProblems(store)).toEqual([]);
  });
});

describe('the audit chain of an earlier release', () => {
  it('stays as it is and goes on keyed from an entry that says so', async () => {
    const fixture = new URL('../database/fixtures/folder-0.1.0/home/', import.meta.url);
    const file = join(root, 'settlement.db');
    copyFileSync(new URL('settlement.db', fixture), file);
    const key = Buffer.from(readFileSync(new URL('key', fixture), 'utf8').trim(), 'hex');
    const store = await openStore({ file, key });
    try {
      const entries = await entriesOf(store);
      const first = entries.find(({ act: what }) => what === 'start-keyed-audit');
      expect(first?.sequence).toBe(store.auditKey()?.firstEntry);
      expect(first?.sequence).toBeGreaterThan(1);
      for (const entry of entries) {
        const isPlain = entry.hash === auditHash(entry, null);
        expect(isPlain).toBe(entry.sequence < (first?.sequence ?? 0));
      }
      await act(store, 'a new act');
      expect(await chainProblems(store)).toEqual([]);
      // Opened again it is not marked again.
      await store.close();
      const again = await openStore({ file, key });
      expect(await entriesOf(again)).toHaveLength(entries.length + 1);
      await again.close();
    } finally {
      await store.close();
    }
  });
});

describe('a database that a key does not open', () => {
  it('is damaged where the folder knows the key, and the key is wrong where it knows another', async () => {
    const store = await storeWithActs();
    await store.close();
    rmSync(join(store.folder, 'settlement.anchor'));
    const { file, key } = store;
    await expect(openStore({ file, key: randomBytes(32) })).rejects.toMatchObject({
      name: 'DatabaseKeyError',
      isCertain: true,
    });
    const bytes = readFileSync(file);
    const sound = Buffer.from(bytes);
    bytes.fill(0x5a, 0, 100);
    writeFileSync(file, bytes);
    await expect(openStore({ file, key })).rejects.toMatchObject({ name: 'DatabaseDamagedError' });
    // A file that was cut is no database of whole pages, whatever the key.
    rmSync(join(store.folder, 'settlement.key-check'));
    writeFileSync(file, bytes.subarray(0, bytes.length - 100));
    await expect(openStore({ file, key })).rejects.toMatchObject({ name: 'DatabaseDamagedError' });
    // Nothing tells the two apart: both are said.
    writeFileSync(file, bytes);
    await expect(openStore({ file, key })).rejects.toMatchObject({
      name: 'DatabaseKeyError',
      isCertain: false,
    });
    writeFileSync(file, sound);
  });
});
