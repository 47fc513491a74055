import type { Result } from '../../shared/domain/result.ts';
import type { CardRead, CardRefusal, CardRefusalCode } from './card.ts';

/**
 * `ready`: the reader answers. `absent`: nothing is there, or it was unplugged. `failed`: it is there but does
 * not work (held by another program, silent, self-test failed).
 */
export type CardReaderState = 'ready' | 'absent' | 'failed';

export type CardReaderEvent =
  /** A card was read, by the reader's own polling or on request. */
  | { readonly type: 'card'; readonly card: CardRead }
  /** A card was found and could not be read. Said once per card, not at every attempt. */
  | { readonly type: 'refused'; readonly refusal: CardRefusal }
  /** The card that was read has left the plate. */
  | { readonly type: 'removed' }
  | {
      readonly type: 'state';
      readonly state: CardReaderState;
      readonly refusal: CardRefusal | null;
    };

/**
 * A reader of cards. It keeps itself alive: unplugged and plugged in again, it is ready again without
 * anyone's help. Nothing it does throws or hangs for what a device or a card does. This does not judge
 * whether a card has expired: that takes the day's date and a decision.
 */
export interface CardReader {
  /** The device URL it was opened by. */
  readonly url: string;
  readonly state: CardReaderState;
  /** Why it is not ready; null when it is. */
  readonly refusal: CardRefusal | null;
  /** Starts it; answers when the first attempt to reach it is over, well or not. */
  open(): Promise<void>;
  /**
   * Reads the card on the plate, or the one put there before the deadline. A card that was read before and
   * left there is read all the same. Refusals: `no-reader`, `no-card`, `card-removed`,
   * `card-not-recognised`, `reader-failed`, `reader-removed`, `checksum`, `timeout`.
   */
  read(wait: { readonly deadlineMs: number }): Promise<Result<CardRead, CardRefusalCode>>;
  /** Ends it and frees the port. A read under way ends with `reader-removed`. */
  close(): Promise<void>;
  /** Calls `listener` with every event; the answer stops that. */
  on(listener: (event: CardReaderEvent) => void): () => void;
}

/** Time as the reader needs it. */
export type ReaderClock = {
  /** The instant that goes into what is kept. */
  now(): Date;
  /** Milliseconds that only ever grow; for measuring. */
  monotonicMs(): number;
};

export const systemReaderClock: ReaderClock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};
