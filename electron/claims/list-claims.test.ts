import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  refusalOf,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { listClaims } from './list-claims.ts';

/** More than one statement takes values: 32,766. */
const claimsMade = 33_500;

let store: TestStore;

beforeEach(async () => {
  store = await createTestStore();
  const input = await colonCancer();
  await keepVisit(store, input);
  const call = { visitId: input.visit.id, by: 'cashier1' };
  valueOf(await settleVisit(dependenciesOn(store, await ownPacks()), call));
});
afterEach(async () => {
  await store.remove();
});

/** Claims beside the settled ones, each of one item: destinations and message ids numbered on. */
async function addClaims(count: number): Promise<void> {
  await store.tamper(`
    with recursive numbers (n) as (
      select 1 union all select n + 1 from numbers where n < ${String(count)})
    insert into claims (id, settlement_id, visit_id, payer, destination, state, message_id,
        claimed_fen, business_date, created_at, attempts)
      select 'z' || substr('00000' || n, -6), settlements.id, settlements.visit_id, 'charity',
        'charity ' || n, 'waiting', 'message ' || n, n, settlements.business_date,
        settlements.settled_at, 0
      from numbers cross join settlements`);
  await store.tamper(`
    insert into claim_items (claim_id, position, settlement_id, step, payer, amount_fen)
      select id, 0, settlement_id, 'charity', payer, claimed_fen from claims
      where payer = 'charity'`);
}

describe('listing the claims', () => {
  it('prints all of them, in order and each with its items, however many there are', async () => {
    await addClaims(claimsMade);
    const all = valueOf(await listClaims({ store }, {}));
    expect(all).toHaveLength(claimsMade + 3);
    const added = valueOf(await listClaims({ store }, { payer: 'charity', state: 'waiting' }));
    expect(added).toHaveLength(claimsMade);
    const ids = added.map(({ id }) => id);
    expect(new Set(ids).size).toBe(claimsMade);
    expect(ids).toEqual([...ids].sort());
    expect(added[1234]).toMatchObject({
      destination: 'charity 1235',
      claimed: '12.35',
      items: [{ step: 'charity', payer: 'charity', amount: '12.35' }],
    });
    expect(added.every(({ items, claimed }) => items[0]?.amount === claimed)).toBe(true);
  });

  it('lists one payer, one state, or nothing', async () => {
    const payers = async (filter: Parameters<typeof listClaims>[1]) =>
      valueOf(await listClaims({ store }, filter)).map(({ payer }) => payer);
    expect(await payers({ payer: 'medical-assistance' })).toEqual(['medical-assistance']);
    expect(await payers({ state: 'accepted' })).toEqual([]);
    expect(refusalOf(await listClaims({ store }, { state: 'lost' }))).toBe('unknown-claim-state');
  });
});
