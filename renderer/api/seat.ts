import {
  eventTopics,
  type ContractName,
  type DeskEvent,
} from '../../shared/contracts/contract-names.ts';
import type { Contract, Role } from '../../shared/contracts/contract.ts';
import { contracts, type OutputOf } from '../../shared/contracts/contracts.ts';
import type { DeskBridge, Ended, Link } from './bridge.ts';
import { pageRefusal, type Call } from './call.ts';
import type { OwedLock } from './tab-storage.ts';

/** Who sits at this page; null: that was not heard yet. */
export type Seat = OutputOf<'people:who'> | null;

/** Whether this page may ask at all, and why it has ended. */
export type LinkState = { readonly link: Link; readonly ended: Ended };

/** The page's way to the program, by whether somebody sits here. */
export type SeatedPage = {
  readonly get: () => Seat;
  readonly getLink: () => LinkState;
  /** Calls the listener at every change; the answer stops that. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Asks the program who sits here, after somebody has signed in. */
  readonly ask: () => Promise<void>;
  /** Nobody sits here from now on; what was begun stays. */
  readonly lock: () => Promise<void>;
  readonly bridge: DeskBridge;
  readonly call: Call;
};

/**
 * What only looks. While nobody sits here, or somebody who may not look, it waits for who may: the page behind the lock
 * asks nothing and loses nothing. An act never waits, so that none is done in the name of the next one who sits down.
 */
const looking: ReadonlySet<ContractName> = new Set<ContractName>([
  'desk:state',
  'visits:list-unsettled',
  'visits:find',
  'visits:bill-lines',
  'card:latest',
  'settlement:preview',
  'settlement:show',
  'policies:list',
  'policies:show',
  'policies:calculate',
  'claims:overview',
  'claims:list',
  'devices:list',
  'second-person:list',
  'sessions:list',
]);

/** What changes who sits here; its order counts. */
const changingSeat: ReadonlySet<ContractName> = new Set<ContractName>([
  'people:sign-in',
  'people:change-password',
  'people:make-first',
  'people:lock',
]);

const keptHere = (): OwedLock => {
  let owed = false;
  return {
    get: () => owed,
    set: (next) => {
      owed = next;
    },
  };
};

export function seatedOver(
  bridge: DeskBridge,
  call: Call,
  owedLock: OwedLock = keptHere(),
): SeatedPage {
  let seat: Seat = null;
  let changes = 0;
  const listeners = new Set<() => void>();
  const topics = new Set<(event: DeskEvent) => void>();
  const mayAsk = (name: ContractName): boolean => {
    const { roles, takesNobody }: Contract = contracts[name];
    if (takesNobody === true) return true;
    // For the program somebody still sits here who has left.
    if (owedLock.get()) return false;
    // Before it is known who sits here the program says so itself.
    if (seat === null) return true;
    return seat.user !== null && roles.includes(seat.user.role);
  };
  const change = (next: Seat): void => {
    const sat = userIn(seat);
    seat = next;
    for (const listener of [...listeners]) listener();
    // Whoever sits down sees what has happened meanwhile.
    if (userIn(next) === null || userIn(next) === sat) return;
    changes += 1;
    for (const topic of eventTopics)
      for (const listener of topics) listener({ topic, version: -changes });
  };
  let locks = 0;
  let asks = 0;
  let asksUnderWay = 0;
  /** The last question that was answered: an answer to an earlier one comes late and says what was. */
  let answered = 0;
  /**
   * The first question since somebody signed in here and has seen what was to be said before the work is shown: this and
   * every later one may seat, whichever is answered first. null: nobody has.
   */
  let seatsFrom: number | null = null;
  const askWho = async (): Promise<void> => {
    const asked = locks;
    asks += 1;
    const turn = asks;
    asksUnderWay += 1;
    const answer = await call('people:who', {});
    asksUnderWay -= 1;
    if (!answer.ok || turn < answered) return;
    answered = turn;
    // Locked meanwhile: who sat here when it was asked does so no more.
    if (asked !== locks && answer.value.user !== null) return;
    // Nor where the program has not heard of the lock, with which whoever comes next begins.
    if (owedLock.get()) {
      change({ ...answer.value, user: null });
      return;
    }
    // Who is signing in at this moment sits down when the way in says so, not before.
    const seats = seat !== null && userIn(seat) === null && answer.value.user !== null;
    if (seats && (seatsFrom === null || turn < seatsFrom)) return;
    if (seatsFrom !== null && turn >= seatsFrom) seatsFrom = null;
    change(answer.value);
  };
  const ask = async (): Promise<void> => {
    // Locked before it was loaded anew: who sat here does so no more, also where the program has not heard of it.
    if (!owedLock.get() || (await inTurn(tell)) === null) seatsFrom ??= asks + 1;
    await askWho();
  };
  const untilMayAsk = (name: ContractName): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!mayAsk(name)) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
    });
  /**
   * Sitting down and getting up, one after the other as they were asked for: over two connections a lock could reach the
   * program after who sat down next, and send that one away.
   */
  let seating: Promise<unknown> = Promise.resolve();
  const inTurn = <Value>(act: () => Promise<Value>): Promise<Value> => {
    const next = seating.then(act);
    seating = next.catch(() => undefined);
    return next;
  };
  let isTelling = false;
  /** The program did not hear of a lock yet: it is told before anybody sits down. */
  const tell = async () => {
    if (!owedLock.get()) return null;
    isTelling = true;
    const told = await call('people:lock', {});
    isTelling = false;
    if (!told.ok) return told;
    owedLock.set(false);
    return null;
  };
  const seatedCall: Call = async (name, input) => {
    if (changingSeat.has(name)) {
      return inTurn(async () => {
        const untold = await tell();
        return untold ?? call(name, input);
      });
    }
    if (looking.has(name) && !mayAsk(name)) await untilMayAsk(name);
    const { takesNobody }: Contract = contracts[name];
    if (takesNobody !== true && owedLock.get()) {
      return { ok: false, refusal: pageRefusal('page-locked') };
    }
    const answer = await call(name, input);
    if (answer.ok || answer.refusal.code !== 'not-signed-in') return answer;
    // The program has sent away who sat here: locked elsewhere, ended, or it was never anybody.
    await askWho();
    return looking.has(name) && !mayAsk(name) ? seatedCall(name, input) : answer;
  };
  bridge.subscribe((event) => {
    // Whoever sits here may have been sent away from another page, which is seen at once.
    if (event.topic === 'sessions' && userIn(seat) !== null) void askWho();
    if (userIn(seat) === null && seat !== null) return;
    for (const listener of topics) listener(event);
  });
  const tellLocked = async (): Promise<void> => {
    owedLock.set(true);
    const untold = await inTurn(tell);
    if (untold === null) await askWho();
  };
  let linkState: LinkState = { link: 'open', ended: null };
  bridge.onLink((link, ended) => {
    // What has ended stays so, whatever an answer says that was still under way.
    if (linkState.link === 'no-session') return;
    linkState = { link, ended };
    for (const listener of [...listeners]) listener();
    // Every answer opens the line, also the one that is waited for.
    if (link !== 'open' || isTelling || asksUnderWay > 0) return;
    if (owedLock.get()) void tellLocked();
    // Who sits here was asked for and not heard: the line broke in between.
    else if (seat === null || seatsFrom !== null) void ask();
  });
  return {
    get: () => seat,
    getLink: () => linkState,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ask,
    async lock() {
      locks += 1;
      seatsFrom = null;
      if (seat !== null) change({ ...seat, user: null });
      await tellLocked();
    },
    bridge: {
      ...bridge,
      subscribe(listener) {
        topics.add(listener);
        return () => topics.delete(listener);
      },
    },
    call: seatedCall,
  };
}

const userIn = (seat: Seat): string | null => seat?.user?.id ?? null;

/** The pages that are of use to somebody of this role; the first is the one they begin with. */
export type PageOfRole =
  'desk' | 'policy' | 'devices' | 'intake' | 'claims' | 'approvals' | 'sessions' | 'users';
const pagesOfRole: Readonly<Record<Role, readonly PageOfRole[]>> = {
  cashier: ['desk', 'policy', 'devices', 'approvals', 'sessions'],
  supervisor: ['desk', 'policy', 'devices', 'intake', 'claims', 'approvals', 'sessions'],
  'it-clerk': ['devices', 'policy', 'intake', 'claims', 'approvals', 'sessions'],
  'policy-officer': ['policy', 'devices', 'sessions'],
  auditor: ['users', 'policy', 'devices', 'intake', 'claims', 'approvals', 'sessions'],
  administrator: ['users', 'policy', 'devices', 'approvals', 'sessions'],
};

export const pagesOf = (role: Role): readonly PageOfRole[] => pagesOfRole[role];
