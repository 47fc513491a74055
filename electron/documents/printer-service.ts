import type {
  PrinterModel,
  PrinterState,
  PrinterStatus,
  PrintOutcome,
  PrintProgress,
  ReceiptPrinter,
} from '../../drivers/receipt-printer/port.ts';
import type { DeviceState } from '../../shared/contracts/desk.ts';
import { printerDeviceState } from './printer-words.ts';

/** The desk's printer: asked how it is, not too often, and sent what to print. */
export type PrinterService = {
  readonly url: string;
  readonly model: PrinterModel;
  /** How it was when last asked; null before the first answer. */
  status(): PrinterStatus | null;
  /** The same as the state bar shows it. */
  deviceState(): DeviceState;
  /** Asks now. */
  look(): Promise<PrinterStatus>;
  print(bytes: Uint8Array, onProgress: (progress: PrintProgress) => void): Promise<PrintOutcome>;
  /** Calls `listener` at every change of state; the answer stops that. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
};

/** A person who puts in paper looks at the screen after some seconds; asking more often gains nothing. */
const defaultPollMs = 5000;

/** States in which sending a document makes sense. */
export function canPrint(state: PrinterState): boolean {
  return state === 'ready' || state === 'unknown';
}

/** Starts to look after a printer. It is closed with the service. */
export function startPrinterService(
  printer: ReceiptPrinter,
  pollMs: number = defaultPollMs,
): PrinterService {
  const listeners = new Set<() => void>();
  let status: PrinterStatus | null = null;
  let printing = 0;
  let closed = false;
  let timer: NodeJS.Timeout | null = null;

  function tell(): void {
    for (const listener of listeners) listener();
  }

  function take(next: PrinterStatus): PrinterStatus {
    const changed = status?.state !== next.state || status.paperLow !== next.paperLow;
    status = next;
    if (changed) tell();
    return next;
  }

  async function look(): Promise<PrinterStatus> {
    return take(await printer.status());
  }

  /** While something is printing the document itself shows how the printer is. */
  function poll(): void {
    if (closed) return;
    const asked = printing > 0 ? Promise.resolve() : look().then(() => undefined);
    void asked.finally(() => {
      if (!closed) timer = setTimeout(poll, pollMs);
      timer?.unref();
    });
  }
  poll();

  return {
    url: printer.url,
    model: printer.model,
    status: () => status,
    deviceState: () =>
      status === null && !closed
        ? printerDeviceState({ state: 'unknown', paperLow: false, detail: null }, printing > 0)
        : printerDeviceState(status, printing > 0),
    look,
    async print(bytes, onProgress) {
      printing += 1;
      tell();
      try {
        const outcome = await printer.print(bytes, {
          onProgress: (progress) => {
            const { waitingFor } = progress;
            if (waitingFor !== null) take({ state: waitingFor, paperLow: false, detail: null });
            onProgress(progress);
          },
        });
        take(statusAfter(outcome, status));
        return outcome;
      } finally {
        printing -= 1;
        tell();
      }
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await printer.close();
    },
  };
}

function statusAfter(outcome: PrintOutcome, before: PrinterStatus | null): PrinterStatus {
  if (outcome.kind === 'failed' || outcome.kind === 'unknown') return outcome.status;
  const paperLow = before?.paperLow ?? false;
  return { state: outcome.kind === 'confirmed' ? 'ready' : 'unknown', paperLow, detail: null };
}
