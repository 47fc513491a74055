import { createHmac } from 'node:crypto';

import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { crashPoint } from '../base/crash-points.ts';
import { fileHash } from '../base/file-hash.ts';
import { postMessage, type Posted } from '../base/post-message.ts';
import { systemTimer, type Timer } from '../base/timer.ts';
import type { WaitingResult } from '../database/result-calls-repository.ts';
import type { Store } from '../database/store.ts';
import { contentOf } from './hospital-file-content.ts';

/** Where results are called back to, and by which secret they are signed. */
export type ResultsAddress = {
  readonly url: URL;
  readonly secret: string;
  /** Who vouches for the hospital's system, as PEM; null: those the system knows. */
  readonly authority: string | null;
};

export type ResultCallsOptions = {
  readonly store: Store;
  readonly clock: Clock;
  readonly address: ResultsAddress;
  readonly post?: typeof postMessage;
  readonly timer?: Timer;
  readonly onFault?: (problem: unknown) => void;
  /** How the address is has changed, or a result was given up. */
  readonly onChange?: () => void;
};

export type ResultCalls = {
  /** A result was queued, or is to be tried again: look now. */
  readonly wake: () => void;
  /** What the last call came to that was not answered as it should be; null: it was. */
  readonly problem: () => string | null;
  readonly last: () => { readonly at: string; readonly number: string } | null;
  readonly close: () => Promise<void>;
};

/** An address that is known to answer is looked at so often for results that another program has queued. */
const everyMs = 30_000;
const firstPauseMs = 1000;
/** Answers that say no, or fail, so often: then a person is told and has it tried again. Silence is waited out without end. */
const attemptsMax = 8;
const batchSize = 50;
/** What the hospital's system says to a result is its status alone. */
const answerBytesMax = 64 * 1024;

/** The request itself is what is wrong with it: sent again it would be answered the same. */
const neverTaken: readonly number[] = [400, 405, 406, 409, 410, 411, 413, 414, 415, 422];

/**
 * Calls the result of every settlement and cancellation back to the hospital's system, at least once and under an id by which it
 * knows a repeat: a result counts as given when it was answered with 2xx, and not before. In order for each visit: what comes after
 * one that is not taken yet waits. Whoever does not answer is asked again after longer and longer pauses.
 */
export function startResultCalls(options: ResultCallsOptions): ResultCalls {
  const { timer = systemTimer, onFault, onChange } = options;
  let problem: string | null = null;
  let last: ReturnType<ResultCalls['last']> = null;
  let closed = false;
  let wanted = false;
  let silences = 0;
  let stopWaiting: () => void = () => undefined;
  let running: Promise<void> | null = null;

  async function once(): Promise<void> {
    const before = problem;
    try {
      const outcome = await callWaiting(options, () => closed);
      if (outcome.last !== null) last = outcome.last;
      problem = outcome.problem;
      silences = outcome.problem === null ? 0 : silences + 1;
      if (outcome.givenUp > 0) onChange?.();
    } catch (fault) {
      silences += 1;
      onFault?.(fault);
    }
    if (problem !== before) onChange?.();
  }

  async function run(): Promise<void> {
    while (wanted && !closed) {
      wanted = false;
      await once();
    }
  }

  function look(): void {
    wanted = true;
    if (closed || running !== null) return;
    stopWaiting();
    running = run().finally(() => {
      running = null;
      if (closed) return;
      const pause = silences === 0 ? everyMs : firstPauseMs * 2 ** Math.min(silences - 1, 12);
      stopWaiting = timer(Math.min(10 * everyMs, pause), look);
    });
  }

  look();
  return {
    wake: look,
    problem: () => problem,
    last: () => last,
    async close() {
      closed = true;
      stopWaiting();
      await running;
    },
  };
}

type Called = {
  readonly problem: string | null;
  readonly last: ReturnType<ResultCalls['last']>;
  readonly givenUp: number;
};

/** One round: each visit's results in their order, until one of it is not taken. */
async function callWaiting(options: ResultCallsOptions, stop: () => boolean): Promise<Called> {
  const { store } = options;
  const held = new Set<string>();
  let [problem, last, givenUp]: [string | null, Called['last'], number] = [null, null, 0];
  for (let after = ''; ;) {
    const page = await store.read(({ resultCalls }) =>
      resultCalls.waiting({ limit: batchSize, after }),
    );
    for (const result of page) {
      after = result.id;
      // A result can wait; on a full disk it takes nothing of what is kept for steps that are under way.
      if (stop() || store.noRoom() !== null) return { problem, last, givenUp };
      if (result.call?.state === 'given-up') held.add(result.visitId);
      if (held.has(result.visitId)) continue;
      const came = await callOne(options, result);
      if (came.kind === 'taken') {
        last = { at: came.at, number: result.number };
        continue;
      }
      held.add(result.visitId);
      if (came.kind === 'given-up') givenUp += 1;
      else problem = came.why;
      // Who does not answer at all is not asked for every result that waits.
      if (came.kind === 'silent') return { problem, last, givenUp };
    }
    if (page.length < batchSize) return { problem, last, givenUp };
  }
}

type CameOf =
  | { readonly kind: 'taken'; readonly at: string }
  | { readonly kind: 'silent' | 'failed' | 'given-up'; readonly why: string };

async function callOne(options: ResultCallsOptions, result: WaitingResult): Promise<CameOf> {
  const { store, clock, address, post = postMessage } = options;
  const content = contentOf(result.payload);
  const seconds = String(Math.floor(clock.now().getTime() / 1000));
  const posted = await post(address.url, content.toString('utf8'), {
    headers: {
      'settlement-window-id': result.id,
      'settlement-window-timestamp': seconds,
      'settlement-window-signature': signatureOf(address.secret, seconds, content),
    },
    answerBytesMax,
    ...(address.authority === null ? {} : { authority: address.authority }),
  });
  const at = shanghaiInstant(clock.now());
  if (posted.kind === 'answered' && posted.status >= 200 && posted.status < 300) {
    crashPoint('result-call:after-answer');
    await store.transact(async ({ hospitalFiles, resultCalls }) => {
      await hospitalFiles.markWritten(result.id, at, fileHash(content));
      await resultCalls.forget(result.id);
    });
    return { kind: 'taken', at };
  }
  const why = whyOf(posted);
  if (posted.kind !== 'answered') return { kind: 'silent', why };
  const attempts = (result.call?.attempts ?? 0) + 1;
  const isOver = neverTaken.includes(posted.status) || attempts >= attemptsMax;
  await store.transact(({ resultCalls }) =>
    resultCalls.note({
      ...{ file_id: result.id, visit_id: result.visitId, attempts, last_at: at },
      ...{ state: isOver ? 'given-up' : 'trying', last_problem: why },
    }),
  );
  return { kind: isOver ? 'given-up' : 'failed', why };
}

const whyOf = (posted: Posted): string =>
  posted.kind === 'answered' ? `http-${String(posted.status)}` : posted.why;

/** HMAC-SHA256 over the time, a dot and the body to the letter. */
export function signatureOf(secret: string, seconds: string, content: Uint8Array): string {
  const hmac = createHmac('sha256', secret).update(`${seconds}.`).update(content);
  return `v1=${hmac.digest('hex')}`;
}
