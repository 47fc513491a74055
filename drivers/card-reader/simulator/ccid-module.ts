/**
 * A reader of cards with a chip on a serial line, made of nothing but bytes: CCID messages as the GemPC Twin
 * frames them. It knows the bytes on its own and imports nothing of the driver. It can misbehave on demand.
 */
import type { CardInSlot } from './card-in-slot.ts';

export type CcidMisbehaviour = {
  /** Gives every byte back before it answers, as the GemPC Twin does. On unless said. */
  readonly echoes?: boolean;
  /** Does not tell of cards put in and taken out. */
  readonly keepsQuiet?: boolean;
  /** How many commands are refused as damaged (NAK); -1: all. */
  readonly refusals?: number;
  /** How many replies get a wrong check byte; -1: all. */
  readonly badChecks?: number;
  /** How many times a reply is put off by asking for time first. */
  readonly timeExtensions?: number;
  /** How many replies bear a number that belongs to no command; -1: all. */
  readonly wrongSequences?: number;
  /** How many replies say that the slot is busy. */
  readonly busyReplies?: number;
  /** Bytes in hexadecimal before every reply. */
  readonly noiseBefore?: string;
  /** Replies go out in pieces of these sizes, over and over. */
  readonly fragments?: readonly number[];
  readonly fragmentPauseMs?: number;
  readonly delayMs?: number;
  /** How many commands get no reply; -1: all. */
  readonly silences?: number;
  /** The next reply ends after so many bytes, and nothing more is said until `behave`. */
  readonly cutAfter?: number;
  /** The card is pulled instead of answering its n-th command from now on. */
  readonly pulledAtCommand?: number;
  /** What the length field says beyond the truth. */
  readonly lengthOffBy?: number;
  /** The error of every command to the card, in hexadecimal. */
  readonly error?: string;
};

export type CcidReport = {
  readonly commands: Readonly<Record<string, number>>;
  readonly damaged: number;
};

const names: Readonly<Record<number, string>> = {
  0x62: 'power-on',
  0x63: 'power-off',
  0x65: 'slot-status',
  0x6f: 'transfer',
};

/** How many times each misbehaviour is still to come. */
const noneLeft = {
  refusals: 0,
  badChecks: 0,
  timeExtensions: 0,
  wrongSequences: 0,
  busy: 0,
  silences: 0,
};

const card = { active: 0, inactive: 1, absent: 2 } as const;

export class CcidModule {
  readonly #send: (bytes: Uint8Array) => void;
  readonly #onCut: () => void;
  #mood: CcidMisbehaviour = {};
  #left = { ...noneLeft };
  #commandsUntilPulled = Infinity;
  #cutAfter: number | null = null;
  #isDumb = false;
  #card: CardInSlot | null = null;
  #hasPower = false;
  #input: number[] = [];
  #sending: Promise<void> = Promise.resolve();
  #counts: Record<string, number> = {};
  #damaged = 0;

  /** `send` puts bytes on the line; `onCut` is called when a reply was cut as ordered. */
  constructor(send: (bytes: Uint8Array) => void, onCut: () => void = () => undefined) {
    this.#send = send;
    this.#onCut = onCut;
  }

  insert(into: CardInSlot): void {
    if (this.#card !== null) this.pull();
    this.#card = into;
    this.#hasPower = false;
    if (this.#mood.keepsQuiet !== true) this.#put(Uint8Array.of(0x50, 0x03));
  }

  pull(): void {
    if (this.#card === null) return;
    this.#card.powerOff();
    this.#card = null;
    this.#hasPower = false;
    if (this.#mood.keepsQuiet !== true) this.#put(Uint8Array.of(0x50, 0x02));
  }

  misbehave(how: CcidMisbehaviour): void {
    this.#mood = how;
    const { refusals = 0, badChecks = 0, timeExtensions = 0 } = how;
    const { wrongSequences = 0, busyReplies = 0, silences = 0 } = how;
    this.#left = {
      refusals,
      badChecks,
      timeExtensions,
      wrongSequences,
      busy: busyReplies,
      silences,
    };
    this.#commandsUntilPulled = how.pulledAtCommand ?? Infinity;
    this.#cutAfter = how.cutAfter ?? null;
    this.#isDumb = false;
  }

  behave(): void {
    this.misbehave({});
  }

  /** The line was cut and is there again; what stood half read is gone. */
  restart(): void {
    this.#input = [];
    this.#hasPower = false;
    this.#card?.powerOff();
  }

  report(): CcidReport {
    return { commands: { ...this.#counts }, damaged: this.#damaged };
  }

  receive(bytes: Uint8Array): void {
    for (const byte of bytes) this.#take(byte);
  }

  #take(byte: number): void {
    this.#input.push(byte);
    while (this.#input.length > 0 && this.#input[0] !== 0x03) this.#input.shift();
    if (this.#input.length < 12) return;
    const length = (this.#input[3] ?? 0) | ((this.#input[4] ?? 0) << 8);
    if (this.#input.length < 13 + length) return;
    const frame = this.#input.splice(0, 13 + length);
    if (this.#mood.echoes !== false) this.#put(Uint8Array.from(frame));
    if (frame.reduce((sum, each) => sum ^ each, 0) !== 0 || frame[1] !== 0x06) {
      this.#damaged += 1;
      this.#put(Uint8Array.of(0x03, 0x15, 0x16));
      return;
    }
    this.#obey(frame.slice(2, -1));
  }

  #obey(message: readonly number[]): void {
    const [type = 0] = message;
    const sequence = message[6] ?? 0;
    const name = names[type] ?? 'unknown';
    this.#counts[name] = (this.#counts[name] ?? 0) + 1;
    if (this.#spend('silences') || this.#isDumb) return;
    if (this.#spend('refusals')) {
      this.#put(Uint8Array.of(0x03, 0x15, 0x16));
      return;
    }
    while (this.#spend('timeExtensions')) this.#reply(0x80, sequence, 0x80, 1, []);
    if (this.#spend('wrongSequences'))
      this.#reply(0x81, (sequence + 77) & 255, this.#slot(), 0, []);
    if (this.#spend('busy')) {
      this.#reply(
        type === 0x6f || type === 0x62 ? 0x80 : 0x81,
        sequence,
        0x40 | this.#slot(),
        0xe0,
        [],
      );
      return;
    }
    switch (type) {
      case 0x62:
        this.#powerOn(sequence);
        return;
      case 0x63:
        this.#card?.powerOff();
        this.#hasPower = false;
        this.#reply(0x81, sequence, this.#slot(), 0, []);
        return;
      case 0x65:
        this.#reply(0x81, sequence, this.#slot(), 0, []);
        return;
      case 0x6f:
        this.#transfer(sequence, message.slice(10));
        return;
      default:
        this.#reply(0x81, sequence, 0x40 | this.#slot(), 0, []);
    }
  }

  #slot(): number {
    if (this.#card === null) return card.absent;
    return this.#hasPower ? card.active : card.inactive;
  }

  #powerOn(sequence: number): void {
    if (this.#card === null) {
      this.#reply(0x80, sequence, 0x42, 0xfe, []);
      return;
    }
    const atr = this.#card.powerOn();
    this.#hasPower = atr !== null;
    if (atr === null) this.#reply(0x80, sequence, 0x41, 0xfe, []);
    else this.#reply(0x80, sequence, card.active, 0, [...atr]);
  }

  #transfer(sequence: number, command: readonly number[]): void {
    this.#commandsUntilPulled -= 1;
    if (this.#commandsUntilPulled <= 0) this.pull();
    if (this.#card === null) {
      this.#reply(0x80, sequence, 0x42, 0xfe, []);
      return;
    }
    if (!this.#hasPower) {
      this.#reply(0x80, sequence, 0x41, 0xf3, []);
      return;
    }
    if (this.#mood.error !== undefined) {
      this.#reply(0x80, sequence, 0x40, Number.parseInt(this.#mood.error, 16), []);
      return;
    }
    const answer = this.#card.receive(Uint8Array.from(command));
    // The card itself may have been pulled while it was asked.
    if (answer === null) this.#reply(0x80, sequence, 0x40 | this.#slot(), 0xfe, []);
    else this.#reply(0x80, sequence, card.active, 0, [...answer]);
  }

  #reply(
    type: number,
    sequence: number,
    status: number,
    error: number,
    data: readonly number[],
  ): void {
    const length = data.length + (this.#mood.lengthOffBy ?? 0);
    const head = [type, length & 255, (length >> 8) & 255, 0, 0, 0, sequence, status, error, 0];
    const frame = [0x03, 0x06, ...head, ...data];
    const check = frame.reduce((sum, each) => sum ^ each, 0);
    const isSpoiled = this.#spend('badChecks');
    const noise = Buffer.from(this.#mood.noiseBefore ?? '', 'hex');
    this.#put(Uint8Array.of(...noise, ...frame, isSpoiled ? check ^ 0x5a : check), true);
  }

  #spend(what: keyof typeof noneLeft): boolean {
    if (this.#left[what] === 0) return false;
    this.#left[what] -= 1;
    return true;
  }

  /** One after the other, however slowly they go out. */
  #put(bytes: Uint8Array, isReply = false): void {
    let whole = bytes;
    const isCut = isReply && this.#cutAfter !== null;
    if (isCut) {
      whole = bytes.subarray(0, this.#cutAfter ?? 0);
      this.#cutAfter = null;
      this.#isDumb = true;
    }
    const { fragments = [], fragmentPauseMs = 1, delayMs = 0 } = this.#mood;
    const isSimple = delayMs === 0 && fragments.length === 0;
    this.#sending = this.#sending.then(async () => {
      if (isSimple) this.#send(whole);
      else {
        if (isReply && delayMs > 0) await pause(delayMs);
        for (let at = 0, turn = 0; at < whole.length; turn += 1) {
          const size = Math.max(1, fragments[turn % Math.max(1, fragments.length)] ?? whole.length);
          if (turn > 0) await pause(fragmentPauseMs);
          this.#send(whole.subarray(at, at + size));
          at += size;
        }
      }
      if (isCut) this.#onCut();
    });
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
