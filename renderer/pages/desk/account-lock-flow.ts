import type { AccountLockView } from '../../../shared/contracts/account-lock.ts';
import type { SettlementView, VisitPreview } from '../../../shared/contracts/settlement.ts';
import type { Tender } from '../../../shared/domain/visit.ts';
import type { Moment } from '../../components/moment.ts';

/** What of the desk the lock is about. */
type Locking = {
  readonly moment: Moment;
  readonly preview: VisitPreview | null;
  readonly settlement: SettlementView | null;
  readonly tenders: readonly Tender[];
  readonly accountLock: AccountLockView | null;
  readonly accountSeen: boolean;
  readonly shownAtMs: number;
};

/** The hospital has answered how the account of a visit is. */
export type AccountLockEvent = {
  readonly type: 'account-lock';
  readonly visitId: string;
  readonly lock: AccountLockView;
  readonly atMs: number;
};

/** From checking to paying, once the account is locked, or the cashier has seen that it is not and presses once more. */
export function payUnderLock<Flow extends Locking>(flow: Flow, atMs: number): Flow {
  const paying: Flow = { ...flow, moment: 'paying', shownAtMs: atMs };
  if (flow.preview?.locksAccount !== true || flow.accountSeen) return paying;
  if (flow.accountLock === null) return flow;
  return flow.accountLock.refusal === null
    ? paying
    : { ...flow, accountSeen: true, shownAtMs: atMs };
}

/** The visit whose account the hospital is to keep locked, from the first look at it to the settlement; null: none. */
export function visitToLock({
  moment,
  preview,
  settlement,
}: Pick<Locking, 'moment' | 'preview' | 'settlement'>): string | null {
  const isOpen = ['checking', 'paying', 'confirming', 'settling'].includes(moment);
  if (!isOpen || preview?.locksAccount !== true || settlement !== null) return null;
  return preview.confirmRefusal === null && preview.settlement === null
    ? preview.visit.visitId
    : null;
}

/** A lock that is lost, or a bill that changed under it, goes back to be checked; what is being settled is asked by the program. */
export function onAccountLock<Flow extends Locking>(
  flow: Flow,
  { visitId, lock, atMs }: AccountLockEvent,
): Flow {
  if (visitToLock(flow) !== visitId) return flow;
  // Lines that were said to have changed are said until the visit is opened anew.
  const changes = lock.changes ?? flow.accountLock?.changes ?? null;
  const known = { ...flow, accountLock: { ...lock, changes } };
  if (lock.refusal === null) return { ...known, accountSeen: false };
  const isNews = flow.accountLock?.refusal?.code !== lock.refusal.code;
  if (!isNews) return known;
  const shown = { ...known, accountSeen: false, shownAtMs: atMs };
  return flow.moment === 'paying' || flow.moment === 'confirming'
    ? { ...shown, moment: 'checking', tenders: [] }
    : shown;
}
