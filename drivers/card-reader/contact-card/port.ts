import type { Result } from '../../../shared/domain/result.ts';
import type { CardRefusal, CardRefusalCode } from '../card.ts';
import type { CardReaderState } from '../port.ts';

/** What a card answered when it got power: its answer to reset (ISO 7816-3), whole. */
export type PoweredCard = { readonly atr: Uint8Array };

export type ContactSlotEvent =
  | { readonly type: 'inserted' }
  /** Said also when the whole reader went while a card was in it. */
  | { readonly type: 'removed' }
  | {
      readonly type: 'state';
      readonly state: CardReaderState;
      readonly refusal: CardRefusal | null;
    };

/**
 * The slot of a reader for cards with a chip, whatever carries the commands: PC/SC or CCID on a serial line.
 * It keeps itself alive like every reader, never hangs and never throws for what a device or a card does.
 * It knows commands and answers, not what they mean: `61xx` and `6Cxx` come through as the card says them.
 */
export interface ContactSlot {
  readonly state: CardReaderState;
  /** Why it is not ready; null when it is. */
  readonly refusal: CardRefusal | null;
  /** Whether a card is in it, as last heard. */
  readonly isCardIn: boolean;

  /** Starts it; answers when the first attempt to reach the reader is over, well or not. */
  open(): Promise<void>;

  /**
   * Gives the card power, anew if it has it already. Refusals: `no-reader`, `no-card`, `card-removed`,
   * `card-not-recognised` (mute), `reader-failed`, `reader-removed`, `checksum`, `timeout`.
   */
  powerOn(deadlineMs: number): Promise<Result<PoweredCard, CardRefusalCode>>;

  /** One command to the card and its answer with both status bytes. Refusals as for `powerOn`. */
  transmit(command: Uint8Array, deadlineMs: number): Promise<Result<Uint8Array, CardRefusalCode>>;

  /** Takes the power away and lets other programs have the card; a card that has gone is no trouble. */
  powerOff(deadlineMs: number): Promise<void>;

  /** Ends it and frees the reader. What is under way ends with `reader-removed`. */
  close(): Promise<void>;

  /** Calls `listener` with every event; the answer stops that. */
  on(listener: (event: ContactSlotEvent) => void): () => void;
}
