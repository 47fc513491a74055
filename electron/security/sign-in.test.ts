import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { writerOf } from '../database/every-statement.test-support.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { endUser } from './end-user.ts';
import { listUsers } from './list-users.ts';
import { resetPassword, unlockUser } from './reset-password.ts';
import { signIn } from './sign-in.ts';
import type { UserParts } from './user-parts.ts';
import type { User } from './users.ts';
import {
  cheapHasher,
  codeOf,
  comesIn,
  firstAdministrator,
  goodPassword,
  movableClock,
  otherPassword,
  partsOn,
  valueOf,
  worker,
  type MovableClock,
} from './users.test-support.ts';
import { hasherInPlace } from './password-hasher.ts';

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

const audited = async (act: string) =>
  (await store.read(({ audit }) => audit.list({ after: 0, limit: 1000 })))
    .filter((entry) => entry.act === act)
    .map(({ who, about, detail_json }) => ({
      who,
      about,
      ...(JSON.parse(detail_json) as { why?: string }),
    }));

const failFiveTimes = async (userId = 'c001'): Promise<void> => {
  for (let time = 0; time < 5; time += 1) expect(await comesIn(parts, userId, 'wrong')).toBe(false);
};

describe('signing in', () => {
  it('lets in by the right password, however the id was typed, and says so in the audit', async () => {
    expect(
      valueOf(await signIn(parts, { userId: ' Ｃ001 ', password: goodPassword, from: 'page 3' })),
    ).toEqual({
      user: { userId: 'c001', name: '林秋', role: 'cashier' },
      passwordNumber: 2,
      mustChange: null,
      daysLeft: 90,
    });
    expect(await audited('sign-in')).toContainEqual({
      ...{ who: 'c001', about: 'c001', from: 'page 3', role: 'cashier' },
    });
  });

  it('gives one answer to a name nobody has and to a wrong password, and counts and writes the same', async () => {
    const tries = [
      ['c001', 'wrong'],
      ['c002', 'wrong'],
      ["'; drop table users; --", 'wrong'],
      ['x'.repeat(10_000), goodPassword],
      ['c001', ''],
      ['c001', 'y'.repeat(10_000)],
      ['с001', goodPassword], // Cyrillic
      ['c001\u0000', goodPassword],
    ] as const;
    const answers = [];
    for (const [userId, password] of tries) {
      answers.push(await signIn(parts, { userId, password, from: 'a test' }));
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(codeOf(answers[0]!)).toBe('sign-in-refused');
    const entries = await audited('sign-in-refused');
    expect(entries).toHaveLength(tries.length);
    // What was typed as a name may be a password typed in the wrong place: it is kept nowhere.
    expect(entries.map(({ who }) => who)).toEqual(
      tries.map(([userId]) => (userId === 'c001' ? 'c001' : 'nobody')),
    );
    const unknown = await store.read(({ users }) => users.failuresOf(''));
    expect(unknown?.failures).toBeGreaterThan(0);
  });

  it('does the same work whether there is such a user or not', async () => {
    const checked: (string | null)[] = [];
    const hasher: PasswordHasher = {
      ...cheapHasher,
      check: (password, hash) => {
        checked.push(hash === null ? null : 'a hash');
        return cheapHasher.check(password, hash);
      },
    };
    const units = async (): Promise<number> =>
      (await writerOf(store).selectFrom('books').select('units').executeTakeFirstOrThrow()).units;
    const costOf = async (userId: string, password: string): Promise<number> => {
      const before = await units();
      await signIn({ ...parts, hasher }, { userId, password, from: 'a test' });
      return (await units()) - before;
    };
    expect([await costOf('c001', 'wrong'), await costOf('nobody-here', 'wrong')]).toEqual([2, 2]);
    expect(checked).toEqual(['a hash', null]);
  });
});

describe('the lock after five failures', () => {
  it('lasts five minutes by the clock, also for the right password, and then ends', async () => {
    await failFiveTimes();
    expect(await comesIn(parts, 'c001')).toBe(false);
    clock.moveBy(299);
    expect(await comesIn(parts, 'c001')).toBe(false);
    clock.moveBy(1);
    expect(await comesIn(parts, 'c001')).toBe(true);
    expect((await audited('sign-in-refused')).map((entry) => entry.why)).toEqual([
      ...Array<string>(5).fill('wrong'),
      ...Array<string>(2).fill('locked'),
    ]);
  });

  it('does not come after four, and a right password begins the count anew', async () => {
    for (let time = 0; time < 4; time += 1) await comesIn(parts, 'c001', 'wrong');
    expect(await comesIn(parts, 'c001')).toBe(true);
    for (let time = 0; time < 4; time += 1) await comesIn(parts, 'c001', 'wrong');
    expect(await comesIn(parts, 'c001')).toBe(true);
  });

  it('is not got round by asking many times at once', async () => {
    const passwords = [...Array.from({ length: 20 }, (_, n) => `wrong ${String(n)}`), goodPassword];
    const answers = await Promise.all(passwords.map((each) => comesIn(parts, 'c001', each)));
    expect(answers).toEqual(Array<boolean>(21).fill(false));
    const why = (await audited('sign-in-refused')).map((entry) => entry.why);
    expect(why.filter((each) => each === 'wrong')).toHaveLength(5);
  });

  it('is not ended by a clock that is set back, and does not last longer than its time after it', async () => {
    await failFiveTimes();
    clock.moveBy(-86_400);
    expect(await comesIn(parts, 'c001')).toBe(false);
    clock.moveBy(299);
    expect(await comesIn(parts, 'c001')).toBe(false);
    clock.moveBy(1);
    expect(await comesIn(parts, 'c001')).toBe(true);
  });

  it('is of one user alone, is listed, and an administrator ends it', async () => {
    await failFiveTimes();
    expect(await comesIn(parts, 'boss')).toBe(true);
    const stateOf = async () =>
      (await listUsers(parts)).find(({ userId }) => userId === 'c001')?.state;
    expect(await stateOf()).toBe('locked');
    valueOf(await unlockUser(parts, { userId: 'c001', by: boss }));
    expect(await stateOf()).toBe('active');
    expect(await comesIn(parts, 'c001')).toBe(true);
  });

  it('is by the folder’s own numbers', async () => {
    await store.transact(async ({ folderFacts }) => {
      await folderFacts.set('sign-in-failures', '3');
      await folderFacts.set('sign-in-lock-seconds', '60');
    });
    for (let time = 0; time < 3; time += 1) await comesIn(parts, 'c001', 'wrong');
    expect(await comesIn(parts, 'c001')).toBe(false);
    clock.moveBy(60);
    expect(await comesIn(parts, 'c001')).toBe(true);
  });

  it('cannot be switched off by what is written into the settings', async () => {
    for (const value of ['0', '-1', '99999', 'never', 5]) {
      await store.transact(({ folderFacts }) => folderFacts.set('sign-in-failures', value));
      clock.moveBy(300);
      await failFiveTimes();
      expect(await comesIn(parts, 'c001')).toBe(false);
    }
  });
});

describe('a password', () => {
  it('that somebody else set is changed first, and one that is ninety days old, too', async () => {
    const termOf = async (password: string) => {
      const { mustChange, daysLeft } = valueOf(
        await signIn(parts, { userId: 'c001', password, from: 'a test' }),
      );
      return { mustChange, daysLeft };
    };
    clock.moveBy(89 * 86_400);
    expect(await termOf(goodPassword)).toEqual({ mustChange: null, daysLeft: 1 });
    clock.moveBy(86_400);
    expect(await termOf(goodPassword)).toEqual({ mustChange: 'expired', daysLeft: 0 });
    // A clock set back makes it no older and no younger than new.
    clock.moveBy(-1000 * 86_400);
    expect(await termOf(goodPassword)).toEqual({ mustChange: null, daysLeft: 90 });
    const set = 'Three-dim 6 kettles';
    valueOf(await resetPassword(parts, { userId: 'c001', password: set, by: boss }));
    expect(await termOf(set)).toEqual({ mustChange: 'set-by-other', daysLeft: null });
  });

  it('has its hash made anew where it costs more today, and is the same password', async () => {
    const dearer = { ...parts, hasher: hasherInPlace({ memoryKib: 16, passes: 1 }) };
    const hashOf = async () =>
      (await store.read(({ users }) => users.passwordsOf('c001', 1)))[0]?.hash;
    expect(await hashOf()).toContain('$m=8,t=1,');
    expect(await comesIn(dearer, 'c001', 'wrong')).toBe(false);
    expect(await hashOf()).toContain('$m=8,t=1,');
    expect(await comesIn(dearer, 'c001')).toBe(true);
    expect(await hashOf()).toContain('$m=16,t=1,');
    expect(await comesIn(parts, 'c001')).toBe(true);
    expect(await hashOf()).toContain('$m=16,t=1,');
  });

  it('is nowhere in the books, nor is a hash in the audit', async () => {
    await comesIn(parts, 'c001', 'a wrong one 77');
    const entries = await store.read(({ audit }) => audit.list({ after: 0, limit: 1000 }));
    for (const text of [goodPassword, otherPassword, 'a wrong one 77', 'argon2'])
      expect(JSON.stringify(entries)).not.toContain(text);
  });
});

describe('who does not come in', () => {
  it('is one who was ended, also while the password was being looked at', async () => {
    const hasher: PasswordHasher = {
      ...cheapHasher,
      check: async (password, hash) => {
        await endUser(parts, { userId: 'c001', by: boss });
        return cheapHasher.check(password, hash);
      },
    };
    expect(await comesIn({ ...parts, hasher }, 'c001')).toBe(false);
    expect(await comesIn(parts, 'c001')).toBe(false);
  });

  it('hears that too many ask at once, before anything is done', async () => {
    const busy = { ...parts, hasher: { ...cheapHasher, waiting: () => 30 } };
    const answer = await signIn(busy, { userId: 'c001', password: 'x', from: 'a test' });
    expect(codeOf(answer)).toBe('sign-in-busy');
    expect(await audited('sign-in-refused')).toEqual([]);
  });
});
