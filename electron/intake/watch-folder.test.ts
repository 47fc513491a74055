import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { timeOrderedIds } from '../app/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { visitJsonFromSettlementInput } from '../../shared/contracts/visit-json.ts';
import { colonCancer, testClock } from '../settlement/settlement.test-support.ts';
import { importFiles } from './import-files.ts';
import { startWatchedFolder, type WatchedFolder } from './watch-folder.ts';

let store: TestStore;
let folder: string;
let watched: WatchedFolder;
let fail: Error | null = null;
beforeEach(async () => {
  store = await createTestStore();
  folder = await mkdtemp(join(tmpdir(), 'watched-'));
  fail = null;
  watched = startWatchedFolder({
    folder,
    everyMs: 60_000,
    importFiles: async (files) => {
      const report = await importFiles({ store, clock: testClock, ids: timeOrderedIds() }, files);
      if (fail !== null) throw fail;
      return report;
    },
    onTaken: () => undefined,
    onRefused: () => undefined,
  });
});
afterEach(async () => {
  await watched.close();
  await store.remove();
  await rm(folder, { recursive: true, force: true });
});

async function bill(): Promise<string> {
  return JSON.stringify(visitJsonFromSettlementInput(await colonCancer()));
}

const visitsKept = () => store.read(({ visits }) => visits.countUnsettled());

describe('the watched folder', () => {
  it('leaves a file that still grows and names that are not finished', async () => {
    const text = await bill();
    await writeFile(join(folder, 'b.json.part'), text);
    await writeFile(join(folder, 'b.json.tmp'), text);
    await writeFile(join(folder, 'a.json'), text.slice(0, 100));
    await watched.takeInNow();
    await writeFile(join(folder, 'a.json'), text.slice(0, 500));
    await watched.takeInNow();
    await writeFile(join(folder, 'a.json'), text);
    await watched.takeInNow();
    expect(await visitsKept()).toBe(0);
    await watched.takeInNow();
    expect(await visitsKept()).toBe(1);
    expect(await readdir(join(folder, 'taken'))).toEqual(['a.json']);
    expect((await readdir(folder)).sort()).toEqual(['b.json.part', 'b.json.tmp', 'taken']);
  });

  it('puts a refused file aside with its problems and writes over none', async () => {
    for (const round of [1, 2]) {
      await writeFile(join(folder, 'a.json'), '{"visit"');
      await watched.takeInNow();
      await watched.takeInNow();
      expect(await watched.countRefusals()).toBe(round);
    }
    const problems = await readFile(join(folder, 'refused', 'a.json.problems.json'), 'utf8');
    expect(JSON.parse(problems)).toMatchObject({
      refused: [{ file: 'a.json', code: 'damaged-json' }],
    });
    expect(await store.read(({ intakeRefusals }) => intakeRefusals.list(10))).toHaveLength(2);
  });

  it('keeps the file when it dies between keeping and moving, and takes the same bill once', async () => {
    await writeFile(join(folder, 'a.json'), await bill());
    await watched.takeInNow();
    fail = new Error('the plug was pulled');
    await expect(watched.takeInNow()).rejects.toThrow('the plug was pulled');
    expect(await readdir(folder)).toEqual(['a.json']);
    fail = null;
    await watched.takeInNow();
    await watched.takeInNow();
    expect(await visitsKept()).toBe(1);
    expect(await readdir(folder)).toEqual(['taken']);
  });
});
