import { decodeCodeText, type CodeEncoding } from './code-text.ts';
import type { Scan, ScanDecoder } from './scan.ts';

export const codeSuffixes = ['any', 'cr', 'lf', 'crlf', 'none'] as const;
/** What a scanner sends after a code. `any`: CR, LF or both. `none`: nothing, only silence ends it. */
export type CodeSuffix = (typeof codeSuffixes)[number];

export type SerialCodeSettings = {
  readonly suffix: CodeSuffix;
  readonly encoding: CodeEncoding;
  /** Without a suffix, a silence so long ends a code. */
  readonly codeGapMs: number;
  /** With a suffix, a silence so long means that the rest will not come. */
  readonly brokenOffMs: number;
};

export const defaultSerialCodeSettings: SerialCodeSettings = {
  suffix: 'any',
  encoding: 'auto',
  // At 9600 a byte takes one millisecond; adapters deliver every 16, and a busy machine later.
  codeGapMs: 120,
  brokenOffMs: 500,
};

/** Four bytes for every character a code may have; what is longer is not kept. */
const longestCodeBytes = 2048;

const cr = 0x0d;
const lf = 0x0a;

/**
 * Codes of a scanner on a serial line. With a suffix a code is used only when it has come: what breaks off is
 * refused, and never put in front of the next code.
 */
export class SerialCodes implements ScanDecoder {
  readonly #settings: SerialCodeSettings;
  #bytes: number[] = [];
  #isTooLong = false;
  #startedAtMs: number | null = null;

  constructor(settings: SerialCodeSettings) {
    this.#settings = settings;
  }

  get patienceMs(): number | null {
    if (this.#startedAtMs === null) return null;
    const { suffix, codeGapMs, brokenOffMs } = this.#settings;
    return suffix === 'none' ? codeGapMs : brokenOffMs;
  }

  push(piece: Uint8Array, atMs: number): readonly Scan[] {
    const scans: Scan[] = [];
    for (const byte of piece) {
      // The second half of a suffix, or one sent without a code.
      if (this.#startedAtMs === null && (byte === cr || byte === lf)) continue;
      this.#startedAtMs ??= atMs;
      if (this.#ends(byte)) scans.push(...this.#finish());
      else if (this.#bytes.length < longestCodeBytes) this.#bytes.push(byte);
      else this.#isTooLong = true;
    }
    return scans;
  }

  giveUp(): readonly Scan[] {
    if (this.#startedAtMs === null) return [];
    if (this.#settings.suffix === 'none') return this.#finish();
    // A glitch while the scanner gets power is no code that broke off.
    const isNoise = !this.#bytes.some((byte) => byte > 0x20 && byte < 0x7f);
    const startedAtMs = this.#startedAtMs;
    this.reset();
    return isNoise ? [] : [{ kind: 'unusable', why: 'unfinished', startedAtMs }];
  }

  reset(): void {
    this.#bytes = [];
    this.#isTooLong = false;
    this.#startedAtMs = null;
  }

  #ends(byte: number): boolean {
    switch (this.#settings.suffix) {
      case 'any':
        return byte === cr || byte === lf;
      case 'cr':
        return byte === cr;
      case 'lf':
        return byte === lf;
      case 'crlf':
        return byte === lf && this.#bytes.at(-1) === cr;
      case 'none':
        return false;
    }
  }

  #finish(): Scan[] {
    const bytes = Uint8Array.from(this.#bytes);
    const isTooLong = this.#isTooLong;
    const startedAtMs = this.#startedAtMs ?? 0;
    this.reset();
    if (isTooLong) return [{ kind: 'unusable', why: 'too-long', startedAtMs }];
    const text = decodeCodeText(bytes, this.#settings.encoding);
    if (text === null) return [{ kind: 'unusable', why: 'unreadable', startedAtMs }];
    if (text.trim() === '') return [];
    return [{ kind: 'text', text, origin: 'scan', startedAtMs }];
  }
}
