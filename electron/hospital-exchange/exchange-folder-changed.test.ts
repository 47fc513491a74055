import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import { changeSetting, exchangeOwners } from '../app/settings.ts';
import { manualTimer } from '../base/timer.test-support.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { storePublishedSettlement } from '../documents/testing/stored-settlement.ts';
import { colonCancer, testClock, valueOf } from '../settlement/settlement.test-support.ts';
import { checkHospitalFiles } from './check-hospital-files.ts';
import { startHospitalExchange, type HospitalExchange } from './hospital-exchange.ts';
import { writeHospitalFilesNow } from './write-hospital-files.ts';

const ids = timeOrderedIds();
let store: TestStore;
let root: string;
let home: string;
/** The folders as they were set, and where somebody else would like our files to go. */
let [incoming, outgoing, elsewhere] = ['', '', ''];
let exchange: HospitalExchange | null;
let told = 0;
const faults: unknown[] = [];
let settlementId: string | null;

beforeEach(async () => {
  store = await createTestStore();
  root = mkdtempSync(join(tmpdir(), 'exchange-changed-'));
  home = join(root, 'home');
  [incoming, outgoing, elsewhere] = [join(root, 'in'), join(root, 'out'), join(root, 'elsewhere')];
  for (const folder of [home, incoming, outgoing, elsewhere]) mkdirSync(folder, { mode: 0o755 });
  exchange = null;
  told = 0;
  faults.length = 0;
  settlementId = null;
});
afterEach(async () => {
  await exchange?.close();
  await store.remove();
  rmSync(root, { recursive: true, force: true });
});

async function start(): Promise<HospitalExchange> {
  exchange = startHospitalExchange({
    dependencies: { store, clock: testClock, ids },
    ...{ incoming, outgoing, home, makesFolders: false },
    owners: await exchangeOwners(store),
    onFault: (problem) => faults.push(problem),
    // Whoever waits for the folder waits until it has answered.
    timer: manualTimer().timer,
    tell: (topic) => {
      if (topic === 'devices') told += 1;
    },
  });
  return exchange;
}

/** A result waits for the hospital's system; answers the name of its file. */
async function queue(kind: 'settled' | 'cancelled' = 'settled'): Promise<string> {
  settlementId ??= await storePublishedSettlement(store, ids);
  const payload = { settlementId };
  const id = settlementId;
  await store.transact(({ hospitalFiles }) =>
    hospitalFiles.queue({
      ...{ id: ids.next(), settlementId: id, kind, payload },
      createdAt: '2017-11-27T10:00:00.000+08:00',
    }),
  );
  return `${settlementId}.${kind}.json`;
}

const cautions = (): string[] =>
  (exchange?.cautions() ?? []).map(({ code, words }) => `${code} ${words.en}`);
const isRoot = process.getuid?.() === 0;

const changes: readonly (readonly [string, RegExp, (folder: string) => void])[] = [
  [
    'a link to another folder',
    /is a link now/,
    (folder) => {
      renameSync(folder, `${folder}-before`);
      symlinkSync(elsewhere, folder);
    },
  ],
  [
    'a link into the data folder',
    /is a link now/,
    (folder) => {
      renameSync(folder, `${folder}-before`);
      symlinkSync(home, folder);
    },
  ],
  ...(isRoot
    ? ([
        [
          'a folder of another user',
          /another user/,
          (folder: string) => {
            renameSync(folder, `${folder}-before`);
            mkdirSync(folder, { mode: 0o777 });
            chownSync(folder, 4242, 4242);
          },
        ],
      ] as const)
    : []),
];

function putBack(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  renameSync(`${folder}-before`, folder);
}

describe.each(changes)(
  'an exchange folder that became %s since it was set',
  (_what, said, become) => {
    it('gets no result, which is said at the desk, and gets it once it is put right', async () => {
      const desk = await start();
      await expect.poll(() => desk.cautions()).toEqual([]);
      // The first write has seen whose it is.
      const first = await queue();
      desk.wake();
      await expect.poll(() => readdirSync(outgoing)).toContain(first);
      const toldBefore = told;
      become(outgoing);
      const second = await queue('cancelled');
      desk.wake();
      await expect.poll(cautions).toEqual([expect.stringMatching(said)]);
      expect(cautions()[0]).toMatch(/^hospital-folder-unsafe .*hospital-out/);
      expect(told).toBeGreaterThan(toldBefore);
      for (const folder of [elsewhere, home, outgoing]) expect(readdirSync(folder)).toEqual([]);
      putBack(outgoing);
      desk.wake();
      await expect.poll(() => readdirSync(outgoing)).toContain(second);
      await expect.poll(cautions).toEqual([]);
    });

    it('has nothing taken out of it, which is said at the desk', async () => {
      const desk = await start();
      expect(await desk.takeInNow()).toBe('taken');
      become(incoming);
      const bill = JSON.stringify(encodeSettlementInput(await colonCancer()));
      const there = existsSync(join(incoming, '.')) ? incoming : elsewhere;
      writeFileSync(join(there, 'a.json'), bill);
      expect(await desk.takeInNow()).toBe('late');
      expect(cautions()).toEqual([expect.stringMatching(said)]);
      expect(cautions()[0]).toContain('hospital-in');
      expect(readdirSync(there)).toEqual(['a.json']);
      unlinkSync(join(there, 'a.json'));
      putBack(incoming);
      expect(await desk.takeInNow()).toBe('taken');
      expect(cautions()).toEqual([]);
    });

    it('is not written into by a command either, also one that begins after it was changed', async () => {
      const parts = {
        store,
        clock: testClock,
        folder: { home } as never,
        secondPlace: null as never,
      };
      valueOf(await changeSetting(parts, 'hospital-out', { text: outgoing, by: 'clerk1' }));
      await queue();
      become(outgoing);
      const { 'hospital-out': ownedBy } = await exchangeOwners(store);
      const where = { store, clock: testClock, folder: outgoing, home, ownedBy };
      await expect(writeHospitalFilesNow(where)).rejects.toMatchObject({
        code: 'hospital-folder-unsafe',
      });
      for (const folder of [elsewhere, home, outgoing]) expect(readdirSync(folder)).toEqual([]);
      const { problems } = await checkHospitalFiles(where);
      expect(problems).toEqual([
        { about: 'hospital-out', problem: expect.stringMatching(said) as string },
      ]);
    });
  },
);

describe('an exchange folder', () => {
  it('into which everybody may write by now is said at the next look, and until it is put right', async () => {
    const desk = await start();
    await desk.takeInNow();
    await expect.poll(cautions).toEqual([]);
    for (const folder of [incoming, outgoing]) chmodSync(folder, 0o777);
    await desk.takeInNow();
    desk.wake();
    await expect
      .poll(cautions)
      .toEqual([
        `exchange-open everybody may write into the exchange folder ${incoming}`,
        `exchange-open everybody may write into the exchange folder ${outgoing}`,
      ]);
    for (const folder of [incoming, outgoing]) chmodSync(folder, 0o775);
    await desk.takeInNow();
    desk.wake();
    await expect.poll(cautions).toEqual([]);
  });

  it('that was deleted and made again by its own user is the same', async () => {
    const desk = await start();
    await expect.poll(cautions).toEqual([]);
    rmSync(outgoing, { recursive: true });
    desk.wake();
    await expect.poll(cautions).toEqual([expect.stringContaining('hospital-folder-missing')]);
    mkdirSync(outgoing);
    const name = await queue();
    desk.wake();
    await expect.poll(() => readdirSync(outgoing)).toEqual([name]);
    await expect.poll(cautions).toEqual([]);
  });

  it('that is pulled out with its stick is said at the desk, and in the log once for each time', async () => {
    const desk = await start();
    await desk.takeInNow();
    expect(cautions()).toEqual([]);
    for (const time of [1, 2]) {
      renameSync(incoming, `${incoming}-away`);
      for (let look = 0; look < 3; look += 1) await desk.takeInNow();
      expect(cautions()).toEqual([
        expect.stringMatching(/^hospital-folder-missing .*\/in that bills come from is not there/),
      ]);
      expect(faults.length).toBe(time);
      renameSync(`${incoming}-away`, incoming);
      await desk.takeInNow();
      expect(cautions()).toEqual([]);
    }
  });

  it('that is named by a link when it is set is kept as what the link leads to', async () => {
    const parts = {
      store,
      clock: testClock,
      folder: { home } as never,
      secondPlace: null as never,
    };
    const link = join(root, 'link');
    symlinkSync(outgoing, link);
    expect(await changeSetting(parts, 'hospital-out', { text: link, by: 'clerk1' })).toEqual({
      ...{ ok: true, value: outgoing },
    });
    // Also into the data folder: what is refused is what it leads to.
    unlinkSync(link);
    symlinkSync(home, link);
    expect(await changeSetting(parts, 'hospital-out', { text: link, by: 'clerk1' })).toMatchObject({
      refusal: { code: 'bad-setting' },
    });
  });
});
