import {
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { settleVisit } from '../settlement/settle-visit.ts';
import {
  cheapHasher,
  firstAdministrator,
  goodPassword,
  worker,
} from '../security/users.test-support.ts';
import type { Application } from './application.ts';
import { openServices } from './open-services.ts';
import { startApplication } from './start-application.ts';

const root = mkdtempSync(join(tmpdir(), 'reading-only-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const keyFile = join(root, 'key');
writeFileSync(keyFile, 'ab'.repeat(32), { mode: 0o600 });
const options = {
  home: join(root, 'desk'),
  wanted: null,
  whenMissing: 'make-live',
  environment: { SETTLEMENT_KEY_FILE: keyFile },
} as const;

async function makeFolder(): Promise<string> {
  rmSync(options.home, { recursive: true, force: true });
  const made = await openServices(options);
  if (!made.ok) throw new Error(made.refusal.code);
  const { store, clock, folder } = made.value;
  const parts = { store, clock, folder, hasher: cheapHasher };
  const boss = await firstAdministrator(parts);
  await worker(parts, boss, { userId: 'c001', name: '林秋', role: 'cashier' });
  await made.value.close();
  return made.value.folder.databaseFile;
}

/** The cashier sits down at the desk, as far as there is anybody to know. */
async function signIn(desk: Application): Promise<void> {
  const given = { userId: 'c001', password: goodPassword };
  expect(await desk.callFromWindow('people:sign-in', given)).toMatchObject({ ok: true });
}

describe('a folder whose database is gone', () => {
  it('is looked at only: a desk opens, says so, settles nothing and makes no new database', async () => {
    const file = await makeFolder();
    rmSync(file);
    const started = await startApplication(options);
    if (!started.ok) throw new Error(started.refusal.code);
    const desk = started.value;
    try {
      const who = await desk.callFromWindow('people:who', {});
      expect(who).toMatchObject({
        value: { isFirstStart: false, user: null, readingOnly: { code: 'database-lost' } },
      });
      // Who worked here is lost with the rest: nobody comes in, and nobody makes himself the administrator.
      const first = { userId: 'thief', name: '某人', password: goodPassword };
      expect(await desk.callFromWindow('people:make-first', first)).toMatchObject({
        refusal: { code: 'database-lost' },
      });
      const known = { userId: 'c001', password: goodPassword };
      expect(await desk.callFromWindow('people:sign-in', known)).toMatchObject({
        refusal: { code: 'sign-in-refused' },
      });
      const settled = await desk.callFromWindow('settlement:settle-visit', {
        visitId: 'ZY20171110001',
        billVersion: 1,
        patientPaysFen: 135_800,
        tenders: [],
      });
      expect(settled).toMatchObject({ ok: false, refusal: { code: 'not-signed-in' } });
    } finally {
      await desk.close();
    }
    expect(existsSync(file)).toBe(false);
    expect(readdirSync(options.home).filter((name) => name.startsWith('settlement.db'))).toEqual(
      [],
    );
  });

  it('refuses every act that writes by its reason, also where the file is there and empty', async () => {
    const file = await makeFolder();
    truncateSync(file, 0);
    const opened = await openServices(options);
    if (!opened.ok) throw new Error(opened.refusal.code);
    const services = opened.value;
    const reason = services.store.readingOnly();
    expect(reason).toMatchObject({
      code: 'database-lost',
      details: [{ about: 'settlement.db' }],
    });
    const settling = settleVisit(services, { visitId: 'ZY20171110001', by: 'cashier1' });
    await expect(settling).rejects.toMatchObject({ name: 'ReadingOnlyError', reason });
    await services.close();
    expect(statSync(file).size).toBe(0);
  });
});

describe('a desk whose database is deleted while it runs', () => {
  it('says so, refuses the next settlement by that reason, and makes no new database when it ends', async () => {
    const file = await makeFolder();
    const started = await startApplication(options);
    if (!started.ok) throw new Error(started.refusal.code);
    const desk = started.value;
    try {
      await signIn(desk);
      expect(await desk.callFromWindow('desk:state', {})).toMatchObject({
        value: { readingOnly: null },
      });
      rmSync(file);
      const settled = await desk.callFromWindow('settlement:settle-visit', {
        visitId: 'ZY20171110001',
        billVersion: 1,
        patientPaysFen: 135_800,
        tenders: [],
      });
      expect(settled).toMatchObject({ ok: false, refusal: { code: 'database-lost' } });
      expect(await desk.callFromWindow('desk:state', {})).toMatchObject({
        value: { readingOnly: { code: 'database-lost' } },
      });
    } finally {
      await desk.close();
    }
    expect(existsSync(file)).toBe(false);
  });
});
