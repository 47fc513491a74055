import { describe, expect, it } from 'vitest';
import { scannerReports, type ScannerReports } from '../simulator/hid-devices.ts';
import { defaultPosReportSettings, PosReports } from './pos-reports.ts';
import type { Scan } from './scan.ts';

const looks: ScannerReports[] = ['tables', 'bare', 'bare-numbered', 'bare-with-identifier'];
const newDecoder = () => new PosReports(defaultPosReportSettings);
const textsOf = (scans: readonly Scan[]) =>
  scans.map((scan) => (scan.kind === 'text' ? scan.text : `(${scan.why})`));

describe('reports of a HID POS scanner', () => {
  it.each(looks)('%s: codes of every length come out whole, one after the other', (look) => {
    const decoder = newDecoder();
    for (let length = 3; length <= 300; length += 1) {
      const code = Array.from({ length }, (_, at) => String((at * 7 + length) % 10)).join('');
      const scans: Scan[] = [];
      for (const report of scannerReports(Buffer.from(code), look)) {
        scans.push(...decoder.push(report, 1000));
      }
      // A bare report that is full may go on: only silence ends it.
      if (decoder.patienceMs !== null) scans.push(...decoder.giveUp());
      expect(textsOf(scans)).toEqual([code]);
      expect(decoder.patienceMs).toBeNull();
    }
  });

  it('may hold Chinese, split between two reports', () => {
    const decoder = newDecoder();
    const code = `${'0'.repeat(55)}优惠卡`;
    const scans = scannerReports(Buffer.from(code)).flatMap((report) => [
      ...decoder.push(report, 0),
    ]);
    expect(textsOf(scans)).toEqual([code]);
  });

  it('that promised more and broke off are refused, and forgotten', () => {
    const decoder = newDecoder();
    const [first = new Uint8Array()] = scannerReports(Buffer.from('1'.repeat(80)));
    expect(decoder.push(first, 5)).toEqual([]);
    expect(decoder.giveUp()).toEqual([{ kind: 'unusable', why: 'unfinished', startedAtMs: 5 }]);
    const [whole = new Uint8Array()] = scannerReports(Buffer.from('12345678'));
    expect(textsOf(decoder.push(whole, 6))).toEqual(['12345678']);
    decoder.push(first, 7);
    decoder.reset();
    expect(textsOf(decoder.push(whole, 8))).toEqual(['12345678']);
  });

  it('that are no code are passed over or refused', () => {
    const decoder = newDecoder();
    const empty = [new Uint8Array(64), new Uint8Array(0), Uint8Array.of(2), Uint8Array.of(2, 0)];
    for (const report of empty) expect(decoder.push(report, 0)).toEqual([]);
    expect(textsOf(decoder.push(Uint8Array.of(2, 9, 0x31), 0))).toEqual(['(unfinished)']);
    const notText = new Uint8Array(64).fill(0xff);
    notText.set([2, 40, 0x5d, 0x51, 0x31]);
    notText[63] = 0;
    expect(textsOf(decoder.push(notText, 0))).toEqual(['(unreadable)']);
    const endless = new Uint8Array(64).fill(0x31);
    endless.set([2, 56, 0x5d, 0x51, 0x31]);
    for (let at = 0; at < 100; at += 1) expect(decoder.push(endless, 0)).toEqual([]);
    endless[63] = 0;
    expect(textsOf(decoder.push(endless, 0))).toEqual(['(too-long)']);
  });
});
