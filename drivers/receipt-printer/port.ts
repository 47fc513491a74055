import type { Words } from '../../shared/domain/result.ts';

/**
 * What the printer says of itself. `unknown`: it can be reached but answers no question, as many cheap
 * models do. `gone`: it cannot be reached. `failed`: cutter jam, overheating, or another fault of its own.
 */
export type PrinterState = 'ready' | 'paper-out' | 'cover-open' | 'failed' | 'gone' | 'unknown';

export type PrinterStatus = {
  readonly state: PrinterState;
  /** The roll will end soon; printing still works. */
  readonly paperLow: boolean;
  /** The operating system's or the device's own wording, for the log; null when nothing is wrong. */
  readonly detail: string | null;
};

/**
 * How a print ended. `confirmed`: the printer said that it processed everything. `sent`: all bytes left
 * and nothing spoke against it, but this printer cannot confirm. `unknown`: `bytesSent` of the bytes left and
 * the paper may or may not show them; only a person can say. `failed`: nothing was sent, so that trying
 * again prints once.
 */
export type PrintOutcome =
  | { readonly kind: 'confirmed'; readonly bytesSent: number }
  | { readonly kind: 'sent'; readonly bytesSent: number }
  | { readonly kind: 'unknown'; readonly bytesSent: number; readonly status: PrinterStatus }
  | { readonly kind: 'failed'; readonly status: PrinterStatus };

export type PrintProgress = {
  readonly bytesSent: number;
  readonly bytesTotal: number;
  /** Set while everything waits for a person: paper, cover. */
  readonly waitingFor: 'paper-out' | 'cover-open' | null;
};

/**
 * A printer of slips. Nothing it does throws or hangs for what a device does; every wait ends at a
 * deadline. It prints one document at a time, in the order they were asked for. It knows bytes, not money.
 */
export interface ReceiptPrinter {
  /** The device URL it was opened by. */
  readonly url: string;
  readonly model: PrinterModel;
  /** Prints the bytes of one document, cut included. */
  print(
    bytes: Uint8Array,
    options?: { readonly onProgress?: (progress: PrintProgress) => void },
  ): Promise<PrintOutcome>;
  /** Asks the printer how it is. While a document is printing the answer waits for it. */
  status(): Promise<PrinterStatus>;
  /** Ends it; what is printing is let finish. */
  close(): Promise<void>;
}

/** What a model of printer can do; one JSON file each in `models/`. */
export type PrinterModel = {
  readonly name: string;
  /** What it is called. */
  readonly words: Words;
  readonly paperWidthMm: 58 | 80;
  /** Half-width characters per line; a Chinese character takes two. */
  readonly columns: 32 | 42 | 48;
  /** Whether it has a cutter. */
  readonly cutter: boolean;
  /** The dialect of ESC/POS: Epson's own, or what clones agree on. */
  readonly commands: 'epson' | 'generic';
  /** Whether its font has the four-byte characters of GB 18030; older ones print nonsense for them. */
  readonly fourByteCharacters: boolean;
  /**
   * How it says that everything was processed: `process-id` echoes the id of the document (GS ( H),
   * `status-after` answers a question that stands behind the document (GS r), `none` never says.
   */
  readonly confirms: 'process-id' | 'status-after' | 'none';
};
