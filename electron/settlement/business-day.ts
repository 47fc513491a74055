import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import type { Day } from '../../shared/domain/visit.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import type { Repositories } from '../database/store.ts';
import { transactResult } from '../database/transact-result.ts';
import {
  refusalOfApprover,
  takeConsent,
  type Consent,
  type ConsentCode,
} from '../security/second-person.ts';
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
 * The day that money counts for from now on, in the transaction that counts it. Refused where it is doubtful or closed:
 * then nothing was done.
 */
export async function enterBusinessDay(
  { clock }: Pick<SettlementDependencies, 'clock'>,
  { businessDay, dayCloses }: Pick<Repositories, 'businessDay' | 'dayCloses'>,
): Promise<Result<Day, 'business-date-doubtful' | 'day-closed'>> {
  const businessDate = clock.businessDate();
  // A supervisor may say that an earlier date is right, and no more that a closed day is open.
  if ((await dayCloses.closeOf(businessDate)) !== null)
    return refused(databaseRefusal('day-closed', { businessDate }));
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
  /** The page, or the command, it is done at. */
  readonly page?: string;
} & (
  | {
      /** The supervisor who stands beside and has proved who it is. */
      readonly approvedBy: string;
    }
  | { readonly consent: Consent }
);

export type ApprovedBusinessDate = {
  readonly businessDate: Day;
  /** The day before it; null if there was none. */
  readonly last: Day | null;
  /** Nothing had to be approved: nothing was changed. */
  readonly already: boolean;
};

/** Why a day is not approved. */
export type ApproveBusinessDateCode = 'business-date-moved' | ConsentCode;

/**
 * A supervisor says that the machine's date is right although it lies before the last business date or far after
 * it: money counts for it from now on. Kept in the audit chain with both days and both persons.
 */
export async function approveBusinessDate(
  { store, clock, ids }: Pick<SettlementDependencies, 'store' | 'clock' | 'ids'>,
  input: ApproveBusinessDateInput,
): Promise<Result<ApprovedBusinessDate, ApproveBusinessDateCode>> {
  const { businessDate, by, page = 'program' } = input;
  const given: Consent =
    'consent' in input ? input.consent : { kind: 'present', approvedBy: input.approvedBy };
  return transactResult<ApprovedBusinessDate, ApproveBusinessDateCode>(
    store,
    async (repositories) => {
      const { businessDay, audit } = repositories;
      const last = await businessDay.last();
      const today = clock.businessDate();
      const moved =
        today === businessDate
          ? null
          : settlementRefusal('business-date-moved', { businessDate, today });
      if (moved !== null || doubtOfBusinessDate(businessDate, last) === null) {
        // Nothing is used up by it, but nobody approves anything alone.
        const approver = await refusalOfApprover(repositories, given, by);
        if (approver !== null) return approver;
        return moved === null ? accepted({ businessDate, last, already: true }) : refused(moved);
      }
      const wanted = { act: 'approve-business-date', about: businessDate, visitId: null } as const;
      const consent = await takeConsent(
        repositories,
        { clock, ids },
        { ...wanted, reason: last ?? '', amountFen: null, usedFor: businessDate },
        { userId: by, page },
        given,
      );
      if (!consent.ok) return consent;
      const { approvedBy, requestId } = consent.value;
      await businessDay.enter(businessDate);
      await audit.append({
        at: shanghaiInstant(clock.now()),
        who: by,
        act: 'approve-business-date',
        about: businessDate,
        detail: { businessDate, last, approvedBy, requestId },
      });
      return accepted({ businessDate, last, already: false });
    },
  );
}
