import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Role } from '../../shared/contracts/contract.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import {
  cheapHasher,
  firstAdministrator,
  goodPassword,
  partsOn,
  worker,
} from '../security/users.test-support.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  refusalOf,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { verifyFolder } from '../settlement/verify-folder.ts';
import type { DeskParts } from './desk-parts.ts';
import type { Caller } from './handle-call.ts';
import { secondPersonCalls } from './second-person.ts';
import { settlementCalls } from './settlement.ts';

let store: TestStore;
let desk: ReturnType<typeof settlementCalls> & ReturnType<typeof secondPersonCalls>;
let settlementId: string;
/** How often the paper and the hospital's files were woken. */
let woken: number;

beforeEach(async () => {
  store = await createTestStore();
  const users = partsOn(store);
  const boss = await firstAdministrator(users);
  await worker(users, boss, { userId: 'wang', name: '王一', role: 'cashier' });
  await worker(users, boss, { userId: 'zhao', name: '赵四', role: 'supervisor' });
  const dependencies = dependenciesOn(store, await ownPacks());
  const visitId = await keepVisit(store, await colonCancer());
  const settled = valueOf(await settleVisit(dependencies, { visitId, by: 'wang' }));
  settlementId = settled.settlement.settlementId;
  woken = 0;
  const parts = {
    services: { ...dependencies, folder: { kind: 'live' } },
    hasher: cheapHasher,
    tellPages: () => undefined,
    wakeAfterSettling: () => {
      woken += 1;
    },
  } as unknown as DeskParts;
  desk = { ...settlementCalls(parts), ...secondPersonCalls(parts) };
});
afterEach(async () => {
  const { checks } = await verifyFolder({ store });
  await store.remove();
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});

const at = (userId: string, role: Role): Caller => ({
  ...{ userId, name: userId, role, sessionId: `page of ${userId}` },
});
const [wang, zhao] = [at('wang', 'cashier'), at('zhao', 'supervisor')];
type Given = { approvedBy?: string; password?: string; requestId?: string; reason?: string };
const cancel = (given: Given) =>
  desk['settlement:cancel']({ settlementId, reason: '费用有误', ...given }, wang);
const beside = { approvedBy: 'zhao', password: goodPassword };
const stateNow = async () =>
  (await store.read(({ settlements }) => settlements.find(settlementId)))?.state;

describe('cancelling at the desk', () => {
  it('says what goes back over the counter, and answers a second time with the same', async () => {
    const cancelled = valueOf(await cancel(beside));
    expect(cancelled).toEqual({
      already: false,
      tendersBack: [{ kind: 'cash', amountFen: 135_800 }],
      claimsWithdrawn: 3,
      hasNewerBill: false,
      later: [],
      warnings: [],
    });
    expect(await stateNow()).toBe('cancelled');
    expect(woken).toBe(1);
    expect(valueOf(await cancel(beside)).already).toBe(true);
  });

  it.each([
    [{}, 'second-person-needed'],
    [{ approvedBy: 'zhao', password: 'wrong' }, 'sign-in-refused'],
    [{ approvedBy: 'wang', password: goodPassword }, 'not-allowed'],
    [{ approvedBy: 'nobody', password: goodPassword }, 'sign-in-refused'],
    [{ requestId: 'nothing' }, 'request-unknown'],
    [{ ...beside, reason: ' \u200b ' }, 'reason-missing'],
  ] as const)('is refused with %j, and nothing has moved', async (given, code) => {
    expect(refusalOf(await cancel(given))).toBe(code);
    expect(await stateNow()).toBe('settled');
    expect(woken).toBe(0);
  });

  it('goes by a request that was approved at another page, for this settlement and once', async () => {
    const asked = { act: 'cancel-settlement', about: settlementId, reason: '费用有误' } as const;
    const { requestId } = valueOf(await desk['second-person:ask'](asked, wang));
    expect(refusalOf(await cancel({ requestId }))).toBe('request-not-approved');
    const yes = { requestId, isApproved: true, reason: '' };
    expect(refusalOf(await desk['second-person:decide'](yes, zhao))).toBeNull();
    expect(valueOf(await cancel({ requestId })).already).toBe(false);
    expect(await stateNow()).toBe('cancelled');
    const { requests } = valueOf(await desk['second-person:list']({}, wang));
    expect(requests).toMatchObject([{ requestId, state: 'used' }]);
  });
});
