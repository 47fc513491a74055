import { lockAccount, type AccountLockView } from '../../shared/contracts/account-lock.ts';
import { accepted, refused, type Refusal } from '../../shared/domain/result.ts';
import { shanghaiInstant } from '../base/clock.ts';
import type { VisitRecord } from '../database/visit-record.ts';
import { accountLockRefusal } from '../intake/sql/account-lock-refusals.ts';
import { compareBills } from '../settlement/compare-bills.ts';
import { maskNumbersIn } from '../security/mask.ts';
import { differenceView } from './changed-bill-view.ts';
import type { DeskParts } from './desk-parts.ts';
import type { Caller, CallHandlers } from './handle-call.ts';
import { settlementCalls } from './settlement.ts';

/** More differing lines are another bill altogether. */
const linesShownMax = 20;
/** More pages than any desk has. */
const pagesMax = 100;

/**
 * The calls of settling as they are where the hospital lets its accounts be locked: a page locks the account of the visit it
 * checks, is told what of the bill has changed since it was shown, and settles under the lock, or after saying that it has
 * seen that there is none.
 */
export function settlementCallsUnderLock(parts: DeskParts) {
  const { services, accountLocks } = parts;
  const { store, clock } = services;
  const calls = settlementCalls(parts);
  /** The bill that each page was shown last. */
  const onScreen = new Map<string, VisitRecord>();
  const find = (visitId: string): Promise<VisitRecord | null> =>
    store.read(({ visits }) => visits.find(visitId));

  async function noteOnScreen(sessionId: string, visitId: string, version: number): Promise<void> {
    const record = await find(visitId);
    onScreen.delete(sessionId);
    if (record?.billVersion === version) onScreen.set(sessionId, record);
    const [oldest] = onScreen.keys();
    if (onScreen.size > pagesMax && oldest !== undefined) onScreen.delete(oldest);
  }

  async function changesSince(
    before: VisitRecord | undefined,
  ): Promise<AccountLockView['changes']> {
    if (before === undefined) return null;
    const now = await find(before.visitId);
    if (now === null || now.billVersion === before.billVersion) return null;
    const { lines, counts } = differenceView(compareBills(before, now));
    const count = counts.added + counts.removed + counts.changed;
    return { lines: lines.slice(0, linesShownMax), count };
  }

  return {
    ...calls,
    'settlement:preview': async (input: { readonly visitId: string }, caller: Caller) => {
      const previewed = await calls['settlement:preview'](input);
      if (!previewed.ok || !accountLocks.isOffered) return previewed;
      const { bill, settlement } = previewed.value;
      // Whoever may only look locks nothing.
      if (settlement !== null || !lockAccount.roles.some((role) => role === caller.role))
        return previewed;
      await noteOnScreen(caller.sessionId, input.visitId, bill.version);
      return accepted({ ...previewed.value, locksAccount: true as const });
    },
    'settlement:settle-visit': async (
      { despiteAccount, ...input }: Parameters<CallHandlers['settlement:settle-visit']>[0],
      caller: Caller,
    ) => {
      const { visitId } = input;
      const isHeld = !accountLocks.isOffered || accountLocks.isHeld(visitId, caller.sessionId);
      // What is settled already is answered with its settlement, lock or not.
      if (!isHeld && (await find(visitId))?.state === 'unsettled') {
        if (despiteAccount !== true) return refused(accountLockRefusal('account-not-locked'));
        await store.transact(({ audit }) =>
          audit.append({
            ...{ at: shanghaiInstant(clock.now()), who: caller.userId },
            ...{ act: 'settle-despite-account', about: visitId, detail: {} },
          }),
        );
      }
      const settled = await calls['settlement:settle-visit'](input, caller);
      // The hospital hears of the settlement by its file; nobody at the counter waits for it to book again.
      if (settled.ok)
        accountLocks.settled(visitId).catch((fault: unknown) => parts.documents.onFault?.(fault));
      return settled;
    },
    'visits:lock-account': async ({ visitId }, { sessionId }) => {
      const shown = onScreen.get(sessionId);
      const { isLocked, refusal } = await accountLocks.hold(visitId, sessionId);
      const changes = await changesSince(shown?.visitId === visitId ? shown : undefined);
      return accepted({ isLocked, refusal: refusal === null ? null : masked(refusal), changes });
    },
    'visits:free-account': async ({ visitId }, { sessionId }) => {
      await accountLocks.free(visitId, sessionId);
      return accepted({});
    },
  } satisfies Pick<
    CallHandlers,
    'settlement:preview' | 'settlement:settle-visit' | 'visits:lock-account' | 'visits:free-account'
  >;
}

/** The hospital's words may name a patient by number. */
function masked({ code, message, remedy }: Refusal) {
  const { zh, en } = message;
  return { code, message: { zh: maskNumbersIn(zh), en: maskNumbersIn(en) }, remedy, details: [] };
}
