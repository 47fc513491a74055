/** Scanners and stripe readers on a simulated HID bus: they make their reports from the makers' manuals. */
import type { HidBus, SimulatedHidDevice } from './hid-bus.ts';

/** How the reports of a scanner look. `tables`: 64 bytes as the usage tables suggest; the others are bare. */
export type ScannerReports = 'tables' | 'bare' | 'bare-numbered' | 'bare-with-identifier';

const bareBytes = 32;
const tableBytes = 56;

/** The reports in which a scanner in HID POS mode sends a code. */
export function scannerReports(code: Uint8Array, look: ScannerReports = 'tables'): Uint8Array[] {
  if (look === 'tables') return tableReports(code);
  const identifier = look === 'bare-with-identifier' ? Buffer.from(']Q1') : Buffer.alloc(0);
  const front = look === 'bare-numbered' ? [2] : [];
  const reports: Uint8Array[] = [];
  const room = bareBytes - front.length - 1;
  const all = Buffer.concat([identifier, code]);
  for (let at = 0; at < all.length; at += room) {
    const data = all.subarray(at, at + room);
    const report = new Uint8Array(bareBytes);
    report.set([...front, data.length, ...data]);
    reports.push(report);
  }
  return reports;
}

function tableReports(code: Uint8Array): Uint8Array[] {
  const reports: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < code.length; at += tableBytes) {
    const data = code.subarray(at, at + tableBytes);
    const goesOn = at + tableBytes < code.length ? 1 : 0;
    const report = new Uint8Array(64);
    report.set([2, data.length, 0x5d, 0x51, 0x31, ...data]);
    // The maker's own letter for the symbology: a QR code.
    report[61] = 0x73;
    report[63] = goesOn;
    reports.push(report);
  }
  return reports;
}

/** What is on a card, and how it swipes. */
export type SwipedCard = {
  /** Text with its sentinels, as it is written on the track; absent: the track is empty. */
  readonly track1?: string;
  readonly track2?: string;
  readonly track3?: string;
  /** Tracks with data that could not be decoded. */
  readonly failing?: readonly (1 | 2 | 3)[];
};

/**
 * `fields-110`: status, lengths and type in 7 bytes, then a field of 110 bytes per track. `fields-112`: the same
 * with longer fields and something behind them. `one-field`: 9 bytes, then all tracks one behind the other in
 * 500 bytes.
 */
export type StripeReports = 'fields-110' | 'fields-112' | 'one-field';

/** The report in which a stripe reader sends a swipe. */
export function stripeReport(card: SwipedCard, look: StripeReports = 'fields-110'): Uint8Array {
  const { failing = [] } = card;
  const texts = [card.track1, card.track2, card.track3].map((text, at) =>
    text === undefined || failing.includes((at + 1) as 1 | 2 | 3) ? '' : text,
  );
  const status = [1, 2, 3].map((track) => (failing.includes(track as 1 | 2 | 3) ? 1 : 0));
  const type = texts.some((text) => text !== '') ? 0 : failing.length > 0 ? 5 : 3;
  const head = [...status, ...texts.map((text) => text.length), type];
  if (look === 'one-field') {
    const all = Buffer.from(texts.join(''), 'latin1');
    const report = new Uint8Array(509);
    report.set([...head, all.length & 0xff, all.length >> 8, ...all]);
    return report;
  }
  const field = look === 'fields-110' ? 110 : 112;
  const behind = look === 'fields-110' ? 0 : 5;
  const report = new Uint8Array(7 + 3 * field + behind);
  report.set(head);
  for (const [at, text] of texts.entries()) {
    const fieldBytes = Buffer.alloc(field, 0xa5);
    fieldBytes.write(text, 'latin1');
    report.set(fieldBytes, 7 + at * field);
  }
  return report;
}

/** The bits of a track of digits (ISO 7811: five bits a character, lowest first, odd parity), sentinels and check included. */
export function track2Bits(digits: string): number[] {
  const values = [0x0b, ...Array.from(digits, (digit) => digit.charCodeAt(0) - 48), 0x0f];
  const check = values.reduce((sum, value) => sum ^ value, 0);
  return [...values, check].flatMap((value) => withParity(value, 4));
}

/** The bits of track 1: seven a character. */
export function track1Bits(text: string): number[] {
  const values = Array.from(`%${text}?`, (character) => character.charCodeAt(0) - 32);
  const check = values.reduce((sum, value) => sum ^ value, 0);
  return [...values, check].flatMap((value) => withParity(value, 6));
}

function withParity(value: number, width: number): number[] {
  const bits = Array.from({ length: width }, (_, at) => (value >> at) & 1);
  const ones = bits.reduce((sum, bit) => sum + bit, 0);
  return [...bits, ones % 2 === 0 ? 1 : 0];
}

/** Bits as bytes, the first in the highest place, the last byte filled with zeros. */
export function packBits(bits: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  for (const [at, bit] of bits.entries()) {
    const byte = at >> 3;
    bytes[byte] = (bytes[byte] ?? 0) | (bit << (7 - (at & 7)));
  }
  return bytes;
}

export const posScannerDevice: SimulatedHidDevice = {
  path: '/dev/hidraw-scanner',
  vendorId: 0x0c2e,
  productId: 0x0b8f,
  usagePage: 0x8c,
};

export const stripeReaderDevice: SimulatedHidDevice = {
  path: '/dev/hidraw-stripe',
  vendorId: 0x0801,
  productId: 0x0002,
  usagePage: 0x8e,
};

/** Sends reports one after the other, as an interrupt pipe does: each in a turn of its own. */
export async function sendReports(
  bus: HidBus,
  device: SimulatedHidDevice,
  reports: readonly Uint8Array[],
): Promise<void> {
  for (const report of reports) {
    await new Promise((resolve) => setImmediate(resolve));
    bus.send(device.path, report);
  }
}
