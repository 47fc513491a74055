import { shanghaiInstant } from '../base/clock.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import { assertRoom } from '../database/reading-only.ts';
import type { DayCloseTable } from '../database/remittance-tables.ts';
import type { Repositories } from '../database/store.ts';
import { transactResult } from '../database/transact-result.ts';
import {
  takeConsent,
  type Actor,
  type Consent,
  type ConsentCode,
} from '../security/second-person.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { reconciliationRefusal } from './reconciliation-refusals.ts';
import type { ReconcilingParts } from './take-in-remittance.ts';

export type CloseDayCode =
  'day-closed' | 'day-not-over' | 'day-not-compared' | 'day-has-differences' | ConsentCode;

/**
 * Closes a day: it is over, every payer of its claims was compared and nothing has changed since, and every difference is
 * explained, corrected or gone. From then on it is corrected in the current period alone. A second person consents.
 */
export function closeDay(
  { store, clock, ids }: ReconcilingParts,
  businessDate: string,
  by: Actor,
  consent: Exclude<Consent, { kind: 'emergency' }>,
): Promise<Result<DayCloseTable, CloseDayCode>> {
  assertRoom(store);
  return transactResult<DayCloseTable, CloseDayCode>(store, async (repositories) => {
    const { dayCloses, differences, audit } = repositories;
    if ((await dayCloses.closeOf(businessDate)) !== null)
      return refused(databaseRefusal('day-closed', { businessDate }));
    const today = clock.businessDate();
    if (businessDate >= today)
      return refused(reconciliationRefusal('day-not-over', { businessDate, today }));
    const missing = await notCompared(repositories, businessDate);
    if (missing.length > 0)
      return refused(reconciliationRefusal('day-not-compared', { businessDate, payers: missing }));
    const counts = await differences.counts(['open', 'explained', 'corrected']);
    const own = counts.filter((count) => count.businessDate === businessDate);
    const sumOf = (isOpen: boolean): number =>
      own
        .filter(({ state }) => (state === 'open') === isOpen)
        .reduce((sum, count) => sum + count.differences, 0);
    const open = sumOf(true);
    if (open > 0)
      return refused(reconciliationRefusal('day-has-differences', { businessDate, open }));
    const wanted = {
      ...{ act: 'close-day' as const, about: businessDate, visitId: null },
      ...{ reason: '日结', amountFen: null, usedFor: businessDate },
    };
    const given = await takeConsent(repositories, { clock, ids }, wanted, by, consent);
    if (!given.ok) return given;
    const { requestId, approvedBy } = given.value;
    const at = shanghaiInstant(clock.now());
    const explained = sumOf(false);
    const comparisons = await dayCloses.comparisons(businessDate);
    const entry = await audit.append({
      ...{ at, who: by.userId, act: 'close-day', about: businessDate },
      detail: {
        ...{ approvedBy, requestId, explained, page: by.page },
        mark: audit.markOfRows('closed day', { businessDate, comparisons, explained }),
      },
    });
    const close: DayCloseTable = {
      ...{ business_date: businessDate, closed_at: at, closed_by: by.userId, entry, explained },
    };
    await dayCloses.close(close);
    return accepted(close);
  });
}

/** Payers of the day's claims that were not compared, not reached, or whose claims have changed since. */
export async function notCompared(
  { dayCloses }: Pick<Repositories, 'dayCloses'>,
  businessDate: string,
): Promise<readonly string[]> {
  const comparisons = await dayCloses.comparisons(businessDate);
  const ofDay = await dayCloses.payersOfDay(businessDate);
  const changed = ofDay.filter(({ payer, claims, claimedFen }) => {
    const compared = comparisons.find((each) => each.payer === payer);
    return compared?.claims_here !== claims || compared.claimed_fen !== claimedFen;
  });
  const unheard = comparisons.filter(({ ledger }) => ledger === 'not-reached');
  return [...new Set([...changed, ...unheard].map(({ payer }) => payer))].sort();
}
