import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import type { Day } from '../../shared/domain/visit.ts';
import { shanghaiInstant } from '../base/clock.ts';
import type { Repositories } from '../database/store.ts';
import { securityRefusal } from '../security/security-refusals.ts';
import { activeUser } from '../security/users.ts';
import type { SettlementDependencies } from './settlement-dependencies.ts';
import { settlementRefusal } from './settlement-refusals.ts';

/** A desk may stand closed over the longest holidays; a clock that runs further ahead is more likely wrong. */
export const daysAheadMax = 30;

/**
 * Why money may not count for this day without a supervisor: it lies before the last business date, or more than
 * `daysAheadMax` days after it. null: it may.
 */
export function doubtOfBusinessDate(
  businessDate: Day,
  last: Day | null,
): Refusal<'business-date-doubtful'> | null {
  if (last === null) return null;
  const days = (Date.parse(businessDate) - Date.parse(last)) / 86_400_000;
  if (days >= 0 && days <= daysAheadMax) return null;
  return settlementRefusal('business-date-doubtful', { businessDate, last });
}

/**
 * The day that money counts for from now on, in the transaction that counts it. Refused where it is doubtful:
 * then nothing was done.
 */
export async function enterBusinessDay(
  { clock }: Pick<SettlementDependencies, 'clock'>,
  { businessDay }: Pick<Repositories, 'businessDay'>,
): Promise<Result<Day, 'business-date-doubtful'>> {
  const businessDate = clock.businessDate();
  const last = await businessDay.last();
  const doubt = doubtOfBusinessDate(businessDate, last);
  if (doubt !== null) return refused(doubt);
  if (businessDate !== last) await businessDay.enter(businessDate);
  return accepted(businessDate);
}

export type ApproveBusinessDateInput = {
  /** The day that was looked at; the clock must still say it. */
  readonly businessDate: Day;
  readonly by: string;
  readonly approvedBy: string;
};

export type ApprovedBusinessDate = {
  readonly businessDate: Day;
  /** The day before it; null if there was none. */
  readonly last: Day | null;
  /** Nothing had to be approved: nothing was changed. */
  readonly already: boolean;
};

/** Why a day is not approved. */
export type ApproveBusinessDateCode =
  'business-date-moved' | 'second-person-needed' | 'user-unknown' | 'not-allowed';

/**
 * A supervisor says that the machine's date is right although it lies before the last business date or far after
 * it: money counts for it from now on. Kept in the audit chain with both days and both persons.
 */
export async function approveBusinessDate(
  { store, clock }: Pick<SettlementDependencies, 'store' | 'clock'>,
  { businessDate, by, approvedBy }: ApproveBusinessDateInput,
): Promise<Result<ApprovedBusinessDate, ApproveBusinessDateCode>> {
  const approver = await store.read(({ users }) => activeUser(users, approvedBy));
  const place = '/approvedBy';
  if (approver === null)
    return refused(securityRefusal('user-unknown', { userId: approvedBy, place }));
  if (approver.role !== 'supervisor')
    return refused(securityRefusal('not-allowed', { name: approver.name, place }));
  if (by === approvedBy) return refused(settlementRefusal('second-person-needed'));
  const today = clock.businessDate();
  if (today !== businessDate)
    return refused(settlementRefusal('business-date-moved', { businessDate, today }));
  return store.transact(async ({ businessDay, audit }) => {
    const last = await businessDay.last();
    if (doubtOfBusinessDate(businessDate, last) === null)
      return accepted({ businessDate, last, already: true });
    await businessDay.enter(businessDate);
    await audit.append({
      at: shanghaiInstant(clock.now()),
      who: by,
      act: 'approve-business-date',
      about: businessDate,
      detail: { businessDate, last, approvedBy },
    });
    return accepted({ businessDate, last, already: false });
  });
}
