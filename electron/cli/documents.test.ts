import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  startPrinterSimulator,
  type PrinterSimulator,
} from '../../drivers/receipt-printer/simulator/escpos-simulator.ts';
import type { Clock } from '../base/clock.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { documentFiles } from '../documents/document-files.ts';
import { startDocumentMaker } from '../documents/document-maker.ts';
import { storePublishedSettlement } from '../documents/testing/stored-settlement.ts';
import { receiptCommand, statementCommand } from './documents.ts';

const ids = timeOrderedIds();
const clock: Clock = {
  now: () => new Date('2017-11-27T02:15:02.000Z'),
  businessDate: () => '2017-11-27',
};
const who = 'cashier1';

let store: TestStore;
let simulator: PrinterSimulator;
let settlementId: string;
const maker = startDocumentMaker();

beforeEach(async () => {
  store = await createTestStore();
  simulator = await startPrinterSimulator();
  settlementId = await storePublishedSettlement(store, ids);
});
afterEach(async () => {
  await simulator.close();
  await maker.close();
  await store.remove();
});

function dependencies() {
  const files = documentFiles(store.folder, store.key);
  return { store, clock, ids, maker, files, demo: false };
}

const out = (name: string): string => join(store.folder, name);
const printerUrl = (): string => `tcp://127.0.0.1:${String(simulator.port)}`;

describe('the statement command', () => {
  it('writes the PDF', async () => {
    const outFile = out('statement.pdf');
    const answer = await statementCommand(dependencies(), { settlementId, outFile });
    const file = await readFile(outFile);
    expect(answer).toEqual({
      ok: true,
      value: { settlementId, file: outFile, bytes: file.length },
    });
    expect(file.subarray(0, 5).toString()).toBe('%PDF-');
  });

  it.each([
    ['statement.txt', 'wrong-file-ending'],
    ['nowhere/statement.pdf', 'cannot-write-file'],
  ])('refuses to write %s', async (name, code) => {
    const answer = await statementCommand(dependencies(), { settlementId, outFile: out(name) });
    expect(answer).toMatchObject({ ok: false, refusal: { code } });
  });

  it('refuses a settlement that is not there', async () => {
    const call = { settlementId: 'nothing', outFile: out('statement.pdf') };
    expect(await statementCommand(dependencies(), call)).toMatchObject({
      ok: false,
      refusal: { code: 'settlement-not-found' },
    });
  });
});

describe('the receipt command', () => {
  it.each([
    ['slip.bin', Buffer.from([0x1b, 0x40])],
    ['slip.svg', Buffer.from('<svg ')],
    ['slip.png', Buffer.from([0x89, 0x50, 0x4e, 0x47])],
  ])('writes %s and counts no print', async (name, beginning) => {
    const call = { settlementId, outFile: out(name), who };
    const answer = await receiptCommand(dependencies(), call);
    expect(answer).toMatchObject({ ok: true, value: { copyNumber: 0, printed: null } });
    const file = await readFile(call.outFile);
    expect(file.subarray(0, beginning.length)).toEqual(beginning);
    const jobs = await store.read(({ printJobs }) => printJobs.ofSettlement(settlementId));
    expect(jobs.map(({ state }) => state)).toEqual(['queued', 'queued']);
  });

  it('prints the original that waits, then marked copies', async () => {
    for (const copyNumber of [0, 1, 2]) {
      const call = { settlementId, outFile: out('slip.bin'), printerUrl: printerUrl(), who };
      const answer = await receiptCommand(dependencies(), call);
      expect(answer).toMatchObject({
        ok: true,
        value: { copyNumber, printed: { state: 'confirmed' } },
      });
      expect(new Uint8Array(await readFile(call.outFile))).toEqual(simulator.sheets.at(-1)?.bytes);
    }
    const marks = simulator.sheets.map(({ lines }) => /补打 第\d次/.exec(lines.join('\n'))?.[0]);
    expect(marks).toEqual([undefined, '补打 第1次', '补打 第2次']);
  });

  it('takes a copy back that could not be sent, and leaves the original to the desk', async () => {
    simulator.change({ paper: 'out' });
    const call = { settlementId, outFile: out('slip.bin'), printerUrl: printerUrl(), who };
    const original = await receiptCommand(dependencies(), call);
    expect(original).toMatchObject({ ok: true, value: { printed: { state: 'failed' } } });
    simulator.change({ paper: 'in' });
    await receiptCommand(dependencies(), call);
    simulator.change({ paper: 'out' });
    const copy = await receiptCommand(dependencies(), call);
    expect(copy).toMatchObject({
      ok: true,
      value: { copyNumber: 1, printed: { state: 'withdrawn' } },
    });
    expect(simulator.sheets).toHaveLength(1);
  });

  it.each([
    [{ outFile: 'slip.txt' }, 'wrong-file-ending'],
    [{ printerUrl: 'lpd://printer' }, 'printer-url'],
    [{ settlementId: 'nothing' }, 'settlement-not-found'],
  ])('refuses %o', async (wrong, code) => {
    const call = { settlementId, outFile: out('slip.bin'), who, ...wrong };
    expect(await receiptCommand(dependencies(), call)).toMatchObject({
      ok: false,
      refusal: { code },
    });
  });
});
