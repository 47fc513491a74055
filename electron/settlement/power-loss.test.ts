import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openStore } from '../database/open-store.ts';
import { anchorBeside, createTestStore, type TestStore } from '../database/test-store.ts';
import { settleVisit } from './settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  valueOf,
} from './settlement.test-support.ts';
import { verifyFolder } from './verify-folder.ts';

/** A settlement and how long SQLite's log was on the disk when it was acknowledged. */
type Acknowledged = { readonly settlementId: string; readonly logBytes: number };

const depth = Number(process.env['TEST_DEPTH'] ?? '1');
let store: TestStore;
let log: Buffer;
/** What the folder remembered when the last of it had certainly reached the disk: before the settlements. */
let remembered: Buffer;
const acknowledged: Acknowledged[] = [];

beforeAll(async () => {
  store = await createTestStore();
  const dependencies = dependenciesOn(store, await ownPacks());
  const colon = await colonCancer();
  const visits = ['A', 'B', 'C', 'D'];
  for (const id of visits) await keepVisit(store, { ...colon, visit: { ...colon.visit, id } });
  await store.emptyLog();
  remembered = await readFile(anchorBeside(store.file));
  for (const visitId of visits) {
    const { settlement } = valueOf(await settleVisit(dependencies, { visitId, by: 'cashier1' }));
    const { length } = await readFile(`${store.file}-wal`);
    acknowledged.push({ settlementId: settlement.settlementId, logBytes: length });
  }
  log = await readFile(`${store.file}-wal`);
});

afterAll(async () => {
  await store.remove();
});

/** Opens the file as it would lie there after the power went, with this much of the log; says what is there. */
async function settlementsAfter(logLeft: Uint8Array) {
  const folder = await mkdtemp(join(tmpdir(), 'settlement-power-'));
  try {
    const file = join(folder, 'settlement.db');
    await copyFile(store.file, file);
    await writeFile(`${file}-wal`, logLeft);
    await writeFile(anchorBeside(file), remembered);
    const restarted = await openStore({ file, key: store.key });
    const { checks } = await verifyFolder({ store: restarted });
    const there: string[] = [];
    for (const { settlementId } of acknowledged) {
      const settlement = await restarted.read((all) => all.settlements.find(settlementId));
      if (settlement !== null) there.push(settlementId);
    }
    await restarted.close();
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    return there;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const idsOf = (list: readonly Acknowledged[]) => list.map(({ settlementId }) => settlementId);

describe('when the power goes', () => {
  it('every acknowledged settlement is in the log that had reached the disk', async () => {
    for (const { logBytes } of acknowledged) {
      const expected = acknowledged.filter((each) => each.logBytes <= logBytes);
      expect(await settlementsAfter(log.subarray(0, logBytes))).toEqual(idsOf(expected));
    }
  });

  it(
    'a log cut anywhere leaves whole settlements and books that add up',
    async () => {
      const cuts = fc.integer({ min: 0, max: log.length });
      const property = fc.asyncProperty(cuts, async (cut) => {
        const expected = acknowledged.filter(({ logBytes }) => logBytes <= cut);
        expect(await settlementsAfter(log.subarray(0, cut))).toEqual(idsOf(expected));
      });
      await fc.assert(property, { numRuns: depth > 1 ? 8 * depth : 3, endOnFailure: true });
    },
    300_000 * depth,
  );

  it(
    'a log with a wrong byte loses only what comes after it, never half a settlement',
    async () => {
      const bytes = fc.record({
        at: fc.integer({ min: 0, max: log.length - 1 }),
        change: fc.integer({ min: 1, max: 255 }),
      });
      const property = fc.asyncProperty(bytes, async ({ at, change }) => {
        const damaged = Buffer.from(log);
        damaged.writeUInt8(damaged.readUInt8(at) ^ change, at);
        const there = await settlementsAfter(damaged);
        expect(there).toEqual(idsOf(acknowledged).slice(0, there.length));
        const before = acknowledged.filter(({ logBytes }) => logBytes <= at);
        expect(there.length).toBeGreaterThanOrEqual(before.length);
      });
      await fc.assert(property, { numRuns: depth > 1 ? 8 * depth : 3, endOnFailure: true });
    },
    300_000 * depth,
  );
});
