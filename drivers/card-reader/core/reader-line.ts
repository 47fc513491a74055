import type { LineFault, Transport } from '../../transport/port.ts';
import type { CardRefusal } from '../card.ts';
import { refusalOfLine, type LineKind } from '../line-trouble.ts';
import type { ReaderCore } from './reader-core.ts';

/** The line of a reader: whether it was ever open decides what its going away is called. */
export class ReaderLine<Event extends { readonly type: string }> {
  readonly #core: ReaderCore<Event>;
  readonly #transport: Transport;
  readonly #kind: LineKind;
  #wasOpen = false;

  constructor(core: ReaderCore<Event>, transport: Transport, kind: LineKind) {
    this.#core = core;
    this.#transport = transport;
    this.#kind = kind;
  }

  opened(): void {
    this.#wasOpen = true;
  }

  refusalOf(fault: LineFault): CardRefusal {
    const { name } = this.#transport;
    return refusalOfLine(fault, { name, kind: this.#kind, wasOpen: this.#wasOpen });
  }

  /** The reader cannot be reached: it is absent, or failed where it is there and cannot be used. */
  gone(fault: LineFault): CardRefusal {
    const refusal = this.refusalOf(fault);
    this.#core.enter(refusal.code === 'reader-failed' ? 'failed' : 'absent', refusal);
    return refusal;
  }
}
