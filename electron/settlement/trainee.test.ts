import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { fen } from '../../shared/money/fen.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { changeUser } from '../security/change-user.ts';
import type { User } from '../security/users.ts';
import { firstAdministrator, partsOn, worker } from '../security/users.test-support.ts';
import { cancelSettlement } from './cancel-settlement.ts';
import { settleVisit } from './settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  refusalOf,
  valueOf,
} from './settlement.test-support.ts';

let store: TestStore;
let boss: User;
let dependencies: ReturnType<typeof dependenciesOn>;
const visitId = 'ZY20171110001';

/** The published stay: the patient pays 1,358.00 of it. */
beforeEach(async () => {
  store = await createTestStore();
  dependencies = dependenciesOn(store, await ownPacks());
  await keepVisit(store, await colonCancer());
  const parts = partsOn(store);
  boss = await firstAdministrator(parts);
  await worker(parts, boss, { userId: 's001', name: '带教', role: 'supervisor' });
  await worker(parts, boss, { userId: 's002', name: '别的班长', role: 'supervisor' });
  await worker(parts, boss, { userId: 'c001', name: '老手', role: 'cashier' });
  await learner(135_799);
});
afterEach(async () => {
  await store.remove();
});

async function learner(limitFen: number): Promise<void> {
  const training = { limitFen: fen(limitFen), mentor: 's001' };
  const known = await store.read(({ users }) => users.find('t001'));
  const parts = partsOn(store);
  if (known === null)
    await worker(parts, boss, { userId: 't001', name: '新手', role: 'cashier', training });
  else valueOf(await changeUser(parts, { userId: 't001', training, by: boss }));
}

const settle = (by: string, approvedBy?: string) =>
  settleVisit(dependencies, { visitId, by, ...(approvedBy === undefined ? {} : { approvedBy }) });
const nothingIsSettled = async () => {
  expect(await store.read(({ settlements }) => settlements.findLive(visitId, 1))).toBeNull();
  expect(await store.read(({ settlements }) => settlements.openIntents(5))).toEqual([]);
};

describe('a trainee', () => {
  it('does not settle a fen above the limit, and nothing is kept of it', async () => {
    const refusal = refusalOf(await settle('t001'));
    expect(refusal).toBe('trainee-limit');
    await nothingIsSettled();
  });

  it('settles up to the limit', async () => {
    await learner(135_800);
    expect(valueOf(await settle('t001')).settlement.settledBy).toBe('t001');
  });

  it('settles more with the mentor’s consent, which stands in the audit, and with nobody else’s', async () => {
    expect(refusalOf(await settle('t001', 's002'))).toBe('trainee-limit');
    expect(refusalOf(await settle('t001', 't001'))).toBe('trainee-limit');
    await nothingIsSettled();
    const { settlement } = valueOf(await settle('t001', 's001'));
    const entries = await store.read(({ audit }) => audit.about(settlement.settlementId));
    expect(entries.map(({ who, act }) => `${who} ${act}`)).toEqual([
      't001 settle-visit',
      's001 approve-trainee',
    ]);
  });

  it('is held by nothing once no trainee any more', async () => {
    valueOf(await changeUser(partsOn(store), { userId: 't001', training: null, by: boss }));
    expect(valueOf(await settle('t001')).already).toBe(false);
  });

  it('gives no money back: neither of a deposit, with whoever’s consent, nor by cancelling', async () => {
    await learner(10_000_000);
    const input = await colonCancer();
    const id = 'ZY-REFUND';
    const deposit = { ...input.visit, id, depositFen: fen(500_000) };
    await keepVisit(store, { ...input, visit: deposit });
    const refund = (by: string, approvedBy: string) =>
      settleVisit(dependencies, { visitId: id, by, approvedBy });
    expect(refusalOf(await refund('t001', 's001'))).toBe('trainee-no-refund');
    const { settlement } = valueOf(await settle('t001'));
    const cancel = (by: string) =>
      cancelSettlement(dependencies, {
        ...{ settlementId: settlement.settlementId, reason: '录错', by, approvedBy: 's001' },
      });
    expect(refusalOf(await cancel('t001'))).toBe('trainee-no-refund');
    expect(valueOf(await cancel('c001')).already).toBe(false);
    expect(valueOf(await refund('c001', 's001')).already).toBe(false);
  });
});
