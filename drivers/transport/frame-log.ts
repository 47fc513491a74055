import type { LineFault, Transport } from './port.ts';

/** One thing that happened on a line, fit to be shown: of what came in only how much, and how it began. */
export type FrameNote = {
  readonly at: string;
  readonly what: 'sent' | 'came' | 'opened' | 'lost';
  readonly bytes: number;
  /** Hexadecimal; or the operating system's words on why the line is not open. */
  readonly shown: string;
  /** More came or went than is shown. */
  readonly cut: boolean;
};

/** The last of them; what is older is forgotten. */
const notesMax = 200;
/** Commands to a device are short and say nothing of anyone. */
const sentShownMax = 24;

/** What went over a reader's line lately, for the IT clerk. Nothing that was on a card is in it. */
export class FrameLog {
  readonly #now: () => Date;
  #notes: FrameNote[] = [];

  constructor(now: () => Date) {
    this.#now = now;
  }

  note(what: FrameNote['what'], bytes: number, shown: string, cut = false): void {
    this.#notes.push({ at: this.#now().toISOString(), what, bytes, shown, cut });
    if (this.#notes.length > notesMax) this.#notes = this.#notes.slice(-notesMax);
  }

  /** The oldest first. */
  notes(): readonly FrameNote[] {
    return [...this.#notes];
  }
}

/**
 * The same line, with what goes over it noted. `cameShown`: how many bytes of each piece that comes in may be
 * shown; the head of a frame shows a fault, and what follows it is somebody's.
 */
export function watchFrames(
  transport: Transport,
  log: FrameLog | undefined,
  cameShown: number,
): Transport {
  if (log === undefined) return transport;
  transport.onStateChange(({ state, fault }) => {
    if (state === 'open') log.note('opened', 0, '');
    else if (state === 'waiting' && fault !== null) log.note('lost', 0, wordsOf(fault));
  });
  return {
    get name() {
      return transport.name;
    },
    get state() {
      return transport.state;
    },
    get fault() {
      return transport.fault;
    },
    open: () => transport.open(),
    async write(bytes, deadlineMs) {
      const written = await transport.write(bytes, deadlineMs);
      if (written.ok) noteBytes(log, 'sent', bytes, sentShownMax);
      else log.note('lost', bytes.length, wordsOf(written.fault));
      return written;
    },
    async read(deadlineMs) {
      const came = await transport.read(deadlineMs);
      if (came.ok) noteBytes(log, 'came', came.value, cameShown);
      return came;
    },
    discardInput: () => transport.discardInput(),
    reopen: (reason) => transport.reopen(reason),
    close: () => transport.close(),
    onStateChange: (listener) => transport.onStateChange(listener),
  };
}

function noteBytes(log: FrameLog, what: 'sent' | 'came', bytes: Uint8Array, most: number): void {
  const head = Buffer.from(bytes.subarray(0, most)).toString('hex');
  log.note(what, bytes.length, head, bytes.length > most);
}

function wordsOf({ code, detail }: LineFault): string {
  return `${code}: ${detail}`;
}
