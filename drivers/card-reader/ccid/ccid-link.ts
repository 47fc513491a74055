import type { LineFault, Transport } from '../../transport/port.ts';
import { CcidFramer, encodeFrame } from './frame.ts';
import { decodeCcidReply, encodeCcidCommand, type CcidCommand, type CcidReply } from './message.ts';

export type CcidOutcome =
  | { readonly kind: 'reply'; readonly reply: CcidReply }
  /** Damaged on its way, and again the second time. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'no-line'; readonly fault: LineFault };

export type CcidNotice = 'inserted' | 'removed';

/** A reader that refuses every attempt is not asked again without end. */
const attemptsPerCommand = 3;
const writeDeadlineMs = 1000;
/** A look at the line that brings nothing: only so that closing is noticed. */
const readDeadlineMs = 1000;
/** A pause this long inside a frame means the rest is lost. */
const longestGapMs = 300;

type AttemptOutcome = CcidOutcome | { readonly kind: 'refused' };

type Waiting = {
  readonly sequence: number;
  readonly settle: (outcome: AttemptOutcome) => void;
};

/**
 * Commands and replies over a line, one at a time, each known by its number. It listens all the time, because a
 * reader reports cards put in and taken out at any time. What the reader echoes of our own is passed
 * over, and so is a reply that comes too late.
 */
export class CcidLink {
  readonly #transport: Transport;
  readonly #framer = new CcidFramer();
  readonly #onNotice: (notice: CcidNotice) => void;
  #sequence = 0;
  #waiting: Waiting | null = null;
  #isListening = false;
  #listening: Promise<void> = Promise.resolve();

  constructor(transport: Transport, onNotice: (notice: CcidNotice) => void) {
    this.#transport = transport;
    this.#onNotice = onNotice;
  }

  /** Begins to listen to a line that is open, or is asked to be. */
  start(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    this.#listening = this.#listen();
  }

  /** To be called before the line is closed for good. */
  stop(): void {
    this.#isListening = false;
  }

  /** Ends when it listens no more. */
  async stopped(): Promise<void> {
    await this.#listening;
  }

  /** `deadlineMs` also bounds the time a card asks for again and again. */
  async exchange(command: CcidCommand, data: Uint8Array, deadlineMs: number): Promise<CcidOutcome> {
    const until = performance.now() + deadlineMs;
    let damaged = false;
    for (let attempt = 1; attempt <= attemptsPerCommand; attempt += 1) {
      const outcome = await this.#attempt(command, data, until);
      if (outcome.kind === 'refused') continue;
      if (outcome.kind !== 'damaged') return outcome;
      if (damaged) return outcome;
      damaged = true;
    }
    return { kind: 'damaged' };
  }

  async #attempt(command: CcidCommand, data: Uint8Array, until: number): Promise<AttemptOutcome> {
    this.#sequence = (this.#sequence + 1) & 0xff;
    const sequence = this.#sequence;
    const answered = this.#wait(sequence, until);
    const frame = encodeFrame(encodeCcidCommand(command, sequence, data));
    const written = await this.#transport.write(frame, writeDeadlineMs);
    if (!written.ok) {
      this.#waiting?.settle(
        written.fault.code === 'timeout'
          ? { kind: 'silent' }
          : { kind: 'no-line', fault: written.fault },
      );
    }
    return answered;
  }

  #wait(sequence: number, until: number): Promise<AttemptOutcome> {
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => {
          this.#waiting = null;
          this.#framer.reset();
          resolve({ kind: 'silent' });
        },
        Math.max(0, until - performance.now()),
      );
      this.#waiting = {
        sequence,
        settle: (outcome) => {
          clearTimeout(timer);
          this.#waiting = null;
          resolve(outcome);
        },
      };
    });
  }

  async #listen(): Promise<void> {
    while (this.#isListening) {
      const came = await this.#transport.read(
        this.#framer.isInside ? longestGapMs : readDeadlineMs,
      );
      if (came.ok) {
        this.#understand(came.value);
        continue;
      }
      // The rest of a frame that broke off will not come.
      if (this.#framer.reset()) this.#waiting?.settle({ kind: 'damaged' });
      if (came.fault.code === 'timeout') continue;
      this.#waiting?.settle({ kind: 'no-line', fault: came.fault });
      await this.#lineIsBack();
    }
  }

  #understand(bytes: Uint8Array): void {
    for (const event of this.#framer.push(bytes)) {
      switch (event.kind) {
        case 'inserted':
        case 'removed':
          this.#onNotice(event.kind);
          break;
        case 'refused':
        case 'damaged':
          this.#waiting?.settle({ kind: event.kind });
          break;
        case 'message': {
          const reply = decodeCcidReply(event.message);
          if (reply === null || reply.sequence !== this.#waiting?.sequence) break;
          // At work, and says so: the real reply follows; only the deadline ends that.
          if (reply.outcome !== 'waiting') this.#waiting.settle({ kind: 'reply', reply });
        }
      }
    }
  }

  /** Waits without asking again and again; also ends when nobody listens any more. */
  #lineIsBack(): Promise<void> {
    if (this.#transport.state === 'open' || !this.#isListening) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.#transport.onStateChange(({ state }) => {
        if (state !== 'open' && state !== 'closed') return;
        stop();
        resolve();
      });
    });
  }
}
