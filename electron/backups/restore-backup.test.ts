import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { openServices } from '../app/open-services.ts';
import { restoreFolder } from '../app/restore-folder.ts';
import { takeLock } from '../database/named-lock.ts';
import { openStore, type OpenedStore } from '../database/open-store.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { verifyFolder } from '../settlement/verify-folder.ts';
import { makeBackup } from './make-backup.ts';
import { backupsNotKept } from './nightly-backup.ts';
import { restoreBackup, type RestoreFolder } from './restore-backup.ts';

const root = mkdtempSync(join(tmpdir(), 'restore-backup-'));
const key = randomBytes(32);
const home = join(root, 'home');
const kept = join(root, 'kept');
const folder: RestoreFolder = {
  home,
  id: 'folder A',
  key,
  databaseFile: join(home, 'settlement.db'),
};
/** Backups after the first settlement and after all three. */
const older = join(root, 'older.db');
const newest = join(root, 'newest.db');
const who = 'clerk1';
let packs: Awaited<ReturnType<typeof ownPacks>>;

const open = (of: RestoreFolder = folder): Promise<OpenedStore> =>
  openStore({ file: of.databaseFile, key: of.key, folderId: of.id, mustExist: true });

const settle = (store: OpenedStore, visitId: string) =>
  settleVisit(dependenciesOn(store, packs), { visitId, by: 'cashier1' }).then(valueOf);

const backUp = (store: OpenedStore, file: string) =>
  makeBackup({ folder, store, clock: testClock }, { file, who });

const restore = (file: string, mayBeOlder = false, into: RestoreFolder = folder) =>
  restoreBackup({ folder: into, clock: testClock }, { file, mayBeOlder, who });

function contents(): Readonly<Record<string, string>> {
  const names = readdirSync(home).filter((name) => name.startsWith('settlement.'));
  const whole = names.filter((name) => !name.endsWith('-shm') && !name.endsWith('-wal'));
  return Object.fromEntries(whole.map((name) => [name, readFileSync(join(home, name), 'hex')]));
}

beforeAll(async () => {
  packs = await ownPacks();
  mkdirSync(home);
  const store = await openStore({ file: folder.databaseFile, key, folderId: folder.id });
  const colon = await colonCancer();
  for (const id of ['A', 'B', 'C', 'D']) {
    await keepVisit(store, { ...colon, visit: { ...colon.visit, id } });
  }
  await settle(store, 'A');
  valueOf(await backUp(store, older));
  await settle(store, 'B');
  await settle(store, 'C');
  valueOf(await backUp(store, newest));
  await store.close();
  mkdirSync(kept);
  for (const name of Object.keys(contents())) copyFileSync(join(home, name), join(kept, name));
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
  for (const name of readdirSync(kept)) copyFileSync(join(kept, name), join(home, name));
});

/** The folder is sound, its books add up, and these visits are settled. */
async function expectSettled(visits: readonly string[], of: RestoreFolder = folder): Promise<void> {
  const store = await open(of);
  try {
    expect(store.readingOnly()).toBeNull();
    const { checks } = await verifyFolder({ store });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    for (const visitId of ['A', 'B', 'C', 'D']) {
      const settled = await store.read(({ settlements }) => settlements.ofVisit(visitId));
      expect([visitId, settled.length]).toEqual([visitId, visits.includes(visitId) ? 1 : 0]);
    }
  } finally {
    await store.close();
  }
}

describe('a backup', () => {
  it('is encrypted, verified, says how far it is, and is kept in the audit', async () => {
    const store = await open();
    const file = join(root, 'now.db');
    const backup = valueOf(await backUp(store, file));
    expect(backup).toMatchObject({
      booksAddUp: true,
      problems: [],
      reach: { lastNumber: 'JS20171127-0003' },
    });
    expect(readFileSync(file).includes('张三')).toBe(false);
    expect(readFileSync(file).includes('SQLite format 3')).toBe(false);
    const entries = await store.read(({ audit }) => audit.about('now.db'));
    expect(entries.map(({ act, who: by }) => [act, by])).toEqual([['backup', who]]);
    await store.close();
    rmSync(file);
  });

  it('overwrites nothing, and leaves nothing behind where it cannot be written', async () => {
    const store = await open();
    const before = readFileSync(newest);
    expect(await backUp(store, newest)).toMatchObject({
      refusal: { code: 'backup-file-exists' },
    });
    expect(readFileSync(newest).equals(before)).toBe(true);
    const nowhere = join(root, 'no such folder', 'x.db');
    expect(await backUp(store, nowhere)).toMatchObject({ refusal: { code: 'backup-place' } });
    await store.close();
    expect(readdirSync(root).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('is not made of books that lack something', async () => {
    truncateSync(folder.databaseFile, 0);
    const store = await open();
    const file = join(root, 'lost.db');
    expect(await backUp(store, file)).toMatchObject({ refusal: { code: 'database-lost' } });
    await store.close();
    expect(existsSync(file)).toBe(false);
  });
});

describe('restoring', () => {
  it('brings a lost database back whole, and the replaced one is kept', async () => {
    truncateSync(folder.databaseFile, 0);
    const restored = valueOf(await restore(newest));
    expect(restored).toMatchObject({ lost: [], claimsUnknown: 0, sheetsUnknown: 0 });
    expect(readdirSync(restored.replaced ?? '')).toContain('settlement.db');
    await expectSettled(['A', 'B', 'C']);
  });

  it('refuses an older backup with both figures and what would be lost, and changes nothing', async () => {
    for (const damage of ['none', 'database gone'] as const) {
      if (damage === 'database gone') rmSync(folder.databaseFile);
      const before = contents();
      const refused = await restore(older);
      expect(refused).toMatchObject({
        refusal: {
          code: 'backup-older',
          details: [
            {
              backup: { lastNumber: 'JS20171127-0001' },
              folder: { lastNumber: 'JS20171127-0003' },
            },
          ],
        },
      });
      expect(JSON.stringify(refused)).toContain('JS20171127-0002 至 JS20171127-0003 不在');
      expect(contents()).toEqual(before);
    }
  });

  it('of an older one, when it is wanted, gives no lost number again and trusts nothing that went on', async () => {
    const restored = valueOf(await restore(older, true));
    expect(restored.lost).toMatchObject([{ businessDate: '2017-11-27', first: 2, last: 3 }]);
    expect(restored.claimsUnknown).toBeGreaterThan(0);
    expect(restored.sheetsUnknown).toBe(1);
    await expectSettled(['A']);
    const store = await open();
    const claims = await store.read((all) => all.claims.list({ limit: 50 }));
    expect(new Set(claims.map(({ state }) => state))).toEqual(new Set(['unknown']));
    const { settlement } = await settle(store, 'B');
    expect(settlement.number).toBe('JS20171127-0004');
    await store.close();
    await expectSettled(['A', 'B']);
  });

  it('is remembered: the database from before it does not come back unseen', async () => {
    valueOf(await restore(older, true));
    for (const name of readdirSync(kept)) {
      if (name !== 'settlement.anchor') copyFileSync(join(kept, name), join(home, name));
    }
    const store = await open();
    expect(store.readingOnly()).toMatchObject({ code: 'database-lost' });
    await store.close();
  });

  it('refuses what is damaged, half copied, foreign or not there, and changes nothing', async () => {
    const bad = join(root, 'bad.db');
    const codeOf = async (): Promise<string> => {
      const before = contents();
      const result = await restore(bad, true);
      expect(contents()).toEqual(before);
      expect(readdirSync(home).filter((name) => name.startsWith('restoring'))).toEqual([]);
      return result.ok ? 'restored' : result.refusal.code;
    };
    expect(await codeOf()).toBe('backup-missing');
    const bytes = readFileSync(newest);
    writeFileSync(bad, bytes.subarray(0, Math.floor(bytes.length / 8192) * 4096));
    expect(await codeOf()).toBe('backup-damaged');
    const changed = Buffer.from(bytes);
    changed.fill(0x5a, changed.length - 3 * 4096, changed.length - 2 * 4096);
    writeFileSync(bad, changed);
    expect(await codeOf()).toBe('backup-damaged');
    writeFileSync(bad, 'a letter');
    expect(await codeOf()).toBe('backup-damaged');
    rmSync(bad);
    const plain = new DatabaseSync(bad);
    plain.exec('create table other (id integer)');
    plain.close();
    expect(await codeOf()).toBe('backup-foreign');
    rmSync(bad);
    mkdirSync(join(root, 'other'));
    const other = { file: join(root, 'other', 'settlement.db'), key, folderId: 'folder B' };
    await (await openStore(other)).close();
    copyFileSync(other.file, bad);
    expect(await codeOf()).toBe('backup-foreign');
  });

  it('waits for no desk: one that has the folder refuses it', async () => {
    const desk = valueOf(await takeLock(folder, 'desk', 'a desk'));
    expect(await restore(newest)).toMatchObject({ refusal: { code: 'busy' } });
    desk.release();
  });

  it('waits for a command that has the folder, and refuses with its words where it does not end', async () => {
    const command = await open();
    const before = contents();
    const impatient = { folder, clock: testClock, patienceMs: 0 };
    const order = { file: older, mayBeOlder: true, who };
    expect(await restoreBackup(impatient, order)).toMatchObject({ refusal: { code: 'busy' } });
    expect(contents()).toEqual(before);
    const later = restoreBackup({ ...impatient, patienceMs: 600_000 }, order);
    await command.close();
    valueOf(await later);
    await expectSettled(['A']);
  });

  it('is seen by a command that comes meanwhile: it leaves the folder and says who restores', async () => {
    const [live, keyFile] = [join(root, 'live'), join(root, 'live.key')];
    writeFileSync(keyFile, randomBytes(32).toString('hex'), { mode: 0o600 });
    const environment = { SETTLEMENT_KEY_FILE: keyFile };
    const command = () =>
      openServices({ home: live, wanted: null, whenMissing: 'make-live', environment });
    const services = valueOf(await command());
    await services.close();
    const restoring = valueOf(await takeLock(services.folder, 'restore', '恢复备份'));
    const refused = await command();
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'busy' } });
    expect(JSON.stringify(refused)).toMatch(/恢复备份.*没有动钱/);
    restoring.release();
    await valueOf(await command()).close();
  });

  it('of the database itself is how a clerk says that it is as it should be, where the anchor is gone', async () => {
    rmSync(join(home, 'settlement.anchor'));
    valueOf(await restore(folder.databaseFile));
    await expectSettled(['A', 'B', 'C']);
  });

  it('into a new folder lets a spare machine take over from backup and key', async () => {
    const spare = join(root, 'spare');
    const keyFile = join(root, 'key');
    writeFileSync(keyFile, key.toString('hex'), { mode: 0o600 });
    const environment = { SETTLEMENT_KEY_FILE: keyFile };
    const order = { file: newest, mayBeOlder: false, who, environment };
    const refused = await restoreFolder({ ...order, home: spare, makesFolder: false });
    expect(refused).toMatchObject({ refusal: { code: 'home-missing' } });
    valueOf(await restoreFolder({ ...order, home: spare, makesFolder: true }));
    await expectSettled(['A', 'B', 'C'], {
      ...{ home: spare, id: folder.id, key, databaseFile: join(spare, 'settlement.db') },
    });
  });
});

describe('of the nightly backups', () => {
  const nameOf = (day: string): string => `settlement-${day.replaceAll('-', '')}-020000.db`;
  const days = Array.from({ length: 500 }, (_, index) =>
    new Date(Date.UTC(2016, 0, 1 + index)).toISOString().slice(0, 10),
  );

  it('the last of 14 days and of the 12 months before them stay, other files always', () => {
    const names = [...days.map(nameOf), 'settlement-20160101.db', 'a letter.txt'];
    const gone = new Set(backupsNotKept(names));
    const kept = days.filter((day) => !gone.has(nameOf(day)));
    expect(kept.slice(-14)).toEqual(days.slice(-14));
    expect(kept.slice(0, -14)).toHaveLength(12);
    expect(new Set(kept.slice(0, -14).map((day) => day.slice(0, 7))).size).toBe(12);
    expect(gone.has('a letter.txt')).toBe(false);
    expect(gone.has('settlement-20160101.db')).toBe(false);
  });

  it('none goes while there are few, and the newest never', () => {
    expect(backupsNotKept(days.slice(0, 14).map(nameOf))).toEqual([]);
    for (let count = 1; count < 60; count += 1) {
      const names = days.slice(0, count).map(nameOf);
      expect(backupsNotKept(names)).not.toContain(names.at(-1));
    }
  });
});

describe('a backup on a stick that is another’s', () => {
  const stick = join(root, 'stick');
  const victim = join(root, 'victim');
  beforeEach(() => {
    rmSync(stick, { recursive: true, force: true });
    mkdirSync(stick);
    writeFileSync(victim, 'ours');
  });

  it.each([
    ['a link to a file of ours', victim],
    ['a link to nothing', join(root, 'nothing')],
  ])('is not written where %s bears its name', async (_what, target) => {
    symlinkSync(target, join(stick, 'b.db'));
    const store = await open();
    try {
      expect(await backUp(store, join(stick, 'b.db'))).toMatchObject({
        ok: false,
        refusal: { code: 'backup-file-exists' },
      });
    } finally {
      await store.close();
    }
    expect(readFileSync(victim, 'utf8')).toBe('ours');
    expect(existsSync(join(root, 'nothing'))).toBe(false);
    expect(readdirSync(stick)).toEqual(['b.db']);
  });

  it('is for this user alone to read', async () => {
    const store = await open();
    try {
      valueOf(await backUp(store, join(stick, 'b.db')));
    } finally {
      await store.close();
    }
    expect(statSync(join(stick, 'b.db')).mode & 0o777).toBe(0o600);
  });

  it('is not restored, and nothing waits, where a pipe, a device or a folder bears its name', async () => {
    execFileSync('mkfifo', [join(stick, 'pipe.db')]);
    symlinkSync('/dev/zero', join(stick, 'device.db'));
    mkdirSync(join(stick, 'folder.db'));
    for (const name of readdirSync(stick)) {
      const order = { file: join(stick, name), mayBeOlder: true, who };
      expect(await restoreBackup({ folder, clock: testClock }, order)).toMatchObject({
        ok: false,
        refusal: { code: 'backup-missing' },
      });
    }
  });

  it('whose log is a pipe or a link is restored without it, or refused', async () => {
    copyFileSync(newest, join(stick, 'b.db'));
    execFileSync('mkfifo', [join(stick, 'b.db-wal')]);
    const restored = await restoreBackup(
      { folder, clock: testClock },
      { file: join(stick, 'b.db'), mayBeOlder: false, who },
    );
    expect(restored.ok).toBe(true);
  });

  it('does not hold up a new folder by a pipe where SQLite would look for its journal', async () => {
    copyFileSync(newest, join(stick, 'b.db'));
    execFileSync('mkfifo', [join(stick, 'b.db-journal')]);
    const keyFile = join(root, 'key-of-new');
    writeFileSync(keyFile, key.toString('hex'), { mode: 0o600 });
    const restored = await restoreFolder({
      ...{ file: join(stick, 'b.db'), mayBeOlder: false, who, makesFolder: true },
      ...{ home: join(root, 'new'), environment: { SETTLEMENT_KEY_FILE: keyFile } },
    });
    expect(restored.ok).toBe(true);
    expect(readdirSync(root).filter((name) => name.startsWith('new.'))).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'is not restored where it changes under the reading',
    async () => {
      // It says that it is empty, and is not.
      const order = { file: '/proc/self/maps', mayBeOlder: true, who };
      expect(await restoreBackup({ folder, clock: testClock }, order)).toMatchObject({
        ok: false,
        refusal: { code: 'backup-unreadable', place: order.file },
      });
    },
  );

  it.each(['正在复制数据', '正在核对备份'])(
    'is refused in words where the stick is pulled out (%s), and the next one leaves nothing behind',
    async (moment) => {
      const store = await open();
      try {
        const onProgress = ({ zh }: { readonly zh: string }): void => {
          if (zh.startsWith(moment)) rmSync(stick, { recursive: true, force: true });
        };
        const order = { file: join(stick, 'b.db'), who };
        const made = await makeBackup({ folder, store, clock: testClock, onProgress }, order);
        expect(made).toMatchObject({ ok: false, refusal: { code: 'backup-place' } });
        mkdirSync(stick);
        for (const ending of ['', '-journal'])
          writeFileSync(
            join(stick, `.b.db.copying-${hostname()}.999999999-00000000.part${ending}`),
            '',
          );
        valueOf(await makeBackup({ folder, store, clock: testClock }, order));
        expect(readdirSync(stick)).toEqual(['b.db']);
      } finally {
        await store.close();
      }
    },
  );
});
