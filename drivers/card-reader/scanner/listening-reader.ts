import { refused, type Result, type Words } from '../../../shared/domain/result.ts';
import type { Transport, TransportStateChange } from '../../transport/port.ts';
import { settleWithin } from '../../transport/settle-within.ts';
import { cardRefusal, type CardRead, type CardRefusal, type CardRefusalCode } from '../card.ts';
import { cardOfCode } from '../codes/card-of-code.ts';
import { classifyCode, type CodeMeaning } from '../codes/classify-code.ts';
import type { CodeSettings, OwnNumberKind } from '../codes/code-settings.ts';
import type { CardReader, CardReaderEvent, CardReaderState, ReaderClock } from '../port.ts';
import { shanghaiDay } from '../../../shared/domain/shanghai-time.ts';
import { closedRefusal, ReaderCore } from '../core/reader-core.ts';
import { ReaderLine } from '../core/reader-line.ts';
import type { LineKind } from '../line-trouble.ts';
import type { Scan, ScanDecoder } from './scan.ts';

export type ListeningReaderSettings = {
  /** The device URL, as it is shown and written into what was read. */
  readonly url: string;
  readonly transport: Transport;
  readonly lineKind: LineKind;
  readonly clock: ReaderClock;
  readonly decoder: ScanDecoder;
  readonly codes: CodeSettings;
  /** What to do when nothing was scanned or swiped in time. */
  readonly remedyOfNoCard: Words;
  /** The same code again within so many milliseconds is reported once: triggers bounce, and people hold on to them. */
  readonly repeatWithinMs?: number;
};

export const defaultRepeatWithinMs = 2000;

/** With nothing begun a read of the line waits so long; only to come round now and then. */
const idleReadMs = 60_000;

/**
 * After a silence the line is read once more for so long: where this process was held up for a moment, the bytes
 * are there and the timer was only quicker.
 */
const secondLookMs = 20;
/** A machine on which so many waits in a row end late is slow for good: what has not come by then is not waited for. */
const lateWaitsMax = 5;

/** A number of ours that was scanned: the desk may look it up. A read that waits goes on waiting. */
export type OwnNumberScan = { readonly of: OwnNumberKind; readonly number: string };

/** A reader of codes or stripes. */
export interface CodeReader extends CardReader {
  /** Calls `listener` with numbers of ours; without a listener they are refused like other foreign codes. */
  onOwnNumber(listener: (scan: OwnNumberScan) => void): () => void;
}

type Waiter = (result: Result<CardRead, CardRefusalCode>) => void;

/**
 * A reader that sends when someone scans or swipes, and that cannot be asked: a scanner on a serial line, a HID
 * scanner or stripe reader. What is on the plate does not exist here: `read` waits for the next scan, good or
 * bad, and nothing is ever `removed`.
 */
export class ListeningReader implements CodeReader {
  readonly url: string;
  readonly #settings: ListeningReaderSettings;
  readonly #core: ReaderCore<CardReaderEvent>;
  readonly #line: ReaderLine<CardReaderEvent>;
  #listening: Promise<void> = Promise.resolve();
  #stopWatching: () => void = () => undefined;
  /** What was reported last, and when; only to notice that it came twice. */
  #last: { readonly what: string; readonly atMs: number } | null = null;
  readonly #waiters = new Set<Waiter>();
  readonly #ownNumberListeners = new Set<(scan: OwnNumberScan) => void>();

  constructor(settings: ListeningReaderSettings) {
    this.url = settings.url;
    this.#settings = settings;
    this.#core = new ReaderCore(settings.clock);
    this.#line = new ReaderLine(this.#core, settings.transport, settings.lineKind);
  }

  get state(): CardReaderState {
    return this.#core.state;
  }

  get refusal(): CardRefusal | null {
    return this.#core.refusal;
  }

  on(listener: (event: CardReaderEvent) => void): () => void {
    return this.#core.on(listener);
  }

  onOwnNumber(listener: (scan: OwnNumberScan) => void): () => void {
    this.#ownNumberListeners.add(listener);
    return () => this.#ownNumberListeners.delete(listener);
  }

  async open(): Promise<void> {
    if (!this.#core.begin()) return;
    const { transport } = this.#settings;
    this.#stopWatching = transport.onStateChange((change) => {
      this.#lineChanged(change);
    });
    await transport.open();
    this.#listening = this.#listen();
  }

  async close(): Promise<void> {
    if (!this.#core.isWanted()) return;
    this.#answer(refused(closedRefusal()));
    this.#core.end();
    await this.#settings.transport.close();
    await this.#listening;
    this.#stopWatching();
    this.#settings.decoder.reset();
    this.#last = null;
  }

  async read(wait: { readonly deadlineMs: number }): Promise<Result<CardRead, CardRefusalCode>> {
    const { clock, transport } = this.#settings;
    if (!this.#core.isWanted()) return refused(closedRefusal());
    const until = clock.monotonicMs() + wait.deadlineMs;
    if (transport.state !== 'open') {
      const opened = await settleWithin(transport.open(), wait.deadlineMs);
      if (opened.kind === 'late') return refused(cardRefusal('timeout'));
      if (opened.kind === 'failed') throw opened.error;
      if (!opened.value.ok) return refused(this.#line.refusalOf(opened.value.fault));
    }
    return this.#nextScan(this.#core.left(until));
  }

  #nextScan(deadlineMs: number): Promise<Result<CardRead, CardRefusalCode>> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        waiter(refused(cardRefusal('no-card', { remedy: this.#settings.remedyOfNoCard })));
      }, deadlineMs);
      const waiter: Waiter = (result) => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve(result);
      };
      this.#waiters.add(waiter);
    });
  }

  async #listen(): Promise<void> {
    const { clock, decoder, transport } = this.#settings;
    while (this.#core.isWanted()) {
      if (transport.state !== 'open') {
        await this.#core.untilWoken();
        // What had begun belongs to the connection that went.
        decoder.reset();
        continue;
      }
      const patienceMs = decoder.patienceMs;
      const came = await (patienceMs === null
        ? transport.read(idleReadMs)
        : this.#readPatiently(patienceMs));
      if (came.ok) this.#take(decoder.push(came.value, clock.monotonicMs()));
      else if (came.fault.code !== 'timeout') decoder.reset();
      else if (patienceMs !== null) this.#take(decoder.giveUp());
    }
  }

  /**
   * Reads the line, and calls it silent only by a wait in which this process ran: one that ended late was held up
   * itself, and a scanner that sent meanwhile was not silent. Then all of the patience begins anew.
   */
  async #readPatiently(patienceMs: number): ReturnType<Transport['read']> {
    const { clock, transport } = this.#settings;
    for (let late = 0; late < lateWaitsMax; late += 1) {
      const fromMs = clock.monotonicMs();
      const came = await transport.read(patienceMs);
      if (came.ok || came.fault.code !== 'timeout') return came;
      if (clock.monotonicMs() - fromMs < patienceMs + secondLookMs) break;
    }
    return transport.read(secondLookMs);
  }

  #lineChanged(change: TransportStateChange): void {
    if (!this.#core.isWanted()) return;
    if (change.state === 'open') {
      this.#line.opened();
      this.#core.enter('ready', null);
    } else if (change.state === 'waiting' && change.fault !== null) {
      this.#answer(refused(this.#line.gone(change.fault)));
    }
    this.#core.wake();
  }

  #take(scans: readonly Scan[]): void {
    for (const scan of scans) this.#tell(scan);
  }

  #tell(scan: Scan): void {
    const { clock, codes } = this.#settings;
    const now = clock.now();
    const atMs = clock.monotonicMs();
    const meaning: CodeMeaning =
      scan.kind === 'text'
        ? classifyCode(scan.text, codes, { origin: scan.origin, today: shanghaiDay(now) })
        : { kind: 'unknown', why: scan.why };
    const isRepeated = this.#isRepeated(scan, atMs);
    if (meaning.kind === 'own-number' && this.#ownNumberListeners.size > 0) {
      if (isRepeated) return;
      const { of, number } = meaning;
      for (const listener of this.#ownNumberListeners) listener({ of, number });
      return;
    }
    const elapsedMs = atMs - scan.startedAtMs;
    const card = cardOfCode(meaning, { reader: this.url, now, elapsedMs });
    // Whoever asks for a scan wants it even if it is the same again; nobody else needs to hear it twice.
    this.#answer(card);
    if (isRepeated) return;
    this.#core.emit(
      card.ok ? { type: 'card', card: card.value } : { type: 'refused', refusal: card.refusal },
    );
  }

  /** Whether the same was reported a moment ago. */
  #isRepeated(scan: Scan, atMs: number): boolean {
    const what = scan.kind === 'text' ? scan.text.trim() : `(${scan.why})`;
    const within = this.#settings.repeatWithinMs ?? defaultRepeatWithinMs;
    const last = this.#last;
    if (last !== null && last.what === what && atMs - last.atMs < within) return true;
    this.#last = { what, atMs };
    return false;
  }

  #answer(result: Result<CardRead, CardRefusalCode>): void {
    for (const waiter of [...this.#waiters]) waiter(result);
  }
}
