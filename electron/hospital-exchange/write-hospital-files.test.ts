import { spawn } from 'node:child_process';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { systemClock } from '../base/clock.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { writeNewWhole } from '../base/foreign-folder.ts';
import { killedAt } from '../base/killed-at.test-support.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { storePublishedSettlement } from '../documents/testing/stored-settlement.ts';
import { HospitalFolderError } from './hospital-folder-error.ts';
import {
  startHospitalFiles,
  writeHospitalFilesNow,
  type HospitalFiles,
  type HospitalFilesOptions,
} from './write-hospital-files.ts';

const ids = timeOrderedIds();
const clock = systemClock('2017-11-27');
const program = fileURLToPath(new URL('./testing/hospital-files-program.ts', import.meta.url));

let store: TestStore;
let settlementId: string;
let folder: string;
let started: HospitalFiles[];

beforeEach(async () => {
  store = await createTestStore();
  settlementId = await storePublishedSettlement(store, ids);
  folder = join(store.folder, 'hospital-out');
  await mkdir(folder);
  started = [];
});
afterEach(async () => {
  for (const files of started) await files.close();
  await store.remove();
});

function start(more: Partial<HospitalFilesOptions> = {}): HospitalFiles {
  const files = startHospitalFiles({ store, clock, folder, everyMs: 10, ...more });
  started.push(files);
  return files;
}

async function queue(kind: 'settled' | 'cancelled'): Promise<void> {
  const file = {
    id: ids.next(),
    settlementId,
    kind,
    payload: { kind, settlementId, name: '彭𠮷安' },
  };
  await store.transact(({ hospitalFiles }) =>
    hospitalFiles.queue({ ...file, createdAt: '2017-11-27T10:00:00.000+08:00' }),
  );
}

async function states(): Promise<string[]> {
  const files = await store.read(({ hospitalFiles }) => hospitalFiles.ofSettlement(settlementId));
  return files.map(({ state, writtenAt }) => `${state}${writtenAt === null ? '' : ' at'}`);
}

async function contentOf(kind: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, `${settlementId}.${kind}.json`), 'utf8'));
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('results for the hospital’s system', () => {
  it('writes each settlement and cancellation as a file named by its settlement and kind', async () => {
    await queue('settled');
    await queue('cancelled');
    const files = start();
    await files.settled();
    expect((await readdir(folder)).sort()).toEqual([
      `${settlementId}.cancelled.json`,
      `${settlementId}.settled.json`,
    ]);
    expect(await contentOf('settled')).toEqual({ kind: 'settled', settlementId, name: '彭𠮷安' });
    expect(await states()).toEqual(['written at', 'written at']);
    expect(files.state()).toEqual({ state: 'ready', isForEverybody: false });
  });

  it('writes what is queued later when woken, without waiting for its next look', async () => {
    const files = start({ everyMs: 600_000 });
    await files.settled();
    await queue('settled');
    files.wake();
    await files.settled();
    expect(await states()).toEqual(['written at']);
  });

  it('finds by itself what another program queued', async () => {
    start();
    await queue('settled');
    await until(async () => (await states())[0] === 'written at');
    expect(await contentOf('settled')).toMatchObject({ settlementId });
  });

  it('keeps everything while the folder is missing, tells it once, and writes when it is back', async () => {
    const faults: unknown[] = [];
    await rm(folder, { recursive: true });
    await queue('settled');
    const files = start({ onFault: (problem) => faults.push(problem) });
    await files.settled();
    for (let again = 0; again < 3; again += 1) {
      files.wake();
      await files.settled();
    }
    expect(faults).toHaveLength(1);
    expect(files.state()).toMatchObject({
      state: 'failing',
      problem: { code: 'hospital-folder-missing' },
    });
    expect(await states()).toEqual(['waiting']);
    await mkdir(folder);
    await until(() => files.state().state === 'ready');
    expect(await states()).toEqual(['written at']);
    expect(await contentOf('settled')).toMatchObject({ kind: 'settled' });
  });

  it('says of a full disk that it is full, and leaves nothing half-written', async () => {
    await queue('settled');
    // A disk that takes the name and not the bytes: the end of the write answers that there is no room.
    const write: typeof writeNewWhole = (file, bytes, how) =>
      writeNewWhole(file, bytes, {
        ...how,
        between: () => {
          throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
        },
      });
    const problem: unknown = await writeHospitalFilesNow({ store, clock, folder, write }).catch(
      (thrown: unknown) => thrown,
    );
    expect(problem).toBeInstanceOf(HospitalFolderError);
    expect(problem).toMatchObject({ code: 'hospital-folder-full' });
    expect(await readdir(folder)).toEqual([]);
    expect(await states()).toEqual(['waiting']);
    expect(await writeHospitalFilesNow({ store, clock, folder })).toBe(1);
    expect(await states()).toEqual(['written at']);
  });

  it('writes once for a command, which then has nothing left to write', async () => {
    await queue('settled');
    expect(await writeHospitalFilesNow({ store, clock, folder })).toBe(1);
    expect(await writeHospitalFilesNow({ store, clock, folder })).toBe(0);
  });

  it.each([
    ['hospital-file:before-write', 0],
    ['hospital-file:after-write', 1],
  ])('killed at %s, it is written by the next start', async (point, there) => {
    await queue('settled');
    const key = Buffer.from(store.key).toString('hex');
    await killedAt(point, program, [store.file, key, folder]);
    expect(await readdir(folder)).toHaveLength(there);
    expect(await states()).toEqual(['waiting']);
    // The hospital's system may have taken the file away meanwhile: then it gets it again.
    const taken = join(store.folder, 'taken.json');
    if (there === 1) await rename(join(folder, `${settlementId}.settled.json`), taken);
    await start().settled();
    expect(await states()).toEqual(['written at']);
    expect(await contentOf('settled')).toMatchObject({ kind: 'settled', settlementId });
  });

  it('sweeps away what a program that died while writing left beside, and nothing else', async () => {
    const ended = spawn(process.execPath, ['--version']);
    await new Promise((resolve) => ended.on('exit', resolve));
    await writeFile(join(folder, `.x.settled.json.${String(ended.pid)}.part`), '{');
    await writeFile(join(folder, `.y.settled.json.${String(process.pid)}.part`), '{');
    await writeFile(join(folder, 'theirs.txt'), '');
    await start().settled();
    expect((await readdir(folder)).sort()).toEqual([
      `.y.settled.json.${String(process.pid)}.part`,
      'theirs.txt',
    ]);
  });
});
