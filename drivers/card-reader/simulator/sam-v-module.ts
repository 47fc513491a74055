/**
 * A resident ID card reader made of nothing but bytes: a SAM-V module as the standard GA/T 467 describes it. It
 * knows the bytes on its own and imports nothing, so that what it and the driver agree on is the standard and
 * not each other. It can misbehave on demand.
 */

/** A card to put on the plate. Dates are `YYYY-MM-DD`; whatever else they are is written as it stands. */
export type SimulatedCard = {
  /** `resident` unless said; the others are `I`, `Y` and `J` cards. */
  readonly layout?: 'resident' | 'foreign-2017' | 'foreign-2023' | 'hk-macao-taiwan';
  readonly name: string;
  readonly englishName?: string;
  /** `male`, `female`, or the code itself. */
  readonly sex: string;
  readonly ethnicity?: string;
  readonly birthDate: string;
  readonly address?: string;
  readonly idNumber: string;
  readonly issuer?: string;
  readonly validFrom: string;
  /** A day, or 长期. */
  readonly validUntil: string;
  /** The letter at offset 248, if not the one of the layout. */
  readonly typeMark?: string;
};

export type Misbehaviour = {
  /** Answers go out in pieces of these sizes, over and over, with a pause after each. */
  readonly fragments?: readonly number[];
  readonly fragmentPauseMs?: number;
  /** Bytes in hexadecimal before every answer. */
  readonly noiseBefore?: string;
  /** How many answers get a wrong check byte; -1: all. */
  readonly badChecks?: number;
  /** How many answers are cut, and by how many bytes. */
  readonly shortAnswers?: number;
  readonly shortBy?: number;
  /** The next read answer ends after so many bytes, and nothing more is said until `behave`. */
  readonly cutReadAfter?: number;
  /** How many commands get no answer; -1: all. */
  readonly silences?: number;
  readonly delayMs?: number;
  readonly selectFails?: boolean;
  /** How many selects in a row find the card's authentication wanting: status 31 or 32 (hexadecimal). */
  readonly authentication?: '31' | '32';
  readonly readFails?: boolean;
  /** Any status for reads, in hexadecimal. */
  readonly readStatus?: string;
  readonly unauthorised?: boolean;
  readonly selfTestFails?: boolean;
  /** Finds a card again although it was selected before, as some modules do. */
  readonly findsAgain?: boolean;
  /** Does not know the command for the appended address, as some modules do. */
  readonly noAddressCommand?: boolean;
  /** The text block to send, in hexadecimal, whatever the card says. */
  readonly textBlock?: string;
};

export type SimulatorReport = {
  readonly commands: Readonly<Record<string, number>>;
  readonly badCommands: number;
};

const head = [0xaa, 0xaa, 0xaa, 0x96, 0x69];

/** Every command of the standard, as the two bytes after the length in hexadecimal. */
const commandNames: Readonly<Record<string, string>> = {
  '10ff': 'reset',
  '11ff': 'status',
  '12ff': 'sam-id',
  '2001': 'find',
  '2002': 'select',
  '3001': 'read',
  '3010': 'read-with-fingerprints',
  '3003': 'address',
  '3005': 'card-number',
};

export class SamVModule {
  readonly #send: (bytes: Uint8Array) => void;
  readonly #onCut: () => void;
  #card: SimulatedCard | null = null;
  /** Found and selected: from then on it is read, and not found again, until it is lifted. */
  #selected = false;
  #found = false;
  #mood: Misbehaviour = {};
  #badChecksLeft = 0;
  #shortAnswersLeft = 0;
  #silencesLeft = 0;
  #cutReadAfter: number | null = null;
  #dumb = false;
  #input: number[] = [];
  #sending: Promise<void> = Promise.resolve();
  #counts: Record<string, number> = {};
  #badCommands = 0;

  /** `send` puts bytes on the line; `onCut` is called when an answer was cut as ordered. */
  constructor(send: (bytes: Uint8Array) => void, onCut: () => void = () => undefined) {
    this.#send = send;
    this.#onCut = onCut;
  }

  place(card: SimulatedCard): void {
    this.#card = card;
    this.#found = false;
    this.#selected = false;
  }

  lift(): void {
    this.#card = null;
    this.#found = false;
    this.#selected = false;
  }

  misbehave(mood: Misbehaviour): void {
    this.#mood = mood;
    this.#badChecksLeft = mood.badChecks ?? 0;
    this.#shortAnswersLeft = mood.shortAnswers ?? 0;
    this.#silencesLeft = mood.silences ?? 0;
    this.#cutReadAfter = mood.cutReadAfter ?? null;
    this.#dumb = false;
  }

  behave(): void {
    this.misbehave({});
  }

  /** The line was taken away or came back: half a command is forgotten. */
  restart(): void {
    this.#input = [];
  }

  report(): SimulatorReport {
    return { commands: { ...this.#counts }, badCommands: this.#badCommands };
  }

  receive(bytes: Uint8Array): void {
    this.#input.push(...bytes);
    for (;;) {
      const start = findHead(this.#input);
      this.#input.splice(0, start ?? this.#input.length);
      if (start === null || this.#input.length < 7) return;
      const length = (this.#input[5] ?? 0) * 256 + (this.#input[6] ?? 0);
      if (length < 3 || length > 64) {
        this.#badCommands += 1;
        this.#input.splice(0, 1);
        this.#answer([0, 0, 0x11], false);
        continue;
      }
      if (this.#input.length < 7 + length) return;
      const frame = this.#input.splice(0, 7 + length);
      this.#obey(frame.slice(5, -1), frame[frame.length - 1] ?? 0);
    }
  }

  #obey(counted: readonly number[], check: number): void {
    if (exclusiveOr(counted) !== check) {
      this.#badCommands += 1;
      this.#answer([0, 0, 0x10], false);
      return;
    }
    const body = counted.slice(2);
    const name = commandNames[hex(body.slice(0, 2))] ?? (body[0] === 0x60 ? 'baud' : 'unknown');
    this.#counts[name] = (this.#counts[name] ?? 0) + 1;
    this.#answer(this.#reply(name), name.startsWith('read'));
  }

  #reply(name: string): number[] {
    if (this.#mood.unauthorised === true && name !== 'reset') return [0, 0, 0x66];
    switch (name) {
      case 'reset':
      case 'baud':
        return [0, 0, 0x90];
      case 'status':
        return [0, 0, this.#mood.selfTestFails === true ? 0x60 : 0x90];
      case 'sam-id':
        return [0, 0, 0x90, 5, 0, 2, 0, 0x11, 0x22, 0x33, 0x44, 1, 0, 0, 0, 2, 0, 0, 0];
      case 'find':
        return this.#replyToFind();
      case 'select':
        return this.#replyToSelect();
      case 'read':
      case 'read-with-fingerprints':
        return this.#replyToRead(name !== 'read');
      case 'address':
        if (this.#mood.noAddressCommand === true) return [0, 0, 0x21];
        return [0, 0, this.#card !== null && this.#selected ? 0x91 : 0x41];
      case 'card-number':
        return this.#card !== null && this.#selected
          ? [0, 0, 0x90, ...new Array<number>(12).fill(0)]
          : [0, 0, 0x41];
      default:
        return [0, 0, 0x21];
    }
  }

  #replyToFind(): number[] {
    const hidden = this.#selected && this.#mood.findsAgain !== true;
    if (this.#card === null || hidden) return [0, 0, 0x80];
    this.#found = true;
    return [0, 0, 0x9f, 0, 0, 0, 0];
  }

  #replyToSelect(): number[] {
    if (this.#card === null || !this.#found || this.#mood.selectFails === true) return [0, 0, 0x81];
    this.#selected = true;
    return [0, 0, 0x90, 0, 0, 0, 0, 0, 0, 0, 0];
  }

  #replyToRead(withFingerprints: boolean): number[] {
    if (this.#card === null || !this.#selected || this.#mood.readFails === true)
      return [0, 0, 0x41];
    if (this.#mood.authentication !== undefined) {
      return [0x69, 0x82, Number.parseInt(this.#mood.authentication, 16)];
    }
    const { readStatus, textBlock } = this.#mood;
    if (readStatus !== undefined) return [0, 0, Number.parseInt(readStatus, 16)];
    const text =
      textBlock === undefined ? encodeCard(this.#card) : [...Buffer.from(textBlock, 'hex')];
    const lengths = [text.length >> 8, text.length & 255, 4, 0];
    if (!withFingerprints) return [0, 0, 0x90, ...lengths, ...text, ...noPhoto()];
    return [
      0,
      0,
      0x90,
      ...lengths,
      4,
      0,
      ...text,
      ...noPhoto(),
      ...new Array<number>(1024).fill(1),
    ];
  }

  /** Puts an answer on the line after those before it, spoiled as ordered. */
  #answer(body: readonly number[], isRead: boolean): void {
    if (this.#dumb) return;
    if (this.#silencesLeft !== 0) {
      this.#silencesLeft -= 1;
      return;
    }
    const mood = this.#mood;
    const counted = [(body.length + 1) >> 8, (body.length + 1) & 255, ...body];
    let check = exclusiveOr(counted);
    if (this.#badChecksLeft !== 0) {
      this.#badChecksLeft -= 1;
      check ^= 0xff;
    }
    let frame = [...Buffer.from(mood.noiseBefore ?? '', 'hex'), ...head, ...counted, check];
    if (this.#shortAnswersLeft !== 0) {
      this.#shortAnswersLeft -= 1;
      frame = frame.slice(0, frame.length - (mood.shortBy ?? 1));
    }
    let wasCut = false;
    if (isRead && this.#cutReadAfter !== null) {
      frame = frame.slice(0, this.#cutReadAfter);
      this.#cutReadAfter = null;
      this.#dumb = true;
      wasCut = true;
    }
    this.#sending = this.#sending
      .then(() => this.#putOut(frame, mood))
      .then(() => {
        if (wasCut) this.#onCut();
      });
  }

  async #putOut(frame: readonly number[], mood: Misbehaviour): Promise<void> {
    if (mood.delayMs !== undefined) await after(mood.delayMs);
    const sizes = mood.fragments ?? [];
    if (sizes.length === 0) {
      this.#send(Uint8Array.from(frame));
      return;
    }
    for (let at = 0, turn = 0; at < frame.length; turn += 1) {
      const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
      this.#send(Uint8Array.from(frame.slice(at, at + size)));
      at += size;
      if (at < frame.length) await after(mood.fragmentPauseMs ?? 1);
    }
  }
}

/** Where in the bytes the head or the beginning of one stands; null: nowhere. */
function findHead(bytes: readonly number[]): number | null {
  for (let start = 0; start < bytes.length; start += 1) {
    const seen = bytes.slice(start, start + head.length);
    if (seen.every((byte, index) => byte === head[index])) return start;
  }
  return null;
}

function exclusiveOr(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte) => sum ^ byte, 0);
}

function hex(bytes: readonly number[]): string {
  return Buffer.from(bytes).toString('hex');
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** 1024 bytes that are no photo of anyone; heads among them must not confuse a receiver. */
function noPhoto(): number[] {
  const bytes: number[] = [];
  while (bytes.length < 1024) bytes.push(...head, 0x00, 0x04, bytes.length & 255);
  return bytes.slice(0, 1024);
}

/** Field by field: what it says and how many characters it may take. */
type Row = readonly [text: string | undefined, characters: number];

function encodeCard(card: SimulatedCard): number[] {
  const compact = (day: string): string => day.replaceAll('-', '');
  const sex = { male: '1', female: '2' }[card.sex] ?? card.sex;
  const validity: Row[] = [
    [compact(card.validFrom), 8],
    [compact(card.validUntil), 8],
  ];
  const birth = compact(card.birthDate);
  switch (card.layout ?? 'resident') {
    case 'resident':
      return encodeRows([
        [card.name, 15],
        [sex, 1],
        [card.ethnicity ?? '01', 2],
        [birth, 8],
        [card.address, 35],
        [card.idNumber, 18],
        [card.issuer, 15],
        ...validity,
        ['', 14],
        [card.typeMark ?? '', 1],
        ['', 3],
      ]);
    case 'hk-macao-taiwan':
      return encodeRows([
        [card.name, 15],
        [sex, 1],
        ['', 2],
        [birth, 8],
        [card.address, 35],
        [card.idNumber, 18],
        [card.issuer, 15],
        ...validity,
        ['H12345678', 9],
        ['01', 2],
        ['', 3],
        [card.typeMark ?? 'J', 1],
        ['', 3],
      ]);
    case 'foreign-2017':
      return encodeRows([
        [card.englishName, 60],
        [sex, 1],
        [card.idNumber, 15],
        ['CAN', 3],
        [card.name, 15],
        ...validity,
        [birth, 8],
        ['01', 2],
        ['1100', 4],
        [card.typeMark ?? 'I', 1],
        ['', 3],
      ]);
    case 'foreign-2023':
      return encodeRows([
        [card.name, 15],
        [sex, 1],
        ['00', 2],
        [birth, 8],
        [card.englishName, 35],
        [card.idNumber, 18],
        ['', 15],
        ...validity,
        ['', 14],
        [card.typeMark ?? 'Y', 1],
        ['', 3],
      ]);
  }
}

function encodeRows(rows: readonly Row[]): number[] {
  const whole = rows.map(([text, size]) => (text ?? '').slice(0, size).padEnd(size, ' ')).join('');
  return [...Buffer.from(whole, 'utf16le')];
}
