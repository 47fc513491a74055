import { realpathSync } from 'node:fs';
import * as systemFiles from 'node:fs/promises';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import { colonCancer, testClock } from '../settlement/settlement.test-support.ts';
import { importFiles, refuseFile } from '../intake/import-files.ts';
import { readerOfForeignFolder } from '../intake/intake-reader.ts';
import { intakeRefusal } from '../intake/intake-refusals.ts';
import { startWatchedFolder, type FolderFiles, type WatchedFolder } from './watch-folder.ts';

let store: TestStore;
let folder: string;
let watched: WatchedFolder;
let time = 0;
/** What happens after a file is kept and before it is moved on. */
let afterKept: () => Promise<void>;

const today = new Date('2026-12-01T08:00:00Z');
const dependencies = () => ({ store, clock: testClock, ids: timeOrderedIds() });

/** Whether a path leads to `refused/`, also through a folder that is held open. */
const isRefused = (path: string): boolean => realpathSync(path).endsWith('refused');

function start(files: FolderFiles = systemFiles): WatchedFolder {
  return startWatchedFolder({
    folder,
    files,
    everyMs: 60_000,
    now: () => time,
    importFile: async (file, heldAt) => {
      const reader = readerOfForeignFolder(heldAt);
      const report = await importFiles({ ...dependencies(), reader }, [file]);
      await afterKept();
      return report;
    },
    refuseRestless: (file) => refuseFile(dependencies(), file, intakeRefusal('file-restless')),
    today: () => today,
    onTaken: () => undefined,
    onRefused: () => undefined,
  });
}

beforeEach(async () => {
  store = await createTestStore();
  folder = await mkdtemp(join(tmpdir(), 'watched-'));
  afterKept = () => Promise.resolve();
  watched = start();
});
afterEach(async () => {
  await watched.close();
  await store.remove();
  await rm(folder, { recursive: true, force: true });
});

async function bill(bed = '1', id = 'ZY1'): Promise<string> {
  const document = encodeSettlementInput(await colonCancer());
  return JSON.stringify({ ...document, visit: { ...document.visit, id, bed } });
}

const put = (name: string, text: string) => writeFile(join(folder, name), text);
const visitsKept = () => store.read(({ visits }) => visits.countUnsettled());
const bedKept = async () => (await store.read(({ visits }) => visits.find('ZY1')))?.visit.bed;

async function lookLater(): Promise<void> {
  time += 1000;
  await watched.takeInNow();
}

async function lookTwice(): Promise<void> {
  await lookLater();
  await lookLater();
}

describe('the watched folder', () => {
  it('leaves a file that still grows and names that are not finished', async () => {
    const text = await bill();
    await put('b.json.part', text);
    await put('b.json.tmp', text);
    for (const length of [100, 500, text.length]) {
      await put('a.json', text.slice(0, length));
      await lookLater();
    }
    expect(await visitsKept()).toBe(0);
    await lookLater();
    expect(await visitsKept()).toBe(1);
    expect((await readdir(folder)).sort()).toEqual(['b.json.part', 'b.json.tmp', 'taking']);
    expect(await readdir(join(folder, 'taking'))).toEqual([]);
  });

  it('takes no half file because two looks came a moment apart, whatever its own time says', async () => {
    await put('a.json', await bill());
    await utimes(join(folder, 'a.json'), 1_000_000, 1_000_000);
    await watched.takeInNow();
    await watched.takeInNow();
    time += 400;
    await watched.takeInNow();
    expect(await visitsKept()).toBe(0);
    time += 200;
    await watched.takeInNow();
    expect(await visitsKept()).toBe(1);
  });

  it('loses no bill that takes the place of one just being taken in', async () => {
    await put('a.json', await bill('1'));
    afterKept = async () => {
      afterKept = () => Promise.resolve();
      await put('a.json.tmp', await bill('2'));
      await rename(join(folder, 'a.json.tmp'), join(folder, 'a.json'));
    };
    await lookTwice();
    expect(await bedKept()).toBe('1');
    await lookTwice();
    expect(await bedKept()).toBe('2');
    expect(await readdir(folder)).toEqual(['taking']);
  });

  it('keeps a file whose writer had not finished until it stays the same again', async () => {
    await put('a.json', await bill('1'));
    afterKept = async () => {
      afterKept = () => Promise.resolve();
      await writeFile(join(folder, 'taking', 'a.json'), await bill('22'));
    };
    await lookTwice();
    expect(await readdir(join(folder, 'taking'))).toEqual(['a.json']);
    await put('b.json', await bill('333'));
    await lookTwice();
    await lookTwice();
    expect(await bedKept()).toBe('333');
    expect(await readdir(join(folder, 'taking'))).toEqual([]);
  });

  it('takes the oldest file first, so that the newest bill counts', async () => {
    await put('10.json', await bill('new'));
    await put('9.json', await bill('old'));
    await utimes(join(folder, '10.json'), 1_600_000_000, 1_600_000_000);
    await utimes(join(folder, '9.json'), 1_500_000_000, 1_500_000_000);
    await lookTwice();
    expect(await bedKept()).toBe('new');
  });

  it('goes on with the others where one file cannot be moved, and says so', async () => {
    await put('a.json', await bill('1', 'ZY1'));
    await put('b.json', await bill('1', 'ZY2'));
    await utimes(join(folder, 'a.json'), 1_500_000_000, 1_500_000_000);
    await mkdir(join(folder, 'taking', 'a.json'), { recursive: true });
    await lookLater();
    time += 1000;
    await expect(watched.takeInNow()).rejects.toThrow(/EISDIR/);
    expect(await visitsKept()).toBe(1);
    await rm(join(folder, 'taking', 'a.json'), { recursive: true });
    await lookLater();
    expect(await visitsKept()).toBe(2);
  });

  it('puts a refused file aside with its problems and writes over none', async () => {
    for (const round of [1, 2]) {
      await put('a.json', '{"visit"');
      await lookTwice();
      expect(await watched.countRefusals()).toBe(round);
    }
    const problems = await readFile(join(folder, 'refused', 'a.json.problems.json'), 'utf8');
    expect(JSON.parse(problems)).toMatchObject({
      refused: [{ file: 'a.json', code: 'damaged-json' }],
    });
    expect(await store.read(({ intakeRefusals }) => intakeRefusals.list(10))).toHaveLength(2);
  });

  it('moves so many refused files at a look, reads what lies there once, and holds up no bill for them', async () => {
    await watched.close();
    let listed = 0;
    const counting = {
      ...systemFiles,
      readdir: ((path: string, ...more: []) => {
        if (isRefused(path)) listed += 1;
        return systemFiles.readdir(path, ...more);
      }) as typeof systemFiles.readdir,
    };
    watched = start(counting);
    for (let each = 0; each < 120; each += 1) await put(`broken-${String(each)}.json`, '{"visit"');
    for (const name of await readdir(folder))
      await utimes(join(folder, name), 1_500_000_000, 1_500_000_000);
    await put('good.json', await bill());
    await lookTwice();
    expect(await visitsKept()).toBe(1);
    expect(listed).toBe(1);
    expect((await readdir(join(folder, 'taking'))).length).toBe(70);
    // One that comes while they wait is not behind them, also one of the name of one of them.
    await put('broken-119.json', await bill('2', 'ZY2'));
    await lookTwice();
    expect(await visitsKept()).toBe(2);
    await lookTwice();
    expect(await readdir(join(folder, 'taking'))).toEqual([]);
    expect(await watched.countRefusals()).toBe(120);
    const refusals = await store.read(({ intakeRefusals }) => intakeRefusals.list(500));
    expect(refusals).toHaveLength(120);
  });

  it('keeps the file when it dies between keeping and moving, and takes the same bill once', async () => {
    await put('a.json', await bill());
    afterKept = () => Promise.reject(new Error('the plug was pulled'));
    await lookLater();
    time += 1000;
    await expect(watched.takeInNow()).rejects.toThrow('the plug was pulled');
    expect(await readdir(join(folder, 'taking'))).toEqual(['a.json']);
    afterKept = () => Promise.resolve();
    await watched.close();
    watched = start();
    await lookTwice();
    expect(await visitsKept()).toBe(1);
    expect(await readdir(join(folder, 'taking'))).toEqual([]);
    expect(await readdir(folder)).toEqual(['taking']);
    const kept = await store.read(({ visits }) => visits.find('ZY1'));
    expect(kept?.billVersion).toBe(1);
  });
});
