import type { DeviceState } from '../../shared/contracts/desk.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import {
  cardRefusal,
  type CardRead,
  type CardType,
  type CardRefusal,
  type CardRefusalCode,
} from '../../drivers/card-reader/card.ts';
import {
  makeCardReader,
  type MadeReader,
  type ReaderOptions,
} from '../../drivers/card-reader/open-reader.ts';
import { cardOfCode } from '../../drivers/card-reader/codes/card-of-code.ts';
import { classifyCode } from '../../drivers/card-reader/codes/classify-code.ts';
import {
  defaultCodeSettings,
  type CodeSettings,
} from '../../drivers/card-reader/codes/code-settings.ts';
import { deviceUrlsIn } from '../../drivers/card-reader/device-url.ts';
import type { CardReader, CardReaderEvent } from '../../drivers/card-reader/port.ts';
import type { SimulatedReader } from '../../drivers/card-reader/simulated-reader.ts';
import { shanghaiDay, shanghaiInstant } from '../../shared/domain/shanghai-time.ts';
import type {
  CodeReader,
  OwnNumberScan,
} from '../../drivers/card-reader/scanner/listening-reader.ts';
import { FrameLog, type FrameNote } from '../../drivers/transport/frame-log.ts';
import { refuseExpired } from './refuse-expired.ts';
import { stateOfReaders } from './reader-device-state.ts';
import { technicalOf } from './technical-of.ts';
import { startTestRead, type TestRead, type TestReadOutcome } from './test-read.ts';

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
  | { readonly event: 'own-number'; readonly reader: string; readonly of: string }
  | { readonly event: 'card-left'; readonly reader: string };

export type CardReadingSettings = {
  /** The device URLs of the desk's readers, with spaces between; null where none is set. */
  readonly readerUrl: string | null;
  readonly clock: { now(): Date };
  /** What scanned codes and stripes mean at this hospital; the usual unless given. */
  readonly codes?: CodeSettings;
  /** Milliseconds that only ever grow, for measuring; the machine's unless given. */
  readonly monotonicMs?: () => number;
  readonly log: (entry: CardLogEntry) => void;
};

/** What the desk's reader saw last. `sequence` counts the cards and the refusals, so a page can tell news. */
export type LatestCard =
  | { readonly kind: 'no-card'; readonly sequence: number }
  | { readonly kind: 'refused'; readonly sequence: number; readonly refusal: CardRefusal }
  /** A number of our own was scanned: the desk opens what it names. */
  | { readonly kind: 'own-number'; readonly sequence: number; readonly scan: OwnNumberScan }
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

/** A reader of the desk, as the devices page and `devices` show it. */
export type DeskReader = {
  readonly url: string;
  readonly state: DeviceState;
  /** When it read a card last, and what kind; never whose. */
  readonly lastRead: {
    readonly at: string;
    readonly card: CardType;
    readonly elapsedMs: number;
  } | null;
  readonly lastRefusal: { readonly at: string; readonly refusal: CardRefusal } | null;
  readonly frames: readonly FrameNote[];
};

type HeldReader = {
  readonly url: string;
  readonly made: Result<MadeReader, CardRefusalCode>;
  readonly frames: FrameLog;
  lastRead: DeskReader['lastRead'];
  lastRefusal: DeskReader['lastRefusal'];
  /** The test read under way. */
  test: TestRead | null;
  /** The card on the reader was read for a test: the desk does not know of it. */
  cardIsOfTest: boolean;
};

/**
 * Cards at the desk: holds the configured readers (an ID reader, one for chips, a scanner …), keeps what they
 * saw last, and reads on request. A reader comes back by itself after unplugging; nothing here throws for what
 * a device does.
 */
export class CardReading {
  readonly #settings: CardReadingSettings;
  readonly #readers: readonly HeldReader[];
  #isStarted = false;
  #latest: LatestCard = { kind: 'no-card', sequence: 0 };
  /** On which reader the latest card is or was. */
  #latestUrl: string | null = null;
  #forgetting: NodeJS.Timeout | null = null;
  readonly #listeners = new Set<(change: CardReadingChange) => void>();

  constructor(settings: CardReadingSettings) {
    this.#settings = settings;
    const urls = [...new Set(deviceUrlsIn(settings.readerUrl ?? ''))];
    this.#readers = urls.map((url) => {
      const frames = new FrameLog(() => settings.clock.now());
      const made = makeCardReader(url, { ...this.#options(true), frames });
      const nothingYet = { lastRead: null, lastRefusal: null, test: null, cardIsOfTest: false };
      return { url, made, frames, ...nothingYet };
    });
  }

  /** Puts cards on the plate of a `sim://` reader; null for any other reader. */
  get simulated(): SimulatedReader | null {
    for (const { made } of this.#readers) {
      if (made.ok && made.value.simulated !== null) return made.value.simulated;
    }
    return null;
  }

  /**
   * Starts the desk's readers; ends when the first attempt to reach each is over, well or not. The desk need not
   * wait for it.
   */
  async start(): Promise<void> {
    if (this.#isStarted) return;
    this.#isStarted = true;
    await Promise.all(
      this.#readers.map(async (held) => {
        if (!held.made.ok) return;
        const { reader } = held.made.value;
        reader.on((event) => {
          this.#follow(held, event);
        });
        if (hearsOwnNumbers(reader)) {
          reader.onOwnNumber((scan) => {
            this.#keepOwnNumber(held.url, scan);
          });
        }
        await reader.open();
      }),
    );
    this.#changed('reader');
  }

  async stop(): Promise<void> {
    this.#listeners.clear();
    for (const { test } of this.#readers) test?.stop();
    if (this.#isStarted) {
      await Promise.all(
        this.#readers.map(async ({ made }) => (made.ok ? made.value.reader.close() : undefined)),
      );
    }
    this.#isStarted = false;
    this.forgetCard();
  }

  /** All readers in one state, as the state bar shows it. */
  deviceState(): DeviceState {
    return stateOfReaders(this.#readers.map(({ made }) => made));
  }

  /** Each reader by itself. */
  readers(): readonly DeskReader[] {
    return this.#readers.map(({ url, made, frames, lastRead, lastRefusal }) => ({
      url,
      state: stateOfReaders([made]),
      lastRead,
      lastRefusal,
      frames: frames.notes(),
    }));
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

  /** A text the page took for a scan of a scanner that types: the same as from any other scanner. */
  takeScan(text: string): void {
    const now = this.#settings.clock.now();
    const url = wedgeUrl;
    const meaning = classifyCode(text, this.#settings.codes ?? defaultCodeSettings, {
      origin: 'scan',
      today: shanghaiDay(now),
    });
    if (meaning.kind === 'own-number') {
      const { of, number } = meaning;
      this.#keepOwnNumber(url, { of, number });
      return;
    }
    const read = cardOfCode(meaning, { reader: url, now, elapsedMs: 0 });
    this.#note(url, read);
    this.#keep(url, read.ok ? refuseExpired(read.value, now) : read);
  }

  /** Calls `listener` after every change; the answer stops that. */
  on(listener: (change: CardReadingChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Reads the card that is or is put on any of the readers, also one that was read before and left there, or
   * the one put there in time. Refuses with the codes of the contract's Card JSON, each in words that say what
   * to do.
   */
  async readCard(request: ReadCardRequest = {}): Promise<Result<CardRead, CardRefusalCode>> {
    const deadlineMs = (request.timeoutSeconds ?? defaultTimeoutSeconds) * 1000;
    if (request.reader !== undefined) return this.#readAt(request.reader, deadlineMs);
    const urls = this.#readers.map(({ url }) => url);
    if (urls.length === 0) return refused(noReaderSet());
    const read = await this.#firstOf(urls.map((url) => this.#readAt(url, deadlineMs)));
    // What was read, the readers told themselves.
    if (this.#isStarted && !read.ok) this.#keep(urls[0] ?? '', read);
    return read;
  }

  /**
   * Reads a card from one of the desk's readers without the desk hearing of it: the devices page tries a reader.
   * A second test of the same reader ends the first. Null: the desk has no such reader.
   */
  async testRead(url: string, timeoutSeconds: number): Promise<TestReadOutcome | null> {
    const held = this.#readers.find((each) => each.url === url);
    if (held === undefined) return null;
    if (!held.made.ok) return { kind: 'read', read: held.made };
    held.test?.stop();
    const test = startTestRead(held.made.value.reader, timeoutSeconds * 1000);
    held.test = test;
    const outcome = await test.outcome.finally(() => {
      if (held.test === test) held.test = null;
    });
    if (outcome.kind === 'stopped') return outcome;
    const now = this.#settings.clock.now();
    const read = outcome.read.ok ? refuseExpired(outcome.read.value, now) : outcome.read;
    if (!read.ok && read.refusal.code !== 'no-card') {
      held.lastRefusal = { at: shanghaiInstant(now), refusal: read.refusal };
      this.#note(url, read);
    }
    this.#changed('reader');
    return { kind: 'read', read };
  }

  /** Ends the test read of this reader, if one is under way. */
  stopTestRead(url: string): void {
    this.#readers.find((each) => each.url === url)?.test?.stop();
  }

  async #readAt(url: string, deadlineMs: number): Promise<Result<CardRead, CardRefusalCode>> {
    const held = this.#isStarted ? this.#readers.find((each) => each.url === url) : undefined;
    const isDesks = held?.made.ok === true;
    const read = isDesks
      ? await held.made.value.reader.read({ deadlineMs })
      : await this.#readOnce(url, deadlineMs);
    if (isDesks && !read.ok) this.#note(url, read);
    return read.ok ? refuseExpired(read.value, this.#settings.clock.now()) : read;
  }

  /** The first card, whichever reader has it; without one the refusal that says most. */
  async #firstOf(
    reads: readonly Promise<Result<CardRead, CardRefusalCode>>[],
  ): Promise<Result<CardRead, CardRefusalCode>> {
    const found = await Promise.race([
      ...reads.map(async (reading) => {
        const read = await reading;
        // One that has nothing waits for the others.
        return read.ok ? read : new Promise<never>(() => undefined);
      }),
      Promise.all(reads),
    ]);
    if (!Array.isArray(found)) return found;
    const refusals = found.flatMap((read) => (read.ok ? [] : [read]));
    const telling = refusals.find(({ refusal }) => !saysLittle.includes(refusal.code));
    const last = telling ?? refusals.find(({ refusal }) => refusal.code === 'no-card');
    return found.find((read) => read.ok) ?? last ?? refusals[0] ?? refused(noReaderSet());
  }

  /** Through a reader that is opened for this one card. */
  async #readOnce(url: string, deadlineMs: number): Promise<Result<CardRead, CardRefusalCode>> {
    const made = makeCardReader(url, this.#options(false));
    if (!made.ok) return made;
    const { reader } = made.value;
    await reader.open();
    const read = await reader.read({ deadlineMs });
    await reader.close();
    this.#note(url, read);
    return read.ok ? accepted(read.value) : read;
  }

  #follow(held: HeldReader, event: CardReaderEvent): void {
    const { url } = held;
    const now = this.#settings.clock.now();
    switch (event.type) {
      case 'card': {
        const { card, readAt, elapsedMs } = event.card;
        held.lastRead = { at: readAt, card, elapsedMs };
        this.#note(url, accepted(event.card));
        if (held.test !== null) {
          held.cardIsOfTest = !this.#isOn(url);
          break;
        }
        held.cardIsOfTest = false;
        this.#keep(url, refuseExpired(event.card, now));
        break;
      }
      case 'refused':
        // A test tells it itself.
        if (held.test !== null) break;
        held.lastRefusal = { at: shanghaiInstant(now), refusal: event.refusal };
        this.#note(url, refused(event.refusal));
        this.#keep(url, refused(event.refusal));
        break;
      case 'removed':
        this.#settings.log({ event: 'card-left', reader: url });
        if (this.#latestUrl === url && !held.cardIsOfTest) this.#cardLeft();
        held.cardIsOfTest = false;
        break;
      case 'state': {
        const { state, refusal } = event;
        const code = refusal?.code ?? null;
        if (refusal !== null) held.lastRefusal = { at: shanghaiInstant(now), refusal };
        this.#settings.log({
          event: 'reader-state',
          reader: url,
          state,
          code,
          technical: technicalOf(refusal),
        });
        this.#changed('reader');
        break;
      }
    }
  }

  #keep(url: string, read: Result<CardRead, CardRefusalCode>): void {
    this.forgetCard();
    const sequence = this.#latest.sequence + 1;
    // A code is not a card on a plate.
    const onPlate = read.ok && read.value.code === undefined;
    this.#latest = read.ok
      ? { kind: 'card', sequence, card: read.value, onPlate }
      : { kind: 'refused', sequence, refusal: read.refusal };
    this.#latestUrl = url;
    if (read.ok && !onPlate) this.#forgetLater();
    this.#changed('card');
  }

  #keepOwnNumber(url: string, scan: OwnNumberScan): void {
    this.forgetCard();
    this.#latest = { kind: 'own-number', sequence: this.#latest.sequence + 1, scan };
    this.#latestUrl = url;
    this.#settings.log({ event: 'own-number', reader: url, of: scan.of });
    this.#changed('card');
  }

  /** Whether the card the desk knows of is on this reader. */
  #isOn(url: string): boolean {
    return this.#latestUrl === url && this.#latest.kind === 'card' && this.#latest.onPlate;
  }

  #cardLeft(): void {
    if (this.#latest.kind === 'card') {
      this.#latest = { ...this.#latest, onPlate: false };
      this.#forgetLater();
    }
    this.#changed('card');
  }

  #forgetLater(): void {
    if (this.#forgetting !== null) clearTimeout(this.#forgetting);
    this.#forgetting = setTimeout(() => {
      this.forgetCard();
      this.#changed('card');
    }, keptAfterLeavingMs);
    // A desk that ends does not wait for this.
    this.#forgetting.unref();
  }

  #note(reader: string, read: Result<CardRead, CardRefusalCode>): void {
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
    const { clock, monotonicMs, codes } = this.#settings;
    return {
      polls,
      ...(codes === undefined ? {} : { codes }),
      clock: {
        now: () => clock.now(),
        monotonicMs: monotonicMs ?? (() => performance.now()),
      },
    };
  }
}

function hearsOwnNumbers(reader: CardReader): reader is CodeReader {
  return 'onOwnNumber' in reader;
}

/** What a reader without a card says; another reader may have more to tell. */
const saysLittle: readonly string[] = ['no-card', 'no-reader', 'reader-removed'];

/** A scanner that types is no device the program opens. */
const wedgeUrl = 'keyboard:';

function noReaderSet(): CardRefusal {
  return cardRefusal('no-reader', {
    cause: { zh: '设置里还没有填读卡器。', en: 'No reader is set.' },
    remedy: {
      zh: '请信息科在设置中填写读卡器地址；现在可以直接输入证件号码查找患者。',
      en: 'The IT clerk enters the address of the reader in the settings; for now find the patient by typing the ID number.',
    },
  });
}
