import type { Clock } from '../base/clock.ts';
import type { ClaimCount } from '../database/claims-repository.ts';
import type { Store } from '../database/store.ts';
import { claimGroups, type ClaimGroup } from '../../shared/contracts/claims.ts';
import { groupOf, statesOfGroup } from './claim-groups.ts';

/** How much of one payer waits in one group. */
export type GroupCount = {
  readonly claims: number;
  /** What is claimed with all of them, in fen. */
  readonly claimedFen: number;
  /** When the oldest was made; null: there is none. */
  readonly oldestAt: string | null;
  readonly alarm: AgeAlarm;
};

/** How long the oldest has waited: not long, over 12, 24 or 72 hours. Who is asked for money has time: never of unpaid ones. */
export type AgeAlarm = 'none' | 'twelve-hours' | 'a-day' | 'three-days';

export type PayerQueue = {
  readonly destination: string;
  readonly groups: Readonly<Record<ClaimGroup, GroupCount>>;
};

/** The queue payer by payer, payers in the order of their names, and all of them together. */
export type ClaimsOverview = {
  readonly payers: readonly PayerQueue[];
  readonly all: Readonly<Record<ClaimGroup, GroupCount>>;
};

/** What waits at which payer, and for how long. A clock that was set back makes nothing young: an age is never below 0. */
export async function claimsOverview({
  store,
  clock,
}: {
  readonly store: Store;
  readonly clock: Clock;
}): Promise<ClaimsOverview> {
  const states = claimGroups.flatMap((group) => statesOfGroup[group]);
  const counts = await store.read(({ claims }) => claims.counts(states));
  const now = clock.now().getTime();
  const byPayer = Map.groupBy(counts, ({ destination }) => destination);
  return {
    payers: [...byPayer].map(([destination, own]) => ({
      destination,
      groups: groupCounts(own, now),
    })),
    all: groupCounts(counts, now),
  };
}

function groupCounts(
  counts: readonly ClaimCount[],
  now: number,
): Readonly<Record<ClaimGroup, GroupCount>> {
  const of = (group: ClaimGroup): GroupCount => {
    const own = counts.filter(({ state }) => groupOf(state) === group);
    const oldestAt = own.map(({ oldestCreatedAt }) => oldestCreatedAt).sort()[0] ?? null;
    return {
      claims: own.reduce((sum, { claims }) => sum + claims, 0),
      claimedFen: own.reduce((sum, { claimedFen }) => sum + claimedFen, 0),
      oldestAt,
      alarm: group === 'unpaid' ? 'none' : alarmOf(oldestAt, now),
    };
  };
  return {
    'not-sent': of('not-sent'),
    unanswered: of('unanswered'),
    refused: of('refused'),
    unpaid: of('unpaid'),
  };
}

const hourMs = 3_600_000;

function alarmOf(oldestAt: string | null, now: number): AgeAlarm {
  const hours = oldestAt === null ? 0 : (now - new Date(oldestAt).getTime()) / hourMs;
  if (hours > 72) return 'three-days';
  if (hours > 24) return 'a-day';
  return hours > 12 ? 'twelve-hours' : 'none';
}
