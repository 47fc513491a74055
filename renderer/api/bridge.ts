import {
  eventTopics,
  type DeskEvent,
  type SettlementWindowBridge,
} from '../../shared/contracts/contract-names.ts';

/** Whether the page speaks with its program, and if not, why. */
export type Link = 'open' | 'lost' | 'no-session';

/** The bridge and the state of the line under it. */
export type DeskBridge = SettlementWindowBridge & {
  /** Calls the listener at every change of the line; the answer stops that. */
  onLink(listener: (link: Link) => void): () => void;
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

/** Electron's bridge where there is one, else the same over the host's HTTP and its socket. */
export async function openBridge(): Promise<DeskBridge> {
  const electron = window.settlementWindow;
  if (electron !== undefined) return { ...electron, onLink: () => () => undefined };
  await redeemToken();
  return hostBridge();
}

/** The one-time token in the address buys the session's cookie; then it leaves the address. */
async function redeemToken(): Promise<void> {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('token');
  if (token === null) return;
  window.history.replaceState(null, '', window.location.pathname);
  // Refused: an older session of this window may still stand, and the first call will tell.
  await fetch('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  }).catch(() => undefined);
}

function hostBridge(): DeskBridge {
  const links = new Set<(link: Link) => void>();
  const listeners = new Set<(event: DeskEvent) => void>();
  const tell = (link: Link): void => {
    for (const listener of links) listener(link);
  };
  const hear = (event: DeskEvent): void => {
    for (const listener of listeners) listener(event);
  };
  followEvents(hear, tell);
  return {
    async call(name, input) {
      const answer = await fetch(`/api/call/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ input }),
      }).catch(() => null);
      if (answer === null) {
        tell('lost');
        throw new LinkLost('the program does not answer');
      }
      if (answer.status === 401) {
        tell('no-session');
        throw new LinkLost('there is no session');
      }
      if (!answer.ok) throw new LinkLost(`the program answered ${String(answer.status)}`);
      // An answer is a sign of life, also when an earlier call was lost.
      tell('open');
      return (await answer.json()) as unknown;
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

/** Keeps the socket open. After a gap everything may have changed, so every topic is announced once. */
function followEvents(hear: (event: DeskEvent) => void, tell: (link: Link) => void): void {
  let pauseMs = firstPauseMs;
  let gaps = 0;
  const connect = (): void => {
    const socket = new WebSocket(`ws://${window.location.host}/api/events`);
    socket.addEventListener('open', () => {
      pauseMs = firstPauseMs;
      tell('open');
      if (gaps > 0) for (const topic of eventTopics) hear({ topic, version: -gaps });
    });
    socket.addEventListener('message', (message) => {
      hear(JSON.parse(String(message.data)) as DeskEvent);
    });
    socket.addEventListener('close', () => {
      gaps += 1;
      tell('lost');
      setTimeout(connect, pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    });
  };
  connect();
}
