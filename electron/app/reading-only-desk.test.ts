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
  await made.value.close();
  return made.value.folder.databaseFile;
}

describe('a folder whose database is gone', () => {
  it('is looked at only: a desk opens, says so, settles nothing and makes no new database', async () => {
    const file = await makeFolder();
    rmSync(file);
    const started = await startApplication(options);
    if (!started.ok) throw new Error(started.refusal.code);
    const desk = started.value;
    try {
      const state = await desk.callFromWindow('desk:state', {});
      expect(state).toMatchObject({ ok: true, value: { readingOnly: { code: 'database-lost' } } });
      const settled = await desk.callFromWindow('settlement:settle-visit', {
        visitId: 'ZY20171110001',
        billVersion: 1,
        patientPaysFen: 135_800,
        tenders: [],
      });
      expect(settled).toMatchObject({ ok: false, refusal: { code: 'database-lost' } });
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
