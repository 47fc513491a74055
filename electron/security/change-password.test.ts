import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import { changePassword } from './change-password.ts';
import { resetPassword } from './reset-password.ts';
import type { UserParts } from './user-parts.ts';
import type { User } from './users.ts';
import {
  cheapHasher,
  codeOf,
  comesIn,
  firstAdministrator,
  goodPassword,
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
  await worker(parts, boss, { userId: 'c001', name: '林秋', role: 'cashier' });
});
afterEach(async () => {
  await store.remove();
});

const byAdministrator = 'Ninth-gate 2 mules';
const byOwner = 'Twelfth-moor 3 carts';
const byStranger = 'Tenth-vale 6 kites';
const change = { userId: 'c001', password: goodPassword, from: 'page p1' };

describe('changing the own password', () => {
  it('ends where it was reset meanwhile: who knew the old one has not the new one', async () => {
    let isReset = false;
    const hash = async (password: string): Promise<string> => {
      if (!isReset) {
        isReset = true;
        valueOf(
          await resetPassword(parts, { userId: 'c001', password: byAdministrator, by: boss }),
        );
      }
      return cheapHasher.hash(password);
    };
    const slow = { ...parts, hasher: { ...cheapHasher, hash } };
    const changed = await changePassword(slow, { ...change, newPassword: byStranger });
    expect(codeOf(changed)).toBe('sign-in-refused');
    expect(await comesIn(parts, 'c001', byStranger)).toBe(false);
    expect(await comesIn(parts, 'c001', byAdministrator)).toBe(true);
    const entries = await store.read(({ audit }) => audit.list({ after: 0, limit: 100 }));
    expect(entries.find(({ act }) => act === 'not-let-in')).toMatchObject({
      ...{ who: 'c001', about: 'c001' },
      detail_json: expect.stringContaining('password-changed-meanwhile') as string,
    });
  });

  it('is done once of two at once, and the other’s password is none', async () => {
    const both = await Promise.all(
      [byStranger, byOwner].map((newPassword) => changePassword(parts, { ...change, newPassword })),
    );
    expect(both.map(codeOf).sort()).toEqual(['accepted', 'sign-in-refused']);
    const winner = both[0]?.ok === true ? byStranger : byOwner;
    for (const password of [byStranger, byOwner])
      expect(await comesIn(parts, 'c001', password)).toBe(password === winner);
  });
});
