import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { manualTimer } from '../base/timer.test-support.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { importFiles, refuseFile } from '../intake/import-files.ts';
import { readerOfForeignFolder } from '../intake/intake-reader.ts';
import { intakeRefusal } from '../intake/intake-refusals.ts';
import {
  colonCancer,
  refusalOf,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import {
  listRefusedFiles,
  removeRefusedFile,
  retryRefusedFile,
  type RefusedFilesPlace,
} from './refused-files.ts';
import { startWatchedFolder, type WatchedFolder } from './watch-folder.ts';

let store: TestStore;
let folder: string;
let watched: WatchedFolder;
let place: RefusedFilesPlace;
let time = 0;
const by = 'clerk1';

beforeEach(async () => {
  store = await createTestStore();
  folder = await mkdtemp(join(tmpdir(), 'refused-'));
  const dependencies = { store, clock: testClock, ids: timeOrderedIds() };
  place = {
    ...{ store, clock: testClock },
    exchange: { setting: 'hospital-in', folder, ownedBy: null },
  };
  watched = startWatchedFolder({
    ...{ folder, everyMs: 60_000, now: () => time },
    importFile: (file, heldAt) =>
      importFiles({ ...dependencies, reader: readerOfForeignFolder(heldAt) }, [file]),
    refuseRestless: (file) => refuseFile(dependencies, file, intakeRefusal('file-restless')),
    today: () => new Date('2026-12-01T08:00:00Z'),
    onTaken: () => undefined,
    onRefused: () => undefined,
  });
});
afterEach(async () => {
  await watched.close();
  await store.remove();
  await rm(folder, { recursive: true, force: true });
});

const put = (name: string, text: string) => writeFile(join(folder, name), text);
async function look(): Promise<void> {
  for (let each = 0; each < 2; each += 1) {
    time += 1000;
    await watched.takeInNow();
  }
}
const listed = async (page: { readonly after?: string; readonly limit?: number } = {}) =>
  valueOf(await listRefusedFiles(place, { limit: 50, ...page }));
const acts = async () =>
  (await store.read(({ audit }) => audit.list({ after: 0, limit: 100 }))).filter(({ act }) =>
    act.endsWith('refused-file'),
  );

describe('files that were refused', () => {
  it('are listed with what is wrong, where and what to do, some at a time', async () => {
    for (const name of ['b.json', 'a.json', 'c.json']) await put(name, '{"visit"');
    await put('d.csv', 'visit.id,nonsense\nZY1,x\n');
    await look();
    const [first, second, ...none] = await listed({ limit: 2 });
    expect(none).toEqual([]);
    expect([first?.name, second?.name]).toEqual(['a.json', 'b.json']);
    expect(first).toMatchObject({
      ...{ refusedAt: '2026-12-01T08:00:00.000Z', taken: 0, problemCount: 1 },
      problems: [{ code: 'damaged-json', remedy: { zh: expect.any(String) as string } }],
    });
    const rest = await listed({ after: second?.fileId ?? '' });
    expect(rest.map(({ name, problems }) => [name, problems[0]?.code])).toEqual([
      ['c.json', 'damaged-json'],
      ['d.csv', 'unknown-column'],
    ]);
  });

  it('are tried again as they lie there: taken once what stood in the way is gone, else refused anew', async () => {
    await put('a.json', '{"visit"');
    await look();
    const [file] = await listed();
    if (file === undefined) throw new Error('nothing was refused');
    // Still damaged: it comes back, and what is wrong is said of today.
    expect(valueOf(await retryRefusedFile(place, { file: file.fileId, by }))).toEqual({
      fileId: file.fileId,
    });
    expect(await listed()).toEqual([]);
    await look();
    expect((await listed()).map(({ name }) => name)).toEqual(['a.json']);
    // Mended where it lies.
    const bill = JSON.stringify(encodeSettlementInput(await colonCancer()));
    await writeFile(join(folder, 'refused', 'a.json'), bill);
    valueOf(await retryRefusedFile(place, { file: 'a.json', by }));
    await look();
    expect(await listed()).toEqual([]);
    expect(await readdir(join(folder, 'refused'))).toEqual([]);
    expect(await store.read(({ visits }) => visits.countUnsettled())).toBe(1);
    expect((await acts()).map(({ who, act, about }) => [who, act, about])).toEqual([
      [by, 'retry-refused-file', 'a.json'],
      [by, 'retry-refused-file', 'a.json'],
    ]);
  });

  it('write over no file of their name that is being taken in', async () => {
    await put('a.json', '{"visit"');
    await look();
    await writeFile(join(folder, 'taking', 'a.json'), 'newer');
    expect(refusalOf(await retryRefusedFile(place, { file: 'a.json', by }))).toBe(
      'refused-file-waits',
    );
    expect(await readdir(join(folder, 'refused'))).toContain('a.json');
    expect(await acts()).toEqual([]);
  });

  it('are deleted with a reason, and their note with them', async () => {
    await put('a.json', '{"visit"');
    await look();
    const remove = (reason: string) => removeRefusedFile(place, { file: 'a.json', by, reason });
    expect(refusalOf(await remove(' 　'))).toBe('refused-file-reason-missing');
    expect(await readdir(join(folder, 'refused'))).toContain('a.json');
    valueOf(await remove('改正后的另外送来'));
    expect(await readdir(join(folder, 'refused'))).toEqual([]);
    expect(refusalOf(await remove('再删一次'))).toBe('refused-file-gone');
    const [entry, ...more] = await acts();
    expect(more).toEqual([]);
    expect(entry?.detail_json).toContain('改正后的另外送来');
  });

  it('lead nowhere else, whatever the page names: no way out, no link, no note', async () => {
    await put('outside.json', 'x');
    await put('a.json', '{"visit"');
    await put('b.json', '{"visit"');
    await look();
    await put('kept.json', 'mine');
    await rm(join(folder, 'refused', 'b.json'));
    await symlink(join(folder, 'kept.json'), join(folder, 'refused', 'b.json'));
    await writeFile(join(folder, 'refused', 'no-note.json'), 'x');
    const named = ['../kept.json', 'b.json', 'a.json.problems.json', 'no-note.json', '', '..'];
    for (const file of named) {
      expect([file, refusalOf(await retryRefusedFile(place, { file, by }))]).toEqual([
        file,
        'refused-file-gone',
      ]);
      expect(refusalOf(await removeRefusedFile(place, { file, by, reason: '测试用' }))).toBe(
        'refused-file-gone',
      );
    }
    expect(await readdir(folder)).toContain('kept.json');
    expect(await acts()).toEqual([]);
  });

  it('are still listed, to be tried again, where somebody spoilt the note beside one', async () => {
    await put('a.json', '{"visit"');
    await look();
    await writeFile(join(folder, 'refused', 'a.json.problems.json'), '{"refused": 7}');
    expect(await listed()).toMatchObject([{ name: 'a.json', refusedAt: null, problems: [] }]);
    valueOf(await retryRefusedFile(place, { file: 'a.json', by }));
  });

  it('say so where no folder is set, it is away or does not answer', async () => {
    const none = { ...place, exchange: null };
    expect(refusalOf(await listRefusedFiles(none, { limit: 5 }))).toBe('intake-folder-missing');
    const away = {
      ...place,
      exchange: { setting: 'hospital-in', folder: join(folder, 'gone'), ownedBy: null } as const,
    };
    expect(refusalOf(await listRefusedFiles(away, { limit: 5 }))).toBe('intake-folder-away');
    await mkdir(join(folder, 'refused'));
    const { timer, expire } = manualTimer();
    const asked = listRefusedFiles({ ...place, timer }, { limit: 5 });
    expire();
    expect(refusalOf(await asked)).toBe('intake-folder-away');
  });
});
