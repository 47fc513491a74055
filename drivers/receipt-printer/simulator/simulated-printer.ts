/**
 * A thermal printer that exists only in memory. It knows ESC/POS from the printers' manuals and shares
 * nothing with the program that prints: what it could not read it reports instead of guessing.
 */

export type SimulatedSheet = {
  /** What a person would read, line by line, right parts in their columns. */
  readonly lines: readonly string[];
  /** Everything that was received for this sheet, real-time questions excepted. */
  readonly bytes: Uint8Array;
  readonly wasCut: boolean;
  /** Commands that no manual knows: a real printer would have printed rubbish. */
  readonly unreadable: readonly string[];
};

/** What is wrong with it, changed at any time. */
export type SimulatedFaults = {
  paper: 'in' | 'low' | 'out';
  cover: 'closed' | 'open';
  /** Answers nothing at all, as cheap models do. */
  silent: boolean;
  /** Knows no GS ( H. */
  withoutProcessId: boolean;
  /** Echoes the id of a document of somebody else. */
  echoesOther: boolean;
  /** Says that a document is done only once this is taken back: its buffer was full, its network slow. */
  answersLate: boolean;
  /** Dies for good after so many bytes of documents. */
  dieAfterBytes: number | null;
  /** The roll ends after so many bytes of documents. */
  paperOutAfterBytes: number | null;
};

export function noFaults(): SimulatedFaults {
  return {
    paper: 'in',
    cover: 'closed',
    silent: false,
    withoutProcessId: false,
    echoesOther: false,
    answersLate: false,
    dieAfterBytes: null,
    paperOutAfterBytes: null,
  };
}

export type SimulatedPrinterSettings = {
  /** Bytes from the printer to whoever prints. */
  readonly answer: (bytes: Uint8Array) => void;
  readonly faults?: SimulatedFaults;
  readonly onSheet?: (sheet: SimulatedSheet) => void;
  /** It was asked to echo this id when everything before it is done. */
  readonly onMark?: (mark: string) => void;
  /** It has died: the plug was pulled. */
  readonly onDeath?: () => void;
};

export type SimulatedPrinter = {
  receive(bytes: Uint8Array): void;
  /** Something about the faults was changed: goes on where it stopped, if it can. */
  look(): void;
  /** Whoever printed has gone: what is on the paper is a sheet, cut or not. */
  endOfConnection(): void;
};

export function simulatedPrinter(settings: SimulatedPrinterSettings): SimulatedPrinter {
  const faults = settings.faults ?? noFaults();
  const say = (...bytes: number[]): void => {
    if (!faults.silent) settings.answer(Uint8Array.from(bytes));
  };
  const owed: number[][] = [];
  const sayDone = (...bytes: number[]): void => {
    if (faults.answersLate) owed.push(bytes);
    else say(...bytes);
  };
  let waiting: number[] = [];
  let questionBegun: number[] = [];
  let taken = 0;
  let dead = false;
  let sheet = newSheet();

  function blocked(): boolean {
    return faults.paper === 'out' || faults.cover === 'open';
  }

  /** Real-time questions are picked out as they arrive, wherever they stand and whatever the printer does. */
  function pickQuestions(bytes: Uint8Array): number[] {
    const rest: number[] = [];
    for (const byte of bytes) {
      questionBegun.push(byte);
      if (questionBegun[0] !== 0x10 || (questionBegun.length > 1 && questionBegun[1] !== 0x04)) {
        rest.push(...questionBegun);
        questionBegun = [];
      } else if (questionBegun.length === 3) {
        say(statusByte(byte, faults));
        questionBegun = [];
      }
    }
    return rest;
  }

  function work(): void {
    while (!dead && !blocked() && waiting.length > 0) {
      const command = readCommand(waiting);
      if (command === null) return;
      waiting = waiting.slice(command.length);
      perform(command);
    }
  }

  function perform(command: Command): void {
    taken += command.length;
    sheet.bytes.push(...command.bytes);
    if (command.kind === 'initialise') sheet.chinese = false;
    if (command.kind === 'chinese') sheet.chinese = command.on;
    if (command.kind === 'position') sheet.column = command.column;
    if (command.kind === 'move') sheet.column += command.columns;
    if (command.kind === 'text') sheet.write(command.text);
    if (command.kind === 'line-feed') sheet.feed();
    if (command.kind === 'unreadable') sheet.unreadable.push(command.words);
    if (command.kind === 'paper-status') sayDone(faults.paper === 'low' ? 0x03 : 0x00);
    if (command.kind === 'process-id') settings.onMark?.(String.fromCharCode(...command.id));
    if (command.kind === 'process-id' && !faults.withoutProcessId) {
      const id = faults.echoesOther ? [0x30, 0x30, 0x30, 0x31] : command.id;
      sayDone(0x37, 0x22, ...id, 0x00);
    }
    if (command.kind === 'cut') finishSheet(true);
    if (faults.paperOutAfterBytes !== null && taken >= faults.paperOutAfterBytes) {
      faults.paperOutAfterBytes = null;
      faults.paper = 'out';
    }
  }

  function finishSheet(wasCut: boolean): void {
    sheet.feed();
    const { lines, bytes, unreadable } = sheet;
    if (lines.some((line) => line !== '')) {
      settings.onSheet?.({ lines, bytes: Uint8Array.from(bytes), wasCut, unreadable });
    }
    sheet = newSheet();
  }

  function receive(bytes: Uint8Array): void {
    if (dead) return;
    for (const byte of pickQuestions(bytes)) {
      if (faults.dieAfterBytes !== null && faults.dieAfterBytes <= 0) break;
      waiting.push(byte);
      if (faults.dieAfterBytes !== null) faults.dieAfterBytes -= 1;
    }
    work();
    if (faults.dieAfterBytes !== null && faults.dieAfterBytes <= 0) {
      dead = true;
      finishSheet(false);
      settings.onDeath?.();
    }
  }

  return {
    receive,
    look: () => {
      if (!faults.answersLate) for (const bytes of owed.splice(0)) say(...bytes);
      work();
    },
    endOfConnection: () => {
      if (!blocked()) finishSheet(false);
      questionBegun = [];
    },
  };
}

/** DLE EOT n: bits 1 and 4 are always set, bits 0 and 7 never. */
function statusByte(n: number, faults: SimulatedFaults): number {
  const out = faults.paper === 'out';
  const open = faults.cover === 'open';
  if (n === 1) return 0x12 | (out || open ? 0x08 : 0);
  if (n === 2) return 0x12 | (open ? 0x04 : 0) | (out ? 0x20 : 0);
  if (n === 4) return 0x12 | (faults.paper === 'in' ? 0 : 0x0c) | (out ? 0x60 : 0);
  return 0x12;
}

/** One line under the head: text lands where the head stands, counted in half-width characters. */
function newSheet() {
  let line = '';
  return {
    lines: [] as string[],
    bytes: [] as number[],
    unreadable: [] as string[],
    chinese: false,
    column: 0,
    write(text: string): void {
      line += ' '.repeat(Math.max(0, this.column - widthOf(line))) + text;
      this.column = widthOf(line);
    },
    feed(): void {
      this.lines.push(line.trimEnd());
      line = '';
      this.column = 0;
    },
  };
}

function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += character < '\u0080' ? 1 : 2;
  return width;
}

type CommandBody =
  | { readonly kind: 'initialise' | 'line-feed' | 'cut' | 'paper-status' | 'setting' }
  | { readonly kind: 'chinese'; readonly on: boolean }
  | { readonly kind: 'position'; readonly column: number }
  | { readonly kind: 'move'; readonly columns: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'process-id'; readonly id: readonly number[] }
  | { readonly kind: 'unreadable'; readonly words: string };
type Command = CommandBody & { readonly length: number; readonly bytes: readonly number[] };

/** A half-width character is twelve dots wide. */
const dotsPerColumn = 12;

/** Settings that only change how things look, by lead byte and letter: how many parameter bytes follow. */
const settingLengths: Readonly<Record<string, number>> = {
  '1b 61': 1, // ESC a: alignment
  '1b 4d': 1, // ESC M: font
  '1b 20': 1, // ESC SP: character spacing
  '1b 32': 0, // ESC 2: default line spacing
  '1b 33': 1, // ESC 3: line spacing
  '1b 7b': 1, // ESC {: upside down
  '1b 74': 1, // ESC t: code page
  '1b 52': 1, // ESC R: international characters
  '1b 2d': 1, // ESC -: underline
  '1b 45': 1, // ESC E: bold
  '1b 21': 1, // ESC !: print modes
  '1b 64': 1, // ESC d: feed lines
  '1b 4a': 1, // ESC J: feed dots
  '1b 70': 3, // ESC p: cash drawer
  '1c 53': 2, // FS S: Chinese character spacing
  '1c 2d': 1, // FS -: Chinese underline
  '1c 21': 1, // FS !: Chinese print modes
  '1c 57': 1, // FS W: Chinese double size
  '1c 43': 1, // FS C: Chinese code system
  '1d 61': 1, // GS a: automatic status back
  '1d 4c': 2, // GS L: left margin
  '1d 57': 2, // GS W: width of the printing area
  '1d 21': 1, // GS !: character size
  '1d 42': 1, // GS B: white on black
};

/** The command at the front, or null when more bytes must come first. */
function readCommand(bytes: readonly number[]): Command | null {
  const first = bytes[0] ?? 0;
  if (first === 0x0a) return command(bytes, 1, { kind: 'line-feed' });
  if (first === 0x0d) return command(bytes, 1, { kind: 'setting' });
  if (first === 0x1b || first === 0x1c || first === 0x1d) return readEscape(bytes);
  if (first < 0x20 || first === 0x7f || first === 0x80 || first === 0xff) {
    return command(bytes, 1, { kind: 'unreadable', words: hex(bytes.slice(0, 1)) });
  }
  if (first < 0x80) {
    return command(bytes, 1, { kind: 'text', text: String.fromCharCode(first) });
  }
  return readChinese(bytes);
}

/** GB 18030: two bytes, or four when the second is a digit. */
function readChinese(bytes: readonly number[]): Command | null {
  const second = bytes[1];
  if (second === undefined) return null;
  const length = second >= 0x30 && second <= 0x39 ? 4 : 2;
  if (bytes.length < length) return null;
  const text = new TextDecoder('gb18030').decode(Uint8Array.from(bytes.slice(0, length)));
  if (text.includes('\ufffd')) {
    return command(bytes, length, { kind: 'unreadable', words: hex(bytes.slice(0, length)) });
  }
  return command(bytes, length, { kind: 'text', text });
}

function readEscape(bytes: readonly number[]): Command | null {
  if (bytes.length < 2) return null;
  const name = hex(bytes.slice(0, 2));
  const [, , third, fourth, fifth, sixth] = bytes;
  if (name === '1b 40') return command(bytes, 2, { kind: 'initialise' });
  if (name === '1c 26') return command(bytes, 2, { kind: 'chinese', on: true });
  if (name === '1c 2e') return command(bytes, 2, { kind: 'chinese', on: false });
  if (name === '1b 24') {
    if (third === undefined || fourth === undefined) return null;
    const column = Math.round((third + fourth * 256) / dotsPerColumn);
    return command(bytes, 4, { kind: 'position', column });
  }
  if (name === '1b 5c') {
    if (third === undefined || fourth === undefined) return null;
    const dots = third + fourth * 256;
    // Two's complement: the head can move back.
    const columns = Math.round((dots > 0x7fff ? dots - 0x1_0000 : dots) / dotsPerColumn);
    return command(bytes, 4, { kind: 'move', columns });
  }
  if (name === '1d 56') {
    if (third === undefined) return null;
    // Functions A take no feed amount, functions B do.
    return command(bytes, third < 0x41 ? 3 : 4, { kind: 'cut' });
  }
  if (name === '1d 72') return command(bytes, 3, { kind: 'paper-status' });
  if (name === '1d 28' || name === '1c 28') {
    if (fifth === undefined || fourth === undefined) return null;
    const length = 5 + fourth + fifth * 256;
    if (bytes.length < length) return null;
    // GS ( H, function 48, m 48: the id comes back when everything before it is done.
    if (name === '1d 28' && third === 0x48 && sixth === 0x30) {
      return command(bytes, length, { kind: 'process-id', id: bytes.slice(7, 11) });
    }
    return command(bytes, length, { kind: 'setting' });
  }
  const parameters = settingLengths[name];
  if (parameters === undefined) return command(bytes, 2, { kind: 'unreadable', words: name });
  return command(bytes, 2 + parameters, { kind: 'setting' });
}

function command(bytes: readonly number[], length: number, body: CommandBody): Command | null {
  if (bytes.length < length) return null;
  return { ...body, length, bytes: bytes.slice(0, length) };
}

function hex(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
