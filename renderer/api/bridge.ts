import { lineEnds, pageHeaders } from '../../shared/contracts/page-line.ts';
import {
  eventTopics,
  type ContractName,
  type DeskEvent,
  type SettlementWindowBridge,
} from '../../shared/contracts/contract-names.ts';
import { secretName, type TabStorage } from './tab-storage.ts';

/** Whether the page speaks with its program, and if not, why. */
export type Link = 'open' | 'lost' | 'no-session' | 'another-page';

/** Why the program has ended this page, as it says it; null: it does not say, or has not. */
export type Ended = string | null;

/** The bridge and the state of the line under it. */
export type DeskBridge = SettlementWindowBridge & {
  /** Calls the listener at every change of the line; the answer stops that. */
  onLink(listener: (link: Link, ended: Ended) => void): () => void;
};

declare global {
  interface Window {
    /** Put there by the preload in Electron; absent in a browser. */
    readonly settlementWindow?: SettlementWindowBridge;
  }
}

/** A call that did not reach the program, or whose answer did not come back. */
export class LinkLost extends Error {}

const firstPauseMs = 300;
const longestPauseMs = 3000;

/**
 * How often a page asks again that is told that another has its secret: the line of the page it was before it was loaded
 * anew may still answer for a moment. Together some three seconds; who has copied the secret is refused every time.
 */
const asksAgain = 9;

/** Electron's bridge where there is one, else the same over the host's HTTP and its socket. */
export async function openBridge(storage: TabStorage): Promise<DeskBridge> {
  const electron = window.settlementWindow;
  if (electron !== undefined) return { ...electron, onLink: () => () => undefined };
  await redeemToken(storage);
  // A new one with each loading: who copies the secret into another page is not this page.
  const page = crypto.randomUUID();
  return hostBridge({ secret: storage.get(secretName) ?? '', page }, storage);
}

/** How this page shows who it is; the secret is another after somebody has signed in. */
type Proof = { secret: string; readonly page: string };

/** The one-time token in the address buys the secret of this page; then it leaves the address. */
async function redeemToken(storage: TabStorage): Promise<void> {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('token');
  if (token === null) return;
  window.history.replaceState(null, '', window.location.pathname);
  const answer = await fetch('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  }).catch(() => null);
  // Refused: an older session of this window may still stand, and the first call will tell.
  if (answer?.ok !== true) return;
  const { secret } = (await answer.json()) as { secret: string };
  storage.set(secretName, secret);
}

/** Calls after which the page has another secret: somebody sat down. One after the other, so that the last one counts. */
const seating: ReadonlySet<ContractName> = new Set<ContractName>([
  'people:sign-in',
  'people:change-password',
  'people:make-first',
]);

export function hostBridge(proof: Proof, storage: TabStorage): DeskBridge {
  const links = new Set<(link: Link, ended: Ended) => void>();
  const listeners = new Set<(event: DeskEvent) => void>();
  /**
   * The program ended this page for good: it asks nothing more and tries no line again. A copy that went on would take the
   * place of the page it was copied from in the moment when that is loaded anew.
   */
  const tell: TellLink = (link, ended = null) => {
    if (line.hasEnded()) return;
    if (link === 'no-session' || link === 'another-page') line.end();
    for (const listener of links) listener(link, ended);
  };
  const hear = (event: DeskEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const line = followEvents(proof, hear, tell);
  const call = async (name: ContractName, input: unknown): Promise<unknown> => {
    if (line.hasEnded()) throw new LinkLost('this page may not ask');
    let shown = '';
    const ask = () => {
      shown = proof.secret;
      return fetch(`/api/call/${name}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          [pageHeaders.secret]: shown,
          [pageHeaders.page]: proof.page,
        },
        body: JSON.stringify({ input }),
      }).catch(() => null);
    };
    let answer = await ask();
    // Refused before anything was done, so asking again does nothing twice.
    for (let again = 0; again < asksAgain && isAnothers(answer); again += 1) {
      await new Promise((resolve) => setTimeout(resolve, firstPauseMs));
      if (line.hasEnded()) throw new LinkLost('this page may not ask');
      answer = await ask();
    }
    // Under way while the page got another secret: what it showed was none any more.
    if (answer?.status === 401 && shown !== proof.secret) answer = await ask();
    if (answer === null) {
      tell('lost');
      throw new LinkLost('the program does not answer');
    }
    const closed = closedBy(answer.status);
    if (closed !== null) {
      tell(closed, await endedIn(answer));
      throw new LinkLost('this page may not ask');
    }
    if (!answer.ok) throw new LinkLost(`the program answered ${String(answer.status)}`);
    // An answer is a sign of life, also when an earlier call was lost.
    tell('open');
    return (await answer.json()) as unknown;
  };
  let seated: Promise<unknown> = Promise.resolve();
  return {
    call(name, input) {
      if (!seating.has(name)) return call(name, input);
      const next = seated.then(async () => {
        const { rest, secret } = withoutSecret(await call(name, input));
        if (secret !== null) {
          proof.secret = secret;
          storage.set(secretName, secret);
          line.renew();
        }
        return rest;
      });
      seated = next.catch(() => undefined);
      return next;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onLink(listener) {
      links.add(listener);
      return () => links.delete(listener);
    },
  };
}

type TellLink = (link: Link, ended?: Ended) => void;

/** An answer without the new secret in it: nothing but this bridge knows it. */
function withoutSecret(answer: unknown): {
  readonly rest: unknown;
  readonly secret: string | null;
} {
  const { value } = answer as { readonly value?: { readonly newSecret?: unknown } };
  if (typeof value?.newSecret !== 'string') return { rest: answer, secret: null };
  const rest = { ...(answer as object), value: { ...value, newSecret: null } };
  return { rest, secret: value.newSecret };
}

/** Why the page has ended, where the refusal says it. */
async function endedIn(answer: Response): Promise<Ended> {
  const said = (await answer.json().catch(() => ({}))) as { readonly ended?: unknown };
  return typeof said.ended === 'string' ? said.ended : null;
}

function isAnothers(answer: Response | null): boolean {
  return answer !== null && closedBy(answer.status) === 'another-page';
}

/** Why the program lets this page ask no more; null: it does. */
function closedBy(status: number): 'no-session' | 'another-page' | null {
  if (status === 401 || status === lineEnds['no-session']) return 'no-session';
  if (status === 409 || status === lineEnds['another-page']) return 'another-page';
  return null;
}

/**
 * Keeps the line open; it begins with saying whose it is. After a gap everything may have changed, so every topic is
 * announced once. A line that the program ended for good is not tried again. `renew` opens it anew under the secret of now:
 * the one before goes on until then, so that nothing is missed.
 */
function followEvents(
  proof: Proof,
  hear: (event: DeskEvent) => void,
  tell: TellLink,
): { renew(): void; end(): void; hasEnded(): boolean } {
  let pauseMs = firstPauseMs;
  let gaps = 0;
  let asksLeft = asksAgain;
  let current: WebSocket | null = null;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let isEnded = false;
  const opened = (): void => {
    pauseMs = firstPauseMs;
    asksLeft = asksAgain;
    tell('open');
    if (gaps > 0) for (const topic of eventTopics) hear({ topic, version: -gaps });
  };
  const connect = (): void => {
    clearTimeout(waiting);
    if (isEnded) return;
    const socket = new WebSocket(`ws://${window.location.host}/api/events`);
    current = socket;
    socket.addEventListener('open', () => {
      socket.send(JSON.stringify(proof));
    });
    socket.addEventListener('message', (message) => {
      const said = JSON.parse(String(message.data)) as DeskEvent | { readonly link: 'open' };
      if ('link' in said) opened();
      else hear(said);
    });
    socket.addEventListener('close', ({ code, reason }) => {
      // Another has taken its place.
      if (current !== socket) return;
      const closed = closedBy(code);
      if (closed === 'another-page' && asksLeft > 0) {
        asksLeft -= 1;
        waiting = setTimeout(connect, firstPauseMs);
        return;
      }
      tell(closed ?? 'lost', reason === '' ? null : reason);
      if (closed !== null) return;
      gaps += 1;
      waiting = setTimeout(connect, pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    });
  };
  connect();
  return {
    renew: connect,
    hasEnded: () => isEnded,
    end() {
      isEnded = true;
      clearTimeout(waiting);
      current?.close();
    },
  };
}
