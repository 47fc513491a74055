import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { sql } from 'kysely';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import { checkOfSettings } from './verify-settings.ts';

let store: TestStore;
const at = '2026-11-30T08:00:00.000+08:00';

beforeEach(async () => {
  store = await createTestStore();
  await store.transact(async ({ folderFacts, audit }) => {
    await folderFacts.set('kind', 'live');
    const made = { at, who: 'boss', act: 'make-first-administrator', about: 'boss' };
    await audit.append({ ...made, detail: {} });
  });
  for (const value of ['http://first.example', 'http://payers.example'])
    await store.transact(async ({ folderFacts, audit }) => {
      await folderFacts.set('payers-url', value);
      const set = { at, who: 'clerk', act: 'change-setting', about: 'payers-url' };
      await audit.append({ ...set, detail: { value } });
    });
});
afterEach(async () => {
  await store.remove();
});

const about = async (kind: 'demo' | 'live' = 'live') =>
  (await checkOfSettings(store, kind)).problems.map((each) => each.about);

/** Writes as an intruder does who has the key and an editor. */
async function write(statement: string): Promise<void> {
  if (store.writer === null) throw new Error('a test store writes');
  await sql.raw(statement).execute(store.writer);
}

describe('settings beside what the audit says was set', () => {
  it('are what was set last', async () => {
    expect(await about()).toEqual([]);
  });

  it.each([
    [
      'payers-url',
      `update folder_facts set value_json = '"http://evil.example"' where name = 'payers-url'`,
    ],
    [
      'payers-url',
      `update folder_facts set value_json = '"http://first.example"' where name = 'payers-url'`,
    ],
    ['payers-url', `delete from folder_facts where name = 'payers-url'`],
    ['sign-in-failures', `insert into folder_facts values ('sign-in-failures', '"100000"', 0)`],
    ['second-place', `insert into folder_facts values ('second-place', '"/mnt/evil"', 0)`],
    ['plain-http', `insert into folder_facts values ('plain-http', '"yes"', 0)`],
    ['business-date', `insert into folder_facts values ('business-date', '"2017-11-27"', 0)`],
    ['kind', `update folder_facts set value_json = '"demo"' where name = 'kind'`],
  ])('%s that was written past the program is named: %s', async (name, statement) => {
    await write(statement);
    expect(await about()).toEqual([name]);
  });

  it('are, of the second place, what a takeover made of it, until somebody sets it', async () => {
    const place = (value: string | null) =>
      store.transact(({ folderFacts }) => folderFacts.set('second-place', value));
    const entry = (act: string, detail: object) =>
      store.transact(({ audit }) =>
        audit.append({ at, who: 'clerk', act, about: 'second-place', detail }),
      );
    await place('/mnt/a');
    await entry('change-setting', { value: '/mnt/a' });
    expect(await about()).toEqual([]);
    await place(null);
    expect(await about()).toEqual(['second-place']);
    await entry('take-over', {});
    expect(await about()).toEqual([]);
    await entry('change-setting', { value: '/mnt/b' });
    expect(await about()).toEqual(['second-place']);
  });

  it('of a folder from before there were users may have been set without an entry', async () => {
    const older = await createTestStore();
    try {
      await older.transact(async ({ folderFacts, audit }) => {
        await folderFacts.set('kind', 'live');
        await folderFacts.set('reader-url', 'sim://x');
        await audit.append({ at, who: 'cashier1', act: 'settle-visit', about: 's', detail: {} });
        const made = { at, who: 'boss', act: 'make-first-administrator', about: 'boss' };
        await audit.append({ ...made, detail: {} });
      });
      expect(await checkOfSettings(older, 'live')).toMatchObject({ ok: true });
    } finally {
      await older.remove();
    }
  });
});
