import { LineOpenError, type LineOpener, type OpenLine } from '../transport/port.ts';
import { settleWithin } from '../transport/settle-within.ts';
import type { PrinterStatus } from './port.ts';
import { statusFromBytes, statusReader, type PrinterWord } from './status-reader.ts';

/** Deadlines of a conversation with a printer, in milliseconds. */
export type PrinterTimings = {
  /** A host that is switched off never answers; the cashier should hear it soon. */
  readonly connectMs: number;
  /** One piece of a document. */
  readonly writeMs: number;
  /** An answer to a real-time question comes at once or never. */
  readonly answerMs: number;
  /** A full slip takes two seconds of paper; a slow model several. */
  readonly confirmMs: number;
  /** How long a document waits while the printer asks for paper or a closed cover. */
  readonly helpMs: number;
  /** Pause between questions while waiting. */
  readonly askAgainMs: number;
};

export const defaultPrinterTimings: PrinterTimings = {
  connectMs: 3000,
  writeMs: 5000,
  answerMs: 700,
  confirmMs: 15_000,
  helpMs: 60_000,
  askAgainMs: 500,
};

/** One connection to a printer: bytes out, words in. A document never continues on another connection. */
export type PrinterSession = {
  write(bytes: Uint8Array): Promise<{ readonly ok: boolean; readonly detail: string }>;
  /** The next word that fits, or null when none came in time or the connection went. */
  hear(fits: (word: PrinterWord) => boolean, deadlineMs: number): Promise<PrinterWord | null>;
  /** Forgets what was heard of a kind before the question was asked. */
  forget(kind: PrinterWord['kind']): void;
  /** The printer's own account, or null where it answers nothing. */
  ask(): Promise<PrinterStatus | null>;
  /** Why the connection went; null while it stands. */
  whyGone(): string | null;
  close(): Promise<void>;
};

export type Connected =
  | { readonly ok: true; readonly session: PrinterSession }
  | { readonly ok: false; readonly status: PrinterStatus };

/** Connects, within the deadline. */
export async function connectPrinter(
  line: LineOpener,
  timings: PrinterTimings,
): Promise<Connected> {
  const ears = listening();
  const attempt = line.open({ data: ears.take, gone: ears.lose });
  const opened = await settleWithin(attempt, timings.connectMs);
  if (opened.kind === 'done') return { ok: true, session: session(opened.value, ears, timings) };
  if (opened.kind === 'late') {
    // A connection that comes after we stopped waiting must not keep the printer busy.
    void attempt.then((late) => late.close()).catch(() => undefined);
    return { ok: false, status: goneStatus('no answer to the connection') };
  }
  const { error } = opened;
  const detail = error instanceof LineOpenError ? error.fault.detail : String(error);
  return { ok: false, status: goneStatus(detail) };
}

export function goneStatus(detail: string): PrinterStatus {
  return { state: 'gone', paperLow: false, detail };
}

type Ears = ReturnType<typeof listening>;

/** More than the fastest serial printer can say while one document waits for paper: it has gone mad, or is none. */
const saidMaxBytes = 2 * 1024 * 1024;
/** Words that wait for a question. What says more than that unasked answers none; the oldest go first. */
const heardMax = 256;

function listening() {
  let heard: PrinterWord[] = [];
  let wake: (() => void) | null = null;
  let goneBecause: string | null = null;
  let saidBytes = 0;
  const read = statusReader((word) => {
    heard.push(word);
    if (heard.length > heardMax) heard = heard.slice(-heardMax / 2);
  });
  return {
    whyGone: (): string | null => goneBecause,
    forget: (kind: PrinterWord['kind']): void => {
      heard = heard.filter((word) => word.kind !== kind);
    },
    /** The first word that fits; words of other kinds stay, they answer other questions. */
    next(fits: (word: PrinterWord) => boolean): PrinterWord | null {
      const found = heard.findIndex(fits);
      return found < 0 ? null : (heard.splice(found, 1)[0] ?? null);
    },
    take: (bytes: Uint8Array): void => {
      if (goneBecause !== null) return;
      saidBytes += bytes.length;
      if (saidBytes > saidMaxBytes) goneBecause = 'says more than a printer has to say';
      else read(bytes);
      wake?.();
    },
    lose: (detail: string): void => {
      goneBecause ??= detail;
      wake?.();
    },
    /** Resolves at the next event or after `ms`. */
    event(ms: number): Promise<void> {
      return new Promise((resolve) => {
        const timer = setTimeout(finish, ms);
        function finish(): void {
          clearTimeout(timer);
          wake = null;
          resolve();
        }
        wake = finish;
      });
    },
  };
}

function session(line: OpenLine, ears: Ears, timings: PrinterTimings): PrinterSession {
  async function write(bytes: Uint8Array): Promise<{ ok: boolean; detail: string }> {
    const hungUp = ears.whyGone();
    if (hungUp !== null) return { ok: false, detail: hungUp };
    const written = await settleWithin(line.write(bytes), timings.writeMs);
    if (written.kind === 'done') return { ok: true, detail: '' };
    return {
      ok: false,
      detail: written.kind === 'late' ? 'a write was late' : String(written.error),
    };
  }

  async function hear(
    fits: (word: PrinterWord) => boolean,
    deadlineMs: number,
  ): Promise<PrinterWord | null> {
    const until = performance.now() + deadlineMs;
    for (;;) {
      const word = ears.next(fits);
      if (word !== null) return word;
      const left = until - performance.now();
      if (left <= 0 || ears.whyGone() !== null) return null;
      await ears.event(left);
    }
  }

  /** DLE EOT n, asked one at a time: the answers look alike. */
  async function askOne(n: number): Promise<number | null> {
    // An answer that came too late must not be taken for this one.
    ears.forget('status');
    if (!(await write(Uint8Array.of(0x10, 0x04, n))).ok) return null;
    const word = await hear(({ kind }) => kind === 'status', timings.answerMs);
    return word?.kind === 'status' ? word.byte : null;
  }

  async function ask(): Promise<PrinterStatus | null> {
    const bytes: number[] = [];
    for (const n of [1, 2, 3, 4]) {
      const byte = await askOne(n);
      const hungUp = ears.whyGone();
      if (byte === null) return hungUp === null ? null : goneStatus(hungUp);
      bytes.push(byte);
    }
    const [printer = 0, offline = 0, error = 0, paper = 0] = bytes;
    return statusFromBytes([printer, offline, error, paper]);
  }

  return {
    write,
    hear,
    forget: ears.forget,
    ask,
    whyGone: () => ears.whyGone(),
    close: async () => {
      await settleWithin(line.close(), timings.connectMs);
    },
  };
}
