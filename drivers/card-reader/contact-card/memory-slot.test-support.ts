import { accepted, refused, type Result } from '../../../shared/domain/result.ts';
import { cardRefusal, type CardRefusal, type CardRefusalCode } from '../card.ts';
import type { CardReaderState } from '../port.ts';
import type { CardInSlot } from '../simulator/card-in-slot.ts';
import type { ContactSlot, ContactSlotEvent, PoweredCard } from './port.ts';

/** A slot in memory into which tests put cards: for what is built on slots. */
export class MemorySlot implements ContactSlot {
  #card: CardInSlot | null = null;
  #hasPower = false;
  #isPlugged = true;
  #wasOpen = false;
  #wanted = false;
  readonly #listeners = new Set<(event: ContactSlotEvent) => void>();
  /** Every command that came, in hexadecimal. */
  readonly commands: string[] = [];

  get state(): CardReaderState {
    return this.#wanted && this.#isPlugged ? 'ready' : 'absent';
  }

  get refusal(): CardRefusal | null {
    if (this.state === 'ready') return null;
    return cardRefusal(this.#wasOpen ? 'reader-removed' : 'no-reader');
  }

  get isCardIn(): boolean {
    return this.state === 'ready' && this.#card !== null;
  }

  open(): Promise<void> {
    this.#wanted = true;
    this.#wasOpen ||= this.#isPlugged;
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#wanted = false;
    return Promise.resolve();
  }

  on(listener: (event: ContactSlotEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async powerOn(): Promise<Result<PoweredCard, CardRefusalCode>> {
    await Promise.resolve();
    if (this.refusal !== null) return refused(this.refusal);
    if (this.#card === null) return refused(cardRefusal('no-card'));
    const atr = this.#card.powerOn();
    this.#hasPower = atr !== null;
    return atr === null ? refused(cardRefusal('card-not-recognised')) : accepted({ atr });
  }

  async transmit(command: Uint8Array): Promise<Result<Uint8Array, CardRefusalCode>> {
    await Promise.resolve();
    this.commands.push(Buffer.from(command).toString('hex'));
    if (this.refusal !== null) return refused(this.refusal);
    if (this.#card === null || !this.#hasPower) return refused(cardRefusal('card-removed'));
    const answer = this.#card.receive(command);
    // A card that is pulled at this command has reported it meanwhile.
    if (this.#isGone()) return refused(cardRefusal('card-removed'));
    return answer === null ? refused(cardRefusal('timeout')) : accepted(answer);
  }

  powerOff(): Promise<void> {
    this.#hasPower = false;
    this.#card?.powerOff();
    return Promise.resolve();
  }

  insert(card: CardInSlot): void {
    this.#card = card;
    this.#hasPower = false;
    if (this.state === 'ready') this.#tell({ type: 'inserted' });
  }

  pull(): void {
    const wasIn = this.isCardIn;
    this.#card = null;
    if (wasIn) this.#tell({ type: 'removed' });
  }

  unplug(): void {
    this.pull();
    this.#isPlugged = false;
    this.#tell({ type: 'state', state: this.state, refusal: this.refusal });
  }

  plug(): void {
    this.#isPlugged = true;
    this.#tell({ type: 'state', state: this.state, refusal: this.refusal });
  }

  #isGone(): boolean {
    return this.#card === null;
  }

  #tell(event: ContactSlotEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}
