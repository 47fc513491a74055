import { shanghaiInstant } from '../base/clock.ts';
import { payersAddress } from '../claims/payers-address.ts';
import type { CashOfDay } from '../database/day-closes-repository.ts';
import type { SeenDifference } from '../database/differences-repository.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import type { LockPlace } from '../database/lock-places.ts';
import { takeLock } from '../database/named-lock.ts';
import { assertRoom } from '../database/reading-only.ts';
import type { DayComparisonTable } from '../database/remittance-tables.ts';
import type { Actor } from '../security/second-person.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { compareDay, type Comparison } from './compare-day.ts';
import { oneStopLedger } from './one-stop-ledger.ts';
import { ledgerOf, type LedgerPlaces, type PayerLedger } from './payer-ledger.ts';
import type { ReconcilingParts } from './take-in-remittance.ts';

export type ReconcileParts = ReconcilingParts & {
  readonly folder: LockPlace;
  readonly claimChannels: LedgerPlaces;
};

export type ReconcileCall = {
  readonly businessDate: string;
  /** One payer alone; absent: all of the day, and the cash. */
  readonly payer?: string;
  /** Where the payers are; null: there is no line, and so no ledger to ask. */
  readonly payersUrl: string | null;
};

/** What came of a day: each payer's comparison, and the cash. What does not agree is kept as differences. */
export type ReconciledDay = {
  readonly businessDate: string;
  readonly comparisons: readonly DayComparisonTable[];
  readonly cash: CashOfDay;
  /** How many differences of the day are open now. */
  readonly open: number;
};

export type ReconcileCode = 'busy' | 'day-closed' | 'payers-url-wrong' | 'payers-url-plain';

/** The cash is compared as a payer is. */
export const cashPayer = 'cash';

const wrongTendersMax = 500;

/**
 * Compares a day's ledger with each payer's and with the cash. Asked again it says the same: differences keep their age, and those
 * that are seen no more are gone. What a payer cannot be asked for leaves what is known of it as it is.
 */
export async function reconcileDay(
  parts: ReconcileParts,
  { businessDate, payer, payersUrl }: ReconcileCall,
  by: Actor,
): Promise<Result<ReconciledDay, ReconcileCode>> {
  const { store, clock, folder, claimChannels } = parts;
  assertRoom(store);
  const address = payersUrl === null ? null : await payersAddress(store, payersUrl);
  if (address?.ok === false) return address;
  const lock = await takeLock(folder, 'reconcile', '对账', shanghaiInstant(clock.now()));
  if (!lock.ok) return lock;
  try {
    const known = await store.read(({ dayCloses }) => dayCloses.closeOf(businessDate));
    if (known !== null) return refused(databaseRefusal('day-closed', { businessDate }));
    const usual = address === null ? null : address.value;
    const payers = await payersToCompare(parts, businessDate);
    for (const each of payers) {
      if (payer !== undefined && each !== payer) continue;
      const ledger = ledgerOf(claimChannels, each, usual, oneStopLedger);
      await reconcilePayer(parts, { businessDate, payer: each, ledger }, by);
    }
    if (payer === undefined) await reconcileCash(parts, businessDate, by);
    const answer = await store.read(async ({ dayCloses, differences }) => ({
      comparisons: await dayCloses.comparisons(businessDate),
      cash: await dayCloses.cash(businessDate),
      counts: await differences.counts(['open']),
    }));
    const { comparisons, cash, counts } = answer;
    const open = counts
      .filter((count) => count.businessDate === businessDate)
      .reduce((sum, count) => sum + count.differences, 0);
    await store.transact(async ({ audit }) => {
      await audit.append({
        ...{ at: shanghaiInstant(clock.now()), who: by.userId, act: 'reconcile-day' },
        about: businessDate,
        detail: { payers: payer ?? 'all', open, page: by.page },
      });
    });
    return accepted({ businessDate, comparisons, cash, open });
  } finally {
    lock.value.release();
  }
}

/**
 * Payers of the day's claims, those that have open differences of it, and those of any claim: one of which we have nothing may
 * have something of us.
 */
async function payersToCompare(
  { store }: ReconcilingParts,
  businessDate: string,
): Promise<readonly string[]> {
  const { ofDay, all, counts } = await store.read(
    async ({ dayCloses, remittances, differences }) => ({
      ofDay: await dayCloses.payersOfDay(businessDate),
      all: await remittances.destinations(),
      counts: await differences.counts(['open']),
    }),
  );
  const found = [
    ...ofDay.map((each) => each.payer),
    ...all,
    ...counts.filter((each) => each.businessDate === businessDate).map((each) => each.payer),
  ];
  return [...new Set(found)].filter((each) => each !== cashPayer).sort();
}

async function reconcilePayer(
  parts: ReconcilingParts,
  {
    businessDate,
    payer,
    ledger,
  }: {
    readonly businessDate: string;
    readonly payer: string;
    readonly ledger: PayerLedger | null;
  },
  by: Actor,
): Promise<void> {
  const { store, clock, ids } = parts;
  const id = ids.next();
  const seeing = () => ({
    ...{ by: id, at: shanghaiInstant(clock.now()), who: by.userId },
    nextId: () => ids.next(),
  });
  const take = async (found: readonly SeenDifference[]): Promise<void> => {
    if (found.length === 0) return;
    await store.transact(({ differences }) => differences.see(found, seeing()));
  };
  const compared = await compareDay({ store, ledger }, { businessDate, payer }, take);
  const { at, who } = seeing();
  await store.transact(async ({ dayCloses, differences }) => {
    // Of a payer that was not heard to the end nothing is known to be gone.
    if (compared.ledger !== 'not-reached')
      await differences.letGo({ businessDate, payer, seenIn: id, at, who });
    await dayCloses.keepComparison({
      ...{ business_date: businessDate, payer, id, compared_at: at, compared_by: who },
      ...columnsOf(compared),
    });
  });
}

const columnsOf = ({ ledger, problem, ...counts }: Comparison) => ({
  ...{ ledger, problem, claims_here: counts.claimsHere, claimed_fen: counts.claimedFen },
  ...{ claims_there: counts.claimsThere, there_fen: counts.thereFen },
});

/** Every settlement of the day was paid as its patient owed it. */
async function reconcileCash(
  { store, clock, ids }: ReconcilingParts,
  businessDate: string,
  by: Actor,
): Promise<void> {
  const id = ids.next();
  const at = shanghaiInstant(clock.now());
  const who = by.userId;
  await store.transact(async ({ dayCloses, differences }) => {
    const wrong = await dayCloses.wrongTenders(businessDate, wrongTendersMax);
    const seen = wrong.map(({ settlementId, owedFen, tenderedFen }): SeenDifference => ({
      ...{ business_date: businessDate, payer: cashPayer, class: 'amount-differs' },
      ...{ subject: settlementId, claim_id: null, settlement_id: settlementId, step: null },
      ...{ remittance_id: null, position: null, ours_fen: owedFen, theirs_fen: tenderedFen },
      ...{ claim_state: null, said: null },
    }));
    await differences.see(seen, { by: id, at, who, nextId: () => ids.next() });
    await differences.letGo({ businessDate, payer: cashPayer, seenIn: id, at, who });
  });
}
