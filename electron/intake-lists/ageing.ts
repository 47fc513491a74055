import type { Clock } from '../base/clock.ts';
import type { Store } from '../database/store.ts';
import type { WaitingBill, WaitingPlace, WaitsFor, WaitsFrom } from '../database/waiting-bills.ts';

/** So many days a bill waits, at least, for each of the counters. */
export const ageingDays = [1, 3, 7, 30] as const;
export type AgeingDays = (typeof ageingDays)[number];

/** Which of the bills that wait are asked for. */
export type AgeingQuestion = {
  readonly from: WaitsFrom;
  /** Null: whoever has to act. */
  readonly waitsFor: WaitsFor | null;
  /** Null: however long. */
  readonly daysAtLeast: AgeingDays | null;
};

/** A bill that waits, and for how long. */
export type AgedBill = WaitingBill & {
  /** Null: the bill does not say the day of discharge. */
  readonly daysSinceDischarge: number | null;
  readonly daysSinceArrival: number;
};

export type AgeingCount = {
  readonly waitsFor: WaitsFor;
  readonly all: number;
  /** How many of them wait for so many days at least, in the order of `ageingDays`. */
  readonly atLeast: readonly number[];
};

type Dependencies = { readonly store: Store; readonly clock: Pick<Clock, 'businessDate'> };

/** Bills that came and are not settled, the longest waiting first, after one of them. */
export async function listAgeing(
  { store, clock }: Dependencies,
  { from, waitsFor, daysAtLeast }: AgeingQuestion,
  { after, limit }: { readonly after: WaitingPlace | null; readonly limit: number },
): Promise<readonly AgedBill[]> {
  const today = clock.businessDate();
  const before = daysAtLeast === null ? null : dayOfWait(today, daysAtLeast);
  const bills = await store.read(({ visits }) =>
    visits.waitingBills({ from, waitsFor, before, after, limit }),
  );
  return bills.map((bill) => ({
    ...bill,
    daysSinceDischarge: bill.dischargedOn === null ? null : daysUntil(today, bill.dischargedOn),
    daysSinceArrival: daysUntil(today, bill.firstReceivedAt.slice(0, 10)),
  }));
}

/** How many wait for whom, and how long. */
export async function countAgeing(
  { store, clock }: Dependencies,
  from: WaitsFrom,
): Promise<readonly AgeingCount[]> {
  const today = clock.businessDate();
  const days = ageingDays.map((each) => dayOfWait(today, each));
  const counts = await store.read(({ visits }) => visits.countWaitingBills({ from, days }));
  return counts.map(({ waitsFor, all, before }) => ({ waitsFor, all, atLeast: before }));
}

const dayMs = 24 * 60 * 60 * 1000;

/** What waits for so many days began before this day. */
function dayOfWait(today: string, days: number): string {
  return new Date(Date.parse(today) - (days - 1) * dayMs).toISOString().slice(0, 10);
}

/** Whole days; whoever is not yet discharged waits for none. */
function daysUntil(today: string, since: string): number {
  return Math.max(0, Math.round((Date.parse(today) - Date.parse(since)) / dayMs));
}
