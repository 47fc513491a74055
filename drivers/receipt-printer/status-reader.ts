import type { PrinterStatus } from './port.ts';

/** What a printer says, one meaning each. */
export type PrinterWord =
  /** The answer to DLE EOT: one byte 0xx1xx10b. */
  | { readonly kind: 'status'; readonly byte: number }
  /** The answer to GS r: one byte 0xx0xxxxb, sent when everything before it was processed. */
  | { readonly kind: 'paper'; readonly byte: number }
  /** The echo of GS ( H function 48: everything before this id was processed. */
  | { readonly kind: 'processed'; readonly id: string };

/** The first two bytes of the echo of a process id, then four bytes of id and a NUL. */
const processedHeader = [0x37, 0x22] as const;
const processedLength = 7;
/** A status sent unasked (ASB) begins with 0xx1xx00b and has four bytes. */
const unaskedLength = 4;

/**
 * Takes the bytes of a printer apart, however they come in pieces. Statuses sent unasked and flow control
 * are passed over; a byte that fits nothing is dropped, because a clone may say anything. Each byte is looked at once,
 * however many come: what stands at a printer's address may send without end.
 */
export function statusReader(onWord: (word: PrinterWord) => void): (bytes: Uint8Array) => void {
  /** Less than a word: what must wait for its rest. */
  let held: Uint8Array = Uint8Array.of();
  return (bytes) => {
    const all = new Uint8Array(held.length + bytes.length);
    all.set(held);
    all.set(bytes, held.length);
    let at = 0;
    for (;;) {
      const taken = takeWord(all, at, onWord);
      if (taken === 0) break;
      at += taken;
    }
    held = all.slice(at);
  };
}

/** How many bytes were understood from `at` on; 0 when more are needed. */
function takeWord(bytes: Uint8Array, at: number, onWord: (word: PrinterWord) => void): number {
  const first = bytes[at];
  const second = bytes[at + 1];
  const left = bytes.length - at;
  if (first === undefined) return 0;
  if (first === processedHeader[0]) {
    if (second === undefined) return 0;
    if (second === processedHeader[1]) {
      if (left < processedLength) return 0;
      onWord({ kind: 'processed', id: String.fromCharCode(...bytes.subarray(at + 2, at + 6)) });
      return processedLength;
    }
    return 1;
  }
  if ((first & 0x93) === 0x12) {
    onWord({ kind: 'status', byte: first });
    return 1;
  }
  if ((first & 0x93) === 0x10) return left < unaskedLength ? 0 : unaskedLength;
  if ((first & 0x90) === 0x00) onWord({ kind: 'paper', byte: first });
  return 1;
}

/** The four answers to DLE EOT 1 to 4. */
export type StatusBytes = readonly [printer: number, offline: number, error: number, paper: number];

/** What the four bytes mean (ESC/POS: DLE EOT n). An open cover is named before the paper it hides. */
export function statusFromBytes([printer, offline, error, paper]: StatusBytes): PrinterStatus {
  const paperLow = (paper & 0x0c) !== 0;
  const detail = [printer, offline, error, paper].map((byte) => byte.toString(16)).join(' ');
  if ((offline & 0x04) !== 0) return { state: 'cover-open', paperLow, detail };
  if ((paper & 0x60) !== 0 || (offline & 0x20) !== 0) {
    return { state: 'paper-out', paperLow, detail };
  }
  if ((offline & 0x40) !== 0 || (error & 0x6c) !== 0) return { state: 'failed', paperLow, detail };
  if ((printer & 0x08) !== 0) return { state: 'failed', paperLow, detail };
  return { state: 'ready', paperLow, detail: null };
}
