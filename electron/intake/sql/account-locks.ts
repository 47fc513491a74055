import type { Refusal, Words } from '../../../shared/domain/result.ts';
import { asShown } from '../../../shared/domain/written-text.ts';
import { shanghaiInstant, type Clock } from '../../base/clock.ts';
import { crashPoint } from '../../base/crash-points.ts';
import type { Ids } from '../../base/ids.ts';
import { systemTimer, type Timer } from '../../base/timer.ts';
import { within } from '../../base/within.ts';
import type { Store } from '../../database/store.ts';
import { accountLockRefusal, fetchedLate, type AccountLockFault } from './account-lock-refusals.ts';
import { offersAccountLock, sourceOf, type SqlSettings } from './connection-settings.ts';
import {
  HospitalDatabaseError,
  type AccountRoutines,
  type Deadlines,
} from './hospital-database.ts';
import {
  forgetAccountLock,
  keepAccountLock,
  keptAccountLocks,
  type KeptAccountLock,
} from './kept-account-locks.ts';
import { openRoutinesApart } from './database-apart.ts';
import type { OpenAccountRoutines } from './open-database.ts';

/** Whether the newest bill of a visit was taken in, or why not; null: nothing is taken in here. */
export type FetchedBill = 'taken' | { readonly message: Words } | null;

export type AccountLocksOptions = {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  readonly settings: SqlSettings;
  readonly by: KeptAccountLock['by'];
  /** Takes in the newest bill of a visit, or says why it did not come. */
  readonly fetchBill: (visitId: string) => Promise<FetchedBill>;
  readonly onFault: (problem: unknown) => void;
  readonly open?: OpenAccountRoutines;
  readonly timer?: Timer;
  readonly monotonicMs?: () => number;
};

/** How a visit's account is. `refusal` null: it is locked, and the bill that is kept is what was locked. */
export type AccountLock = {
  readonly isLocked: boolean;
  readonly refusal: Refusal | null;
};

/** The locks of accounts at the hospital, held by the pages that have a visit open. */
export type AccountLocks = {
  /** Whether the hospital offers any: else nobody has to ask. */
  readonly isOffered: boolean;
  /** Locks the account, or lets a lock that stands last on, and fetches the bill. Asked again before `lifetimeMs` is over. */
  readonly hold: (visitId: string, holder: string) => Promise<AccountLock>;
  /** The holder does without: the last one who leaves frees the account. `visitId` null: whatever it holds. */
  readonly free: (visitId: string | null, holder: string) => Promise<void>;
  /** The visit is settled: the account is freed whoever holds it. */
  readonly settled: (visitId: string) => Promise<void>;
  /** Whether this holder has the account locked now, and the bill that is kept is what was locked. */
  readonly isHeld: (visitId: string, holder: string) => boolean;
  /** Frees what an earlier start left behind. */
  readonly freeLeftOver: () => Promise<void>;
  /** Frees everything, as far as the hospital answers soon; what is left is freed with the next start. */
  readonly close: () => Promise<void>;
};

/** So long the hospital keeps a lock that nobody lengthens; a page lengthens its own every minute. */
export const lifetimeMs = 180_000;
/** How long the hospital may take to answer. */
export const answerMs = 1000;
/** How long is waited for the bill of a locked account: another pull may be under way. */
export const billMs = 3000;
/** How often what could not be freed is tried again. */
export const againMs = 60_000;
/** What the hospital says of a hindrance is one sentence. */
const saidMax = 200;

const deadlines: Deadlines = { connectMs: answerMs, statementMs: answerMs };

type Held = {
  readonly lockId: string;
  readonly visitId: string;
  readonly holders: Map<string, () => void>;
  /** By the machine's counter; 0: it is not known to be locked. */
  untilMs: number;
  isBillFetched: boolean;
  /** A question to the hospital that was not waited for: nothing else is asked of this account before its end. */
  late: Promise<unknown> | null;
};

type Asked =
  | { readonly kind: 'done' }
  | { readonly kind: 'hindered'; readonly said: string }
  | { readonly kind: 'no-answer'; readonly fault: AccountLockFault; readonly said: string };

export function startAccountLocks(options: AccountLocksOptions): AccountLocks {
  const { store, clock, ids, settings, by, fetchBill, onFault } = options;
  const { open = openRoutinesApart, timer = systemTimer } = options;
  const { monotonicMs = () => performance.now() } = options;
  const isOffered = offersAccountLock(settings);
  const held = new Map<string, Held>();
  /** One thing at a time for each visit: what frees an account never overtakes what locks it. */
  const turns = new Map<string, Promise<unknown>>();
  let stopTryingAgain: () => void = () => undefined;
  let isClosed = false;

  function inTurn<Value>(visitId: string, work: () => Promise<Value>): Promise<Value> {
    const before = turns.get(visitId) ?? Promise.resolve();
    const turn = before.then(work, work);
    const ended = turn
      .catch(() => undefined)
      .then(() => {
        if (turns.get(visitId) === ended) turns.delete(visitId);
      });
    turns.set(visitId, ended);
    return turn;
  }

  async function ask(
    routine: 'lock' | 'free',
    texts: readonly string[],
  ): Promise<{ readonly answer: Asked; readonly ended: Promise<unknown> }> {
    const asking = askNow(routine, texts);
    const answer = await within(answerMs, asking, timer);
    return { answer: answer ?? { kind: 'no-answer', fault: 'late', said: '' }, ended: asking };
  }

  async function askNow(routine: 'lock' | 'free', texts: readonly string[]): Promise<Asked> {
    const source = await sourceOf(settings);
    if (source === null || !source.ok || source.value.account === null) {
      const said = source?.ok === false ? (source.refusal.place ?? source.refusal.code) : '';
      return { kind: 'no-answer', fault: 'settings', said };
    }
    let line: AccountRoutines | null = null;
    try {
      line = await open(source.value.access, deadlines);
      const text = (await line.call(source.value.account[routine], texts)) ?? '';
      const said = asShown(text).trim().slice(0, saidMax);
      return said === '' ? { kind: 'done' } : { kind: 'hindered', said };
    } catch (problem) {
      if (!(problem instanceof HospitalDatabaseError)) throw problem;
      return { kind: 'no-answer', fault: problem.fault, said: problem.said };
    } finally {
      await line?.close();
    }
  }

  async function lock(visitId: string, holder: string): Promise<AccountLock> {
    const before = held.get(visitId);
    const account: Held = before ?? {
      ...{ lockId: ids.next(), visitId, holders: new Map<string, () => void>() },
      ...{ untilMs: 0, isBillFetched: false, late: null },
    };
    held.set(visitId, account);
    join(account, holder);
    await account.late;
    const until = shanghaiInstant(new Date(clock.now().getTime() + lifetimeMs));
    const { lockId } = account;
    await store.transact((all) => keepAccountLock(all, { lockId, visitId, until, by }));
    crashPoint('account-lock:before-call');
    const askedMs = monotonicMs();
    const seconds = String(lifetimeMs / 1000);
    const { answer, ended } = await ask('lock', [visitId, lockId, seconds]);
    if (answer.kind === 'hindered') {
      await drop(account);
      return { isLocked: false, refusal: accountLockRefusal('account-hindered', answer) };
    }
    if (answer.kind === 'no-answer') {
      account.late = ended.catch(onFault);
      // A lock that stands goes on until its time is up.
      if (isLocked(account)) return standing(account);
      return { isLocked: false, refusal: accountLockRefusal('account-lock-no-answer', answer) };
    }
    crashPoint('account-lock:after-call');
    account.untilMs = askedMs + lifetimeMs;
    const bill = await within(billMs, fetchBill(visitId), timer);
    if (bill === 'taken') account.isBillFetched = true;
    const why = bill === 'taken' || bill === null ? fetchedLate : bill.message;
    return account.isBillFetched
      ? standing(account)
      : { isLocked: true, refusal: accountLockRefusal('account-bill-not-fetched', { why }) };
  }

  const isLocked = ({ untilMs }: Held): boolean => untilMs > monotonicMs();
  const standing = (account: Held): AccountLock => ({
    isLocked: true,
    refusal: account.isBillFetched
      ? null
      : accountLockRefusal('account-bill-not-fetched', { why: fetchedLate }),
  });

  /** A page that asks no more, because it is gone, holds nothing after the lifetime. */
  function join(account: Held, holder: string): void {
    account.holders.get(holder)?.();
    const stop = timer(lifetimeMs, () => {
      leave(account.visitId, holder).catch(onFault);
    });
    account.holders.set(holder, stop);
  }

  function leave(visitId: string, holder: string): Promise<void> {
    return inTurn(visitId, async () => {
      const account = held.get(visitId);
      if (account === undefined) return;
      account.holders.get(holder)?.();
      account.holders.delete(holder);
      if (account.holders.size === 0) await release(account);
    });
  }

  async function release(account: Held): Promise<void> {
    forget(account);
    // What may still come to its end must not come after the freeing.
    await account.late;
    if (!(await freed(account))) tryAgainLater();
  }

  function forget(account: Held): void {
    for (const stop of account.holders.values()) stop();
    account.holders.clear();
    if (held.get(account.visitId) === account) held.delete(account.visitId);
  }

  /** Nothing was locked, so there is nothing to free. */
  async function drop(account: Held): Promise<void> {
    forget(account);
    await store.transact((all) => forgetAccountLock(all, account.lockId));
  }

  async function freed({
    lockId,
    visitId,
  }: Pick<KeptAccountLock, 'lockId' | 'visitId'>): Promise<boolean> {
    const { answer } = await ask('free', [visitId, lockId]);
    if (answer.kind === 'no-answer') return false;
    await store.transact((all) => forgetAccountLock(all, lockId));
    return true;
  }

  function tryAgainLater(): void {
    stopTryingAgain();
    if (isClosed) return;
    stopTryingAgain = timer(againMs, () => {
      freeKept().catch(onFault);
    });
  }

  /** Frees what is kept and held by nobody here; what the hospital has ended by itself is forgotten. */
  async function freeKept(): Promise<void> {
    let isAllFreed = true;
    const here = new Set([...held.values()].map(({ lockId }) => lockId));
    for (const kept of await store.read(keptAccountLocks)) {
      if (here.has(kept.lockId)) continue;
      const isOver = Date.parse(kept.until) <= clock.now().getTime();
      // Another program's is its own, as long as it may be at it.
      if (kept.by !== by && !isOver) continue;
      const isFreed = await inTurn(kept.visitId, () => freed(kept));
      if (!isFreed && isOver) await store.transact((all) => forgetAccountLock(all, kept.lockId));
      else isAllFreed &&= isFreed;
    }
    if (!isAllFreed) tryAgainLater();
  }

  return {
    isOffered,
    hold: (visitId, holder) =>
      isOffered && !isClosed
        ? inTurn(visitId, () => lock(visitId, holder))
        : Promise.resolve({ isLocked: false, refusal: null }),
    async free(visitId, holder) {
      const visits = visitId === null ? [...held.keys()] : [visitId];
      await Promise.all(visits.map((each) => leave(each, holder)));
    },
    settled: (visitId) =>
      inTurn(visitId, async () => {
        const account = held.get(visitId);
        if (account !== undefined) await release(account);
      }),
    isHeld(visitId, holder) {
      const account = held.get(visitId);
      if (account === undefined || !account.holders.has(holder)) return false;
      return isLocked(account) && account.isBillFetched;
    },
    async freeLeftOver() {
      // What is left of a hospital that offers no lock any more is still looked after, and forgotten in time.
      await freeKept();
    },
    async close() {
      isClosed = true;
      stopTryingAgain();
      const all = [...held.keys()].map((visitId) =>
        inTurn(visitId, async () => {
          const account = held.get(visitId);
          if (account !== undefined) await release(account);
        }),
      );
      await within(2 * answerMs, Promise.all(all), timer);
    },
  };
}
