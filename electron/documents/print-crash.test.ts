import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openReceiptPrinter } from '../../drivers/receipt-printer/open-printer.ts';
import {
  startPrinterSimulator,
  type PrinterSimulator,
} from '../../drivers/receipt-printer/simulator/escpos-simulator.ts';
import { systemClock } from '../base/clock.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { killedAt } from '../base/killed-at.test-support.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { documentFiles } from './document-files.ts';
import { startDocumentMaker } from './document-maker.ts';
import { startPrintQueue, type PrintQueue } from './print-queue.ts';
import { startPrinterService } from './printer-service.ts';
import { storePublishedSettlement } from './testing/stored-settlement.ts';

const ids = timeOrderedIds();
const program = fileURLToPath(new URL('./testing/printing-program.ts', import.meta.url));

let store: TestStore;
let simulator: PrinterSimulator;
let settlementId: string;
const undo: (() => Promise<void>)[] = [];

beforeEach(async () => {
  store = await createTestStore();
  simulator = await startPrinterSimulator();
  settlementId = await storePublishedSettlement(store, ids);
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  await simulator.close();
  await store.remove();
});

const url = (): string => `tcp://127.0.0.1:${String(simulator.port)}`;

/** Runs the program that prints until it dies at a point; answers what it said of the point. */
async function dieAt(point: string): Promise<string> {
  const { file, key, folder } = store;
  return killedAt(point, program, [file, Buffer.from(key).toString('hex'), folder, url()]);
}

/** The next start of the desk. */
async function startAgain(): Promise<PrintQueue> {
  // An answer may take as long as it takes on a busy machine.
  const patient = { answerMs: 10_000, connectMs: 30_000, confirmMs: 30_000 };
  const printer = openReceiptPrinter(url(), patient);
  if (!printer.ok) throw new Error(printer.refusal.message.en);
  const service = startPrinterService(printer.value, 50);
  const maker = startDocumentMaker();
  const files = documentFiles(store.folder, store.key);
  const pauses = { firstMs: 5, longestMs: 40, lookMs: 20 };
  const parts = { store, clock: systemClock(null), ids, maker, files, printer: service };
  const queue = await startPrintQueue({ ...parts, demo: false, pauses });
  undo.push(
    () => maker.close(),
    () => service.close(),
    () => queue.close(),
  );
  return queue;
}

async function receiptState(): Promise<{ id: string; state: string }> {
  const jobs = await store.read(({ printJobs }) => printJobs.ofSettlement(settlementId));
  const job = jobs.find(({ document }) => document === 'receipt');
  return { id: job?.id ?? '', state: job?.state ?? '' };
}

describe('a desk that is killed while it prints', () => {
  it.each([
    ['print:before-send', 0],
    ['print:while-sending', null],
    ['print:after-send', 1],
  ])('at %s asks the cashier at the next start', async (point, wholeSlips) => {
    await dieAt(point);
    const whole = (): number => simulator.sheets.filter(({ wasCut }) => wasCut).length;
    const before = whole();
    if (wholeSlips !== null) expect(before).toBe(wholeSlips);
    const queue = await startAgain();
    await queue.settled();
    const { id, state } = await receiptState();
    expect(state).toBe('unknown');
    expect(whole()).toBe(before);
    // The cashier says it did not come out: only now it is printed once more.
    await queue.answerUnknown({ printJobId: id, cameOut: false, who: 'cashier1' });
    // It may lie in a tray after all: what comes now says that it is a copy.
    const jobs = () => store.read(({ printJobs }) => printJobs.ofSettlement(settlementId));
    const receipts = async () =>
      (await jobs())
        .filter(({ document }) => document === 'receipt')
        .map(({ copyNumber, state: reached }) => `${String(copyNumber)} ${reached}`);
    await expect.poll(receipts, { timeout: 300_000 }).toEqual(['0 withdrawn', '1 confirmed']);
    expect(whole()).toBe(before + 1);
    expect(simulator.sheets.at(-1)?.lines.join('\n')).toContain('补打 第1次');
    const audited = await store.read(({ audit }) => audit.about(id));
    expect(audited.map(({ act, who }) => [act, who])).toEqual([
      ['answer-unknown-print', 'cashier1'],
    ]);
    expect(audited[0]?.detail_json).toContain('"copyNumber":1');
  });
});
