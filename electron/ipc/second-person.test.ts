import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Role } from '../../shared/contracts/contract.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import {
  cheapHasher,
  firstAdministrator,
  goodPassword,
  movableClock,
  partsOn,
  worker,
} from '../security/users.test-support.ts';
import { refusalOf, valueOf } from '../settlement/settlement.test-support.ts';
import type { DeskParts } from './desk-parts.ts';
import type { Caller } from './handle-call.ts';
import { secondPersonCalls } from './second-person.ts';
import { settlementCalls } from './settlement.ts';

const today = '2026-11-30';
let store: TestStore;
let desk: ReturnType<typeof startDesk>;

/** The calls of a live desk whose clock stands a year after the last day money counted for. */
function startDesk() {
  const clock = { ...movableClock(), businessDate: () => today };
  const services = {
    store,
    clock,
    ids: timeOrderedIds(),
    packs: [],
    approvedOnly: null,
    folder: { kind: 'live' },
  };
  const parts = { services, hasher: cheapHasher } as unknown as DeskParts;
  return { ...settlementCalls(parts), ...secondPersonCalls(parts) };
}

beforeEach(async () => {
  store = await createTestStore();
  const users = partsOn(store);
  const boss = await firstAdministrator(users);
  await worker(users, boss, { userId: 'wang', name: '王一', role: 'cashier' });
  await worker(users, boss, { userId: 'zhao', name: '赵四', role: 'supervisor' });
  await worker(users, boss, { userId: 'chen', name: '陈五', role: 'supervisor' });
  await store.transact(({ businessDay }) => businessDay.enter('2025-11-30'));
  desk = startDesk();
});
afterEach(() => store.remove());

const at = (userId: string, role: Role, sessionId: string): Caller => ({
  ...{ userId, name: userId, role, sessionId },
});
const wang = at('wang', 'cashier', 'page 1');
const zhao = at('zhao', 'supervisor', 'page 2');
type Given = { approvedBy?: string; password?: string; requestId?: string };
const approve = async (given: Given, by: Caller = wang) =>
  refusalOf(await desk['settlement:approve-business-date']({ businessDate: today, ...given }, by));
const ask = async (by: Caller = wang) =>
  valueOf(
    await desk['second-person:ask'](
      { act: 'approve-business-date', about: today, reason: '春节后第一天' },
      by,
    ),
  ).requestId;

describe('a second person at the same page of a live folder', () => {
  it('proves who it is: a name alone approves nothing', async () => {
    expect(await approve({})).toBe('second-person-needed');
    expect(await approve({ approvedBy: 'zhao' })).toBe('sign-in-refused');
    expect(await approve({ approvedBy: 'zhao', password: 'guessed' })).toBe('sign-in-refused');
    expect(await approve({ approvedBy: 'supervisor1', password: '' })).toBe('sign-in-refused');
    expect(await approve({ approvedBy: 'zhao', password: goodPassword })).toBeNull();
  });

  it('is not the cashier, nor the same supervisor once more', async () => {
    const own = { password: goodPassword };
    expect(await approve({ approvedBy: 'wang', ...own })).toBe('not-allowed');
    expect(await approve({ approvedBy: 'zhao', ...own }, zhao)).toBe('second-person-needed');
    expect(await approve({ approvedBy: 'chen', ...own }, zhao)).toBeNull();
  });
});

describe('a second person at another page', () => {
  it('sees what waits, says yes, and the first goes on', async () => {
    const requestId = await ask();
    expect(await approve({ requestId })).toBe('request-not-approved');
    const seen = valueOf(await desk['second-person:list']({}, zhao)).requests;
    expect(seen).toMatchObject([
      { requestId, about: today, reason: '春节后第一天', askedBy: { name: '王一' }, isOwn: false },
    ]);
    const yes = { requestId, isApproved: true };
    expect(refusalOf(await desk['second-person:decide'](yes, zhao))).toBeNull();
    // The approver, who did not ask, does not use it either.
    expect(await approve({ requestId }, zhao)).toBe('request-unknown');
    expect(await approve({ requestId })).toBeNull();
    expect(valueOf(await desk['second-person:list']({}, zhao)).requests).toEqual([]);
  });

  it('who has left by the time approved nothing', async () => {
    const requestId = await ask();
    const yes = { requestId, isApproved: true };
    expect(refusalOf(await desk['second-person:decide'](yes, zhao))).toBeNull();
    await store.transact(({ users }) => users.change('zhao', { role: 'cashier' }));
    expect(await approve({ requestId })).toBe('not-allowed');
    const [row] = await store.read(({ secondPerson }) => secondPerson.inStates(['approved'], 9));
    expect(row?.id).toBe(requestId);
  });

  it('is asked for a cancellation of what is there alone', async () => {
    const nothing = { act: 'cancel-settlement', about: 'nothing', reason: 'x' } as const;
    expect(refusalOf(await desk['second-person:ask'](nothing, wang))).toBe('settlement-not-found');
  });
});
