import type { DeviceState } from '../../shared/contracts/desk.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { cardRefusal, type CardRead, type CardRefusal } from '../../drivers/card-reader/card.ts';
import {
  makeCardReader,
  type MadeReader,
  type ReaderOptions,
} from '../../drivers/card-reader/open-reader.ts';
import type { CardReaderEvent } from '../../drivers/card-reader/port.ts';
import type { SimulatedReader } from '../../drivers/card-reader/simulated-reader.ts';
import { refuseExpired } from './refuse-expired.ts';
import { deviceStateOf } from './reader-device-state.ts';

/** What the log says of readers and cards. Nothing that is on a card has a place in it. */
export type CardLogEntry =
  | {
      readonly event: 'reader-state';
      readonly reader: string;
      readonly state: string;
      readonly code: string | null;
      readonly technical: string | null;
    }
  | {
      readonly event: 'card-read';
      readonly reader: string;
      readonly card: string;
      readonly kind: string | null;
      readonly elapsedMs: number;
    }
  | {
      readonly event: 'card-refused';
      readonly reader: string;
      readonly code: string;
      readonly technical: string | null;
    }
  | { readonly event: 'card-left'; readonly reader: string };

export type CardReadingSettings = {
  /** The device URL of the desk's reader; null where none is set. */
  readonly readerUrl: string | null;
  readonly clock: { now(): Date };
  /** Milliseconds that only ever grow, for measuring; the machine's unless given. */
  readonly monotonicMs?: () => number;
  readonly log: (entry: CardLogEntry) => void;
};

/** What the desk's reader saw last. `sequence` counts the cards and the refusals, so a page can tell news. */
export type LatestCard =
  | { readonly kind: 'no-card'; readonly sequence: number }
  | { readonly kind: 'refused'; readonly sequence: number; readonly refusal: CardRefusal }
  | {
      readonly kind: 'card';
      readonly sequence: number;
      readonly card: CardRead;
      readonly onPlate: boolean;
    };

export type ReadCardRequest = {
  /** A device URL; the desk's own reader unless given. */
  readonly reader?: string;
  /** How long to wait for a card; ten seconds unless given. */
  readonly timeoutSeconds?: number;
};

/** `card`: what was read last is another. `reader`: the state of the desk's reader is another. */
export type CardReadingChange = 'card' | 'reader';

const defaultTimeoutSeconds = 10;

/** A card that has left is forgotten after this time if nobody did so before: it is somebody's identity. */
const keptAfterLeavingMs = 10 * 60 * 1000;

/**
 * Cards at the desk: holds the configured reader, keeps what it saw last, and reads on request. The reader
 * comes back by itself after unplugging; nothing here throws for what a device does.
 */
export class CardReading {
  readonly #settings: CardReadingSettings;
  readonly #made: Result<MadeReader, CardRefusal> | null;
  #isStarted = false;
  #latest: LatestCard = { kind: 'no-card', sequence: 0 };
  #forgetting: NodeJS.Timeout | null = null;
  readonly #listeners = new Set<(change: CardReadingChange) => void>();

  constructor(settings: CardReadingSettings) {
    this.#settings = settings;
    const { readerUrl } = settings;
    this.#made = readerUrl === null ? null : makeCardReader(readerUrl, this.#options(true));
  }

  /** The hand that lays cards on the plate of a `sim://` reader; null for any other. */
  get simulated(): SimulatedReader | null {
    return this.#made?.ok === true ? this.#made.value.simulated : null;
  }

  /**
   * Starts the desk's reader; ends when the first attempt to reach it is over, well or not. The desk need not
   * wait for it.
   */
  async start(): Promise<void> {
    if (this.#made?.ok !== true || this.#isStarted) return;
    this.#isStarted = true;
    const { reader } = this.#made.value;
    reader.on((event) => {
      this.#follow(event);
    });
    await reader.open();
    this.#changed('reader');
  }

  async stop(): Promise<void> {
    this.#listeners.clear();
    if (this.#made?.ok === true && this.#isStarted) await this.#made.value.reader.close();
    this.#isStarted = false;
    this.forgetCard();
  }

  /** The reader as the state bar and `devices` show it. */
  deviceState(): DeviceState {
    return deviceStateOf(this.#made);
  }

  latestCard(): LatestCard {
    return this.#latest;
  }

  /** Called when the desk is done with the person, or another was chosen by hand. */
  forgetCard(): void {
    if (this.#forgetting !== null) clearTimeout(this.#forgetting);
    this.#forgetting = null;
    this.#latest = { kind: 'no-card', sequence: this.#latest.sequence };
  }

  /** Calls `listener` after every change; the answer stops that. */
  on(listener: (change: CardReadingChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Reads the card on the plate, also one that was read before and left lying, or the one put there in time.
   * Refuses with the codes of the contract's Card JSON, each in words that say what to do.
   */
  async readCard(request: ReadCardRequest = {}): Promise<Result<CardRead, CardRefusal>> {
    const deadlineMs = (request.timeoutSeconds ?? defaultTimeoutSeconds) * 1000;
    const url = request.reader ?? this.#settings.readerUrl;
    if (url === null) return refused(noReaderSet());
    const isDesks = url === this.#settings.readerUrl && this.#isStarted;
    const read =
      isDesks && this.#made?.ok === true
        ? await this.#made.value.reader.read({ deadlineMs })
        : await this.#readOnce(url, deadlineMs);
    if (isDesks && !read.ok) {
      this.#note(url, read);
      this.#keep(read);
    }
    return read.ok ? refuseExpired(read.value, this.#settings.clock.now()) : read;
  }

  /** Through a reader that is opened for this one card. */
  async #readOnce(url: string, deadlineMs: number): Promise<Result<CardRead, CardRefusal>> {
    const made = makeCardReader(url, this.#options(false));
    if (!made.ok) return made;
    const { reader } = made.value;
    await reader.open();
    const read = await reader.read({ deadlineMs });
    await reader.close();
    this.#note(url, read);
    return read.ok ? accepted(read.value) : read;
  }

  #follow(event: CardReaderEvent): void {
    const reader = this.#settings.readerUrl ?? '';
    switch (event.type) {
      case 'card':
        this.#note(reader, accepted(event.card));
        this.#keep(refuseExpired(event.card, this.#settings.clock.now()));
        break;
      case 'refused':
        this.#note(reader, refused(event.refusal));
        this.#keep(refused(event.refusal));
        break;
      case 'removed':
        this.#settings.log({ event: 'card-left', reader });
        this.#cardLeft();
        break;
      case 'state': {
        const { state, refusal } = event;
        const code = refusal?.code ?? null;
        this.#settings.log({
          event: 'reader-state',
          reader,
          state,
          code,
          technical: technicalOf(refusal),
        });
        this.#changed('reader');
        break;
      }
    }
  }

  #keep(read: Result<CardRead, CardRefusal>): void {
    this.forgetCard();
    const sequence = this.#latest.sequence + 1;
    this.#latest = read.ok
      ? { kind: 'card', sequence, card: read.value, onPlate: true }
      : { kind: 'refused', sequence, refusal: read.refusal };
    this.#changed('card');
  }

  #cardLeft(): void {
    if (this.#latest.kind === 'card') {
      this.#latest = { ...this.#latest, onPlate: false };
      this.#forgetting = setTimeout(() => {
        this.forgetCard();
        this.#changed('card');
      }, keptAfterLeavingMs);
      // A desk that ends does not wait for this.
      this.#forgetting.unref();
    }
    this.#changed('card');
  }

  #note(reader: string, read: Result<CardRead, CardRefusal>): void {
    if (read.ok) {
      const { card, kind, elapsedMs } = read.value;
      this.#settings.log({ event: 'card-read', reader, card, kind: kind ?? null, elapsedMs });
      return;
    }
    const { code } = read.refusal;
    this.#settings.log({
      event: 'card-refused',
      reader,
      code,
      technical: technicalOf(read.refusal),
    });
  }

  #changed(change: CardReadingChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  #options(polls: boolean): ReaderOptions {
    const { clock, monotonicMs } = this.#settings;
    return {
      polls,
      clock: {
        now: () => clock.now(),
        monotonicMs: monotonicMs ?? (() => performance.now()),
      },
    };
  }
}

function noReaderSet(): CardRefusal {
  return cardRefusal('no-reader', {
    cause: { zh: '设置里还没有填读卡器。', en: 'No reader is set.' },
    remedy: {
      zh: '请信息科在设置中填写读卡器地址；现在可以直接输入证件号码查找病人。',
      en: 'The IT clerk enters the address of the reader in the settings; for now find the patient by typing the ID number.',
    },
  });
}

/** The IT clerk's words in a refusal; they hold nothing that is on a card. */
function technicalOf(refusal: CardRefusal | null): string | null {
  const words = (refusal?.details ?? []).flatMap((detail) =>
    typeof detail === 'object' && detail !== null && 'technical' in detail
      ? [String(detail.technical)]
      : [],
  );
  return words.length === 0 ? null : words.join('; ');
}
