import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import type { FoundProblem } from '../database/verification-repository.ts';
import { verifyFolder } from '../settlement/verify-folder.ts';
import { unlockUser } from './reset-password.ts';
import { signIn } from './sign-in.ts';
import type { UserParts } from './user-parts.ts';
import type { User } from './users.ts';
import {
  codeOf,
  firstAdministrator,
  goodPassword,
  movableClock,
  partsOn,
  valueOf,
  worker,
  type MovableClock,
} from './users.test-support.ts';

let store: TestStore;
let clock: MovableClock;
let parts: UserParts;
let boss: User;

beforeEach(async () => {
  store = await createTestStore();
  clock = movableClock();
  parts = partsOn(store, clock);
  boss = await firstAdministrator(parts);
  await worker(parts, boss, { userId: 'c001', name: '林秋', role: 'cashier' });
});
afterEach(async () => {
  await store.remove();
});

const tries = async (password: string): Promise<string> =>
  codeOf(await signIn(parts, { userId: 'c001', password, from: 'a test' }));
const fails = async (times: number): Promise<void> => {
  for (let time = 0; time < times; time += 1) await tries('wrong');
};
/** Of the check of users, as `verify` prints it. */
async function verified(): Promise<{ problems: string[]; notes: string[] }> {
  const { checks } = await verifyFolder({ store });
  const check = checks.find(({ name }) => name === 'users');
  const words = (found: readonly FoundProblem[] = []) =>
    found.map(({ about, problem }) => `${about} ${problem}`);
  return { problems: words(check?.problems), notes: words(check?.notes) };
}

/** Writes rows as an intruder does who has the key and an editor. */
async function write(statement: string): Promise<void> {
  if (store.writer === null) throw new Error('a test store writes');
  await sql.raw(statement).execute(store.writer);
}

const nothing = { problems: [], notes: [] };

describe('failures to sign in beside what the audit says of them', () => {
  it('are as they were counted, whatever happens at the door', async () => {
    await fails(3);
    expect(await verified()).toEqual(nothing);
    expect(await tries(goodPassword)).toBe('accepted');
    await fails(7);
    expect(await tries(goodPassword)).toBe('sign-in-refused');
    expect(await verified()).toEqual(nothing);
    clock.moveBy(301);
    await fails(1);
    expect(await verified()).toEqual(nothing);
    await fails(4);
    clock.moveBy(-3600);
    await fails(1);
    valueOf(await unlockUser(parts, { userId: 'c001', by: boss }));
    await signIn(parts, { userId: 'nobody here', password: 'x', from: 'a test' });
    expect(await verified()).toEqual(nothing);
  });

  it.each([
    ['taken away', 'delete from sign_in_failures', /was locked by entry \d+ of the audit/],
    ['ended', `update sign_in_failures set locked_at = null`, /was locked by entry/],
    [
      'ended with the count',
      `update sign_in_failures set locked_at = null, failures = 0`,
      /was locked by entry/,
    ],
  ])('show a lock that was %s', async (_how, statement, words) => {
    await fails(5);
    await write(`${statement} where user_id = 'c001'`);
    expect((await verified()).problems).toEqual([expect.stringMatching(words)]);
    // Who comes in by it leaves an entry, and the next ones are counted from there.
    expect(await tries(goodPassword)).toBe('accepted');
  });

  it('show a count that was set back', async () => {
    await fails(4);
    await write(`update sign_in_failures set failures = 1 where user_id = 'c001'`);
    expect((await verified()).problems).toEqual([
      expect.stringMatching(/^c001 had 4 failures to sign in by entry \d+ .*, and has 1$/),
    ]);
  });

  it('note what was counted without an entry, as by a program that was ended', async () => {
    await fails(1);
    await write(`update sign_in_failures set failures = 2 where user_id = 'c001'`);
    expect(await verified()).toEqual({
      problems: [],
      notes: [expect.stringMatching(/^c001 was counted on since entry/)],
    });
  });
});

describe('a page that somebody ended', () => {
  it('is named where it may ask again', async () => {
    const at = '2026-11-30T08:00:00.000+08:00';
    const end = { at, reason: 'by-administrator' } as const;
    await store.transact(async ({ pageSessions, audit }) => {
      await pageSessions.insert({
        ...{ id: 'page 1', page: 'browser', userId: 'c001', openedAt: at, lastUsedAt: at },
        ...{ livedMs: 0, end: null, secrets: { sha256: 'a hash', next: null } },
      });
      await pageSessions.end('page 1', end);
      await audit.append({ at, who: 'boss', act: 'end-page', about: 'page 1', detail: {} });
    });
    expect(await verified()).toEqual(nothing);
    await write('update page_sessions set ended_at = null, end_reason = null');
    expect((await verified()).problems).toEqual([
      expect.stringMatching(/^page 1 is a page that was ended by entry \d+ .* may ask again$/),
    ]);
  });
});
