import { timeOrderedIds } from '../base/ids.ts';
import { claimsOf } from '../settlement/claims-of-settlement.ts';
import { decideVisit } from '../settlement/decide-visit.ts';
import { everyPackCounts } from '../settlement/packs-that-count.ts';
import {
  colonCancer,
  ownPacks,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { shanghaiInstant } from '../base/clock.ts';
import type { SettledClaim } from './channel.ts';

/**
 * Makes settled claims without a database: the published case, each time as another settlement, and of its
 * claims the one on `destination`.
 */
export async function settledClaims(destination: string): Promise<() => SettledClaim> {
  const ids = timeOrderedIds();
  const at = shanghaiInstant(testClock.now());
  const businessDate = testClock.businessDate();
  const input = await colonCancer();
  const { result } = valueOf(
    decideVisit(everyPackCounts(await ownPacks()), {
      ...{ input, yearSource: { kind: 'unknown' }, record: { warnings: [] } },
    }),
  );
  let made = 0;
  return () => {
    made += 1;
    const messageId = `H4306260000120171127101500${String(made).padStart(4, '0')}`;
    const settlement = {
      settlementId: ids.next(),
      number: `JS20171127${String(made).padStart(4, '0')}`,
      personId: ids.next(),
      part: 1,
      billVersion: 1,
      result,
      businessDate,
      settledAt: at,
      settledBy: 'cashier1',
    };
    const all = claimsOf(
      { ...settlement, input, shares: [], tenders: [] },
      Object.fromEntries(result.shares.map((share) => [share.destination, messageId])),
      ids,
      undefined,
    );
    const claim = all.find((each) => each.destination === destination);
    if (claim === undefined) throw new Error(`the published case owes nothing to ${destination}`);
    return {
      claim: {
        ...claim,
        state: 'in-batch',
        approvedFen: null,
        adjustedFen: null,
        paidFen: null,
        attempts: 0,
        lastAttemptAt: null,
        payerReference: null,
        problem: null,
        runId: null,
      },
      settlement: { ...settlement, visitId: result.visitId, year: 2017, state: 'settled' },
      input,
    };
  };
}
