import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdtemp, open as openFile, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';

import { openReceiptPrinter } from './open-printer.ts';
import type { PrinterStatus, PrintProgress, ReceiptPrinter } from './port.ts';
import type { PrinterTimings } from './printer-session.ts';
import { startPrinterSimulator, type PrinterSimulator } from './simulator/escpos-simulator.ts';
import { statusReader, type PrinterWord } from './status-reader.ts';

/** ESC @, Chinese on, 结算凭条 in GB 18030, line feed, cut. */
const slip = Uint8Array.from([
  ...[0x1b, 0x40, 0x1c, 0x26],
  ...[0xbd, 0xe1, 0xcb, 0xe3, 0xc6, 0xbe, 0xcc, 0xf5, 0x0a],
  ...[0x1d, 0x56, 0x42, 0x00],
]);
const depth = Number(process.env['TEST_DEPTH'] ?? '1');

/** Longer than any answer takes on a busy machine: only what never comes is waited for so long. */
const patient: Partial<PrinterTimings> = {
  connectMs: 30_000,
  writeMs: 30_000,
  answerMs: 10_000,
  confirmMs: 30_000,
  helpMs: 30_000,
  askAgainMs: 20,
};

/** For answers that never come: no test waits for them as a cashier would. */
const impatient: Partial<PrinterTimings> = { ...patient, answerMs: 60, confirmMs: 300 };

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function open(url: string, timings = patient): ReceiptPrinter {
  const printer = openReceiptPrinter(url, timings);
  if (!printer.ok) throw new Error(printer.refusal.message.en);
  undo.push(() => printer.value.close());
  return printer.value;
}

async function simulate(
  model = 'generic-80',
): Promise<{ simulator: PrinterSimulator; printer: ReceiptPrinter; url: string }> {
  const simulator = await startPrinterSimulator();
  undo.push(() => simulator.close());
  const url = `tcp://127.0.0.1:${String(simulator.port)}?model=${model}`;
  return { simulator, printer: open(url), url };
}

async function collect(): Promise<{ url: string; path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'slips-'));
  undo.push(() => rm(folder, { recursive: true }));
  const path = join(folder, 'slips.bin');
  return { url: `file://${path}`, path };
}

/** What holds for every printer, whatever it is made of. */
const everyKind: [string, () => Promise<string>, 'confirmed' | 'sent'][] = [
  ['a network printer', async () => (await simulate()).url, 'confirmed'],
  ['an Epson on the network', async () => (await simulate('epson-tm-80')).url, 'confirmed'],
  ['a file', async () => (await collect()).url, 'sent'],
  ['the built-in simulation', () => Promise.resolve('sim://printer'), 'confirmed'],
];

describe.each(everyKind)('%s', (_kind, address, best) => {
  it('is ready, prints, and says how sure it is', async () => {
    const printer = open(await address());
    expect(await printer.status()).toEqual({ state: 'ready', paperLow: false, detail: null });
    const seen: PrintProgress[] = [];
    const outcome = await printer.print(slip, { onProgress: (progress) => seen.push(progress) });
    expect(outcome).toEqual({ kind: best, bytesSent: slip.length });
    expect(seen.at(-1)).toEqual({
      bytesSent: slip.length,
      bytesTotal: slip.length,
      waitingFor: null,
    });
  });

  it('prints several documents in turn', async () => {
    const printer = open(await address());
    const outcomes = await Promise.all([printer.print(slip), printer.print(slip)]);
    expect(outcomes.map(({ kind }) => kind)).toEqual([best, best]);
  });

  it('prints nothing once it is closed', async () => {
    const printer = open(await address());
    await printer.close();
    expect(await printer.print(slip)).toMatchObject({ kind: 'failed', status: { state: 'gone' } });
    expect(await printer.status()).toMatchObject({ state: 'gone' });
  });
});

describe('a network printer', () => {
  it('puts the document on paper and nothing else', async () => {
    const { simulator, printer } = await simulate();
    await printer.print(slip);
    expect(simulator.sheets).toHaveLength(1);
    expect(simulator.sheets[0]).toMatchObject({
      lines: ['结算凭条', ''],
      wasCut: true,
      unreadable: [],
    });
    expect(simulator.sheets[0]?.bytes).toEqual(slip);
  });

  it.each([
    [{ paper: 'out' as const }, 'paper-out'],
    [{ cover: 'open' as const }, 'cover-open'],
    [{ paper: 'out' as const, cover: 'open' as const }, 'cover-open'],
  ])('sends nothing when it says %o', async (faults, state) => {
    const { simulator, printer } = await simulate();
    simulator.change(faults);
    expect(await printer.status()).toMatchObject({ state });
    expect(await printer.print(slip)).toMatchObject({ kind: 'failed', status: { state } });
    expect(simulator.sheets).toHaveLength(0);
  });

  it('warns of a roll that will end soon, and prints', async () => {
    const { simulator, printer } = await simulate();
    simulator.change({ paper: 'low' });
    expect(await printer.status()).toMatchObject({ state: 'ready', paperLow: true });
    expect(await printer.print(slip)).toMatchObject({ kind: 'confirmed' });
  });

  it('waits for new paper in the middle of a slip and then confirms it', async () => {
    const { simulator, printer } = await simulate();
    simulator.change({ paperOutAfterBytes: 6 });
    const outcome = await printer.print(slip, {
      onProgress: ({ waitingFor }) => {
        if (waitingFor === 'paper-out') simulator.change({ paper: 'in' });
      },
    });
    expect(outcome).toEqual({ kind: 'confirmed', bytesSent: slip.length });
    expect(simulator.sheets.map(({ lines }) => lines)).toEqual([['结算凭条', '']]);
  });

  it('leaves the question open when nobody brings paper', async () => {
    const { simulator, url } = await simulate();
    simulator.change({ paperOutAfterBytes: 6 });
    const outcome = await open(url, { ...patient, helpMs: 100 }).print(slip);
    expect(outcome).toMatchObject({
      kind: 'unknown',
      bytesSent: slip.length,
      status: { state: 'paper-out' },
    });
  });

  it('whose model never answers has its slip sent, unconfirmed', async () => {
    const { simulator, url } = await simulate('silent-80');
    const printer = open(url, impatient);
    simulator.change({ silent: true });
    expect(await printer.status()).toMatchObject({ state: 'unknown' });
    expect(await printer.print(slip)).toEqual({ kind: 'sent', bytesSent: slip.length });
    await expect.poll(() => simulator.sheets, { timeout: 300_000 }).toHaveLength(1);
  });

  it.each([
    ['generic-80', 'answers nothing', { silent: true }],
    ['epson-tm-80', 'answers nothing', { silent: true }],
    ['epson-tm-80', 'does not echo the document', { withoutProcessId: true }],
    ['epson-tm-80', 'echoes the document of somebody else', { echoesOther: true }],
    ['generic-80', 'answers too late', { answersLate: true }],
    ['epson-tm-80', 'answers too late', { answersLate: true }],
  ])('whose model %s confirms, and that %s, is not believed', async (model, _, faults) => {
    const { simulator, url } = await simulate(model);
    simulator.change(faults);
    const printer = open(url, { ...patient, answerMs: 100, confirmMs: 300 });
    expect(await printer.print(slip)).toMatchObject({ kind: 'unknown', bytesSent: slip.length });
  });

  it.each(['generic-80', 'epson-tm-80'])(
    'is believed late, as long as it is waited for: %s',
    async (model) => {
      const { simulator, printer } = await simulate(model);
      simulator.change({ answersLate: true });
      const printed = printer.print(slip);
      await expect.poll(() => simulator.sheets, { timeout: 300_000 }).toHaveLength(1);
      simulator.change({ answersLate: false });
      expect(await printed).toEqual({ kind: 'confirmed', bytesSent: slip.length });
    },
  );

  it('marks each document with what no other had', async () => {
    const { simulator, printer } = await simulate('epson-tm-80');
    const marks = new Set<string>();
    for (let round = 0; round < 20; round += 1) {
      await printer.print(slip);
      const bytes = simulator.marks.at(-1) ?? '';
      expect(bytes).toHaveLength(4);
      marks.add(bytes);
    }
    expect(marks.size).toBe(20);
  });

  it('that dies after any number of bytes never leaves a sure answer', async () => {
    for (let bytes = 1; bytes <= slip.length; bytes += 1) {
      const { simulator, printer } = await simulate();
      simulator.change({ dieAfterBytes: bytes });
      const outcome = await printer.print(slip);
      expect([bytes, outcome.kind]).toEqual([bytes, 'unknown']);
      if (outcome.kind === 'unknown') expect(outcome.status.state).toBe('gone');
    }
  });

  it('that is not there fails, with nothing sent', async () => {
    const { simulator, printer } = await simulate();
    await simulator.close();
    expect(await printer.status()).toMatchObject({ state: 'gone' });
    expect(await printer.print(slip)).toMatchObject({ kind: 'failed', status: { state: 'gone' } });
  });

  it('that hangs up at once fails, with nothing sent', async () => {
    const server = createServer((socket) => socket.destroy());
    const port = await listening(server);
    const outcome = await open(`tcp://127.0.0.1:${String(port)}`).print(slip);
    expect(outcome).toMatchObject({ kind: 'failed', status: { state: 'gone' } });
  });

  it('that talks nonsense does not confuse anyone', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.write(Uint8Array.of(0x11, 0x13, 0xff, 0x37, 0x81)));
    });
    const port = await listening(server);
    const printer = open(`tcp://127.0.0.1:${String(port)}`, impatient);
    expect(await printer.print(slip)).toMatchObject({ kind: 'unknown', bytesSent: slip.length });
  });

  it.each([0x12, 0x90, 0x37])(
    'that says %i without end is given up, and holds up nobody',
    async (byte) => {
      const said = new Uint8Array(64 * 1024).fill(byte);
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.on('data', () => undefined);
        const more = (): void => {
          while (!socket.destroyed && socket.write(said));
        };
        socket.on('drain', more);
        more();
      });
      const printer = open(`tcp://127.0.0.1:${String(await listening(server))}`, impatient);
      const outcome = await printer.print(slip);
      expect(['failed', 'unknown']).toContain(outcome.kind);
      expect(outcome).not.toMatchObject({ status: { state: 'ready' } });
    },
  );
});

describe('a file', () => {
  it('collects the bytes of every slip and no questions', async () => {
    const { url, path } = await collect();
    const printer = open(url);
    await printer.status();
    await printer.print(slip);
    await printer.print(slip);
    expect(new Uint8Array(await readFile(path))).toEqual(Uint8Array.from([...slip, ...slip]));
  });

  it('that cannot be written fails, with nothing sent', async () => {
    const printer = open('file:///proc/nowhere/slips.bin');
    const status: Partial<PrinterStatus> = { state: 'gone' };
    expect(await printer.print(slip)).toMatchObject({ kind: 'failed', status });
  });
});

describe.skipIf(process.platform === 'win32')('a pipe', () => {
  const hasty: Partial<PrinterTimings> = { ...impatient, connectMs: 100, writeMs: 100 };
  async function pipe(): Promise<{ url: string; path: string }> {
    const { url, path } = await collect();
    execFileSync('mkfifo', [path]);
    return { url, path };
  }

  it('that nobody reads fails, with nothing sent, and keeps no file of the program waiting', async () => {
    const { url } = await pipe();
    const printer = open(url, hasty);
    // More than there are threads for files.
    for (let times = 0; times < 6; times += 1)
      expect(await printer.print(slip)).toMatchObject({
        kind: 'failed',
        status: { state: 'gone' },
      });
    expect(await readFile('/proc/self/comm')).not.toHaveLength(0);
  });

  it('that somebody reads has every slip', async () => {
    const { url, path } = await pipe();
    const reader = await openFile(path, constants.O_RDONLY | constants.O_NONBLOCK);
    undo.push(() => reader.close());
    const printer = open(url);
    expect(await printer.print(slip)).toMatchObject({ kind: 'sent' });
    const { bytesRead, buffer } = await reader.read(Buffer.alloc(1024), 0, 1024);
    expect(new Uint8Array(buffer.subarray(0, bytesRead))).toEqual(slip);
  });

  it('that takes no more bytes holds one call, and the next document fails at once', async () => {
    const { url, path } = await pipe();
    const reader = await openFile(path, constants.O_RDONLY | constants.O_NONBLOCK);
    undo.push(() => reader.close());
    const printer = open(url, hasty);
    const long = new Uint8Array(512 * 1024).fill(0x41);
    expect(await printer.print(long)).toMatchObject({ kind: 'unknown' });
    for (let times = 0; times < 6; times += 1)
      expect(await printer.print(slip)).toMatchObject({ kind: 'failed' });
    expect(await readFile('/proc/self/comm')).not.toHaveLength(0);
  });
});

describe('what a printer says', () => {
  const spoken: [PrinterWord | null, number[]][] = [
    [{ kind: 'status', byte: 0x12 }, [0x12]],
    [{ kind: 'status', byte: 0x1a }, [0x1a]],
    [{ kind: 'paper', byte: 0x00 }, [0x00]],
    [{ kind: 'paper', byte: 0x0c }, [0x0c]],
    [{ kind: 'processed', id: '0042' }, [0x37, 0x22, 0x30, 0x30, 0x34, 0x32, 0x00]],
    // A status nobody asked for, and flow control.
    [null, [0x14, 0x00, 0x0f, 0x00]],
    [null, [0x11]],
    [null, [0x13]],
  ];

  it('is understood however it comes in pieces', () => {
    const words = fc.array(fc.constantFrom(...spoken), { maxLength: 12 });
    fc.assert(
      fc.property(words, fc.infiniteStream(fc.integer({ min: 1, max: 4 })), (said, cuts) => {
        const heard: PrinterWord[] = [];
        const read = statusReader((word) => heard.push(word));
        let bytes = said.flatMap(([, spelt]) => spelt);
        while (bytes.length > 0) {
          const cut = Number(cuts.next().value);
          read(Uint8Array.from(bytes.slice(0, cut)));
          bytes = bytes.slice(cut);
        }
        expect(heard).toEqual(said.flatMap(([word]) => (word === null ? [] : [word])));
      }),
      { numRuns: depth > 1 ? 200 * depth : 50 },
    );
  });

  it('is heard to its end, however much of it comes in one piece', () => {
    const heard: PrinterWord[] = [];
    const read = statusReader((word) => heard.push(word));
    const much = new Uint8Array(1024 * 1024).fill(0x11);
    much.set([0x37, 0x22, 0x30, 0x30, 0x34, 0x32], much.length - 6);
    read(much);
    expect(heard).toEqual([]);
    read(Uint8Array.of(0x00));
    expect(heard).toEqual([{ kind: 'processed', id: '0042' }]);
  });

  it('never disturbs the reader, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const heard: PrinterWord[] = [];
        statusReader((word) => heard.push(word))(bytes);
        expect(heard.length).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 500 * depth },
    );
  });
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  undo.push(
    () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  );
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('not listening');
  return address.port;
}
