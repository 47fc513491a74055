import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { systemClock } from '../base/clock.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { storePublishedSettlement } from '../documents/testing/stored-settlement.ts';
import { checkHospitalFiles } from './check-hospital-files.ts';
import { writeHospitalFilesNow } from './write-hospital-files.ts';

const ids = timeOrderedIds();
let store: TestStore;
let folder: string;
let settlementId: string;
let number: string;

beforeAll(async () => {
  store = await createTestStore();
  folder = join(store.folder, 'hospital-out');
  mkdirSync(folder);
  settlementId = await storePublishedSettlement(store, ids);
  number = (await store.read(({ settlements }) => settlements.find(settlementId)))?.number ?? '';
  for (const kind of ['settled', 'cancelled'] as const) {
    const payload = { kind, settlementId, name: '彭𠮷安', patientPaysFen: 135_800 };
    const createdAt = '2017-11-27T10:00:00.000+08:00';
    await store.transact(({ hospitalFiles }) =>
      hospitalFiles.queue({ id: ids.next(), settlementId, kind, payload, createdAt }),
    );
  }
  await writeHospitalFilesNow({ store, clock: systemClock('2017-11-27'), folder });
});
afterAll(async () => {
  await store.remove();
});

const check = () => checkHospitalFiles({ store, folder });
const path = (): string => join(folder, `${settlementId}.settled.json`);

describe('a file for the hospital’s system', () => {
  it('that was shortened, changed or emptied is named by its number, and is sound when it is back', async () => {
    expect(await check()).toEqual({ problems: [], notes: [] });
    const whole = readFileSync(path());
    const attacks = [
      { left: whole.subarray(0, whole.length - 5), said: 'shortened' },
      { left: Buffer.alloc(0), said: 'shortened' },
      { left: whole.toString().replace('135800', '135801'), said: 'changed' },
    ];
    for (const { left, said } of attacks) {
      writeFileSync(path(), left);
      expect((await check()).problems).toEqual([
        { about: number, problem: expect.stringContaining(said) as string },
      ]);
    }
    writeFileSync(path(), whole);
    expect((await check()).problems).toEqual([]);
  });

  it('that the books know nothing of is named, another program’s file is not', async () => {
    const foreign = join(folder, 'S999.settled.json');
    writeFileSync(foreign, '{}');
    writeFileSync(join(folder, 'read-me.txt'), 'of the hospital');
    expect((await check()).problems.map(({ about }) => about)).toEqual(['S999.settled.json']);
    rmSync(foreign);
  });

  it('that is not there was taken or deleted: it is said by its number and is no fault', async () => {
    rmSync(path());
    const { problems, notes } = await check();
    expect(problems).toEqual([]);
    expect(notes).toMatchObject([{ about: number }]);
  });

  it('cannot be looked at where the folder is gone: that is said', async () => {
    const away = { store, folder: join(folder, 'nowhere') };
    expect(await checkHospitalFiles(away)).toMatchObject({
      problems: [],
      notes: [{ about: 'hospital-out' }],
    });
  });
});
