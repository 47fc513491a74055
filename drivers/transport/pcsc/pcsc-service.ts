import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type {
  PcscFailureCode,
  PcscReaderState,
  PcscReply,
  PcscRequest,
  PcscTask,
  PcscValue,
} from './pcsc-protocol.ts';

export type { PcscFailureCode, PcscReaderState } from './pcsc-protocol.ts';

export type PcscOutcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: PcscFailureCode; readonly detail: string };

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

type Waiting = { readonly resolve: (reply: PcscReply) => void; readonly timer: NodeJS.Timeout };

/**
 * The PC/SC service of the operating system, over a thread of ours. A question that misses its deadline is
 * answered `timeout`, and so are all others until the thread speaks again: whatever hangs in there, the desk
 * does not. The thread is kept all the same, for the library may not be loaded twice.
 */
class PcscThread implements Pcsc {
  #worker: Worker | null = null;
  #lastId = 0;
  readonly #waiting = new Map<number, Waiting>();
  /** Questions that were answered `timeout` and are still open in the thread. */
  readonly #overdue = new Set<number>();

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

  #ask(task: PcscTask, deadlineMs: number): Promise<PcscReply> {
    const id = ++this.#lastId;
    // More questions would only queue up behind the one that hangs; letting go of a card is never lost.
    if (this.#overdue.size > 0 && task.do !== 'disconnect') {
      const detail = 'the card service does not answer';
      return Promise.resolve({ id, ok: false, code: 'timeout', detail });
    }
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => {
          this.#waiting.delete(id);
          this.#overdue.add(id);
          resolve({ id, ok: false, code: 'timeout', detail: `${task.do} was never answered` });
        },
        Math.max(0, deadlineMs),
      );
      this.#waiting.set(id, { resolve, timer });
      worker.postMessage({ id, task } satisfies PcscRequest);
    });
  }

  #start(): Worker {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const worker = new Worker(
      fileURLToPath(new URL(`./pcsc-worker.${extension}`, import.meta.url)),
    );
    worker.on('message', (reply: PcscReply) => {
      this.#overdue.delete(reply.id);
      const waiting = this.#waiting.get(reply.id);
      if (waiting === undefined) return;
      this.#waiting.delete(reply.id);
      clearTimeout(waiting.timer);
      waiting.resolve(reply);
    });
    const ended = (detail: string): void => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#overdue.clear();
      for (const [id, { resolve, timer }] of this.#waiting) {
        clearTimeout(timer);
        resolve({ id, ok: false, code: 'failed', detail });
      }
      this.#waiting.clear();
    };
    worker.on('error', (error: Error) => {
      ended(error.message);
    });
    worker.on('exit', () => {
      ended('the thread ended');
    });
    // A reader that is watched must not keep a program alive that has nothing else to do. Last of all, because
    // listening takes hold of the thread again; whoever asks holds on by the timer of the question.
    worker.unref();
    return worker;
  }
}

function valueOf<Value>(
  reply: PcscReply,
  pick: (value: PcscValue) => Value | null,
): PcscOutcome<Value> {
  if (!reply.ok) return reply;
  const value = pick(reply.value);
  if (value === null) throw new Error('the PC/SC thread answered another question');
  return { ok: true, value };
}

/** One thread for all readers: the library keeps things that may not be doubled. */
export const pcsc: Pcsc = new PcscThread();
