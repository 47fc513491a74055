import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { manualTimer } from '../../base/timer.test-support.ts';
import { newestMigration } from '../../database/migrations/migrations.ts';
import { createTestStore, type TestStore } from '../../database/test-store.ts';
import { placeAnswers } from '../answer-place-request.ts';
import { placeKeys, type OwnFile } from '../place-format.ts';
import { readPlace } from '../read-place.ts';
import { SecondPlace, type SecondPlaceDependencies } from '../second-place.ts';
import { troubledDisk, type TroubledDisk } from './troubled-disk.ts';

/** A folder of one test store with a second place, whose thread is this one. */
export type PlaceUnderTest = {
  readonly store: TestStore;
  readonly place: string;
  readonly second: SecondPlace;
  readonly disk: () => TroubledDisk;
  readonly timer: ReturnType<typeof manualTimer>;
  readonly faults: unknown[];
  clock: Date;
  files: readonly OwnFile[];
  /** A request is not answered while this is set: as a share that hangs. */
  hangs: Promise<void> | null;
  /** The same folder as another program, or the next start, has it. */
  again(over?: Partial<SecondPlaceDependencies>): SecondPlace;
  /** Keeps something: one unit of work. */
  keep(word: string): Promise<void>;
  read(): ReturnType<typeof readPlace>;
  remove(): Promise<void>;
};

/** An empty, migrated store that every test's own is a copy of. */
let template: Promise<TestStore> | null = null;

async function emptyStore(): Promise<TestStore> {
  const store = await createTestStore();
  await store.emptyLog();
  await store.close();
  return store;
}

/** Removes what the stores were copied from. */
export async function removeTemplate(): Promise<void> {
  await (await template)?.remove();
  template = null;
}

export async function placeUnderTest(
  copied?: TestStore,
  id = 'the-folder',
): Promise<PlaceUnderTest> {
  const store = await createTestStore(copied ?? (await (template ??= emptyStore())));
  const outside = await mkdtemp(join(tmpdir(), 'settlement-place-'));
  const place = join(outside, 'place');
  const timer = manualTimer();
  const faults: unknown[] = [];
  const disks = new Map<string, TroubledDisk>();
  const diskOf = (folder: string): TroubledDisk => {
    const disk = disks.get(folder) ?? troubledDisk(folder);
    disks.set(folder, disk);
    return disk;
  };
  const under: PlaceUnderTest = {
    store,
    place,
    timer,
    faults,
    clock: new Date('2017-11-27T02:15:00.000Z'),
    files: [],
    hangs: null,
    second: null as never,
    disk: () => diskOf(place),
    again(over = {}) {
      const answer = placeAnswers(() => under.clock, diskOf);
      return new SecondPlace({
        store,
        folder: { home: store.folder, id, kind: 'live', key: store.key, databaseFile: store.file },
        schema: newestMigration,
        thread: {
          async ask(request) {
            await under.hangs;
            return answer(request);
          },
          close: () => Promise.resolve(),
        },
        timer: timer.timer,
        now: () => under.clock,
        ownFiles: () => Promise.resolve(under.files),
        makesBases: true,
        onFault: (problem) => faults.push(problem),
        ...over,
      });
    },
    keep: (word) => store.transact(({ folderFacts }) => folderFacts.set('hospital', word)),
    read: () => readPlace(place, troubledDisk(place), placeKeys(store.key)),
    async remove() {
      await store.remove();
      await rm(outside, { recursive: true, force: true });
    },
  };
  return Object.assign(under, { second: under.again() });
}
