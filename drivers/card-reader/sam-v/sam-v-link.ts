import type { LineFault, Transport } from '../../transport/port.ts';
import type { ReaderClock } from '../port.ts';
import { encodeCommand, type SamVAnswer, type SamVCommand } from './frame.ts';
import { SamVFramer, type FramerEvent } from './framer.ts';
import { samVStatus } from './status.ts';

export type ExchangeOutcome =
  | { readonly kind: 'answer'; readonly answer: SamVAnswer }
  /** Answered twice, damaged both times. */
  | { readonly kind: 'damaged' }
  /** Not answered although the line is there and the module had all the time it may need. */
  | { readonly kind: 'silent' }
  /** The caller's own deadline came first; nothing is known of the module. */
  | { readonly kind: 'late' }
  | { readonly kind: 'no-line'; readonly fault: LineFault };

export type LinkLimits = {
  /** How long the module may think about a command, beside the time of the bytes on the line. */
  readonly thinkingMs: Readonly<Record<SamVCommand, number>>;
  /** A pause this long inside an answer means the rest is lost. Fragments of a living line come closer. */
  readonly longestGapMs: number;
  /** A command of ten bytes is out in a moment, or the port is gone. */
  readonly writeDeadlineMs: number;
};

/** The times the makers' own drivers use (cards.md §2.5), rounded up. */
export const defaultLinkLimits: LinkLimits = {
  thinkingMs: {
    status: 500,
    find: 500,
    select: 1000,
    readTextAndPhoto: 2500,
    readAppendedAddress: 1000,
  },
  longestGapMs: 300,
  writeDeadlineMs: 1000,
};

/** Bits a byte takes on the line: start, eight, stop. */
const bitsPerByte = 10;
const longestAnswerBytes: Readonly<Record<SamVCommand, number>> = {
  status: 11,
  find: 15,
  select: 19,
  readTextAndPhoto: 2321,
  readAppendedAddress: 81,
};

/**
 * Commands and answers over a line: one at a time, each with a deadline. A damaged answer is asked for once
 * more; after a silence the line is opened anew and asked once more, for a vanished port can look open.
 */
export class SamVLink {
  readonly #transport: Transport;
  readonly #clock: ReaderClock;
  readonly #baudRate: number;
  readonly #limits: LinkLimits;
  readonly #framer = new SamVFramer();
  #isReopening = false;

  constructor(transport: Transport, clock: ReaderClock, baudRate: number, limits: LinkLimits) {
    this.#transport = transport;
    this.#clock = clock;
    this.#baudRate = baudRate;
    this.#limits = limits;
  }

  /** Whether the line is away only because a silence made us open it anew. */
  get isReopening(): boolean {
    return this.#isReopening;
  }

  async exchange(command: SamVCommand, deadlineMs: number): Promise<ExchangeOutcome> {
    const until = this.#clock.monotonicMs() + deadlineMs;
    const first = await this.#attempt(command, until);
    const remaining = until - this.#clock.monotonicMs();
    if (first.kind === 'answer' && !wasReceivedDamaged(first.answer)) return first;
    if (first.kind === 'no-line' || first.kind === 'late' || remaining <= 0) return first;
    if (first.kind === 'silent') {
      this.#isReopening = true;
      const reopened = await this.#transport.reopen(`no answer to ${command}`);
      this.#isReopening = false;
      if (!reopened.ok) return { kind: 'no-line', fault: reopened.fault };
    }
    return this.#attempt(command, until);
  }

  async #attempt(command: SamVCommand, until: number): Promise<ExchangeOutcome> {
    this.#transport.discardInput();
    this.#framer.reset();
    if (this.#left(until) <= 0) return { kind: 'late' };
    // Its own deadline, not the caller's: a write that misses it condemns the line.
    const bytes = encodeCommand(command);
    const written = await this.#transport.write(bytes, this.#limits.writeDeadlineMs);
    if (!written.ok) return this.#outcomeOfFault(written.fault);
    return this.#listen(command, until);
  }

  /** An answer must begin in time; once begun it goes on as long as bytes come, at most `until`. */
  async #listen(command: SamVCommand, until: number): Promise<ExchangeOutcome> {
    const beginUntil = this.#clock.monotonicMs() + this.#patienceMs(command);
    let damaged = false;
    for (;;) {
      const begun = damaged || this.#framer.hasBegun;
      const longest = begun ? this.#limits.longestGapMs : this.#left(beginUntil);
      const came = await this.#transport.read(Math.min(longest, this.#left(until)));
      if (!came.ok && came.fault.code !== 'timeout') return this.#outcomeOfFault(came.fault);
      const events = came.ok ? this.#framer.push(came.value) : this.#framer.giveUp();
      const answer = answerTo(command, events);
      if (answer !== null) return { kind: 'answer', answer };
      damaged ||= events.some((event) => event.kind === 'damaged');
      if (this.#left(until) <= 0) return { kind: 'late' };
      if (!came.ok) return damaged ? { kind: 'damaged' } : { kind: 'silent' };
      if (this.#left(beginUntil) <= 0 && !damaged && !this.#framer.hasBegun) {
        return { kind: 'silent' };
      }
    }
  }

  #outcomeOfFault(fault: LineFault): ExchangeOutcome {
    return fault.code === 'timeout' ? { kind: 'silent' } : { kind: 'no-line', fault };
  }

  #patienceMs(command: SamVCommand): number {
    const bits = (longestAnswerBytes[command] + 10) * bitsPerByte;
    return this.#limits.thinkingMs[command] + (bits * 1000) / this.#baudRate;
  }

  #left(until: number): number {
    return Math.max(0, until - this.#clock.monotonicMs());
  }
}

/** The module says that our command reached it damaged: worth sending again, once. */
function wasReceivedDamaged(answer: SamVAnswer): boolean {
  return answer.status === 0x10 || answer.status === 0x11;
}

/** What only choosing or reading a card can end with: how it was authenticated, what was on it, that it went. */
const ofChosenCard: readonly number[] = [0x31, 0x32, 0x33, 0x40, 0x41, 0x47, 0x81, 0x91];

/**
 * The first answer that can belong to the command. Answers carry no number, so one that comes late is known
 * only by its shape: a "found" cannot answer a read, and "the card went" cannot answer looking for one.
 */
function answerTo(command: SamVCommand, events: readonly FramerEvent[]): SamVAnswer | null {
  for (const event of events) {
    if (event.kind !== 'answer') continue;
    const { status, data } = event.answer;
    const isFound = status === samVStatus.found;
    const isNotFound = status === samVStatus.notFound;
    if (command === 'find' ? status === samVStatus.ok : isFound) continue;
    if (command === 'find' && ofChosenCard.includes(status)) continue;
    if (command === 'select' && isNotFound) continue;
    if (command === 'readTextAndPhoto' && status === samVStatus.ok && data.length < 4) continue;
    return event.answer;
  }
  return null;
}
