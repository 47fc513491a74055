import type { Clock } from '../base/clock.ts';
import type { CashOfDay, DayOfPayer } from '../database/day-closes-repository.ts';
import type { DifferenceCount } from '../database/differences-repository.ts';
import type {
  DayCloseTable,
  DayComparisonTable,
  RemittanceTable,
} from '../database/remittance-tables.ts';
import type { Repositories, Store } from '../database/store.ts';
import { notCompared } from './close-day.ts';
import { cashPayer } from './reconcile-day.ts';

/** What keeps a day from being closed. */
export type ClosingHindrance = 'none' | 'not-over' | 'not-compared' | 'differences';

export type PayerOfDay = {
  readonly payer: string;
  readonly here: Pick<DayOfPayer, 'claims' | 'claimedFen'>;
  /** Null: it was not compared yet. */
  readonly comparison: DayComparisonTable | null;
  readonly open: number;
};

/** A day that is not closed, with both sides of each payer. */
export type DayToClose = {
  readonly businessDate: string;
  readonly open: number;
  readonly settled: number;
  readonly oldestAt: string | null;
  readonly hindrance: ClosingHindrance;
  readonly cash: CashOfDay;
  readonly payers: readonly PayerOfDay[];
};

export type DaysOverview = {
  readonly days: readonly DayToClose[];
  readonly closed: readonly DayCloseTable[];
  readonly remittances: readonly RemittanceTable[];
  readonly payers: readonly string[];
  readonly open: number;
  readonly oldestAt: string | null;
};

/** As many as stand on a page; older ones wait until these are closed. */
const daysMax = 30;
const closedMax = 5;
const remittancesMax = 5;

/** The days to be closed, the oldest first, for those keep the others waiting. */
export function daysOverview({
  store,
  clock,
}: {
  readonly store: Store;
  readonly clock: Clock;
}): Promise<DaysOverview> {
  return store.read(async (repositories) => {
    const { dayCloses, differences, remittances } = repositories;
    const counts = await differences.counts(['open', 'explained', 'corrected']);
    const days: DayToClose[] = [];
    for (const businessDate of (await dayCloses.openDays(daysMax)).toReversed())
      days.push(await dayOf(repositories, clock, businessDate, counts));
    const open = counts.filter(({ state }) => state === 'open');
    return {
      ...{ days, closed: await dayCloses.closedDays(closedMax) },
      remittances: await remittances.list({ limit: remittancesMax }),
      payers: await remittances.destinations(),
      open: sumOf(open),
      oldestAt: oldestOf(open),
    };
  });
}

const sumOf = (counts: readonly DifferenceCount[]): number =>
  counts.reduce((sum, { differences }) => sum + differences, 0);
const oldestOf = (counts: readonly DifferenceCount[]): string | null =>
  counts.map(({ oldestAt }) => oldestAt).sort()[0] ?? null;

async function dayOf(
  repositories: Repositories,
  clock: Clock,
  businessDate: string,
  counts: readonly DifferenceCount[],
): Promise<DayToClose> {
  const { dayCloses } = repositories;
  const own = counts.filter((count) => count.businessDate === businessDate);
  const open = own.filter(({ state }) => state === 'open');
  const ofDay = await dayCloses.payersOfDay(businessDate);
  const comparisons = await dayCloses.comparisons(businessDate);
  const names = new Set([
    ...ofDay.map(({ payer }) => payer),
    ...open.map(({ payer }) => payer).filter((payer) => payer !== cashPayer),
  ]);
  const hindrance = async (): Promise<ClosingHindrance> => {
    if (businessDate >= clock.businessDate()) return 'not-over';
    if ((await notCompared(repositories, businessDate)).length > 0) return 'not-compared';
    return open.length > 0 ? 'differences' : 'none';
  };
  return {
    ...{ businessDate, open: sumOf(open), oldestAt: oldestOf(open) },
    settled: sumOf(own) - sumOf(open),
    hindrance: await hindrance(),
    cash: await dayCloses.cash(businessDate),
    payers: [...names].sort().map((payer) => ({
      payer,
      here: ofDay.find((each) => each.payer === payer) ?? { claims: 0, claimedFen: 0 },
      comparison: comparisons.find((each) => each.payer === payer) ?? null,
      open: sumOf(open.filter((count) => count.payer === payer)),
    })),
  };
}
