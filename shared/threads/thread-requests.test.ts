import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import {
  answerRequests,
  ThreadRequests,
  type Thread,
  type ThreadRequestsSettings,
} from './thread-requests.ts';

type Started = {
  readonly thread: Thread;
  /** As the runtime tells of an error that nobody caught, or of the end. */
  breaks(error: unknown): void;
  ends(code: number): void;
  readonly holds: boolean;
  isTerminated: boolean;
};

const channels: MessageChannel[] = [];
afterEach(() => {
  for (const { port1, port2 } of channels.splice(0)) {
    port1.close();
    port2.close();
  }
});

/** A thread without one: both ends in this program, and what is sent is copied as between threads. */
function startThread(answer: (request: string) => unknown): Started {
  const channel = new MessageChannel();
  channels.push(channel);
  const { port1, port2 } = channel;
  answerRequests(port2, answer);
  const listeners = new Map<string, (value: unknown) => void>();
  let holds = true;
  const started = {
    isTerminated: false,
    get holds() {
      return holds;
    },
    breaks: (error: unknown) => listeners.get('error')?.(error),
    ends: (code: number) => listeners.get('exit')?.(code),
    thread: {
      postMessage: (message: unknown) => {
        port1.postMessage(message);
      },
      on: (event: string, listener: (value: unknown) => void) => {
        if (event === 'message') port1.on('message', listener);
        else listeners.set(event, listener);
      },
      ref: () => {
        holds = true;
      },
      unref: () => {
        holds = false;
      },
      terminate: () => {
        started.isTerminated = true;
        return Promise.resolve();
      },
    },
  };
  return started;
}

const never = (): Promise<never> => new Promise(() => undefined);

function bench(
  answer: (request: string) => unknown,
  settings: Partial<ThreadRequestsSettings> = {},
) {
  const started: Started[] = [];
  const requests = new ThreadRequests<string, unknown>({
    start: () => {
      const next = startThread(answer);
      started.push(next);
      return next.thread;
    },
    startsAgain: false,
    keepsProgramAlive: true,
    failed: ({ code, message }) => new Error(`${code} ${message}`),
    ended: (end) => new Error(end.kind === 'exit' ? `exit ${String(end.code)}` : String(end.error)),
    ...settings,
  });
  return { requests, started };
}

describe('requests to a thread', () => {
  it('are answered each with its own answer, in whatever order these come', async () => {
    const done = new Map<string, () => void>();
    const { requests } = bench(
      (request) =>
        new Promise((resolve) => {
          done.set(request, () => {
            resolve(request.toUpperCase());
          });
        }),
    );
    const first = requests.ask('first');
    const second = requests.ask('second');
    await expect.poll(() => done.size).toBe(2);
    done.get('second')?.();
    expect(await second).toBe('SECOND');
    done.get('first')?.();
    expect(await first).toBe('FIRST');
  });

  it('start the thread with the first of them, and only one', async () => {
    const { requests, started } = bench((request) => request);
    expect(started).toHaveLength(0);
    await Promise.all([requests.ask('a'), requests.ask('b')]);
    await requests.ask('c');
    expect(started).toHaveLength(1);
  });

  it('reject with the code and words of what was thrown in the thread, and go on', async () => {
    const { requests } = bench((request) => {
      if (request === 'full') throw Object.assign(new Error('no room'), { code: 'SQLITE_FULL' });
      if (request === 'plain') throw new TypeError('not that');
      return request;
    });
    await expect(requests.ask('full')).rejects.toThrow('SQLITE_FULL no room');
    await expect(requests.ask('plain')).rejects.toThrow('TypeError not that');
    expect(await requests.ask('good')).toBe('good');
  });

  it('all reject when the thread breaks or ends, the later ones too', async () => {
    for (const end of ['error', 'exit'] as const) {
      const { requests, started } = bench(never);
      const waiting = [requests.ask('a'), requests.ask('b')];
      const settled = Promise.allSettled(waiting);
      if (end === 'error') started[0]?.breaks('out of memory');
      started[0]?.ends(7);
      const reason = end === 'error' ? 'out of memory' : 'exit 7';
      for (const each of await settled) {
        expect(each).toMatchObject({ status: 'rejected', reason: new Error(reason) });
      }
      await expect(requests.ask('c')).rejects.toThrow(reason);
      expect(requests.gone).toEqual(new Error(reason));
      expect(started).toHaveLength(1);
    }
  });

  it('begin another thread where that is wanted, which the end of the old one does not touch', async () => {
    const { requests, started } = bench((request) => (request === 'hang' ? never() : request), {
      startsAgain: true,
    });
    const lost = requests.ask('hang').catch(String);
    started[0]?.breaks('broken');
    expect(await lost).toBe('Error: broken');
    const next = requests.ask('again');
    started[0]?.ends(1);
    expect(await next).toBe('again');
    expect(started).toHaveLength(2);
  });

  it('hold the program only while one waits', async () => {
    const { requests, started } = bench((request) => request);
    const asked = requests.ask('a');
    expect(started[0]?.holds).toBe(true);
    await asked;
    expect(started[0]?.holds).toBe(false);
    const watching = bench((request) => request, { keepsProgramAlive: false });
    const answered = watching.requests.ask('a');
    expect(watching.started[0]?.holds).toBe(false);
    await answered;
  });

  it('that cannot cross between threads reject, and nothing waits for them', async () => {
    const { requests, started } = bench((request) => request);
    const strange = requests.ask((() => undefined) as unknown as string);
    await expect(strange).rejects.toThrow('could not be cloned');
    expect(started[0]?.holds).toBe(false);
  });

  it('reject with the reason of the closing, and the thread is terminated', async () => {
    const { requests, started } = bench(never);
    const waiting = requests.ask('a').catch(String);
    await requests.close(new Error('closed'));
    expect(await waiting).toBe('Error: closed');
    expect(started[0]?.isTerminated).toBe(true);
    await expect(requests.ask('b')).rejects.toThrow('closed');
    expect(started).toHaveLength(1);
  });
});
