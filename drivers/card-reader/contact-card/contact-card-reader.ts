import { accepted, refused, type Result, type Words } from '../../../shared/domain/result.ts';
import { settleWithin } from '../../transport/settle-within.ts';
import { cardRefusal, type CardRead, type CardRefusal, type CardRefusalCode } from '../card.ts';
import type { CardReader, CardReaderEvent, CardReaderState, ReaderClock } from '../port.ts';
import { shanghaiDay, shanghaiInstant } from '../../../shared/domain/shanghai-time.ts';
import type { ContactSlot, ContactSlotEvent } from './port.ts';
import { readSocialSecurityCard } from './read-social-security-card.ts';
import { insertAgain } from './status-words.ts';

export type ContactCardReaderSettings = {
  /** The device URL, as it is shown and written into what was read. */
  readonly url: string;
  readonly slot: ContactSlot;
  readonly clock: ReaderClock;
  /** Reads a card by itself when it is put in; off for a single read. */
  readonly polls: boolean;
};

/** A card pushed in slowly bounces on its contacts; more attempts only make the cashier wait. */
const attemptsPerRead = 2;

/** A whole card takes about a second; one that takes longer than this has stopped. */
const readDeadlineMs = 12_000;

/** Power may have to be given at several voltages, and cards take their time to wake. */
const powerDeadlineMs = 4000;

/** How long a slot may go on saying that a card is in which was pulled. */
const staleMs = 100;

/** What a read may run over its deadline to end in order. */
const graceMs = 500;

/** Troubles a second attempt may get over. */
const worthAnotherAttempt: readonly CardRefusalCode[] = ['checksum', 'timeout'];

/** Refusals that are about the card; the others are about the reader, whose state says so. */
const aboutCard: readonly CardRefusalCode[] = [
  'card-removed',
  'card-not-recognised',
  'card-locked',
  'needs-authentication',
  'checksum',
  'timeout',
];

/** A reader of social-security cards by their chip, whatever carries the commands to them. */
export class ContactCardReader implements CardReader {
  readonly url: string;
  readonly #slot: ContactSlot;
  readonly #clock: ReaderClock;
  readonly #polls: boolean;
  #wanted = false;
  /** The card that is in was read, or its trouble was told: it is not read by itself again. */
  #isDealtWith = false;
  /** A card was read and has not been seen to leave. */
  #cardLies = false;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #wakers = new Set<() => void>();
  #stopListening: (() => void) | null = null;
  readonly #listeners = new Set<(event: CardReaderEvent) => void>();

  constructor({ url, slot, clock, polls }: ContactCardReaderSettings) {
    this.url = url;
    this.#slot = slot;
    this.#clock = clock;
    this.#polls = polls;
  }

  get state(): CardReaderState {
    return this.#slot.state;
  }

  get refusal(): CardRefusal | null {
    return this.#slot.refusal;
  }

  on(listener: (event: CardReaderEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async open(): Promise<void> {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#stopListening = this.#slot.on((event) => {
      this.#follow(event);
    });
    await this.#slot.open();
    if (this.#slot.isCardIn) this.#readByItself();
  }

  async close(): Promise<void> {
    this.#wanted = false;
    this.#wake();
    await this.#slot.close();
    await this.#turn;
    this.#stopListening?.();
    this.#stopListening = null;
  }

  async read(wait: { readonly deadlineMs: number }): Promise<Result<CardRead, CardRefusalCode>> {
    const until = this.#clock.monotonicMs() + wait.deadlineMs;
    const reading = this.#inTurn(() => this.#readUntil(until));
    const read = await settleWithin(reading, wait.deadlineMs + graceMs);
    if (read.kind === 'failed') throw read.error;
    return read.kind === 'done'
      ? read.value
      : refused(cardRefusal('timeout', { remedy: insertAgain }));
  }

  #follow(event: ContactSlotEvent): void {
    switch (event.type) {
      case 'inserted':
        this.#isDealtWith = false;
        this.#wake();
        this.#readByItself();
        return;
      case 'removed':
        this.#isDealtWith = false;
        this.#cardLeft();
        return;
      case 'state':
        this.#wake();
        this.#emit(event);
    }
  }

  #readByItself(): void {
    if (!this.#polls) return;
    void this.#inTurn(async () => {
      // A read on request may have come first.
      if (!this.#wanted || this.#isDealtWith || !this.#slot.isCardIn) return;
      const read = await this.#readCard(this.#clock.monotonicMs() + readDeadlineMs);
      if (!this.#isStillWanted() || read.ok) return;
      // What is pulled out again was not meant to be read yet; the next insertion tells.
      if (!aboutCard.includes(read.refusal.code)) return;
      this.#isDealtWith = true;
      this.#emit({ type: 'refused', refusal: read.refusal });
    });
  }

  async #readUntil(until: number): Promise<Result<CardRead, CardRefusalCode>> {
    for (;;) {
      if (!this.#wanted) return refused(cardRefusal('reader-removed', { technical: 'closed' }));
      const unfit = this.#slot.state === 'ready' ? null : this.#slot.refusal;
      if (unfit !== null) return refused(unfit);
      const left = this.#left(until);
      if (this.#slot.isCardIn) {
        const read = await this.#readCard(until);
        if (read.ok || read.refusal.code !== 'no-card' || left <= 0) return read;
        // The card was pulled a moment ago and the slot has not noticed: another may come.
        await this.#pause(Math.min(staleMs, left));
        continue;
      }
      if (left <= 0) return refused(cardRefusal('no-card', { remedy: insertRemedy }));
      await this.#pause(left);
    }
  }

  async #readCard(until: number): Promise<Result<CardRead, CardRefusalCode>> {
    for (let attempt = 1; ; attempt += 1) {
      const read = await this.#attempt(until);
      if (read.ok) {
        this.#isDealtWith = true;
        this.#cardLies = true;
        this.#emit({ type: 'card', card: read.value });
        return read;
      }
      const again = worthAnotherAttempt.includes(read.refusal.code) && this.#left(until) > 0;
      if (!again || attempt === attemptsPerRead) return refused(inWordsOfCards(read.refusal));
    }
  }

  async #attempt(until: number): Promise<Result<CardRead, CardRefusalCode>> {
    const startedAt = this.#clock.monotonicMs();
    const powered = await this.#slot.powerOn(Math.min(powerDeadlineMs, this.#left(until)));
    if (!powered.ok) return powered;
    const now = this.#clock.now();
    const read = await readSocialSecurityCard(this.#slot, {
      today: shanghaiDay(now),
      leftMs: () => this.#left(until),
    });
    await this.#slot.powerOff(powerDeadlineMs);
    if (!read.ok) return read;
    return accepted({
      card: 'social-security',
      reader: this.url,
      readAt: shanghaiInstant(now),
      elapsedMs: Math.round(this.#clock.monotonicMs() - startedAt),
      ...read.value,
    });
  }

  /** One thing at a time talks to the card. */
  #inTurn<Value>(act: () => Promise<Value>): Promise<Value> {
    const result = this.#turn.then(act);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #isStillWanted(): boolean {
    return this.#wanted;
  }

  #cardLeft(): void {
    if (!this.#cardLies) return;
    this.#cardLies = false;
    this.#emit({ type: 'removed' });
  }

  #left(until: number): number {
    return Math.max(0, until - this.#clock.monotonicMs());
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wakers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#wakers.add(done);
    });
  }

  #wake(): void {
    for (const waker of [...this.#wakers]) waker();
  }

  #emit(event: CardReaderEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

const insertRemedy: Words = {
  zh: '请把社保卡芯片朝上插到底；也可以读身份证或输入证件号码查找病人。',
  en: 'Put the social-security card in to the end with the chip upwards; or read the ID card, or type the ID number.',
};

/** The general remedies speak of cards that are laid down; this one is put in. */
function inWordsOfCards(refusal: CardRefusal): CardRefusal {
  const ofThisReader: Partial<Record<CardRefusalCode, Words>> = {
    'no-card': insertRemedy,
    'card-removed': insertAgain,
    timeout: insertAgain,
  };
  const remedy = ofThisReader[refusal.code];
  return remedy === undefined ? refusal : { ...refusal, remedy };
}
