import { describe, expect, it } from 'vitest';
import {
  packBits,
  stripeReport,
  track1Bits,
  track2Bits,
  type StripeReports as Look,
} from '../simulator/hid-devices.ts';
import { StripeReports } from './stripe-reports.ts';
import { bitsOf, readTrackBits } from '../magnetic-stripe/track-bits.ts';
import { readTrack1, readTrack2, track2Check } from '../magnetic-stripe/track-text.ts';

const vector = ';1234567890123456=25121010000012300?';
const looks: Look[] = ['fields-110', 'fields-112', 'one-field'];

function textOf(report: Uint8Array, trackData: 'text' | 'bits' = 'text'): string {
  const [scan] = new StripeReports(trackData).push(report, 0);
  if (scan === undefined) return '(none)';
  return scan.kind === 'text' ? scan.text : `(${scan.why})`;
}

describe('track 2 as text', () => {
  it('has the check character that was worked out on paper', () => {
    expect(track2Check(vector)).toBe(';');
    expect(readTrack2(`${vector};`)).toMatchObject({ kind: 'number' });
  });

  it.each([
    [vector, '1234567890123456', true],
    [';880012345?', '880012345', false],
    ['880012345', '880012345', false],
    ['1234567890123456=2512101', '1234567890123456', true],
    ['1234567890123456=2513101', '1234567890123456', false],
    [';1234=?', '1234', false],
    [`;${'1'.repeat(37)}?`, '1'.repeat(37), false],
  ])('%s', (text, number, hasPaymentData) => {
    expect(readTrack2(text)).toEqual({ kind: 'number', stripe: { number, hasPaymentData } });
  });

  it.each([
    [';123?', 'damaged'],
    [`;${'1'.repeat(38)}?`, 'damaged'],
    [`;${'1'.repeat(37)}=1?`, 'damaged'],
    [`${vector}:`, 'damaged'],
    [';E?', 'damaged'],
    ['880012345?5', 'damaged'],
    ['123', 'none'],
    ['abc', 'none'],
    ['', 'none'],
  ])('%s is %s', (text, kind) => {
    expect(readTrack2(text)).toEqual({ kind });
  });
});

describe('track 1 as text', () => {
  it('gives its number and nothing of the name', () => {
    const read = readTrack1('%B1234567890123456^ZHANG/SAN^25121010000012300?');
    expect(read).toEqual({
      kind: 'number',
      stripe: { number: '1234567890123456', hasPaymentData: true },
    });
  });
  it.each(['%B12^A^?', '%1234^A^?', '%B12345^A', '%E?'])('%s is damaged', (text) => {
    expect(readTrack1(text)).toEqual({ kind: 'damaged' });
  });
});

describe('the bits of a track', () => {
  const zeros = (count: number) => new Array<number>(count).fill(0);
  const swiped = (bits: number[]) => [...zeros(23), ...bits, ...zeros(31)];
  const digits = vector.slice(1, -1);

  it('give its text, forwards and backwards', () => {
    const bits = swiped(track2Bits(digits));
    expect(readTrackBits(bits, 2)).toEqual({ kind: 'text', text: vector });
    expect(readTrackBits(bits.toReversed(), 2)).toEqual({ kind: 'text', text: vector });
    const first = swiped(track1Bits('B1234^ZHANG/SAN^2512101'));
    expect(readTrackBits(first, 1)).toEqual({ kind: 'text', text: '%B1234^ZHANG/SAN^2512101?' });
    expect(bitsOf(packBits(bits)).slice(0, bits.length)).toEqual(bits);
  });

  it('of which any one is wrong give nothing, never another number', () => {
    const bits = swiped(track2Bits('1234567890123456'));
    for (let at = 0; at < bits.length; at += 1) {
      const wrong = bits.with(at, 1 - (bits[at] ?? 0));
      const read = readTrackBits(wrong, 2);
      // A one far from the track does not touch it, unless it stands where the track should begin.
      if (read.kind === 'text') expect(read.text).toBe(';1234567890123456?');
      if (at >= 23 && at < bits.length - 31) expect(read.kind).toBe('damaged');
    }
  });

  it('that are cut off anywhere give nothing', () => {
    const bits = track2Bits('1234567890123456');
    for (let length = 1; length < bits.length; length += 1) {
      expect(readTrackBits(bits.slice(0, length), 2).kind).toBe('damaged');
    }
    expect(readTrackBits(zeros(200), 2).kind).toBe('empty');
    expect(readTrackBits([], 2).kind).toBe('empty');
  });

  it('longer than a track can be give nothing', () => {
    expect(readTrackBits(track2Bits('1'.repeat(38)), 2).kind).toBe('damaged');
    expect(readTrackBits(track2Bits('1'.repeat(37)), 2).kind).toBe('text');
  });
});

describe.each(looks)('a report of a stripe reader: %s', (look) => {
  it('gives track 2', () => {
    expect(textOf(stripeReport({ track2: vector }, look))).toBe(vector);
    const both = { track1: '%B9999^A^?', track2: ';880012345?', track3: ';123?' };
    expect(textOf(stripeReport(both, look))).toBe(';880012345?');
  });

  it('gives track 1 where track 2 is empty or failed', () => {
    const track1 = '%B1234^A^?';
    expect(textOf(stripeReport({ track1 }, look))).toBe(track1);
    expect(textOf(stripeReport({ track1, track2: vector, failing: [2] }, look))).toBe(track1);
    expect(textOf(stripeReport({ track1, track2: vector, failing: [1] }, look))).toBe(vector);
  });

  it('says why it gives nothing', () => {
    expect(textOf(stripeReport({}, look))).toBe('(blank-stripe)');
    expect(textOf(stripeReport({ track2: vector, failing: [2] }, look))).toBe('(damaged-stripe)');
    expect(textOf(stripeReport({ track2: ';E?' }, look))).toBe('(damaged-stripe)');
    expect(textOf(stripeReport({ track3: ';12345678?' }, look))).toBe('(other)');
  });

  it('is understood with a report number in front', () => {
    const report = stripeReport({ track2: vector }, look);
    expect(textOf(Uint8Array.of(7, ...report))).toBe(vector);
    if (look !== 'fields-112') expect(textOf(Uint8Array.of(1, ...report))).toBe(vector);
  });

  it('is passed over when it is cut short or its lengths lead outside', () => {
    const report = stripeReport({ track2: vector }, look);
    expect(textOf(report.subarray(0, 200))).toBe('(none)');
    const tooLong = Uint8Array.from(report);
    tooLong.set([255, 255, 255], 3);
    if (look === 'one-field') tooLong.set([10, 0], 7);
    expect(textOf(tooLong)).toBe('(none)');
  });
});

describe('a stripe reader that sends bits', () => {
  it('gives the text of the track', () => {
    const packed = packBits([0, 0, 0, ...track2Bits('880012345'), 0, 0]);
    const track2 = Buffer.from(packed).toString('latin1');
    expect(textOf(stripeReport({ track2 }), 'bits')).toBe(';880012345?');
    const track1 = Buffer.from(packBits(track1Bits('B1234^A^'))).toString('latin1');
    expect(textOf(stripeReport({ track1 }), 'bits')).toBe('%B1234^A^?');
    expect(textOf(stripeReport({ track2: '\0\0' }), 'bits')).toBe('(blank-stripe)');
    expect(textOf(stripeReport({ track2: 'noise' }), 'bits')).toBe('(damaged-stripe)');
  });
});
