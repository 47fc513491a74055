import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { ThreadRequests } from '../../../shared/threads/thread-requests.ts';
import { settleWithin } from '../settle-within.ts';
import type { PcscOutcome, PcscReaderState, PcscTask, PcscValue } from './pcsc-protocol.ts';

export type { PcscFailureCode, PcscOutcome, PcscReaderState } from './pcsc-protocol.ts';

/** A card that has power, until it is let go or taken away. */
export type PcscSession = { readonly session: number; readonly atr: Uint8Array };

/** The part of PC/SC that is used. Every answer comes within its deadline; nothing throws. */
export interface Pcsc {
  readers(): Promise<PcscOutcome<readonly PcscReaderState[]>>;
  connect(reader: string, deadlineMs: number): Promise<PcscOutcome<PcscSession>>;
  transmit(
    session: number,
    command: Uint8Array,
    deadlineMs: number,
  ): Promise<PcscOutcome<Uint8Array>>;
  disconnect(session: number): Promise<void>;
}

/** Looking through the readers is one question to a service on this machine. */
const readersDeadlineMs = 2000;
const disconnectDeadlineMs = 2000;

/** What the first question gets on top: it starts the thread and loads the library, on a busy machine slowly. */
const startMs = 10_000;

/**
 * The PC/SC service of the operating system, over a thread of ours. A question that misses its deadline is
 * answered `timeout`, and so are all others until the thread speaks again: whatever hangs in there, the desk
 * does not. The thread is kept all the same, for the library may not be loaded twice.
 */
class PcscThread implements Pcsc {
  readonly #thread = new ThreadRequests<PcscTask, PcscOutcome<PcscValue>>({
    start: startThread,
    startsAgain: true,
    // A reader that is watched must not keep a program alive that has nothing else to do; whoever asks holds on
    // by the timer of the question.
    keepsProgramAlive: false,
    failed: ({ message }) => new Error(message),
    ended: (end) =>
      end.kind === 'error' && end.error instanceof Error
        ? end.error
        : new Error('the thread ended'),
  });
  #hasAnswered = false;
  /** Questions that were answered `timeout` and are still open in the thread. */
  #overdue = 0;

  async readers(): Promise<PcscOutcome<readonly PcscReaderState[]>> {
    const reply = await this.#ask({ do: 'readers' }, readersDeadlineMs);
    return valueOf(reply, (value) => ('readers' in value ? value.readers : null));
  }

  async connect(reader: string, deadlineMs: number): Promise<PcscOutcome<PcscSession>> {
    const reply = await this.#ask({ do: 'connect', reader }, deadlineMs);
    return valueOf(reply, (value) => ('session' in value ? value : null));
  }

  async transmit(
    session: number,
    command: Uint8Array,
    deadlineMs: number,
  ): Promise<PcscOutcome<Uint8Array>> {
    const reply = await this.#ask({ do: 'transmit', session, command }, deadlineMs);
    return valueOf(reply, (value) => ('answer' in value ? value.answer : null));
  }

  async disconnect(session: number): Promise<void> {
    await this.#ask({ do: 'disconnect', session }, disconnectDeadlineMs);
  }

  async #ask(task: PcscTask, deadlineMs: number): Promise<PcscOutcome<PcscValue>> {
    // More questions would only queue up behind the one that hangs; letting go of a card is never lost.
    if (this.#overdue > 0 && task.do !== 'disconnect') {
      return { ok: false, code: 'timeout', detail: 'the card service does not answer' };
    }
    const asked = this.#thread.ask(task);
    const patienceMs = this.#hasAnswered ? deadlineMs : deadlineMs + startMs;
    const answered = await settleWithin(asked, patienceMs);
    if (answered.kind !== 'late') this.#hasAnswered = true;
    if (answered.kind === 'done') return answered.value;
    if (answered.kind === 'failed') {
      const { error } = answered;
      const detail = error instanceof Error ? error.message : String(error);
      return { ok: false, code: 'failed', detail };
    }
    this.#overdue += 1;
    const settled = (): void => {
      this.#overdue -= 1;
    };
    asked.then(settled, settled);
    return { ok: false, code: 'timeout', detail: `${task.do} was never answered` };
  }
}

function startThread(): Worker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new Worker(fileURLToPath(new URL(`./pcsc-worker.${extension}`, import.meta.url)));
}

function valueOf<Value>(
  reply: PcscOutcome<PcscValue>,
  pick: (value: PcscValue) => Value | null,
): PcscOutcome<Value> {
  if (!reply.ok) return reply;
  const value = pick(reply.value);
  if (value === null) throw new Error('the PC/SC thread answered another question');
  return { ok: true, value };
}

/** One thread for all readers: the library keeps things that may not be doubled. */
export const pcsc: Pcsc = new PcscThread();
