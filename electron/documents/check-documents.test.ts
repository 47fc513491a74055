import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { systemClock } from '../base/clock.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { checkDocuments } from './check-documents.ts';
import { documentFiles, type DocumentFiles } from './document-files.ts';
import { makeStatementJob, statementName } from './print-sheet.ts';
import { storePublishedSettlement } from './testing/stored-settlement.ts';

// Two statements were made; what is done to their files afterwards is found and named by the number on the paper. Before,
// nobody looked at them.

const ids = timeOrderedIds();
let store: TestStore;
let files: DocumentFiles;
const settlements: string[] = [];
const numbers: string[] = [];
const pdf = (word: string): Buffer => Buffer.from(`%PDF-1.7 ${word} ${'x'.repeat(3000)}`);

beforeAll(async () => {
  store = await createTestStore();
  files = documentFiles(store.folder, store.key);
  for (const visitId of ['A', 'B']) {
    const settlementId = await storePublishedSettlement(store, ids, { visitId });
    settlements.push(settlementId);
    const found = await store.read((all) => all.settlements.find(settlementId));
    numbers.push(found?.number ?? '');
    const jobs = await store.read(({ printJobs }) => printJobs.ofSettlement(settlementId));
    const job = jobs.find(({ document }) => document === 'statement');
    if (job === undefined) throw new Error('a settlement queues its statement');
    const made = pdf(visitId);
    const maker = {
      prepare: () => Promise.resolve(),
      statement: () => Promise.resolve({ ok: true, value: { pdf: made, missing: [] } } as const),
      packSheet: () => Promise.reject(new Error('nobody asks for one')),
      close: () => Promise.resolve(),
    };
    const clock = systemClock('2017-11-27');
    await makeStatementJob({ store, clock, maker, files, demo: false }, job);
  }
});
afterAll(async () => {
  await store.remove();
});

const nameOf = (index: number): string =>
  statementName({ settlementId: settlements[index] ?? '', copyNumber: 0 });
const pathOf = (name: string): string => join(store.folder, 'documents', `${name}.enc`);
const problems = () => checkDocuments({ store, files });

let before: Buffer;
beforeEach(() => {
  before = readFileSync(pathOf(nameOf(0)));
});
async function expectFound(said: string, about: string = numbers[0] ?? ''): Promise<void> {
  expect(await problems()).toEqual([{ about, problem: expect.stringContaining(said) as string }]);
  writeFileSync(pathOf(nameOf(0)), before);
  expect(await problems()).toEqual([]);
}

describe('a statement in the data folder', () => {
  it('that is as it was made is sound', async () => {
    expect(await problems()).toEqual([]);
  });

  it('that was deleted is named by its number', async () => {
    rmSync(pathOf(nameOf(0)));
    await expectFound('is gone');
  });

  it('that was shortened, changed, or exchanged for another settlement’s is named', async () => {
    truncateSync(pathOf(nameOf(0)), before.length - 1);
    await expectFound('shortened or changed');
    truncateSync(pathOf(nameOf(0)), 0);
    await expectFound('shortened or changed');
    const changed = Buffer.from(before);
    changed[200] = (changed[200] ?? 0) ^ 1;
    writeFileSync(pathOf(nameOf(0)), changed);
    await expectFound('shortened or changed');
    copyFileSync(pathOf(nameOf(1)), pathOf(nameOf(0)));
    await expectFound('put there from another folder');
  });

  it('that somebody with the folder’s key made anew is not the one that was made', async () => {
    await files.save(nameOf(0), pdf('other amounts'));
    await expectFound('not the one that was made');
  });

  it('that the books know nothing of is named by its name', async () => {
    const foreign = statementName({ settlementId: settlements[0] ?? '', copyNumber: 7 });
    await files.save(foreign, pdf('foreign'));
    const stray = join(store.folder, 'documents', 'letter.txt');
    writeFileSync(stray, 'a letter');
    const found = (await problems()).map(({ about }) => about).sort();
    expect(found).toEqual([`documents/${foreign}`, 'documents/letter.txt'].sort());
    rmSync(stray);
    rmSync(pathOf(foreign));
  });
});
