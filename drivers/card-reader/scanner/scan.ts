import type { CodeOrigin, UnknownCode } from '../codes/classify-code.ts';

/** One code or stripe as a decoder made it out of bytes: its text, or why there is none. */
export type Scan = {
  /** When its first byte came, in the milliseconds of the reader's clock. */
  readonly startedAtMs: number;
} & (
  | { readonly kind: 'text'; readonly text: string; readonly origin: CodeOrigin }
  | { readonly kind: 'unusable'; readonly why: UnknownCode }
);

/** Makes codes out of what a line delivers. It never throws, whatever comes, and holds a limited number of bytes. */
export interface ScanDecoder {
  /** Bytes came: from a serial line any piece, from HID one report. */
  push(piece: Uint8Array, atMs: number): readonly Scan[];
  /** So long may the line be silent before what has begun is over; null when nothing has begun. */
  readonly patienceMs: number | null;
  /** The line was silent so long. */
  giveUp(): readonly Scan[];
  /** The line went: what has begun is forgotten. */
  reset(): void;
}
