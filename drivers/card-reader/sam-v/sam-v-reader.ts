import { accepted, refused, type Result } from '../../../shared/domain/result.ts';
import type { LineFault, Transport } from '../../transport/port.ts';
import { cardRefusal, type CardRead, type CardRefusal, type CardRefusalCode } from '../card.ts';
import { CardWatch } from '../core/card-watch.ts';
import { closedRefusal, ReaderCore } from '../core/reader-core.ts';
import { ReaderLine } from '../core/reader-line.ts';
import type { CardReader, CardReaderEvent, CardReaderState, ReaderClock } from '../port.ts';
import { shanghaiDay, shanghaiInstant } from '../../../shared/domain/shanghai-time.ts';
import type { SamVAnswer, SamVCommand } from './frame.ts';
import { parseReadData } from './read-answer.ts';
import {
  defaultLinkLimits,
  SamVLink,
  type ExchangeOutcome,
  type LinkLimits,
} from './sam-v-link.ts';
import { moduleIsUnfit, refusalOfAnswer, samVStatus } from './status.ts';

export type SamVReaderSettings = {
  /** The device URL, as it is shown and written into what was read. */
  readonly url: string;
  readonly transport: Transport;
  readonly clock: ReaderClock;
  readonly baudRate: number;
  /** Looks for cards by itself; off for a single read. */
  readonly polls: boolean;
  /** Pause between two looks: a card is found within 300 ms, and the module is not kept busy. */
  readonly pollIntervalMs?: number;
  readonly linkLimits?: Partial<LinkLimits>;
};

const defaultPollIntervalMs = 150;

/** A reader that does not work is asked again this often. */
const unfitIntervalMs = 1000;

/** How often a card that is found but not read is tried in one request; more only makes the cashier wait. */
const attemptsPerRead = 3;

/** One exchange of the polling may not take longer than everything a module is given time for. */
const pollDeadlineMs = 12_000;

/** What a read may run over its deadline to end in order. */
const graceMs = 250;

type Attempt =
  | { readonly kind: 'card'; readonly card: CardRead }
  | { readonly kind: 'no-card' }
  /** The caller's deadline came before the module had answered; `found`: it had found a card. */
  | { readonly kind: 'late'; readonly found: boolean }
  /** `again`: another attempt may do better. */
  | { readonly kind: 'refused'; readonly refusal: CardRefusal; readonly again: boolean };

/** A resident ID card reader: a SAM-V module (GA/T 467) at the end of any line. */
export class SamVReader implements CardReader {
  readonly url: string;
  readonly #transport: Transport;
  readonly #clock: ReaderClock;
  readonly #link: SamVLink;
  readonly #polls: boolean;
  readonly #pollIntervalMs: number;
  readonly #core: ReaderCore<CardReaderEvent>;
  readonly #line: ReaderLine<CardReaderEvent>;
  readonly #watch: CardWatch;
  /** Whether the module has answered since the line was opened. */
  #greeted = false;
  /** The code of the refusal already reported for the card that is there now. */
  #reportedTrouble: string | null = null;
  #stopWatching: (() => void) | null = null;

  constructor(settings: SamVReaderSettings) {
    this.url = settings.url;
    this.#transport = settings.transport;
    this.#clock = settings.clock;
    this.#polls = settings.polls;
    this.#pollIntervalMs = settings.pollIntervalMs ?? defaultPollIntervalMs;
    this.#core = new ReaderCore(settings.clock);
    this.#line = new ReaderLine(this.#core, settings.transport, 'serial');
    this.#watch = new CardWatch(this.#core);
    this.#link = new SamVLink(settings.transport, settings.clock, settings.baudRate, {
      ...defaultLinkLimits,
      ...settings.linkLimits,
    });
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

  async open(): Promise<void> {
    if (!this.#core.begin()) return;
    this.#stopWatching = this.#transport.onStateChange((change) => {
      if (change.state !== 'open') this.#lineGone(change.fault);
      else this.#core.wake();
    });
    await this.#core.inTurn(() => this.#reach(pollDeadlineMs));
    if (!this.#polls) return;
    this.#core.poll({
      look: () => this.#core.inTurn(() => this.#look()),
      pauseMs: () => (this.#core.state === 'failed' ? unfitIntervalMs : this.#pollIntervalMs),
      looksAtOnce: true,
      keepsProgramAlive: true,
    });
  }

  async close(): Promise<void> {
    this.#core.end();
    await this.#transport.close();
    await this.#core.settled();
    this.#stopWatching?.();
    this.#stopWatching = null;
  }

  read({
    deadlineMs,
  }: {
    readonly deadlineMs: number;
  }): Promise<Result<CardRead, CardRefusalCode>> {
    return this.#core.readInTurn(
      { deadlineMs, graceMs },
      (until) => this.#readUntil(until),
      cardRefusal('timeout'),
    );
  }

  async #readUntil(until: number): Promise<Result<CardRead, CardRefusalCode>> {
    let trouble: CardRefusal | null = null;
    let hasSeenEmptyPlate = false;
    for (let attempt = 1; ;) {
      if (!this.#core.isWanted()) return refused(closedRefusal());
      const unreachable = await this.#reach(this.#core.left(until));
      if (unreachable !== null) return refused(unreachable);
      const tried = await this.#tryToRead(this.#core.left(until), true);
      if (tried.kind === 'card') return accepted(tried.card);
      if (tried.kind === 'refused') {
        if (!tried.again || attempt === attemptsPerRead) return refused(tried.refusal);
        trouble = tried.refusal;
        attempt += 1;
      }
      if (tried.kind === 'no-card') hasSeenEmptyPlate = true;
      if (this.#core.left(until) <= 0) {
        // Cut off in a look at a plate that was empty before: what is missing is the card, not the reader.
        const isSlow = tried.kind === 'late' && (tried.found || !hasSeenEmptyPlate);
        return refused(trouble ?? cardRefusal(isSlow ? 'timeout' : 'no-card'));
      }
      await this.#core.pause(Math.min(this.#pollIntervalMs, this.#core.left(until)));
    }
  }

  /** One look at the plate. */
  async #look(): Promise<void> {
    // While the line is away the transport tries by itself; it wakes us when it is back.
    if (!this.#core.isWanted() || this.#transport.state !== 'open') return;
    if ((await this.#reach(pollDeadlineMs)) !== null) return;
    if (this.#watch.isCardThere && (await this.#cardIsStillThere())) return;
    const tried = await this.#tryToRead(pollDeadlineMs, false);
    if (tried.kind === 'no-card') this.#reportedTrouble = null;
    if (tried.kind !== 'refused' || !this.#cardIsToBlame(tried.refusal)) return;
    if (this.#reportedTrouble === tried.refusal.code) return;
    this.#reportedTrouble = tried.refusal.code;
    this.#core.emit({ type: 'refused', refusal: tried.refusal });
  }

  /**
   * Makes sure that the line is open and the module fit; null when it is. This is also where a reader that
   * was given up as unfit comes back.
   */
  async #reach(deadlineMs: number): Promise<CardRefusal | null> {
    const opened = await this.#transport.open();
    if (!opened.ok) return this.#unreachable(opened.fault);
    this.#line.opened();
    if (this.#greeted) return null;
    const outcome = await this.#link.exchange('status', deadlineMs);
    if (outcome.kind !== 'answer') return this.#exchangeFailed(outcome);
    if (moduleIsUnfit(outcome.answer.status)) return this.#unfit(refusalOfAnswer(outcome.answer));
    this.#greeted = true;
    this.#core.enter('ready', null);
    return null;
  }

  /**
   * Find, select, read. `insist`: read even if the module finds no card, because it does not find again one
   * that was read before and left lying.
   */
  async #tryToRead(deadlineMs: number, insist: boolean): Promise<Attempt> {
    const until = this.#clock.monotonicMs() + deadlineMs;
    const find = await this.#ask('find', until, false);
    if (find.kind === 'failed') return find.attempt;
    const isFound = find.answer.status === samVStatus.found;
    if (!isFound && find.answer.status !== samVStatus.notFound) return this.#refuse(find.answer);
    if (!isFound && !insist) return { kind: 'no-card' };
    const startedAt = this.#clock.monotonicMs();
    let select: SamVAnswer | null = null;
    if (isFound) {
      const asked = await this.#ask('select', until, true);
      if (asked.kind === 'failed') return asked.attempt;
      select = asked.answer;
    }
    // Some modules read a card they said they could not select, so the read decides.
    const read = await this.#ask('readTextAndPhoto', until, isFound);
    if (read.kind === 'failed') return read.attempt;
    if (read.answer.status === samVStatus.ok) return this.#understand(read.answer, startedAt);
    if (!isFound && isEmptyPlate(read.answer.status)) return { kind: 'no-card' };
    if (select !== null && select.status !== samVStatus.ok) return this.#refuse(select);
    return this.#refuse(read.answer);
  }

  #understand(answer: SamVAnswer, startedAt: number): Attempt {
    const now = this.#clock.now();
    const parsed = parseReadData(answer.data, shanghaiDay(now));
    if (!parsed.ok) return { kind: 'refused', refusal: parsed.refusal, again: false };
    const { kind, ...person } = parsed.value;
    const card: CardRead = {
      card: 'resident-id',
      kind,
      reader: this.url,
      readAt: shanghaiInstant(now),
      elapsedMs: Math.round(this.#clock.monotonicMs() - startedAt),
      ...person,
    };
    this.#reportedTrouble = null;
    this.#watch.wasRead(card);
    return { kind: 'card', card };
  }

  /**
   * Asks for the appended address: cheap, and it fails once the card is away. A module that does not know the
   * command is asked to find instead: what it does not find has left, as far as anyone can tell.
   */
  async #cardIsStillThere(): Promise<boolean> {
    const probe = await this.#link.exchange('readAppendedAddress', pollDeadlineMs);
    if (probe.kind !== 'answer') {
      // Nothing is known of the card, and the next look comes soon.
      this.#exchangeFailed(probe);
      return true;
    }
    const { status } = probe.answer;
    if (status === samVStatus.ok || status === samVStatus.itemEmpty) return true;
    if (!isEmptyPlate(status)) {
      const find = await this.#link.exchange('find', pollDeadlineMs);
      if (find.kind === 'answer' && find.answer.status === samVStatus.found) return true;
    }
    this.#cardLeft();
    return false;
  }

  async #ask(
    command: SamVCommand,
    until: number,
    found: boolean,
  ): Promise<
    | { readonly kind: 'answer'; readonly answer: SamVAnswer }
    | { readonly kind: 'failed'; readonly attempt: Attempt }
  > {
    const outcome = await this.#link.exchange(command, this.#core.left(until));
    if (outcome.kind === 'answer') return outcome;
    if (outcome.kind === 'late') return { kind: 'failed', attempt: { kind: 'late', found } };
    const refusal = this.#exchangeFailed(outcome);
    return { kind: 'failed', attempt: { kind: 'refused', refusal, again: false } };
  }

  #refuse(answer: SamVAnswer): Attempt {
    const refusal = refusalOfAnswer(answer);
    if (moduleIsUnfit(answer.status)) this.#unfit(refusal);
    return { kind: 'refused', refusal, again: this.#cardIsToBlame(refusal) };
  }

  #exchangeFailed(outcome: Exclude<ExchangeOutcome, { kind: 'answer' }>): CardRefusal {
    if (outcome.kind === 'damaged') return cardRefusal('checksum');
    if (outcome.kind === 'no-line') return this.#unreachable(outcome.fault);
    if (outcome.kind === 'late') return cardRefusal('timeout');
    this.#greeted = false;
    const refusal = cardRefusal('timeout');
    this.#core.enter('failed', refusal);
    return refusal;
  }

  #unfit(refusal: CardRefusal): CardRefusal {
    this.#greeted = false;
    this.#core.enter('failed', refusal);
    return refusal;
  }

  #unreachable(fault: LineFault): CardRefusal {
    this.#greeted = false;
    this.#cardLeft();
    return this.#line.gone(fault);
  }

  #lineGone(fault: LineFault | null): void {
    // The link opens the line anew after a silence; the outcome of the exchange says how that ends.
    if (this.#link.isReopening) return;
    this.#greeted = false;
    if (this.#core.isWanted() && fault !== null) this.#unreachable(fault);
  }

  #cardIsToBlame(refusal: CardRefusal): boolean {
    const { code } = refusal;
    return code === 'card-not-recognised' || code === 'card-removed' || code === 'checksum';
  }

  #cardLeft(): void {
    this.#reportedTrouble = null;
    this.#watch.left();
  }
}

/** What a read or a probe answers when no card is on the plate. */
function isEmptyPlate(status: number): boolean {
  return status === 0x41 || status === 0x80 || status === 0x81;
}
