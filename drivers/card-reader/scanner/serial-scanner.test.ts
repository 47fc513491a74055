import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemReaderClock, type CardReaderEvent, type ReaderClock } from '../port.ts';
import { residentCard } from '../simulator/invented-cards.ts';
import { startPtyPair, type PtyPair } from '../simulator/pty-pair.ts';
import { startScanner, type RunningScanner } from '../simulator/start-scanner.ts';
import { testCodeReaderContract } from './code-reader-contract.test-support.ts';
import type { CodeReader, OwnNumberScan } from './listening-reader.ts';
import { scannerReader, type ScannerSettings } from './scanner-reader.ts';

const depth = Number(process.env['TEST_DEPTH'] ?? 1);
const voucher = '4243669509084040896099330000';
const otherVoucher = '4240000000000000000199520000';

let folder: string;
let pair: PtyPair;
let scanner: RunningScanner;

/** One line and one simulator program for all. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serial-scanner-'));
  pair = await startPtyPair(folder);
  scanner = await startScanner(pair.deviceEnd);
});
afterAll(async () => {
  await scanner.stop();
  await pair.unplug();
  await rm(folder, { recursive: true, force: true });
});

async function plugIn(): Promise<void> {
  const ready = scanner.said('ready');
  await pair.plug();
  await ready;
}

async function pullOut(): Promise<void> {
  const lost = scanner.said('lost');
  await pair.unplug();
  await lost;
}

/** Closed after the test, also where it failed: the line is one for all, and a reader keeps it to itself. */
const opened: CodeReader[] = [];
afterEach(async () => {
  for (const reader of opened.splice(0)) await reader.close();
});

function newReader(
  settings: ScannerSettings = {},
  clock: ReaderClock = systemReaderClock,
): CodeReader {
  const url = `serial://${pair.programEnd}?protocol=scanner`;
  const reader = scannerReader({ url, path: pair.programEnd, clock, settings });
  opened.push(reader);
  return reader;
}

const codes = {
  card: 'e-voucher',
  good: { text: voucher, code: voucher },
  other: { text: otherVoucher, code: otherVoucher },
  foreign: '134612345678901234',
} as const;

testCodeReaderContract('scanner on a serial line', codes, () => {
  let isPlugged = true;
  return Promise.resolve({
    reader: newReader(),
    present: (code: string) => scanner.scan({ code }),
    unplug: async () => {
      isPlugged = false;
      await pullOut();
    },
    plug: async () => {
      isPlugged = true;
      await plugIn();
    },
    dispose: async () => {
      if (!isPlugged) await plugIn();
    },
  });
});

describe('a scanner that is pulled while it sends a code', { timeout: 300_000 * depth }, () => {
  it('gives reader-removed, never half a code, and reads the next one whole', async () => {
    // However slow the pulling: the code must not be given up as broken off before.
    const reader = newReader({ brokenOffMs: 30_000 });
    const events: CardReaderEvent[] = [];
    reader.on((event) => events.push(event));
    await reader.open();
    try {
      for (let cutAfter = 0; cutAfter <= voucher.length; cutAfter += 1) {
        const reading = reader.read({ deadlineMs: 60_000 });
        await scanner.scan({ code: voucher, cutAfter });
        await pullOut();
        const read = await reading;
        expect(read, `after ${String(cutAfter)} bytes`).toMatchObject({
          refusal: { code: 'reader-removed' },
        });
        await plugIn();
        await expect.poll(() => reader.state, { timeout: 300_000 }).toBe('ready');
        const again = reader.read({ deadlineMs: 60_000 });
        await scanner.scan({ code: otherVoucher });
        expect(await again, `after ${String(cutAfter)} bytes`).toMatchObject({
          ok: true,
          value: { code: otherVoucher },
        });
      }
    } finally {
      await reader.close();
    }
    const seen = events.flatMap((event) => (event.type === 'card' ? [event.card.code] : []));
    expect(new Set(seen)).toEqual(new Set([otherVoucher]));
    expect(events.filter((event) => event.type === 'refused')).toEqual([]);
  });
});

describe('what a scanner can be set to', () => {
  async function scanned(
    settings: ScannerSettings,
    order: Parameters<RunningScanner['scan']>[0],
  ): Promise<string> {
    const reader = newReader({ brokenOffMs: 5000, ...settings });
    await reader.open();
    const reading = reader.read({ deadlineMs: 60_000 });
    await scanner.scan(order);
    const read = await reading;
    await reader.close();
    return read.ok ? (read.value.code ?? '') : read.refusal.message.zh;
  }

  it.each<[string, ScannerSettings, string]>([
    ['CR', { suffix: 'cr' }, '\r'],
    ['LF', { suffix: 'lf' }, '\n'],
    ['CR LF', { suffix: 'crlf' }, '\r\n'],
    ['none', { suffix: 'none' }, ''],
    ['CR, not told', {}, '\r'],
    ['LF, not told', {}, '\n'],
    ['CR LF, not told', {}, '\r\n'],
    ['CR LF where CR is told', { suffix: 'cr' }, '\r\n'],
  ])('suffix %s', async (_, settings, suffix) => {
    expect(await scanned(settings, { code: voucher, suffix })).toBe(voucher);
  });

  it('pieces of every size, and noise in front', async () => {
    for (const fragments of [[1], [2, 3], [7], [27, 1]]) {
      const order = { code: voucher, fragments, pauseMs: 2, noiseBefore: '0000' };
      expect(await scanned({}, order)).toBe(voucher);
    }
  });

  it('Chinese in either encoding reaches the settings of the hospital', async () => {
    const barcode = { form: 'id-number', prefix: '优惠卡' } as const;
    const code = `优惠卡${residentCard.idNumber}`;
    for (const encoding of ['utf-8', 'gbk'] as const) {
      const preferential = {
        tolerantEVoucher: false,
        preferential: [barcode],
        stripeIsSocialSecurity: false,
        ownNumbers: [],
      };
      expect(await scanned({ codes: preferential }, { code, encoding })).toBe(code);
    }
  });

  it('a process held up in the middle of a code does not cut it', async () => {
    // Longer than a busy scanner needs for its second piece, and without keeping the machine busy itself.
    const holdUp = (): void => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);
    };
    let isArmed = false;
    const clock = {
      now: () => new Date(),
      monotonicMs: () => {
        // Asked when the first piece came; the hold-up begins once the wait for the next one has begun.
        if (isArmed) setImmediate(holdUp);
        isArmed = false;
        return performance.now();
      },
    };
    const reader = newReader({ suffix: 'none', codeGapMs: 400 }, clock);
    await reader.open();
    const reading = reader.read({ deadlineMs: 60_000 });
    isArmed = true;
    await scanner.scan({ code: voucher, suffix: '', fragments: [10, 18], pauseMs: 60 });
    expect(await reading).toMatchObject({ ok: true, value: { code: voucher } });
    await reader.close();
  });

  it('a suffix that never comes is refused, and does not spoil the next code', async () => {
    const reader = newReader({ brokenOffMs: 60 });
    await reader.open();
    const first = reader.read({ deadlineMs: 60_000 });
    await scanner.scan({ code: voucher.slice(0, 20), suffix: '' });
    expect(await first).toMatchObject({ refusal: { code: 'card-not-recognised' } });
    const second = reader.read({ deadlineMs: 60_000 });
    await scanner.scan({ code: voucher });
    expect(await second).toMatchObject({ ok: true, value: { code: voucher } });
    await reader.close();
  });

  it('a code far too long is refused whole, however it goes on', async () => {
    expect(await scanned({}, { code: voucher.repeat(200) })).toMatch(/太长/);
  });

  it('numbers of ours go to who listens for them, else they are refused', async () => {
    const reader = newReader();
    const events: CardReaderEvent[] = [];
    const numbers: OwnNumberScan[] = [];
    reader.on((event) => events.push(event));
    await reader.open();
    const stop = reader.onOwnNumber((scan) => numbers.push(scan));
    await scanner.scan({ code: 'JS20171127-0001', times: 2 });
    await expect.poll(() => numbers, { timeout: 300_000 }).toHaveLength(1);
    expect(numbers).toEqual([{ of: 'settlement', number: 'JS20171127-0001' }]);
    stop();
    await scanner.scan({ code: 'JS20171127-0002' });
    await expect.poll(() => events.at(-1)?.type, { timeout: 300_000 }).toBe('refused');
    await reader.close();
  });

  it('a port that is no terminal is a reader that is not there', async () => {
    const reader = scannerReader({
      url: 'serial:///dev/no-such-port?protocol=scanner',
      path: '/dev/no-such-port',
      clock: systemReaderClock,
    });
    await reader.open();
    expect(reader.refusal?.code).toBe('no-reader');
    await reader.close();
  });
});
