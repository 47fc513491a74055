import { request } from 'node:http';

import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';

import type { DeskEvent } from '../../shared/contracts/contract-names.ts';
import { pageHeaders } from '../../shared/contracts/page-line.ts';
import type { Timer } from '../base/timer.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { PageSessions, type PageSession } from '../security/page-sessions.ts';
import { connectionLimits, type ConnectionLimits } from '../base/connection-limits.ts';
import { openingTokens, type OpeningTokens } from './opening-tokens.ts';
import {
  connectRaw,
  frameOf,
  lineRequest,
  type RawConnection,
} from './raw-connection.test-support.ts';
import { serveDesk, type DeskServer } from './serve-desk.ts';

export type Answer = { status: number; body: string; closes: boolean };

/** A request with any Host and Origin, which fetch would not let us set. */
export function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      },
      (answer) => {
        let body = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (body += chunk));
        answer.on('end', () => {
          const closes = answer.headers.connection === 'close';
          resolve({ status: answer.statusCode ?? 0, body, closes });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

export const limitsOfTest: ConnectionLimits = {
  ...connectionLimits,
  ...{ unproven: 20, provenPerPage: 6, proven: 10 },
};

export const originOf = (port: number): string => `http://127.0.0.1:${String(port)}`;

export const callOf = (port: number, headers: Record<string, string>): Promise<Answer> =>
  ask(port, '/api/call/desk:state', headers, { input: {} });

/** The headers of a call of our own page. */
export const proof = (port: number, secret: string, page = 'page 1'): Record<string, string> => ({
  origin: originOf(port),
  [pageHeaders.secret]: secret,
  [pageHeaders.page]: page,
});

/** The line of a page, open. */
export async function openLine(
  port: number,
  secret: string,
  page = 'page 1',
): Promise<RawConnection> {
  const line = connectRaw(port);
  line.write(lineRequest(port, originOf(port)));
  await line.hears('101 Switching Protocols');
  line.write(frameOf(JSON.stringify({ secret, page })));
  return line;
}

/** A desk that is served to each test of a file, over a program that only says what it heard. Its time is the test's. */
export function servedDesk() {
  const calls: { name: string; input: unknown; page: PageSession }[] = [];
  let prepared: TestStore;
  let store: TestStore;
  let server: DeskServer | null = null;
  let tokens: OpeningTokens;
  let pageSessions: PageSessions;
  let tell: (event: DeskEvent) => void;
  let stopped = 0;
  /** Lets a settle go on that is under way. */
  let goOn: () => void = () => undefined;
  let counterMs = 0;
  /** What waits for its time, by how long it waits. */
  let waiting: { ms: number; act: () => void }[] = [];
  const timer: Timer = (ms, act) => {
    const own = { ms, act };
    waiting.push(own);
    return () => {
      waiting = waiting.filter((each) => each !== own);
    };
  };
  const timeIsUp = (ms: number): void => {
    for (const each of waiting.filter((one) => one.ms === ms)) {
      waiting = waiting.filter((other) => other !== each);
      each.act();
    }
  };

  beforeAll(async () => {
    prepared = await createTestStore();
    await prepared.close();
  });
  afterAll(async () => {
    await prepared.remove();
  });
  beforeEach(async () => {
    store = await createTestStore(prepared);
  });
  afterEach(async () => {
    await server?.close();
    server = null;
    await pageSessions.close();
    await store.remove();
  });

  async function start(limits: Partial<ConnectionLimits> = {}): Promise<number> {
    calls.length = 0;
    stopped = 0;
    waiting = [];
    tokens = openingTokens(() => counterMs);
    pageSessions = new PageSessions({
      ...{ store, clock: { now: () => new Date() }, ids: timeOrderedIds() },
      ...{ monotonicMs: () => counterMs, firstUserId: 'cashier1' },
      onFault: (problem) => {
        throw problem;
      },
    });
    const listeners = new Set<(event: DeskEvent) => void>();
    tell = (event) => {
      for (const listener of listeners) listener(event);
    };
    server = await serveDesk({
      application: {
        pageSessions,
        call: async (name, input, page) => {
          calls.push({ name, input, page });
          if (name === 'settlement:settle-visit') {
            await new Promise<void>((resolve) => {
              goOn = resolve;
            });
          }
          if (name === 'people:sign-in') {
            const seated = await pageSessions.signedIn(page.id, 'supervisor1');
            return { ok: true, value: { newSecret: seated?.secret ?? null } };
          }
          return Promise.resolve({ ok: true, value: { heard: name } });
        },
        subscribe: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
      ...{ tokens, port: 0, ownerSecret: 'the-owner', timer },
      limits: { ...limitsOfTest, ...limits },
      onStop: () => (stopped += 1),
    });
    return server.port;
  }

  async function openPage(port: number): Promise<string> {
    const origin = originOf(port);
    const answer = await ask(port, '/api/session', { origin }, { token: tokens.make() });
    expect(answer.status).toBe(200);
    return (JSON.parse(answer.body) as { secret: string }).secret;
  }

  return {
    start,
    openPage,
    timeIsUp,
    /** What the program was asked since the start. */
    calls,
    tell: (event: DeskEvent): void => {
      tell(event);
    },
    server: () => server,
    tokens: () => tokens,
    pageSessions: () => pageSessions,
    timesStopped: () => stopped,
    /** How long each thing waits that waits for its time. */
    waitingMs: () => waiting.map(({ ms }) => ms),
    /** The counter of the program goes on. */
    passes: (ms: number): void => {
      counterMs += ms;
    },
    /** Lets a settle go on that is under way. */
    goOn: (): void => {
      goOn();
    },
  };
}
