import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

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
  await store.remove();
});

afterAll(() => maker.close());

function dependencies() {
  const files = documentFiles(store.folder, store.key);
  return { store, clock, ids, maker, files, demo: false };
}

const out = (name: string): string => join(store.folder, name);
const printerUrl = (): string => `tcp://127.0.0.1:${String(simulator.port)}`;

/** Who was shown which sheet, as the audit has it. */
async function shown(): Promise<readonly string[][]> {
  const entries = await store.read(({ audit }) => audit.list({ after: 0, limit: 1000 }));
  return entries
    .filter(({ act }) => act === 'show-document')
    .map(({ who: by, about, detail_json }) => {
      const detail = JSON.parse(detail_json) as { document: string; where: string };
      return [by, about, detail.document, detail.where];
    });
}

describe('the statement command', () => {
  it('writes through no link, into no pipe and over no folder, and says which', async () => {
    const victim = out('victim');
    await writeFile(victim, 'ours');
    const puts: readonly (readonly [string, (file: string) => unknown])[] = [
      ['link', (file) => symlink(victim, file)],
      ['link', (file) => symlink(out('nothing'), file)],
      ['not-a-file', (file) => execFileSync('mkfifo', [file])],
      ['not-a-file', (file) => mkdir(file)],
    ];
    for (const [why, put] of puts) {
      const outFile = out('there.pdf');
      await put(outFile);
      const answer = await statementCommand(dependencies(), { settlementId, outFile, who });
      expect(answer).toMatchObject({
        ok: false,
        refusal: {
          code: 'cannot-write-file',
          message: { en: expect.stringContaining(why) as string },
        },
      });
      await rm(outFile, { recursive: true });
    }
    expect(await readFile(victim, 'utf8')).toBe('ours');
    expect(await readdir(store.folder)).not.toContain('nothing');
  });

  it('writes the PDF', async () => {
    const outFile = out('statement.pdf');
    const answer = await statementCommand(dependencies(), { settlementId, outFile, who });
    const file = await readFile(outFile);
    expect(answer).toEqual({
      ok: true,
      value: { settlementId, file: outFile, bytes: file.length },
    });
    expect(file.subarray(0, 5).toString()).toBe('%PDF-');
    // It bears the patient's name: who took it is known.
    expect(await shown()).toEqual([[who, settlementId, 'statement', 'statement']]);
  });

  it.each([
    ['statement.txt', 'wrong-file-ending'],
    ['nowhere/statement.pdf', 'cannot-write-file'],
  ])('refuses to write %s', async (name, code) => {
    const answer = await statementCommand(dependencies(), {
      settlementId,
      outFile: out(name),
      who,
    });
    expect(answer).toMatchObject({ ok: false, refusal: { code } });
  });

  it('refuses a settlement that is not there', async () => {
    const call = { settlementId: 'nothing', outFile: out('statement.pdf'), who };
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
    expect(await shown()).toEqual([[who, settlementId, 'receipt', 'receipt']]);
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

  it('says why a sheet did not come out, takes a copy back and uses no number up for it', async () => {
    const call = { settlementId, outFile: out('slip.bin'), printerUrl: printerUrl(), who };
    simulator.change({ paper: 'out' });
    const original = await receiptCommand(dependencies(), call);
    expect(original).toMatchObject({
      ok: true,
      value: {
        copyNumber: 0,
        printed: { state: 'failed', problem: { code: 'printer-paper-out' } },
      },
    });
    simulator.change({ paper: 'in' });
    expect(await receiptCommand(dependencies(), call)).toMatchObject({
      value: { copyNumber: 0, printed: { state: 'confirmed', problem: null } },
    });
    for (let attempt = 0; attempt < 3; attempt += 1) {
      simulator.change({ paper: 'out' });
      expect(await receiptCommand(dependencies(), call)).toMatchObject({
        ok: true,
        value: {
          copyNumber: 1,
          printed: { state: 'withdrawn', problem: { code: 'printer-paper-out' } },
        },
      });
    }
    expect(simulator.sheets).toHaveLength(1);
    simulator.change({ paper: 'in' });
    expect(await receiptCommand(dependencies(), call)).toMatchObject({
      value: { copyNumber: 1, printed: { state: 'confirmed' } },
    });
    expect(simulator.sheets.at(-1)?.lines.join('\n')).toContain('补打 第1次');
    const acts = (await store.read(({ audit }) => audit.about(settlementId))).map(({ act }) => act);
    expect(acts.filter((act) => act === 'take-back-copy')).toHaveLength(3);
  });

  it('leaves no copy behind that the desk would print, where the file cannot be written', async () => {
    const call = { settlementId, outFile: out('slip.bin'), printerUrl: printerUrl(), who };
    await receiptCommand(dependencies(), call);
    const nowhere = { ...call, outFile: out('nowhere/slip.bin') };
    expect(await receiptCommand(dependencies(), nowhere)).toMatchObject({
      ok: false,
      refusal: { code: 'cannot-write-file' },
    });
    const jobs = await store.read(({ printJobs }) => printJobs.ofSettlement(settlementId));
    expect(jobs.filter(({ document }) => document === 'receipt').map(({ state }) => state)).toEqual(
      ['confirmed', 'withdrawn'],
    );
    expect(await receiptCommand(dependencies(), call)).toMatchObject({ value: { copyNumber: 1 } });
  });

  it.each([
    ['dies in the middle of it', { dieAfterBytes: 40 }, 'maybe-printed'],
    ['confirms nothing although its model does', { silent: true }, 'maybe-printed'],
  ])('says that nobody knows when the printer %s', async (_, faults, code) => {
    simulator.change(faults);
    const call = { settlementId, outFile: out('slip.bin'), printerUrl: printerUrl(), who };
    expect(await receiptCommand(dependencies(), call)).toMatchObject({
      ok: true,
      value: { copyNumber: 0, printed: { state: 'unknown', problem: { code } } },
    });
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
