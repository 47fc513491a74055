import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { systemClock } from '../base/clock.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { postMessage } from '../base/post-message.ts';
import { manualTimer } from '../base/timer.test-support.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { storePublishedSettlement } from '../documents/testing/stored-settlement.ts';
import { refusalOf, valueOf } from '../settlement/settlement.test-support.ts';
import { listGivenUpResults, retryResult } from './given-up-results.ts';
import { signatureOf, startResultCalls, type ResultCalls } from './result-calls.ts';

const program = fileURLToPath(new URL('./testing/result-calls-program.ts', import.meta.url));
const secret = 'an invented secret of more than 32 letters';
const clock = systemClock('2017-11-27');
const ids = timeOrderedIds();

type Heard = { readonly id: string; readonly body: string; readonly kind: string };
type Answer = (heard: Heard, response: ServerResponse) => void;

let store: TestStore;
let settlementId: string;
let server: Server;
let url: URL;
let heard: Heard[];
let wrongSignatures: string[];
let answer: Answer;
/** The pauses between two rounds, and the deadlines of one call. */
let timer: ReturnType<typeof manualTimer>;
let lineTimer: ReturnType<typeof manualTimer>;
let first: string;
const started: ResultCalls[] = [];

const taken: Answer = (_heard, response) => {
  response.writeHead(204).end();
};
const says =
  (status: number): Answer =>
  (_heard, response) => {
    response.writeHead(status).end('{}');
  };

beforeEach(async () => {
  store = await createTestStore();
  settlementId = await storePublishedSettlement(store, ids);
  [heard, wrongSignatures, answer] = [[], [], taken];
  timer = manualTimer();
  lineTimer = manualTimer();
  first = await queue('settled');
  server = createServer((request, response) => void hear(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const at = server.address();
  url = new URL(`http://127.0.0.1:${String(typeof at === 'object' ? at?.port : 0)}/results`);
});
afterEach(async () => {
  for (const each of started.splice(0)) await each.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await store.remove();
});

async function hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  const body = Buffer.concat(parts);
  const header = (name: string): string => String(request.headers[name] ?? '');
  const signed = signatureOf(secret, header('settlement-window-timestamp'), body);
  if (header('settlement-window-signature') !== signed) wrongSignatures.push(signed);
  const id = header('settlement-window-id');
  const { kind } = JSON.parse(body.toString('utf8')) as { kind: string };
  heard.push({ id, body: body.toString('utf8'), kind });
  answer({ id, body: body.toString('utf8'), kind }, response);
}

async function queue(kind: 'settled' | 'cancelled'): Promise<string> {
  const id = ids.next();
  const file = { id, settlementId, kind, payload: { kind, settlementId, name: '彭𠮷安' } };
  await store.transact(({ hospitalFiles }) =>
    hospitalFiles.queue({ ...file, createdAt: '2017-11-27T10:00:00.000+08:00' }),
  );
  return id;
}
const waiting = async () =>
  (await store.read(({ resultCalls }) => resultCalls.waiting({ limit: 10 }))).map(({ id }) => id);
const givenUp = async () =>
  (await listGivenUpResults({ store }, { limit: 10 })).map(({ id }) => id);

function start(): ResultCalls {
  const calls = startResultCalls({
    ...{ store, clock, address: { url, secret, authority: null }, timer: timer.timer },
    post: (to, body, options) => postMessage(to, body, { ...options, timer: lineTimer.timer }),
  });
  started.push(calls);
  return calls;
}
/** Something that only time brings: the store is asked meanwhile, so that what is under way goes on. */
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await store.read(({ visits }) => visits.countUnsettled());
};
/** The round that is under way has ended, and the next is waited for. */
const rested = (): Promise<void> => until(() => timer.waiting().length > 0);
const nextRound = async (): Promise<void> => {
  timer.expire();
  await rested();
};

describe('results that are called back', () => {
  it('come signed, whole, in their order and once, each under an id of its own', async () => {
    const second = await queue('cancelled');
    const before = await waiting();
    start();
    await rested();
    expect(heard.map(({ id }) => id)).toEqual(before);
    expect(heard).toMatchObject([
      { id: first, kind: 'settled', body: expect.stringContaining('彭𠮷安') as string },
      { id: second, kind: 'cancelled' },
    ]);
    expect(wrongSignatures).toEqual([]);
    expect(await waiting()).toEqual([]);
    await nextRound();
    expect(heard).toHaveLength(before.length);
  });

  it('wait in order behind one that is not taken, which comes again under the same id', async () => {
    const all = [...(await waiting()), await queue('cancelled')];
    answer = says(500);
    const calls = start();
    await rested();
    expect(heard.map(({ id }) => id)).toEqual(all.slice(0, 1));
    expect(calls.problem()).toBe('http-500');
    answer = taken;
    await nextRound();
    expect(heard.map(({ id }) => id)).toEqual([all[0], ...all]);
    expect(calls.problem()).toBeNull();
    expect(await waiting()).toEqual([]);
  });

  it('pause longer after each failure, and are given up after eight answers that fail', async () => {
    answer = says(503);
    start();
    const pauses: (number | undefined)[] = [];
    for (let round = 0; round < 8; round += 1) {
      await rested();
      pauses.push(Math.max(...timer.waiting()));
      timer.expire();
    }
    await rested();
    expect(pauses.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
    expect(heard).toHaveLength(8);
    expect(await givenUp()).toHaveLength(1);
  });

  it('are given up at once where the hospital system says no, hold back what follows, and are tried again by hand', async () => {
    const second = await queue('cancelled');
    answer = says(422);
    const calls = start();
    await rested();
    expect(await givenUp()).toEqual([first]);
    expect(await store.read(({ resultCalls }) => resultCalls.countGivenUp())).toBe(1);
    answer = taken;
    await nextRound();
    expect(heard).toHaveLength(1);
    const retry = (resultId: string) => retryResult({ store, clock }, { resultId, by: 'clerk1' });
    expect(refusalOf(await retry(second))).toBe('result-gone');
    valueOf(await retry(first));
    timer.expire();
    calls.wake();
    await until(() => heard.length >= 3);
    await rested();
    expect(await waiting()).toEqual([]);
    expect(heard.map(({ id }) => id)).toEqual([first, first, second]);
    expect(refusalOf(await retry(first))).toBe('result-gone');
    const entries = await store.read(({ audit }) => audit.list({ after: 0, limit: 100 }));
    expect(entries.filter(({ act }) => act === 'retry-result')).toMatchObject([{ who: 'clerk1' }]);
  });

  it('are not given up however long nobody answers, and nobody is asked for each of them', async () => {
    await queue('cancelled');
    answer = (_heard, response) => response.destroy();
    const calls = start();
    for (let round = 0; round < 12; round += 1) {
      await rested();
      expect(heard).toHaveLength(round + 1);
      timer.expire();
    }
    await rested();
    expect(await givenUp()).toEqual([]);
    expect(calls.problem()).not.toBeNull();
  });

  it('are not taken by who hangs, nor by who answers twice over', async () => {
    answer = () => undefined;
    const calls = start();
    await until(() => heard.length > 0 && lineTimer.waiting().includes(30_000));
    // The deadline of the answer is up.
    lineTimer.expire();
    await rested();
    expect(calls.problem()).toBe('headers-timeout');
    expect(await waiting()).toContain(first);
    answer = (_heard, response) => {
      response.socket?.end(
        'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n',
      );
    };
    await nextRound();
    expect(await waiting()).toEqual([]);
    expect(heard.map(({ id }) => id)).toEqual([first, first]);
  });
});

it('a program that is killed when a result was taken calls it back once more under the same id, and loses none', async () => {
  const all = [...(await waiting()), await queue('cancelled')];
  const words = [program, store.file, Buffer.from(store.key).toString('hex'), url.href, secret];
  const child = spawn(process.execPath, words, {
    env: { ...process.env, CRASH_AT: 'result-call:after-answer' },
  });
  const signal = await new Promise((resolve) => {
    child.once('exit', (_code, by) => {
      resolve(by);
    });
  });
  expect(signal).toBe('SIGKILL');
  expect(heard.map(({ id }) => id)).toEqual(all.slice(0, 1));
  start();
  await rested();
  expect(heard.map(({ id }) => id)).toEqual([all[0], ...all]);
  expect(await waiting()).toEqual([]);
});
