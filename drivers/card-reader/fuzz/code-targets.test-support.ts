import assert from 'node:assert/strict';
import { hasRightCheckDigit } from '../../../shared/domain/citizen-number.ts';
import { cardOfCode } from '../codes/card-of-code.ts';
import { classifyCode, type CodeOrigin } from '../codes/classify-code.ts';
import { defaultCodeSettings, type CodeSettings } from '../codes/code-settings.ts';
import { StripeReports } from '../scanner/stripe-reports.ts';
import { bitsOf, readTrackBits } from '../magnetic-stripe/track-bits.ts';
import { defaultPosReportSettings, PosReports } from '../scanner/pos-reports.ts';
import type { Scan, ScanDecoder } from '../scanner/scan.ts';
import { codeSuffixes, defaultSerialCodeSettings, SerialCodes } from '../scanner/serial-codes.ts';
import { assertRefusal, mendNumber, today, type FuzzTarget } from './target.test-support.ts';

/** A hospital that has set up every form of card. */
const everyForm: CodeSettings = {
  tolerantEVoucher: true,
  preferential: [
    ...defaultCodeSettings.preferential,
    { form: 'uid', writtenAs: 'hex-8', byteOrder: 'as-on-card' },
    { form: 'uid', writtenAs: 'decimal-10', byteOrder: 'reversed' },
    { form: 'barcode', prefix: 'YH', length: 10 },
    { form: 'id-number', prefix: 'YH' },
  ],
  stripeIsSocialSecurity: false,
  ownNumbers: defaultCodeSettings.ownNumbers,
};

/** What a code stands for: a whole card, or a refusal that holds nothing of the code. */
function use(text: string, origin: CodeOrigin, reached: (stage: string) => void, turn: number) {
  const settings = turn % 2 === 0 ? everyForm : defaultCodeSettings;
  const meaning = classifyCode(text, settings, { origin, today });
  if (meaning.kind !== 'unknown') reached('meaning');
  const card = cardOfCode(meaning, { reader: 'sim://fuzz', now: new Date(0), elapsedMs: 1 });
  if (!card.ok) {
    assertRefusal(card.refusal, 3);
    return;
  }
  reached('card');
  const { value } = card;
  assert.match(value.code ?? '', /^[\x21-\x7e]{4,}$/);
  if (value.card === 'e-voucher') assert.match(value.code ?? '', /^(opc\d{25}|\d{28})$/);
  if (value.idNumber !== undefined) assert.match(value.idNumber, /^\d{17}[\dX]$/);
}

/** The check digit behind 17 digits, and the check character behind the end of track 2. */
function mendText(bytes: Uint8Array): void {
  for (let at = 0; at + 18 <= bytes.length; at += 1) {
    if (at === 0 || !isDigit(bytes[at - 1])) mendNumber(bytes, at, 1);
  }
  const start = bytes.indexOf(0x3b);
  const end = start < 0 ? -1 : bytes.indexOf(0x3f, start);
  if (end < 0 || end + 1 >= bytes.length) return;
  const after = bytes[end + 1] ?? 0;
  // Only where there was one.
  if (after < 0x30 || after > 0x3f) return;
  let check = 0;
  for (let at = start; at <= end; at += 1) check ^= ((bytes[at] ?? 0) - 0x30) & 0x0f;
  bytes[end + 1] = 0x30 + check;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

const origins: readonly CodeOrigin[] = ['scan', 'scan', 'typed', 'stripe'];

/** Texts of scanners, stripes and keyboards. */
export const codeTexts: FuzzTarget = {
  name: 'texts of codes and tracks',
  corpus: ['code-texts', 'citizen-numbers'],
  stages: ['text', 'meaning', 'check digit', 'card'],
  hot: 100,
  likes: 12,
  mend: mendText,
  feed(input, reached, turn) {
    const text = Buffer.from(input).toString('utf8');
    if (text.trim() !== '') reached('text');
    if (hasRightCheckDigit(text.trim())) reached('check digit');
    use(text, origins[turn % origins.length] ?? 'scan', reached, turn);
  },
};

/** Everything a decoder makes of these pieces and of the silence after them. */
function decode(
  decoder: ScanDecoder,
  pieces: readonly Uint8Array[],
  reached: (stage: string) => void,
  turn: number,
): void {
  const scans: Scan[] = [];
  for (const piece of pieces) scans.push(...decoder.push(piece, 0));
  scans.push(...decoder.giveUp());
  assert.equal(decoder.patienceMs, null, 'something is still held');
  if (scans.length > 0) reached('end');
  for (const scan of scans) {
    if (scan.kind === 'text') {
      reached('text');
      use(scan.text, scan.origin, reached, turn);
      continue;
    }
    const refused = cardOfCode(
      { kind: 'unknown', why: scan.why },
      { reader: 'sim://fuzz', now: new Date(0), elapsedMs: 1 },
    );
    assert.ok(!refused.ok);
    assertRefusal(refused.refusal, 3);
  }
}

/** What a scanner sends on a serial line. */
export const scannerBytes: FuzzTarget = {
  name: 'bytes of serial scanners',
  corpus: ['scanner-bytes'],
  stages: ['end', 'text', 'meaning', 'card'],
  hot: 100,
  likes: 12,
  mend: mendText,
  feed(input, reached, turn) {
    const suffix = codeSuffixes[turn % codeSuffixes.length] ?? 'any';
    const cut = turn % (input.length + 1);
    const pieces = [input.subarray(0, cut), input.subarray(cut)];
    decode(new SerialCodes({ ...defaultSerialCodeSettings, suffix }), pieces, reached, turn);
  },
};

/** Reports of scanners: the longer kind has 64 bytes, the other 32. */
export const scannerReports: FuzzTarget = {
  name: 'reports of HID scanners',
  corpus: ['scanner-reports'],
  stages: ['end', 'text', 'meaning', 'card'],
  hot: 64,
  likes: 12,
  mend: mendText,
  feed(input, reached, turn) {
    const size = input.length % 64 === 0 ? 64 : 32;
    const reports: Uint8Array[] = [];
    for (let at = 0; at < input.length; at += size) reports.push(input.subarray(at, at + size));
    decode(new PosReports(defaultPosReportSettings), reports, reached, turn);
  },
};

/** Reports of stripe readers, that send text or the bits of the tracks. */
export const stripeReports: FuzzTarget = {
  name: 'reports of stripe readers',
  corpus: ['stripe-reports'],
  stages: ['end', 'text', 'meaning', 'card'],
  hot: 160,
  likes: 12,
  mend: mendText,
  feed(input, reached, turn) {
    decode(new StripeReports(turn % 4 === 0 ? 'bits' : 'text'), [input], reached, turn);
  },
};

/** Puts parity and check right in bits of track 2: from the first one, five bits a character. */
function mendTrack2Bits(bytes: Uint8Array): void {
  const bits = bitsOf(bytes);
  const from = bits.indexOf(1);
  if (from < 0) return;
  const valueAt = (at: number): number =>
    [0, 1, 2, 3].reduce((value, bit) => value | ((bits[at + bit] ?? 0) << bit), 0);
  const set = (at: number, value: number): void => {
    let ones = 0;
    for (let bit = 0; bit < 4; bit += 1) {
      bits[at + bit] = (value >> bit) & 1;
      ones += (value >> bit) & 1;
    }
    bits[at + 4] = 1 - (ones % 2);
  };
  let check = 0;
  for (let at = from; at + 10 <= bytes.length * 8; at += 5) {
    const value = valueAt(at);
    set(at, value);
    check ^= value;
    if (value !== 0x0f) continue;
    set(at + 5, check);
    break;
  }
  for (let at = 0; at < bytes.length; at += 1) {
    let byte = 0;
    for (let bit = 0; bit < 8; bit += 1) byte = (byte << 1) | (bits[at * 8 + bit] ?? 0);
    bytes[at] = byte;
  }
}

/** Bits of a track as they are on the stripe, read forwards or backwards. */
export const trackBits: FuzzTarget = {
  name: 'bits of tracks',
  corpus: ['track-2-bits'],
  stages: ['start', 'check', 'meaning', 'card'],
  hot: 20,
  likes: 2,
  mend: mendTrack2Bits,
  feed(input, reached, turn) {
    const bits = bitsOf(input);
    if (bits.includes(1)) reached('start');
    const read = readTrackBits(turn % 2 === 0 ? bits : bits.toReversed(), turn % 8 === 1 ? 1 : 2);
    if (read.kind !== 'text') return;
    reached('check');
    assert.match(read.text, /^[;%].*\?$/s);
    use(read.text, 'stripe', reached, turn);
  },
};
