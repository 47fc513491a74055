import { randomBytes } from 'node:crypto';

import type { LineOpener } from '../transport/port.ts';
import type {
  PrinterModel,
  PrinterStatus,
  PrintOutcome,
  PrintProgress,
  ReceiptPrinter,
} from './port.ts';
import {
  connectPrinter,
  defaultPrinterTimings,
  goneStatus,
  type PrinterSession,
  type PrinterTimings,
} from './printer-session.ts';

export type EscposPrinterSettings = {
  readonly url: string;
  readonly line: LineOpener;
  readonly model: PrinterModel;
  /** Whether bytes can come back; a file never answers, and questions would end up in it. */
  readonly answers: boolean;
  readonly timings?: Partial<PrinterTimings>;
};

/** Bytes per write: small enough that progress means something, large enough not to slow a slip down. */
const pieceBytes = 512;

/**
 * An ESC/POS printer on any line that carries bytes both ways. Each document has a connection of its own:
 * a printer on the network belongs to whoever is connected, and other desks want it too.
 */
export function escposPrinter(settings: EscposPrinterSettings): ReceiptPrinter {
  const timings = { ...defaultPrinterTimings, ...settings.timings };
  const { line, model, answers } = settings;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  /** One conversation at a time, in the order they were asked for. */
  function inTurn<Answer>(talk: () => Promise<Answer>): Promise<Answer> {
    const answer = last.then(talk);
    last = answer.catch(() => undefined);
    return answer;
  }

  return {
    url: settings.url,
    model,
    print: (bytes, options = {}) =>
      inTurn(async () => {
        if (closed) return { kind: 'failed', status: goneStatus('closed') };
        const report = options.onProgress ?? (() => undefined);
        return printDocument({ line, model, answers, timings, bytes, report, mark: freshMark() });
      }),
    status: () =>
      inTurn(async () => (closed ? goneStatus('closed') : askPrinter(line, answers, timings))),
    close: async () => {
      closed = true;
      await last;
    },
  };
}

const silent: PrinterStatus = { state: 'unknown', paperLow: false, detail: 'answers no question' };
const takesBytes: PrinterStatus = { state: 'ready', paperLow: false, detail: null };

async function askPrinter(
  line: LineOpener,
  answers: boolean,
  timings: PrinterTimings,
): Promise<PrinterStatus> {
  const connected = await connectPrinter(line, timings);
  if (!connected.ok) return connected.status;
  const status = answers ? await connected.session.ask() : takesBytes;
  await connected.session.close();
  return status ?? silent;
}

type Job = {
  readonly line: LineOpener;
  readonly model: PrinterModel;
  readonly answers: boolean;
  readonly timings: PrinterTimings;
  readonly bytes: Uint8Array;
  readonly report: (progress: PrintProgress) => void;
  /** What the printer echoes of this document alone. */
  readonly mark: string;
};

/**
 * Four characters that no other document has had: a printer may still owe an echo to the desk before, to another
 * window or to this program's last run, and such an echo must not confirm this document.
 */
function freshMark(): string {
  return randomBytes(3).toString('base64url');
}

async function printDocument(job: Job): Promise<PrintOutcome> {
  const connected = await connectPrinter(job.line, job.timings);
  if (!connected.ok) return { kind: 'failed', status: connected.status };
  const { session } = connected;
  try {
    const before = job.answers ? await session.ask() : null;
    const hungUp = session.whyGone();
    if (hungUp !== null) return { kind: 'failed', status: goneStatus(hungUp) };
    if (before !== null && before.state !== 'ready') return { kind: 'failed', status: before };
    const sent = await sendPieces(session, job);
    if (!sent.ok) {
      const status = job.answers && session.whyGone() === null ? await session.ask() : null;
      return {
        kind: 'unknown',
        bytesSent: sent.bytesSent,
        status: status ?? goneStatus(session.whyGone() ?? sent.detail),
      };
    }
    if (!job.answers) return { kind: 'sent', bytesSent: sent.bytesSent };
    return await settleOutcome(session, job, before !== null);
  } finally {
    await session.close();
  }
}

async function sendPieces(
  session: PrinterSession,
  { bytes, report }: Job,
): Promise<{ ok: boolean; bytesSent: number; detail: string }> {
  let bytesSent = 0;
  while (bytesSent < bytes.length) {
    const piece = bytes.subarray(bytesSent, bytesSent + pieceBytes);
    const written = await session.write(piece);
    if (!written.ok) return { ok: false, bytesSent, detail: written.detail };
    bytesSent += piece.length;
    report({ bytesSent, bytesTotal: bytes.length, waitingFor: null });
  }
  return { ok: true, bytesSent, detail: '' };
}

/** Everything left this machine; what can be found out about the paper? */
async function settleOutcome(
  session: PrinterSession,
  job: Job,
  answersQuestions: boolean,
): Promise<PrintOutcome> {
  const { model, timings, bytes } = job;
  const bytesSent = bytes.length;
  session.forget('paper');
  if (model.confirms !== 'none') await session.write(endMark(model.confirms, job.mark));
  // Also one that was too busy for a question before the document may confirm it.
  const processed =
    model.confirms !== 'none' && (await awaitEndMark(session, job, timings.confirmMs));
  if (processed) return { kind: 'confirmed', bytesSent };
  const hungUp = session.whyGone();
  if (hungUp !== null) return { kind: 'unknown', bytesSent, status: goneStatus(hungUp) };
  const after = answersQuestions
    ? ((await session.ask()) ?? goneStatus('fell silent after the document'))
    : silent;
  // A model that promises to confirm and does not may have lost the document or a part of it.
  if (model.confirms !== 'none') return { kind: 'unknown', bytesSent, status: after };
  if (answersQuestions && after.state !== 'ready')
    return { kind: 'unknown', bytesSent, status: after };
  return { kind: 'sent', bytesSent };
}

function endMark(confirms: 'process-id' | 'status-after', mark: string): Uint8Array {
  if (confirms === 'status-after') return Uint8Array.of(0x1d, 0x72, 0x01);
  const parameters = [0x30, 0x30, ...Buffer.from(mark, 'latin1')];
  return Uint8Array.of(0x1d, 0x28, 0x48, parameters.length, 0x00, ...parameters);
}

/**
 * Waits until the printer has processed the document. As long as it asks for paper or a closed cover the
 * clock stands still, up to a limit: with paper in, it goes on where it stopped.
 */
async function awaitEndMark(
  session: PrinterSession,
  job: Job,
  patienceMs: number,
): Promise<boolean> {
  const { model, timings, bytes, report, mark } = job;
  const isEnd =
    model.confirms === 'process-id'
      ? (word: { kind: string; id?: string }) => word.kind === 'processed' && word.id === mark
      : (word: { kind: string }) => word.kind === 'paper';
  let patience = patienceMs;
  let help = timings.helpMs;
  while (patience > 0 && help > 0) {
    const began = performance.now();
    if ((await session.hear(isEnd, Math.min(timings.askAgainMs, patience))) !== null) return true;
    if (session.whyGone() !== null) return false;
    const status = await session.ask();
    const waited = performance.now() - began;
    if (status?.state === 'paper-out' || status?.state === 'cover-open') {
      help -= waited;
      report({ bytesSent: bytes.length, bytesTotal: bytes.length, waitingFor: status.state });
    } else {
      patience -= waited;
    }
  }
  return false;
}
