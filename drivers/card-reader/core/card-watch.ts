import type { CardRead } from '../card.ts';
import type { CardReaderEvent } from '../port.ts';
import type { ReaderCore } from './reader-core.ts';

/** The card at a reader, from its reading until it is seen to leave: `removed` is reported once per card. */
export class CardWatch {
  readonly #core: ReaderCore<CardReaderEvent>;
  #isCardThere = false;

  constructor(core: ReaderCore<CardReaderEvent>) {
    this.#core = core;
  }

  /** A card was read and has not been seen to leave. */
  get isCardThere(): boolean {
    return this.#isCardThere;
  }

  wasRead(card: CardRead): void {
    this.#isCardThere = true;
    this.#core.emit({ type: 'card', card });
  }

  left(): void {
    if (!this.#isCardThere) return;
    this.#isCardThere = false;
    this.#core.emit({ type: 'removed' });
  }
}
