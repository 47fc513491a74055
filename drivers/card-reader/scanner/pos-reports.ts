import { decodeCodeText, type CodeEncoding } from './code-text.ts';
import type { Scan, ScanDecoder } from './scan.ts';

export type PosReportSettings = {
  readonly encoding: CodeEncoding;
  /** A code announced as longer than one report, of which no more comes for so long, broke off. */
  readonly brokenOffMs: number;
};

export const defaultPosReportSettings: PosReportSettings = { encoding: 'auto', brokenOffMs: 500 };

/** HID Point of Sale Usage Tables, page of bar code scanners. */
export const scannerUsagePage = 0x8c;

const scannedDataReport = 2;
const aimStart = 0x5d;
const longestCodeBytes = 2048;

/** Data of one report; `more`: what follows belongs to it. */
type Piece = { readonly data: Uint8Array; readonly more: boolean };

/**
 * Codes of a scanner in HID POS mode. Two kinds of reports are understood. As the makers that follow the usage
 * tables send them, 64 bytes: `02 | length | ] a b | up to 56 bytes | … | bit 0 of the last byte: goes on`, where
 * `] a b` is the symbology identifier. And bare ones: `length | data`, with or without the number of the report
 * and the identifier before the data; of these a full one goes on, and silence ends it.
 */
export class PosReports implements ScanDecoder {
  readonly #settings: PosReportSettings;
  #bytes: number[] = [];
  #isTooLong = false;
  #startedAtMs: number | null = null;
  /** Where the length stands in bare reports: those of one code are alike. */
  #lengthAt: 0 | 1 = 0;
  /** The report before said that more comes, so silence now means that it will not. */
  #isMorePromised = false;

  constructor(settings: PosReportSettings) {
    this.#settings = settings;
  }

  get patienceMs(): number | null {
    return this.#startedAtMs === null ? null : this.#settings.brokenOffMs;
  }

  push(report: Uint8Array, atMs: number): readonly Scan[] {
    // The least a code has is more than two bytes, so a two in front of the first is the number of the report.
    if (this.#startedAtMs === null) this.#lengthAt = report[0] === scannedDataReport ? 1 : 0;
    const full = readFullReport(report);
    const piece = full ?? readBareReport(report, this.#lengthAt, this.#startedAtMs === null);
    // Reports with another number tell the state of the scanner.
    if (piece === 'other') return [];
    this.#startedAtMs ??= atMs;
    if (piece === 'damaged') return this.#unusable('unfinished');
    for (const byte of piece.data) {
      if (this.#bytes.length < longestCodeBytes) this.#bytes.push(byte);
      else this.#isTooLong = true;
    }
    this.#isMorePromised = piece.more && full !== null;
    return piece.more ? [] : this.#finish();
  }

  giveUp(): readonly Scan[] {
    if (this.#startedAtMs === null) return [];
    return this.#isMorePromised ? this.#unusable('unfinished') : this.#finish();
  }

  reset(): void {
    this.#bytes = [];
    this.#isTooLong = false;
    this.#startedAtMs = null;
    this.#isMorePromised = false;
  }

  #finish(): readonly Scan[] {
    if (this.#isTooLong) return this.#unusable('too-long');
    const text = decodeCodeText(Uint8Array.from(this.#bytes), this.#settings.encoding);
    if (text === null) return this.#unusable('unreadable');
    const startedAtMs = this.#startedAtMs ?? 0;
    this.reset();
    return text.trim() === '' ? [] : [{ kind: 'text', text, origin: 'scan', startedAtMs }];
  }

  #unusable(why: 'unfinished' | 'too-long' | 'unreadable'): readonly Scan[] {
    const startedAtMs = this.#startedAtMs ?? 0;
    this.reset();
    return [{ kind: 'unusable', why, startedAtMs }];
  }
}

/** A report of 64 bytes as the usage tables suggest, or null if it is none. */
function readFullReport(report: Uint8Array): Piece | null {
  if (report.length !== fullReport.length || report[0] !== scannedDataReport) return null;
  const length = report[1] ?? 0;
  if (report[2] !== aimStart || length > fullReport.dataBytes) return null;
  const data = report.subarray(fullReport.dataAt, fullReport.dataAt + length);
  const more = ((report[fullReport.length - 1] ?? 0) & 1) === 1;
  return { data, more };
}

const fullReport = { length: 64, dataAt: 5, dataBytes: 56 } as const;

function readBareReport(
  report: Uint8Array,
  lengthAt: 0 | 1,
  isFirst: boolean,
): Piece | 'damaged' | 'other' {
  const length = report[lengthAt];
  if (length === undefined || length === 0) return 'other';
  const room = report.length - lengthAt - 1;
  if (length > room) return lengthAt === 0 ? 'other' : 'damaged';
  const data = report.subarray(lengthAt + 1, lengthAt + 1 + length);
  const hasIdentifier = isFirst && data.length > 3 && data[0] === aimStart;
  return { data: hasIdentifier ? data.subarray(3) : data, more: length === room };
}
