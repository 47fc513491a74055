import { accepted, refused, type Result } from '../../../shared/domain/result.ts';
import type { LineFault, Transport } from '../../transport/port.ts';
import { cardRefusal, type CardRefusal, type CardRefusalCode } from '../card.ts';
import type { ContactSlot, ContactSlotEvent, PoweredCard } from '../contact-card/port.ts';
import { muteCard } from '../contact-card/status-words.ts';
import { closedRefusal, ReaderCore } from '../core/reader-core.ts';
import { ReaderLine } from '../core/reader-line.ts';
import { systemReaderClock, type CardReaderState } from '../port.ts';
import { CcidLink, type CcidOutcome } from './ccid-link.ts';
import { isPassing, refusalOfReply } from './error-codes.ts';
import type { CcidCommand, CcidReply } from './message.ts';

export type CcidSlotSettings = {
  readonly transport: Transport;
  /** Asks now and then whether a card is in, for readers that do not tell by themselves. */
  readonly polls: boolean;
  readonly lookEveryMs?: number;
};

const lookEveryMs = 1000;
/** A reader answers for its slot at once. */
const statusDeadlineMs = 1000;
/** A busy slot is asked again after a moment. */
const passingPauseMs = 100;
const passingAttempts = 5;
/** Short commands of T=0: four bytes of head, a length, and at most so many of data. */
const dataLengthMax = 255;

/**
 * The slot of a reader that speaks CCID on a serial line and passes commands on as they are (exchange level
 * TPDU, T=0): what a card answers with `61xx` or `6Cxx` is the caller's to follow.
 */
export class CcidSlot implements ContactSlot {
  readonly #transport: Transport;
  readonly #link: CcidLink;
  readonly #polls: boolean;
  readonly #lookEveryMs: number;
  readonly #core = new ReaderCore<ContactSlotEvent>(systemReaderClock);
  readonly #line: ReaderLine<ContactSlotEvent>;
  #isCardIn = false;
  #hasPower = false;
  #isReopening = false;
  #stopWatching: (() => void) | null = null;

  constructor(settings: CcidSlotSettings) {
    this.#transport = settings.transport;
    this.#polls = settings.polls;
    this.#lookEveryMs = settings.lookEveryMs ?? lookEveryMs;
    this.#line = new ReaderLine(this.#core, settings.transport, 'serial');
    this.#link = new CcidLink(settings.transport, (notice) => {
      this.#cardIs(notice === 'inserted');
    });
  }

  get state(): CardReaderState {
    return this.#core.state;
  }

  get refusal(): CardRefusal | null {
    return this.#core.refusal;
  }

  get isCardIn(): boolean {
    return this.#isCardIn;
  }

  on(listener: (event: ContactSlotEvent) => void): () => void {
    return this.#core.on(listener);
  }

  async open(): Promise<void> {
    if (!this.#core.begin()) return;
    this.#stopWatching = this.#transport.onStateChange(({ state, fault }) => {
      if (this.#isReopening) return;
      if (state === 'open') void this.#core.inTurn(() => this.#greet());
      else if (fault !== null) this.#lineGone(fault);
    });
    const opened = await this.#transport.open();
    this.#link.start();
    if (!opened.ok) this.#lineGone(opened.fault);
    // Opening called the listener above, and its greeting waits for its turn.
    await this.#core.settled();
    this.#core.poll({
      look: () => this.#lookAgain(),
      pauseMs: () => this.#lookEveryMs,
      looksAtOnce: false,
      keepsProgramAlive: false,
    });
  }

  async close(): Promise<void> {
    this.#core.end();
    this.#link.stop();
    await this.#transport.close();
    await this.#link.stopped();
    await this.#core.settled();
    this.#stopWatching?.();
    this.#stopWatching = null;
  }

  powerOn(deadlineMs: number): Promise<Result<PoweredCard, CardRefusalCode>> {
    return this.#core.inTurn(async () => {
      this.#hasPower = false;
      const replied = await this.#ask('powerOn', new Uint8Array(), deadlineMs);
      if (!replied.ok) return replied;
      const { data } = replied.value;
      if (data.length === 0) return refused(muteCard('no answer to reset'));
      this.#hasPower = true;
      return accepted({ atr: data });
    });
  }

  transmit(command: Uint8Array, deadlineMs: number): Promise<Result<Uint8Array, CardRefusalCode>> {
    return this.#core.inTurn(async () => {
      const replied = await this.#ask('transfer', transferOf(command), deadlineMs);
      return replied.ok ? accepted(replied.value.data) : replied;
    });
  }

  async powerOff(deadlineMs: number): Promise<void> {
    await this.#core.inTurn(async () => {
      this.#hasPower = false;
      if (this.#core.state === 'ready') await this.#ask('powerOff', new Uint8Array(), deadlineMs);
    });
  }

  async #ask(
    command: CcidCommand,
    data: Uint8Array,
    deadlineMs: number,
  ): Promise<Result<CcidReply, CardRefusalCode>> {
    const until = this.#core.clock.monotonicMs() + deadlineMs;
    for (let attempt = 1; ; attempt += 1) {
      if (!this.#core.isWanted()) return refused(closedRefusal());
      if (this.#transport.state !== 'open') {
        return refused(this.#core.refusal ?? cardRefusal('reader-removed'));
      }
      const left = until - this.#core.clock.monotonicMs();
      const outcome = await this.#link.exchange(command, data, left);
      if (outcome.kind !== 'reply') return refused(await this.#exchangeFailed(outcome, command));
      const { reply } = outcome;
      this.#core.enter('ready', null);
      const hadPower = this.#hasPower;
      if (reply.card === 'absent') this.#hasPower = false;
      this.#cardIs(reply.card !== 'absent');
      if (reply.outcome === 'done') return accepted(reply);
      const mayPass = isPassing(reply) && attempt < passingAttempts && left > passingPauseMs;
      if (!mayPass) return refused(refusalOfReply(reply, hadPower));
      await new Promise((resolve) => setTimeout(resolve, passingPauseMs));
    }
  }

  async #exchangeFailed(
    outcome: Exclude<CcidOutcome, { kind: 'reply' }>,
    command: CcidCommand,
  ): Promise<CardRefusal> {
    if (outcome.kind === 'damaged') return cardRefusal('checksum');
    if (outcome.kind === 'no-line') {
      this.#lineGone(outcome.fault);
      return this.#core.refusal ?? cardRefusal('reader-removed');
    }
    // A port that vanished can go on looking open: after a silence the line is opened anew.
    this.#hasPower = false;
    this.#isReopening = true;
    const reopened = await this.#transport.reopen(`no reply to ${command}`);
    this.#isReopening = false;
    if (!reopened.ok) this.#lineGone(reopened.fault);
    else if (command === 'slotStatus') this.#core.enter('failed', cardRefusal('timeout'));
    return reopened.ok
      ? cardRefusal('timeout')
      : (this.#core.refusal ?? cardRefusal('reader-removed'));
  }

  /** The first thing said on a line that is open: whether the reader is there, and a card in it. */
  async #greet(): Promise<void> {
    this.#line.opened();
    if (!this.#core.isWanted() || this.#transport.state !== 'open') return;
    await this.#ask('slotStatus', new Uint8Array(), statusDeadlineMs);
  }

  #lookAgain(): Promise<void> {
    const mustLook = this.#polls || this.#core.state !== 'ready';
    return this.#core.inTurn(async () => {
      if (mustLook) await this.#greet();
    });
  }

  #lineGone(fault: LineFault): void {
    if (!this.#core.isWanted()) return;
    this.#hasPower = false;
    this.#cardIs(false);
    this.#line.gone(fault);
  }

  #cardIs(isIn: boolean): void {
    if (isIn === this.#isCardIn) return;
    this.#isCardIn = isIn;
    this.#core.emit({ type: isIn ? 'inserted' : 'removed' });
  }
}

/**
 * A command as T=0 carries it (ISO 7816-3): always five bytes of head, and no expected length behind data. Throws
 * for a command that is none, or too long for one transfer: the caller's mistake.
 */
function transferOf(command: Uint8Array): Uint8Array {
  if (command.length < 4) throw new Error('a command has at least four bytes');
  if (command.length === 4) return Uint8Array.of(...command, 0);
  if (command.length === 5) return command;
  const length = command[4] ?? 0;
  if (length > dataLengthMax || command.length < 5 + length || command.length > 6 + length) {
    throw new Error('the lengths of the command do not add up');
  }
  return command.subarray(0, 5 + length);
}
