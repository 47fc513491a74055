import { accepted, refused, type Result, type Words } from '../../../shared/domain/result.ts';
import { cardRefusal, type CardRead, type CardRefusal, type CardRefusalCode } from '../card.ts';
import { CardWatch } from '../core/card-watch.ts';
import { closedRefusal, ReaderCore } from '../core/reader-core.ts';
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
  readonly #core: ReaderCore<CardReaderEvent>;
  readonly #watch: CardWatch;
  /** The card that is in was read, or its refusal was reported: it is not read by itself again. */
  #isDealtWith = false;
  /** A read by itself waits for its turn: it is for whatever card is in then, however often cards come and go until then. */
  #isReadWaiting = false;
  #stopListening: (() => void) | null = null;

  constructor({ url, slot, clock, polls }: ContactCardReaderSettings) {
    this.url = url;
    this.#slot = slot;
    this.#clock = clock;
    this.#polls = polls;
    this.#core = new ReaderCore(clock);
    this.#watch = new CardWatch(this.#core);
  }

  get state(): CardReaderState {
    return this.#slot.state;
  }

  get refusal(): CardRefusal | null {
    return this.#slot.refusal;
  }

  on(listener: (event: CardReaderEvent) => void): () => void {
    return this.#core.on(listener);
  }

  async open(): Promise<void> {
    if (!this.#core.begin()) return;
    this.#stopListening = this.#slot.on((event) => {
      this.#follow(event);
    });
    await this.#slot.open();
    if (this.#slot.isCardIn) this.#readByItself();
  }

  async close(): Promise<void> {
    this.#core.end();
    await this.#slot.close();
    await this.#core.settled();
    this.#stopListening?.();
    this.#stopListening = null;
  }

  read({
    deadlineMs,
  }: {
    readonly deadlineMs: number;
  }): Promise<Result<CardRead, CardRefusalCode>> {
    return this.#core.readInTurn(
      { deadlineMs, graceMs },
      (until) => this.#readUntil(until),
      cardRefusal('timeout', { remedy: insertAgain }),
    );
  }

  #follow(event: ContactSlotEvent): void {
    switch (event.type) {
      case 'inserted':
        this.#isDealtWith = false;
        this.#core.wake();
        this.#readByItself();
        return;
      case 'removed':
        this.#isDealtWith = false;
        this.#watch.left();
        return;
      case 'state':
        this.#core.wake();
        this.#core.emit(event);
    }
  }

  #readByItself(): void {
    if (!this.#polls || this.#isReadWaiting) return;
    this.#isReadWaiting = true;
    void this.#core.inTurn(async () => {
      this.#isReadWaiting = false;
      // A read on request may have come first.
      if (!this.#core.isWanted() || this.#isDealtWith || !this.#slot.isCardIn) return;
      const read = await this.#readCard(this.#clock.monotonicMs() + readDeadlineMs);
      if (!this.#core.isWanted() || read.ok) return;
      // What is pulled out again was not meant to be read yet; the next insertion does.
      if (!aboutCard.includes(read.refusal.code)) return;
      this.#isDealtWith = true;
      this.#core.emit({ type: 'refused', refusal: read.refusal });
    });
  }

  async #readUntil(until: number): Promise<Result<CardRead, CardRefusalCode>> {
    for (;;) {
      if (!this.#core.isWanted()) return refused(closedRefusal());
      const unfit = this.#slot.state === 'ready' ? null : this.#slot.refusal;
      if (unfit !== null) return refused(unfit);
      const left = this.#core.left(until);
      if (this.#slot.isCardIn) {
        const read = await this.#readCard(until);
        if (read.ok || read.refusal.code !== 'no-card' || left <= 0) return read;
        // The card was pulled a moment ago and the slot has not noticed: another may come.
        await this.#core.pause(Math.min(staleMs, left));
        continue;
      }
      if (left <= 0) return refused(cardRefusal('no-card', { remedy: insertRemedy }));
      await this.#core.pause(left);
    }
  }

  async #readCard(until: number): Promise<Result<CardRead, CardRefusalCode>> {
    for (let attempt = 1; ; attempt += 1) {
      const read = await this.#attempt(until);
      if (read.ok) {
        this.#isDealtWith = true;
        this.#watch.wasRead(read.value);
        return read;
      }
      const again = worthAnotherAttempt.includes(read.refusal.code) && this.#core.left(until) > 0;
      if (!again || attempt === attemptsPerRead) return refused(inWordsOfCards(read.refusal));
    }
  }

  async #attempt(until: number): Promise<Result<CardRead, CardRefusalCode>> {
    const startedAt = this.#clock.monotonicMs();
    const powered = await this.#slot.powerOn(Math.min(powerDeadlineMs, this.#core.left(until)));
    if (!powered.ok) return powered;
    const now = this.#clock.now();
    const read = await readSocialSecurityCard(this.#slot, {
      today: shanghaiDay(now),
      leftMs: () => this.#core.left(until),
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
}

const insertRemedy: Words = {
  zh: '请把社保卡芯片朝上插到底；也可以读身份证或输入证件号码查找患者。',
  en: 'Put the social-security card in to the end with the chip upwards; or read the ID card, or type the ID number.',
};

/** The general remedies speak of cards that are put on a plate; this one is put in. */
function inWordsOfCards(refusal: CardRefusal): CardRefusal {
  const ofThisReader: Partial<Record<CardRefusalCode, Words>> = {
    'no-card': insertRemedy,
    'card-removed': insertAgain,
    timeout: insertAgain,
  };
  const remedy = ofThisReader[refusal.code];
  return remedy === undefined ? refusal : { ...refusal, remedy };
}
