import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { killedAt } from '../base/killed-at.test-support.ts';
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
import { restoreBackup } from './restore-backup.ts';

const program = fileURLToPath(new URL('./testing/backup-program.ts', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'backup-crash-'));
const [home, kept] = [join(root, 'home'), join(root, 'kept')];
const key = randomBytes(32);
const folder = { home, id: 'folder A', key, databaseFile: join(home, 'settlement.db') };
/** From before the second settlement. */
const backup = join(root, 'backup.db');
const fresh = join(root, 'fresh.db');
const who = 'clerk1';

const open = (): Promise<OpenedStore> =>
  openStore({ file: folder.databaseFile, key, folderId: folder.id, mustExist: true });

beforeAll(async () => {
  mkdirSync(home);
  const packs = await ownPacks();
  const store = await openStore({ file: folder.databaseFile, key, folderId: folder.id });
  const colon = await colonCancer();
  for (const id of ['A', 'B']) {
    await keepVisit(store, { ...colon, visit: { ...colon.visit, id } });
  }
  const settle = async (visitId: string) =>
    valueOf(await settleVisit(dependenciesOn(store, packs), { visitId, by: 'cashier1' }));
  await settle('A');
  valueOf(await makeBackup({ folder, store, clock: testClock }, { file: backup, who }));
  await settle('B');
  await store.close();
  cpSync(home, kept, { recursive: true });
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  rmSync(home, { recursive: true, force: true });
  rmSync(fresh, { force: true });
  cpSync(kept, home, { recursive: true });
});

/** Backs up or restores in a process of its own, which dies at a point. */
async function dieAt(point: string, act: 'backup' | 'restore', file: string): Promise<void> {
  await killedAt(point, program, [act, home, key.toString('hex'), folder.id, file]);
}

/** Which visits are settled in the folder; it is whole, may be written, and everything in it adds up. */
async function settledVisits(): Promise<readonly string[]> {
  const store = await open();
  try {
    expect(store.readingOnly()).toBeNull();
    const { checks } = await verifyFolder({ store });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    const settled: string[] = [];
    for (const visitId of ['A', 'B']) {
      const found = await store.read(({ settlements }) => settlements.ofVisit(visitId));
      if (found.length > 0) settled.push(visitId);
    }
    return settled;
  } finally {
    await store.close();
  }
}

describe('a restore that is killed', { timeout: 300_000 }, () => {
  it.each([
    ['restore:copy-ready', ['A', 'B']],
    ['restore:before-name', ['A', 'B']],
    ['restore:after-name', ['A']],
  ])(
    'at %s leaves the old folder or the restored one, and may be begun anew',
    async (point, is) => {
      await dieAt(point, 'restore', backup);
      expect(await settledVisits()).toEqual(is);
      const order = { file: backup, mayBeOlder: true, who };
      valueOf(await restoreBackup({ folder, clock: testClock }, order));
      expect(await settledVisits()).toEqual(['A']);
      expect(readdirSync(home).filter((name) => name.startsWith('restoring-'))).toEqual([]);
    },
  );
});

describe('a backup that is killed', { timeout: 300_000 }, () => {
  it.each([
    ['backup:before-name', false],
    ['backup:after-name', true],
  ])(
    'at %s is a whole one or none, nothing of it is left by the next, and the folder is as it was',
    async (point, isThere) => {
      await dieAt(point, 'backup', fresh);
      expect(existsSync(fresh)).toBe(isThere);
      expect(await settledVisits()).toEqual(['A', 'B']);
      if (!isThere) {
        const later = join(root, 'later.db');
        const store = await open();
        valueOf(await makeBackup({ folder, store, clock: testClock }, { file: later, who }));
        await store.close();
        expect(readdirSync(root).filter((name) => name.endsWith('.part'))).toEqual([]);
        rmSync(later);
        return;
      }
      const order = { file: fresh, mayBeOlder: true, who };
      valueOf(await restoreBackup({ folder, clock: testClock }, order));
      expect(await settledVisits()).toEqual(['A', 'B']);
    },
  );
});
