import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import { changePassword } from './change-password.ts';
import { changeUser } from './change-user.ts';
import { endUser } from './end-user.ts';
import { hasherInPlace } from './password-hasher.ts';
import { resetPassword } from './reset-password.ts';
import type { UserParts } from './user-parts.ts';
import { compareUsersWithAudit } from './verify-users.ts';
import {
  comesIn,
  firstAdministrator,
  goodPassword,
  otherPassword,
  partsOn,
  valueOf,
  worker,
} from './users.test-support.ts';

const thirdPassword = 'Nine-wet 2 lanterns';
let store: TestStore;
let parts: UserParts;

beforeEach(async () => {
  store = await createTestStore();
  parts = partsOn(store);
  const boss = await firstAdministrator(parts);
  await worker(parts, boss, { userId: 'c001', name: '林秋', role: 'cashier' });
  await worker(parts, boss, { userId: 's001', name: '方主', role: 'supervisor' });
  await worker(parts, boss, { userId: 'gone', name: '已离', role: 'cashier' });
  valueOf(await changeUser(parts, { userId: 's001', role: 'auditor', by: boss }));
  valueOf(await endUser(parts, { userId: 'gone', by: boss }));
  valueOf(await resetPassword(parts, { userId: 'c001', password: thirdPassword, by: boss }));
});
afterEach(async () => {
  await store.remove();
});

const compared = () => store.read((all) => compareUsersWithAudit(all));
const about = async () => (await compared()).problems.map((each) => each.about);

/** Writes rows as an intruder does who has the key and an editor; the guards stand. */
async function write(statement: string): Promise<void> {
  if (store.writer === null) throw new Error('a test store writes');
  await sql.raw(statement).execute(store.writer);
}

describe('users beside what the audit says of them', () => {
  it('are as they were made, changed and ended', async () => {
    expect(await compared()).toEqual({ problems: [], notes: [] });
  });

  it.each([
    ['a cashier made administrator', `update users set role = 'administrator' where id = 'c001'`],
    ['somebody who left and is back', backAgain('gone'), 'gone'],
    ['another name', `update users set name = '方主二' where id = 's001'`, 's001'],
    ['a certificate nobody gave', `update users set certificate = 'PEM' where id = 'boss'`, 'boss'],
    [
      "the administrator's password replaced by the cashier's",
      `update user_passwords set hash = (select hash from user_passwords where user_id = 'c001' and number = 3) where user_id = 'boss'`,
      'boss',
    ],
    [
      'a password that another set and need not be changed',
      `update user_passwords set must_change = 0 where user_id = 'c001'`,
    ],
    [
      'one password more',
      `insert into user_passwords select user_id, 9, hash, made_at, made_by, 0 from user_passwords where user_id = 'c001' and number = 1`,
    ],
    [
      'somebody whom nobody made',
      `insert into users select 'extra', '外人', 'administrator', state, 0, 0, 0, null, null, created_at, created_by, null, null from users where id = 'boss'`,
      'extra',
    ],
  ])('%s', async (_, statement, who = 'c001') => {
    await write(statement);
    expect([...new Set(await about())]).toEqual([who]);
  });

  it('somebody who settles and is no user: whatever was done in the name of a demo’s', async () => {
    const at = '2026-11-30T09:00:00.000+08:00';
    const settle = (who: string) =>
      store.transact(({ audit }) =>
        audit.append({ at, who, act: 'settle-visit', about: 'S1', detail: {} }),
      );
    await settle('c001');
    await settle('gone');
    expect(await compared()).toEqual({ problems: [], notes: [] });
    await settle('cashier1');
    const [found, ...others] = (await compared()).problems;
    expect([found?.about, others]).toEqual(['cashier1', []]);
    expect(found?.problem).toMatch(/^is no user, and did settle-visit: entry \d+ of the audit$/);
  });

  it('somebody who was taken out', async () => {
    await store.tamper(`delete from user_passwords where user_id = 'gone'`);
    await store.tamper(`delete from users where id = 'gone'`);
    expect(await about()).toEqual(['gone']);
  });

  it('a role and its entry are named', async () => {
    await write(`update users set role = 'administrator' where id = 'c001'`);
    const [found] = (await compared()).problems;
    expect(found?.problem).toMatch(/^is administrator, and cashier by entry \d+ of the audit$/);
  });

  it('a hash that was made with less and is made anew at signing in is the program’s own', async () => {
    const today = { ...parts, hasher: hasherInPlace({ memoryKib: 16, passes: 1 }) };
    const [before] = await store.read(({ users }) => users.passwordsOf('boss', 1));
    expect(await comesIn(today, 'boss')).toBe(true);
    const [after] = await store.read(({ users }) => users.passwordsOf('boss', 1));
    expect(after?.hash).not.toBe(before?.hash);
    expect(await compared()).toEqual({ problems: [], notes: [] });
  });

  it('a changed password is the new one, and the one before stays as it was', async () => {
    const own = { userId: 'boss', password: goodPassword, newPassword: otherPassword };
    valueOf(await changePassword(parts, { ...own, from: 'a test' }));
    expect((await compared()).problems).toEqual([]);
    await write(`update user_passwords set hash = 'x' where user_id = 'boss' and number = 1`);
    expect(await about()).toEqual(['boss']);
  });
});

function backAgain(userId: string): string {
  return `update users set state = 'active', ended_at = null, ended_by = null where id = '${userId}'`;
}
