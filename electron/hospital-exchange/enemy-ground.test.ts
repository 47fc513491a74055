import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  truncateSync,
} from 'node:fs';
import * as systemFiles from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import { systemClock } from '../base/clock.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { storePublishedSettlement } from '../documents/testing/stored-settlement.ts';
import { importFiles, refuseFile } from '../intake/import-files.ts';
import { readerOfForeignFolder } from '../intake/intake-reader.ts';
import { intakeRefusal } from '../intake/intake-refusals.ts';
import { colonCancer, testClock } from '../settlement/settlement.test-support.ts';
import { checkHospitalFiles } from './check-hospital-files.ts';
import { startWatchedFolder, type FolderFiles, type WatchedFolder } from './watch-folder.ts';
import { writeHospitalFilesNow } from './write-hospital-files.ts';

const keyText = `${'ab'.repeat(32)}\n`;

let store: TestStore;
let root: string;
/** The folder that others write into, and what they want: a key and a folder of ours. */
let exchange: string;
let home: string;
let key: string;

beforeEach(async () => {
  store = await createTestStore();
  root = mkdtempSync(join(tmpdir(), 'enemy-'));
  exchange = join(root, 'exchange');
  home = join(root, 'home');
  for (const folder of [exchange, home]) mkdirSync(folder);
  key = join(home, 'key');
  writeFileSync(key, keyText, { mode: 0o600 });
  writeFileSync(join(home, 'folder.json'), '{"kind":"live"}');
});
afterEach(async () => {
  await store.remove();
  rmSync(root, { recursive: true, force: true });
});

/** Nothing of ours was read away, written over, moved or opened to others. */
function expectHomeUntouched(): void {
  expect(readdirSync(home).sort()).toEqual(['folder.json', 'key']);
  expect(readFileSync(key, 'utf8')).toBe(keyText);
  expect(statSync(key).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(home, 'folder.json'), 'utf8')).toBe('{"kind":"live"}');
}

const makePipe = (path: string) => execFileSync('mkfifo', [path]);

describe('results for the hospital’s system, in a folder into which others write', () => {
  let settlementId: string;
  let name: string;
  const ids = timeOrderedIds();
  const write = () =>
    writeHospitalFilesNow({ store, clock: systemClock('2017-11-27'), folder: exchange });

  beforeEach(async () => {
    settlementId = await storePublishedSettlement(store, ids);
    name = `${settlementId}.settled.json`;
    await store.transact(({ hospitalFiles }) =>
      hospitalFiles.queue({
        id: ids.next(),
        settlementId,
        kind: 'settled',
        payload: { kind: 'settled', settlementId },
        createdAt: '2017-11-27T10:00:00.000+08:00',
      }),
    );
  });

  it('does not write through a link under the name of its unfinished file', async () => {
    // What an earlier version called it, and what a reader of this source would guess.
    for (const ending of [`${String(process.pid)}.part`, 'part']) {
      symlinkSync(key, join(exchange, `.${name}.${ending}`));
    }
    expect(await write()).toBe(1);
    expectHomeUntouched();
    expect(lstatSync(join(exchange, name)).isFile()).toBe(true);
  });

  it.each([
    [
      'a link to the key',
      () => {
        symlinkSync(key, join(exchange, name));
      },
    ],
    [
      'a link to nothing',
      () => {
        symlinkSync(join(home, 'new'), join(exchange, name));
      },
    ],
    ['a pipe without a reader', () => makePipe(join(exchange, name))],
    [
      'a folder',
      () => {
        mkdirSync(join(exchange, name));
      },
    ],
  ])(
    'refuses %s under the name of a result, says it, and writes it when that is gone',
    async (_what, put) => {
      put();
      await expect(write()).rejects.toMatchObject({ code: 'hospital-folder-unsafe' });
      expectHomeUntouched();
      expect(readdirSync(exchange)).toEqual([name]);
      rmSync(join(exchange, name), { recursive: true });
      expect(await write()).toBe(1);
    },
  );

  it('takes the name away from a file of ours that has it, and leaves that file as it was', async () => {
    linkSync(key, join(exchange, name));
    expect(await write()).toBe(1);
    expectHomeUntouched();
    expect(JSON.parse(readFileSync(join(exchange, name), 'utf8'))).toMatchObject({ settlementId });
  });

  it('may be read by the hospital’s group and by nobody else, whatever the umask', async () => {
    const before = process.umask(0o077);
    try {
      await write();
    } finally {
      process.umask(before);
    }
    expect(statSync(join(exchange, name)).mode & 0o777).toBe(0o640);
  });

  it('is not read by verify where a link, a pipe or a file without end stands in its place', async () => {
    await write();
    const check = () => checkHospitalFiles({ store, folder: exchange });
    const puts = [
      () => {
        symlinkSync('/dev/zero', join(exchange, name));
      },
      () => makePipe(join(exchange, name)),
      () => {
        writeFileSync(join(exchange, name), '');
        truncateSync(join(exchange, name), 20 * 1024 ** 3);
      },
    ];
    for (const put of puts) {
      rmSync(join(exchange, name));
      put();
      expect((await check()).problems).toHaveLength(1);
    }
  });
});

describe('bills in a folder into which others write', () => {
  let time = 0;
  let watched: WatchedFolder;
  const dependencies = () => ({ store, clock: testClock, ids: timeOrderedIds() });
  let today = new Date('2026-12-01T08:00:00Z');
  /** What somebody does when a file was looked at and before it is opened. */
  let beforeOpening: () => void;

  function start(files: FolderFiles = systemFiles): WatchedFolder {
    return startWatchedFolder({
      folder: exchange,
      home,
      files,
      everyMs: 600_000_000,
      now: () => time,
      today: () => today,
      importFile: (file, heldAt) => {
        beforeOpening();
        return importFiles({ ...dependencies(), reader: readerOfForeignFolder(heldAt) }, [file]);
      },
      refuseRestless: (file) => refuseFile(dependencies(), file, intakeRefusal('file-restless')),
      onTaken: () => undefined,
      onRefused: () => undefined,
    });
  }

  beforeEach(() => {
    time = 0;
    beforeOpening = () => undefined;
    watched = start();
  });
  afterEach(() => watched.close());

  const put = (name: string, text: string) => {
    writeFileSync(join(exchange, name), text);
  };
  const bill = async (id = 'ZY1'): Promise<string> => {
    const document = encodeSettlementInput(await colonCancer());
    return JSON.stringify({ ...document, visit: { ...document.visit, id } });
  };
  const kept = () => store.read(({ visits }) => visits.countUnsettled());
  const codes = async () =>
    (await store.read(({ intakeRefusals }) => intakeRefusals.list(20))).map(({ code }) => code);
  async function lookTwice(): Promise<void> {
    for (let look = 0; look < 2; look += 1) {
      time += 1000;
      await watched.takeInNow();
    }
  }

  it.each([
    [
      'a link to the key',
      () => {
        symlinkSync(key, join(exchange, 'a.json'));
      },
    ],
    [
      'a link to nothing',
      () => {
        symlinkSync(join(home, 'new'), join(exchange, 'a.json'));
      },
    ],
    [
      'a link to a device',
      () => {
        symlinkSync('/dev/zero', join(exchange, 'a.json'));
      },
    ],
    ['a pipe without a writer', () => makePipe(join(exchange, 'a.json'))],
    [
      'a second name of the key',
      () => {
        linkSync(key, join(exchange, 'a.json'));
      },
    ],
  ])('refuses %s unopened, and goes on with the next bill', async (_what, lay) => {
    lay();
    put('b.json', await bill());
    await lookTwice();
    await lookTwice();
    expect(await codes()).toEqual(['file-not-plain']);
    expect(await kept()).toBe(1);
    expect(readdirSync(exchange).sort()).toEqual(['refused', 'taking']);
    expectHomeUntouched();
    // The term passes: what is deleted is the name, never what it leads to.
    const removed = await start().removeOld(-1);
    expect(removed.refused).toBe(1);
    expectHomeUntouched();
  });

  it('reads no file that was exchanged for a link after it was looked at', async () => {
    put('a.json', '{}');
    beforeOpening = () => {
      rmSync(join(exchange, 'taking', 'a.json'));
      symlinkSync(key, join(exchange, 'taking', 'a.json'));
    };
    await lookTwice();
    expect(await codes()).toEqual(['file-not-plain']);
    expectHomeUntouched();
  });

  it.each(['taking', 'refused'])(
    'moves nothing through a link that bears the name of %s',
    async (name) => {
      symlinkSync(home, join(exchange, name));
      put('folder.json', '{"visit"');
      await lookTwice().catch(() => undefined);
      await expect(lookTwice()).rejects.toMatchObject({ code: 'hospital-folder-unsafe' });
      expectHomeUntouched();
      rmSync(join(exchange, name));
      await lookTwice();
      await lookTwice();
      expect(await watched.countRefusals()).toBe(1);
    },
  );

  it('moves nothing elsewhere when its own folder is exchanged for a link meanwhile', async () => {
    put('folder.json', '{"visit"');
    beforeOpening = () => {
      renameSync(join(exchange, 'taking'), join(exchange, 'stolen'));
      symlinkSync(home, join(exchange, 'taking'));
    };
    await lookTwice().catch(() => undefined);
    expectHomeUntouched();
    // It went on in the folder that it holds, whatever its name leads to now.
    expect(readdirSync(join(exchange, 'stolen'))).toEqual([]);
    expect(await codes()).toEqual(['damaged-json']);
  });

  it('keeps its own folders and what is refused to itself, and leaves no bill that is kept', async () => {
    for (const name of ['taking', 'refused']) {
      mkdirSync(join(exchange, name));
      chmodSync(join(exchange, name), 0o777);
    }
    writeFileSync(join(exchange, 'a.json'), '{"visit"', { mode: 0o666 });
    put('b.json', await bill());
    await lookTwice();
    for (const name of ['taking', 'refused']) {
      expect(statSync(join(exchange, name)).mode & 0o777).toBe(0o700);
    }
    const refused = readdirSync(join(exchange, 'refused')).sort();
    expect(refused).toEqual(['a.json', 'a.json.problems.json']);
    for (const name of refused) {
      expect(statSync(join(exchange, 'refused', name)).mode & 0o777).toBe(0o600);
    }
    expect(readdirSync(join(exchange, 'taking'))).toEqual([]);
    expect(await kept()).toBe(1);
  });

  it.each([
    ['too long for an ending behind it', `${'a'.repeat(244)}.json`],
    ['with a line break', 'a\nINFO settled.json'],
    ['with signs that turn the writing round', 'a\u202Egnp.json'],
    ['of a device of Windows', 'con.json'],
    ['like a way out on Windows', '..\\..\\key.json'],
  ])('puts aside a name %s under a name of its own and goes on', async (_what, name) => {
    put(name, '{}');
    put('b.json', await bill());
    await lookTwice();
    await lookTwice();
    expect(await codes()).toEqual(['file-name-unsafe']);
    expect(await kept()).toBe(1);
    const refused = readdirSync(join(exchange, 'refused'));
    expect(refused).toHaveLength(2);
    for (const each of refused) expect(each).toMatch(/^unsafe-name-[0-9a-f]{12}\.json/);
  });

  it.runIf(process.platform === 'linux')(
    'takes in a bill whose name is written in another encoding than the disk, and leaves none lying unsaid',
    async () => {
      // 账单 in GB18030, as a program on Windows or an old share writes it; and one whose content is no bill.
      const inGb = (name: string) =>
        Buffer.concat([Buffer.from(`${exchange}/`), Buffer.from(name, 'latin1')]);
      writeFileSync(inGb('\xd5\xcb\xb5\xa5.JSON'), await bill());
      writeFileSync(inGb('\xd5\xcb.csv'), 'no bill');
      symlinkSync(key, inGb('\xb5\xa5.json'));
      mkdirSync(inGb('\xcb\xb5.json'));
      writeFileSync(inGb('\xd5\xcb.part'), 'not whole yet');
      await lookTwice();
      await lookTwice();
      expect(await kept()).toBe(1);
      expect((await codes()).sort()).toEqual(['file-not-plain', 'unknown-column']);
      expect(readdirSync(exchange, { encoding: 'buffer' })).toHaveLength(4);
      const refused = readdirSync(join(exchange, 'refused'));
      expect(refused).toHaveLength(4);
      for (const each of refused) expect(each).toMatch(/^name-in-other-characters-[0-9a-f]{12}\./);
      expectHomeUntouched();
    },
  );

  it('takes nothing of ours for a bill where the whole folder was exchanged for a link to it', async () => {
    const outside = exchange;
    for (const target of [home, join(home, 'policy-packs')]) {
      mkdirSync(target, { recursive: true });
      writeFileSync(join(target, 'case.json'), '{}');
      rmSync(outside, { recursive: true });
      symlinkSync(target, outside);
      await expect(lookTwice()).rejects.toMatchObject({ code: 'hospital-folder-unsafe' });
      expect(existsSync(join(target, 'case.json'))).toBe(true);
      rmSync(join(target, 'case.json'));
    }
    rmSync(join(home, 'policy-packs'), { recursive: true });
    expectHomeUntouched();
  });

  it('leaves a folder that bears the name of a bill alone', async () => {
    mkdirSync(join(exchange, 'a.json'));
    put('b.json', await bill());
    await lookTwice();
    expect(await kept()).toBe(1);
    expect(readdirSync(exchange).sort()).toEqual(['a.json', 'taking']);
  });

  it('sets a file aside that somebody keeps writing to, instead of holding up every bill', async () => {
    put('a.json', '{');
    time += 1000;
    await watched.takeInNow();
    const writer = openSync(join(exchange, 'a.json'), 'a');
    beforeOpening = () => {
      appendFileSync(writer, ' ');
    };
    put('b.json', await bill());
    // Taken to be read, it grows; from then on at every look.
    for (let look = 0; look < 3; look += 1) {
      time += 1000;
      appendFileSync(writer, look === 0 ? '' : ' ');
      await watched.takeInNow();
    }
    expect(await kept()).toBe(0);
    time += 600_000;
    appendFileSync(writer, ' ');
    await watched.takeInNow();
    closeSync(writer);
    beforeOpening = () => undefined;
    await lookTwice();
    expect(await codes()).toContain('file-restless');
    expect(await kept()).toBe(1);
  });

  it('deletes refused files after their term and not before, and what an earlier program kept of bills', async () => {
    today = new Date('2026-12-01T08:00:00Z');
    put('a.json', '{"visit"');
    await lookTwice();
    mkdirSync(join(exchange, 'taken'));
    writeFileSync(join(exchange, 'taken', 'old.json'), await bill());
    today = new Date('2026-12-30T08:00:00Z');
    expect(await watched.removeOld(30)).toEqual({ refused: 0, taken: 1 });
    expect(await watched.countRefusals()).toBe(1);
    today = new Date('2027-01-01T08:00:00Z');
    expect(await watched.removeOld(30)).toEqual({ refused: 1, taken: 0 });
    expect(readdirSync(join(exchange, 'refused'))).toEqual([]);
    expect(existsSync(join(exchange, 'taken'))).toBe(true);
  });
});
