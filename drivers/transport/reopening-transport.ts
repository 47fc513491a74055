import {
  LineOpenError,
  type LineFault,
  type LineOpener,
  type LineOutcome,
  type OpenLine,
  type Transport,
  type TransportState,
  type TransportStateChange,
} from './port.ts';
import { settleWithin } from './settle-within.ts';

export type TransportLimits = {
  /** An attempt to open that takes longer is given up: a driver of the operating system can block. */
  readonly openDeadlineMs: number;
  /** The same for closing; the handle is then left to the operating system. */
  readonly closeDeadlineMs: number;
  /** Pause before the first new attempt; each further pause is twice as long. */
  readonly firstPauseMs: number;
  /** Longest pause, so that a reader plugged in again is back within two seconds. */
  readonly longestPauseMs: number;
  /** Unread bytes kept at most: a device gone mad must not eat the memory. The oldest go first. */
  readonly inputLimitBytes: number;
};

export const defaultTransportLimits: TransportLimits = {
  openDeadlineMs: 2000,
  closeDeadlineMs: 1000,
  firstPauseMs: 100,
  longestPauseMs: 1000,
  inputLimitBytes: 64 * 1024,
};

type Waiter = (outcome: LineOutcome<Uint8Array>) => void;

/**
 * The part of a transport that is the same for every kind of line: states, deadlines, the queue of bytes
 * that came in, and opening again with growing pauses. The kind itself is the opener.
 */
export class ReopeningTransport implements Transport {
  readonly name: string;
  readonly #opener: LineOpener;
  readonly #limits: TransportLimits;
  #state: TransportState = 'closed';
  #fault: LineFault | null = null;
  #line: OpenLine | null = null;
  /** Counts connections; events of an earlier one are not ours any more. */
  #generation = 0;
  #opening: Promise<LineOutcome<null>> | null = null;
  #closing: Promise<void> = Promise.resolve();
  #pauseMs: number;
  #retryTimer: NodeJS.Timeout | null = null;
  #chunks: Uint8Array[] = [];
  #queuedBytes = 0;
  #waiter: Waiter | null = null;
  readonly #listeners = new Set<(change: TransportStateChange) => void>();

  constructor(opener: LineOpener, limits: Partial<TransportLimits> = {}) {
    this.name = opener.name;
    this.#opener = opener;
    this.#limits = { ...defaultTransportLimits, ...limits };
    this.#pauseMs = this.#limits.firstPauseMs;
  }

  get state(): TransportState {
    return this.#state;
  }

  get fault(): LineFault | null {
    return this.#fault;
  }

  open(): Promise<LineOutcome<null>> {
    if (this.#state === 'open') return Promise.resolve({ ok: true, value: null });
    if (this.#state === 'closed' && this.#opening !== null) {
      // Closed in the middle of an attempt and wanted again: let that attempt end first.
      return this.#opening.then(() => this.open());
    }
    this.#opening ??= this.#attempt().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async write(bytes: Uint8Array, deadlineMs: number): Promise<LineOutcome<null>> {
    const line = this.#line;
    if (line === null) return { ok: false, fault: this.#whyNotOpen() };
    const generation = this.#generation;
    const written = await settleWithin(line.write(bytes), deadlineMs);
    if (written.kind === 'done') return { ok: true, value: null };
    const detail = written.kind === 'late' ? 'a write was never answered' : words(written.error);
    this.#lose(generation, detail);
    const code = written.kind === 'late' ? 'timeout' : 'lost';
    return { ok: false, fault: { code, detail } };
  }

  read(deadlineMs: number): Promise<LineOutcome<Uint8Array>> {
    if (this.#waiter !== null) throw new Error('two reads wait on one line');
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#queuedBytes -= chunk.length;
      return Promise.resolve({ ok: true, value: chunk });
    }
    if (this.#line === null) return Promise.resolve({ ok: false, fault: this.#whyNotOpen() });
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => {
          this.#answerWaiter({ ok: false, fault: { code: 'timeout', detail: 'nothing came in' } });
        },
        Math.max(0, deadlineMs),
      );
      this.#waiter = (outcome) => {
        clearTimeout(timer);
        resolve(outcome);
      };
    });
  }

  discardInput(): number {
    const dropped = this.#queuedBytes;
    this.#chunks = [];
    this.#queuedBytes = 0;
    return dropped;
  }

  reopen(reason: string): Promise<LineOutcome<null>> {
    if (this.#state === 'closed') return Promise.resolve({ ok: false, fault: this.#whyNotOpen() });
    if (this.#line !== null) this.#lose(this.#generation, reason);
    return this.open();
  }

  async close(): Promise<void> {
    this.#stopRetrying();
    this.#abandonLine();
    this.#enter('closed', null);
    this.#answerWaiter({ ok: false, fault: this.#whyNotOpen() });
    this.discardInput();
    if (this.#opening !== null) await this.#opening;
    await this.#closing;
  }

  onStateChange(listener: (change: TransportStateChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #attempt(): Promise<LineOutcome<null>> {
    this.#stopRetrying();
    this.#enter('opening', this.#fault);
    // The old handle holds the port's lock until it is closed.
    await this.#closing;
    const generation = ++this.#generation;
    const attempt = this.#opener.open({
      data: (bytes) => {
        this.#take(generation, bytes);
      },
      gone: (detail) => {
        this.#lose(generation, detail);
      },
    });
    const opened = await settleWithin(attempt, this.#limits.openDeadlineMs);
    if (opened.kind === 'done') return this.#welcome(generation, opened.value);
    if (opened.kind === 'late') {
      void attempt.then((line) => line.close()).catch(() => undefined);
      return this.#failed({ code: 'timeout', detail: 'opening was never answered' });
    }
    const { error } = opened;
    return this.#failed(
      error instanceof LineOpenError ? error.fault : { code: 'absent', detail: words(error) },
    );
  }

  #welcome(generation: number, line: OpenLine): LineOutcome<null> {
    this.#line = line;
    if (this.#state === 'closed' || generation !== this.#generation) {
      // Closed, or gone again, while it was being opened.
      this.#abandonLine();
      return this.#failed({ code: 'lost', detail: 'gone while it was being opened' });
    }
    this.discardInput();
    this.#pauseMs = this.#limits.firstPauseMs;
    this.#enter('open', null);
    return { ok: true, value: null };
  }

  #failed(fault: LineFault): LineOutcome<null> {
    if (this.#state === 'closed') return { ok: false, fault: this.#whyNotOpen() };
    this.#wait(fault);
    return { ok: false, fault };
  }

  /** Goes to `waiting` and schedules the next attempt; each pause is longer, up to the longest. */
  #wait(fault: LineFault): void {
    this.#enter('waiting', fault);
    this.#stopRetrying();
    this.#retryTimer = setTimeout(() => void this.open(), this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, this.#limits.longestPauseMs);
  }

  #lose(generation: number, detail: string): void {
    if (generation !== this.#generation) return;
    if (this.#line === null) {
      // Gone before the opener answered: make sure its late answer is not taken for a good line.
      this.#generation += 1;
      return;
    }
    this.#abandonLine();
    const fault: LineFault = { code: 'lost', detail };
    this.#wait(fault);
    this.#answerWaiter({ ok: false, fault });
  }

  #abandonLine(): void {
    this.#generation += 1;
    const line = this.#line;
    this.#line = null;
    if (line === null) return;
    this.#closing = settleWithin(line.close(), this.#limits.closeDeadlineMs).then(() => undefined);
  }

  #take(generation: number, bytes: Uint8Array): void {
    if (generation !== this.#generation || bytes.length === 0) return;
    if (this.#waiter !== null) {
      this.#answerWaiter({ ok: true, value: bytes });
      return;
    }
    this.#chunks.push(bytes);
    this.#queuedBytes += bytes.length;
    while (this.#queuedBytes > this.#limits.inputLimitBytes) {
      this.#queuedBytes -= this.#chunks.shift()?.length ?? this.#queuedBytes;
    }
  }

  #answerWaiter(outcome: LineOutcome<Uint8Array>): void {
    const waiter = this.#waiter;
    this.#waiter = null;
    waiter?.(outcome);
  }

  #stopRetrying(): void {
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer);
    this.#retryTimer = null;
  }

  #whyNotOpen(): LineFault {
    return this.#fault ?? { code: 'closed', detail: 'the line is not open' };
  }

  #enter(state: TransportState, fault: LineFault | null): void {
    const changed = state !== this.#state || fault?.code !== this.#fault?.code;
    this.#state = state;
    this.#fault = fault;
    if (!changed) return;
    for (const listener of this.#listeners) listener({ state, fault });
  }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
