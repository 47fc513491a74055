import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { fen } from '../../shared/money/fen.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { changePassword } from './change-password.ts';
import { changeUser } from './change-user.ts';
import { endUser } from './end-user.ts';
import { listUsers } from './list-users.ts';
import { makeUser, type MakeUserInput } from './make-user.ts';
import { resetPassword } from './reset-password.ts';
import type { UserParts } from './user-parts.ts';
import { activeUser, nameOfUser, type User } from './users.ts';
import {
  codeOf,
  comesIn,
  firstAdministrator,
  goodPassword,
  otherPassword,
  partsOn,
  valueOf,
  worker,
} from './users.test-support.ts';

let store: TestStore;
let parts: UserParts;
let boss: User;

beforeEach(async () => {
  store = await createTestStore();
  parts = partsOn(store);
  boss = await firstAdministrator(parts);
});
afterEach(async () => {
  await store.remove();
});

const cashier = { userId: 'c001', name: '林秋', role: 'cashier', password: goodPassword } as const;
const make = async (more: Partial<MakeUserInput> = {}): Promise<string> =>
  codeOf(await makeUser(parts, { ...cashier, by: boss, ...more }));
const active = (userId: string) => store.read(({ users }) => activeUser(users, userId));

describe('the first start of a folder', () => {
  it('makes an administrator and nobody else, once', async () => {
    const fresh = await createTestStore();
    const freshParts = partsOn(fresh);
    try {
      const first = { ...cashier, by: null };
      expect(codeOf(await makeUser(freshParts, first))).toBe('administrator-missing');
      const claimed = { userId: 'c001', name: '林秋', role: 'administrator' } as const;
      expect(codeOf(await makeUser(freshParts, { ...cashier, by: claimed }))).toBe('not-allowed');
      const both = await Promise.all(
        ['a1', 'b2'].map((userId) =>
          makeUser(freshParts, {
            ...{ userId, name: `管理${userId}`, role: 'administrator', password: goodPassword },
            by: null,
          }),
        ),
      );
      expect(both.map(codeOf).sort()).toEqual(['accepted', 'not-allowed']);
      expect(await listUsers(freshParts)).toHaveLength(1);
    } finally {
      await fresh.remove();
    }
  });

  it('has no password that it did not get', async () => {
    for (const password of ['', 'admin', 'password', goodPassword.toLowerCase()])
      expect(await comesIn(parts, 'boss', password)).toBe(false);
    expect(await make({ by: null })).toBe('not-allowed');
  });

  it('never happens in a demo', async () => {
    const demo = { ...parts, folder: { kind: 'demo' } } as const;
    expect(codeOf(await makeUser(demo, { ...cashier, by: null }))).toBe('users-are-demo');
    expect((await listUsers(demo)).map(({ userId }) => userId)).toEqual([
      'cashier1',
      'supervisor1',
      'clerk1',
      'policy1',
      'auditor1',
    ]);
  });
});

describe('a new user', () => {
  it('is made by an administrator of now, and changes the password that was set', async () => {
    expect(await make()).toBe('accepted');
    expect(await active('c001')).toEqual({ userId: 'c001', name: '林秋', role: 'cashier' });
    const bySelf = { ...cashier, userId: 'c002', name: '林冬' };
    const asCashier: User = { userId: 'c001', name: '林秋', role: 'administrator' };
    expect(await make({ ...bySelf, by: asCashier })).toBe('not-allowed');
    expect((await listUsers(parts)).map(({ mustChange }) => mustChange)).toEqual([false, true]);
  });

  it.each([
    '',
    ' ',
    'a b',
    'a'.repeat(33),
    'x'.repeat(10_000),
    '林秋',
    'c001\n',
    'c\u0000',
    '../etc',
    "c'--",
    'сashier',
    'c\u200b1',
    '-rf',
    '.hidden',
    'a@b',
  ])('has no id such as %j', async (userId) => {
    const expected = userId === 'c001\n' ? 'accepted' : 'user-id-bad';
    expect(await make({ userId })).toBe(expected);
  });

  it.each([
    '',
    ' ',
    '林\u0000秋',
    '林\n秋',
    '林\u202e秋',
    '林\u200b秋',
    '\ud83d',
    '名'.repeat(51),
    '名'.repeat(10_000),
    '1234',
    '--',
    '林\u2028秋',
    '\u{e0041}林',
  ])('has no name such as %j', async (name) => {
    expect(await make({ name })).toBe('user-name-bad');
  });

  it('is not one who has or had the id, looks like one, or is the program or the demo in the books', async () => {
    expect(await make({ userId: 'zhang1' })).toBe('accepted');
    const other = { name: '林冬' };
    for (const userId of ['zhang1', 'ZHANG1', 'zhangl', 'zhangI', 'zhang.1', 'ｚhang１'])
      expect(await make({ ...other, userId })).toBe('user-id-taken');
    for (const userId of ['cashier1', 'cashierl', 'supervisor1', 'intake', 'nobody', 'program'])
      expect(await make({ ...other, userId })).toBe('user-id-taken');
    valueOf(await endUser(parts, { userId: 'zhang1', by: boss }));
    expect(await make({ ...other, userId: 'zhang1' })).toBe('user-id-taken');
  });

  it('has a name that can be told apart on paper from those who work here', async () => {
    expect(await make({ name: '张 伟' })).toBe('accepted');
    expect(await make({ userId: 'c002', name: '张伟' })).toBe('user-name-taken');
    expect(await make({ userId: 'c002', name: '张伟（急诊）' })).toBe('accepted');
    valueOf(await endUser(parts, { userId: 'c001', by: boss }));
    expect(await make({ userId: 'c003', name: '张伟' })).toBe('accepted');
  });

  it('learns with a mentor who is a supervisor and works here', async () => {
    const training = { limitFen: fen(100_000), mentor: 's001' };
    expect(await make({ training })).toBe('mentor-missing');
    await worker(parts, boss, { userId: 's001', name: '带教', role: 'supervisor' });
    expect(await make({ training })).toBe('accepted');
    expect((await listUsers(parts)).find(({ userId }) => userId === 'c001')?.training).toEqual(
      training,
    );
  });

  it('that is a program is an IT clerk and no other', async () => {
    expect(await make({ isService: true })).toBe('service-role');
    expect(await make({ isService: true, role: 'it-clerk' })).toBe('accepted');
    const raised = await changeUser(parts, { userId: 'c001', role: 'administrator', by: boss });
    expect(codeOf(raised)).toBe('service-role');
  });
});

describe('a user who leaves', () => {
  it('stays the one who settled, by name', async () => {
    await make();
    valueOf(await endUser(parts, { userId: 'c001', by: boss }));
    expect(await active('c001')).toBeNull();
    expect(await store.read(({ users }) => nameOfUser(users, 'c001'))).toBe('林秋');
    await expect(store.tamper('select 1')).resolves.toBeUndefined();
  });

  it('is not ended before float, receipts and open cases are handed over', async () => {
    await make();
    const at = '2026-11-30T08:00:00.000+08:00';
    await store.transact(async ({ users }) => {
      for (const kind of ['float', 'receipts', 'open-case'] as const) {
        const held = { id: kind, user_id: 'c001', kind, what: '300.00', since: at };
        await users.addHolding({ ...held, handed_over_at: null, handed_over_to: null });
      }
    });
    const leave = () => endUser(parts, { userId: 'c001', by: boss });
    for (const kind of ['float', 'receipts', 'open-case']) {
      expect(codeOf(await leave())).toBe('user-still-holds');
      await store.transact(({ users }) =>
        users.handOver(kind, { handed_over_at: at, handed_over_to: 'boss' }),
      );
    }
    expect(codeOf(await leave())).toBe('accepted');
    expect(codeOf(await leave())).toBe('user-ended');
    expect(codeOf(await changeUser(parts, { userId: 'c001', role: 'auditor', by: boss }))).toBe(
      'user-ended',
    );
    const reset = { userId: 'c001', password: otherPassword, by: boss };
    expect(codeOf(await resetPassword(parts, reset))).toBe('user-ended');
  });

  it('cannot be removed from the books', async () => {
    await make();
    const { writer } = store;
    await expect(writer?.deleteFrom('users').execute()).rejects.toThrow(/ended, never removed/);
    await expect(writer?.deleteFrom('user_passwords').execute()).rejects.toThrow(/kept/);
  });
});

describe('an administrator', () => {
  it('cannot end or demote the own account, and the last one stays', async () => {
    expect(codeOf(await endUser(parts, { userId: 'boss', by: boss }))).toBe('last-administrator');
    const demote = { userId: 'boss', role: 'cashier', by: boss } as const;
    expect(codeOf(await changeUser(parts, demote))).toBe('ends-self');
    const second = await worker(parts, boss, {
      userId: 'a002',
      name: '管二',
      role: 'administrator',
    });
    expect(codeOf(await endUser(parts, { userId: 'boss', by: boss }))).toBe('ends-self');
    // Two who end each other at once: one of them stays.
    const both = await Promise.all([
      endUser(parts, { userId: 'boss', by: second }),
      endUser(parts, { userId: 'a002', by: boss }),
    ]);
    expect(both.map(codeOf).sort()).toEqual(['accepted', 'not-allowed']);
  });

  it('whose role was taken while signed in does nothing more with it', async () => {
    const second = await worker(parts, boss, {
      userId: 'a002',
      name: '管二',
      role: 'administrator',
    });
    valueOf(await changeUser(parts, { userId: 'a002', role: 'cashier', by: boss }));
    expect(await active('a002')).toMatchObject({ role: 'cashier' });
    expect(await make({ by: second })).toBe('not-allowed');
    expect(codeOf(await endUser(parts, { userId: 'boss', by: second }))).toBe('not-allowed');
    const reset = { userId: 'boss', password: otherPassword, by: second };
    expect(codeOf(await resetPassword(parts, reset))).toBe('not-allowed');
  });
});

describe('a changed password', () => {
  const change = async (password: string, newPassword: string): Promise<string> =>
    codeOf(await changePassword(parts, { userId: 'boss', password, newPassword, from: 'a test' }));

  it('counts at once, is none of the last five, and needs the old one', async () => {
    expect(await change('wrong', otherPassword)).toBe('sign-in-refused');
    const used = [goodPassword, ...['a', 'b', 'c', 'd', 'e'].map((each) => `Nine ${each} plum-3`)];
    for (const [at, next] of used.slice(1).entries()) {
      expect(await change(used[at] ?? '', next)).toBe('accepted');
      expect([await comesIn(parts, 'boss', used[at]), await comesIn(parts, 'boss', next)]).toEqual([
        false,
        true,
      ]);
    }
    for (const earlier of used.slice(1))
      expect(await change(used.at(-1)!, earlier)).toBe('password-weak');
    expect(await change(used.at(-1)!, goodPassword)).toBe('accepted');
  });

  it('is guessed at no more often than a sign-in', async () => {
    for (let time = 0; time < 5; time += 1) await change(`wrong ${String(time)}`, otherPassword);
    expect(await change(goodPassword, otherPassword)).toBe('sign-in-refused');
  });

  it('is not in force where two change it at once with the same old one', async () => {
    const both = await Promise.all([
      change(goodPassword, 'Seven-oak 1 lantern'),
      change(goodPassword, 'Seven-elm 2 lantern'),
    ]);
    expect(both).toContain('accepted');
    const works = await Promise.all(
      ['Seven-oak 1 lantern', 'Seven-elm 2 lantern'].map((each) => comesIn(parts, 'boss', each)),
    );
    expect(works.filter(Boolean)).toHaveLength(1);
  });
});

describe('the books before there were users', () => {
  it('print the names they always printed', async () => {
    const fresh = await createTestStore();
    try {
      expect(await fresh.read(({ users }) => nameOfUser(users, 'cashier1'))).toBe('收费员一');
      await firstAdministrator(partsOn(fresh));
      expect(await fresh.read(({ users }) => nameOfUser(users, 'cashier1'))).toBe('收费员一');
      expect(await fresh.read(({ users }) => activeUser(users, 'cashier1'))).toBeNull();
      expect(await fresh.read(({ users }) => activeUser(users, 'supervisor1'))).toBeNull();
    } finally {
      await fresh.remove();
    }
  });
});
