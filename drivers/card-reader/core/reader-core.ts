import { settleWithin } from '../../transport/settle-within.ts';
import { refused, type Result } from '../../../shared/domain/result.ts';
import { cardRefusal, type CardRead, type CardRefusal, type CardRefusalCode } from '../card.ts';
import type { CardReaderState, ReaderClock } from '../port.ts';

type StateEvent = {
  readonly type: 'state';
  readonly state: CardReaderState;
  readonly refusal: CardRefusal | null;
};

export type Polling = {
  /**
   * One look at the device. It takes its turn itself where it talks to it, and asks for the line to be open: that is
   * how a reader that was away becomes ready again.
   */
  look(): Promise<void>;
  /** The pause after each look, in milliseconds. */
  pauseMs(): number;
  /** Begins with a look; else with a pause. */
  readonly looksAtOnce: boolean;
  /** Whether a program that has nothing else to do goes on for the next look. */
  readonly keepsProgramAlive: boolean;
};

type Read = Result<CardRead, CardRefusalCode>;

/**
 * What every reader and every slot has in common, whatever the device: the state that is reported when it changes,
 * one exchange at a time, pauses that end when something happens, polling, the deadline of a read, the end.
 * Time comes from the clock it is given and from the runtime's timers, and from nowhere else.
 */
export class ReaderCore<Event extends { readonly type: string }> {
  readonly clock: Pick<ReaderClock, 'monotonicMs'>;
  #state: CardReaderState = 'absent';
  #refusal: CardRefusal | null = cardRefusal('no-reader');
  #isWanted = false;
  #turn: Promise<unknown> = Promise.resolve();
  #polling: Promise<void> = Promise.resolve();
  readonly #wakers = new Set<() => void>();
  readonly #listeners = new Set<(event: Event | StateEvent) => void>();

  constructor(clock: Pick<ReaderClock, 'monotonicMs'>) {
    this.clock = clock;
  }

  get state(): CardReaderState {
    return this.#state;
  }

  get refusal(): CardRefusal | null {
    return this.#refusal;
  }

  /** Between `begin` and `end`. */
  isWanted(): boolean {
    return this.#isWanted;
  }

  /** Calls `listener` with every event; the answer stops that. */
  on(listener: (event: Event | StateEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: Event | StateEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** Changes the state, and reports it where it or the code of its refusal differs. */
  enter(state: CardReaderState, refusal: CardRefusal | null): void {
    const changed = state !== this.#state || refusal?.code !== this.#refusal?.code;
    this.#state = state;
    this.#refusal = refusal;
    if (changed) this.emit({ type: 'state', state, refusal });
  }

  /** False where it had begun already. */
  begin(): boolean {
    if (this.#isWanted) return false;
    this.#isWanted = true;
    return true;
  }

  /** From here nothing new begins, and every pause is over. */
  end(): void {
    this.#isWanted = false;
    this.wake();
  }

  /** Ends when what is under way has ended; the polling only ends after `end`. */
  async settled(): Promise<void> {
    await this.#polling;
    await this.#turn;
  }

  /** One thing at a time talks to the device: the polling and requests wait for each other. */
  inTurn<Value>(act: () => Promise<Value>): Promise<Value> {
    const result = this.#turn.then(act);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /**
   * A read that answers in time: `late` when it has not ended `graceMs` after its deadline, because what is under
   * way before it, such as opening the line anew, takes longer than the caller waits.
   */
  async readInTurn(
    wait: { readonly deadlineMs: number; readonly graceMs: number },
    readUntil: (until: number) => Promise<Read>,
    late: CardRefusal,
  ): Promise<Read> {
    const until = this.clock.monotonicMs() + wait.deadlineMs;
    const reading = this.inTurn(() => readUntil(until));
    const read = await settleWithin(reading, wait.deadlineMs + wait.graceMs);
    if (read.kind === 'failed') throw read.error;
    return read.kind === 'done' ? read.value : refused(late);
  }

  /** Milliseconds left until an instant of the clock, never below zero. */
  left(until: number): number {
    return Math.max(0, until - this.clock.monotonicMs());
  }

  /** Looks again and again until `end`. */
  poll(polling: Polling): void {
    this.#polling = this.#pollUntilEnd(polling);
  }

  /** Waits, unless something happens that is worth looking at once. */
  pause(milliseconds: number, keepsProgramAlive = true): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wakers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      if (!keepsProgramAlive) timer.unref();
      this.#wakers.add(done);
    });
  }

  /** Waits until something happens, however long that takes. */
  untilWoken(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#wakers.delete(done);
        resolve();
      };
      this.#wakers.add(done);
    });
  }

  /** Ends every pause: something has happened. */
  wake(): void {
    for (const waker of [...this.#wakers]) waker();
  }

  async #pollUntilEnd(polling: Polling): Promise<void> {
    if (polling.looksAtOnce && this.isWanted()) await polling.look();
    while (this.isWanted()) {
      await this.pause(polling.pauseMs(), polling.keepsProgramAlive);
      if (this.isWanted()) await polling.look();
    }
  }
}

/** What is refused once a reader has been closed. */
export function closedRefusal(): CardRefusal {
  return cardRefusal('reader-removed', { technical: 'closed' });
}
