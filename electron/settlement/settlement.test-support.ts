import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { receivedBill } from '../database/received-bill.test-support.ts';
import type { Store } from '../database/store.ts';
import { ownPacksFolder } from '../policy-packs/load-packs.ts';
import { ownPacksReadOnce } from '../policy-packs/own-packs.test-support.ts';
import { settlementInputFromVisitJson } from '../../shared/contracts/visit-json.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import type { Result } from '../../shared/domain/result.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import type { CancelDependencies, SettlementDependencies } from './settlement-dependencies.ts';

/** A clock that stands at one moment of the demo's business day. */
export const testClock: Clock = {
  now: () => new Date('2017-11-27T02:15:00.000Z'),
  businessDate: () => '2017-11-27',
};

/** What settling and cancelling need. */
export type TestDependencies = SettlementDependencies & CancelDependencies;

/** The packs the program comes with. */
export async function ownPacks(): Promise<readonly CompiledPack[]> {
  return (await ownPacksReadOnce()).map(({ compiled }) => compiled);
}

export function dependenciesOn(store: Store, packs: readonly CompiledPack[]): TestDependencies {
  const claimChannels = {
    of: (destination: string) => ({ isOwnBook: destination === 'hospital-reduction' }),
  };
  return {
    ...{ store, packs, approvedOnly: null, clock: testClock },
    ...{ ids: timeOrderedIds(), claimChannels },
  };
}

/** The published case: 17 days for a cancer of the colon, 14,904.00 yuan. */
export async function colonCancer(): Promise<SettlementInput> {
  const file = join(ownPacksFolder(), 'pingjiang-2017/1.0.0/cases/colon-cancer-17-days.json');
  const reading = settlementInputFromVisitJson(JSON.parse(await readFile(file, 'utf8')));
  return valueOf(reading).input;
}

/** Keeps a visit as intake does: person, bill, and the year if the visit brings one. */
export async function keepVisit(store: Store, input: SettlementInput): Promise<string> {
  const ids = timeOrderedIds();
  const at = shanghaiInstant(testClock.now());
  await store.transact(async ({ persons, visits, counters }) => {
    const { person, yearToDate } = input;
    const personId = await persons.upsertFromVisit({
      ...{ newId: ids.next(), person, visitId: input.visit.id, at },
    });
    await visits.saveBill({
      ...receivedBill(input),
      personId,
      personPinyin: 'zs zhangsan',
      receivedAt: at,
      source: 'a test',
      newSetAsideId: ids.next(),
    });
    if (yearToDate !== null)
      valueOf(await counters.openYear({ personId, yearToDate, source: 'visit' }));
  });
  return input.visit.id;
}

/** The value of a result that must be accepted. */
export function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
}

/** The code of a refusal; null where it was accepted. */
export function refusalOf(result: Result<unknown>): string | null {
  return result.ok ? null : result.refusal.code;
}
