import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import { packOf } from '../../shared/policy/packs.test-support.ts';
import { cancelSettlement } from './cancel-settlement.ts';
import { packName, type PackTexts } from './pack-texts.ts';
import { previewVisit } from './preview-visit.ts';
import { settleVisit } from './settle-visit.ts';
import { dependenciesOn, keepVisit, refusalOf, valueOf } from './settlement.test-support.ts';
import { verifyFolder } from './verify-folder.ts';

const pack = packOf();
const next = packOf({ ...pack.document, version: '1.0.1' });

let store: TestStore;

beforeEach(async () => {
  store = await createTestStore();
  for (const id of ['A', 'B', 'C']) {
    const input = plainInput(1000);
    await keepVisit(store, { ...input, visit: { ...input.visit, id } });
  }
});
afterEach(async () => {
  await store.remove();
});

const textOf = (letter: string): string => letter.repeat(64);
const window = (packs: (typeof pack)[], packTexts: PackTexts) => ({
  ...dependenciesOn(store, packs),
  packTexts,
});
const one = window([pack], new Map([[packName(pack), textOf('a')]]));
const settle = (dependencies: typeof one, visitId: string) =>
  settleVisit({ ...dependencies, store }, { visitId, by: 'cashier1' });

describe('a pack whose text is another than the one in force', () => {
  it('settles nothing, and is told from the one it was first settled by', async () => {
    valueOf(await settle(one, 'A'));
    const other = window([pack], new Map([[packName(pack), textOf('b')]]));
    const refused = await settle(other, 'B');
    expect(refusalOf(refused)).toBe('pack-differs');
    expect(JSON.stringify(refused)).toContain(packName(pack));
    const nothing = await store.read(async ({ settlements, visits }) => ({
      settled: await settlements.findLive('B', 1),
      intents: await settlements.openIntents(9),
      state: (await visits.find('B'))?.state,
    }));
    expect(nothing).toEqual({ settled: null, intents: [], state: 'unsettled' });
    // What was settled stands, may be looked at, and the right text goes on.
    expect(valueOf(await settle(other, 'A')).already).toBe(true);
    expect((await previewVisit({ ...other, store }, { visitId: 'B' })).ok).toBe(true);
    valueOf(await settle(one, 'B'));
  });

  it('under a higher version is another pack: the higher one counts', async () => {
    valueOf(await settle(one, 'A'));
    const changed = window(
      [pack, next],
      new Map([
        [packName(pack), textOf('a')],
        [packName(next), textOf('b')],
      ]),
    );
    expect(valueOf(await settle(changed, 'B')).settlement.result.packVersion).toBe('1.0.1');
    const kept = await store.read(({ packsInForce }) => packsInForce.list());
    expect(kept.map(({ version, sha256 }) => [version, sha256])).toEqual([
      ['1.0.0', textOf('a')],
      ['1.0.1', textOf('b')],
    ]);
  });

  it('is told by verifying, and one that is gone is worth knowing', async () => {
    valueOf(await settle(one, 'A'));
    const checkOf = async (packTexts: PackTexts) =>
      (await verifyFolder({ store, packTexts })).checks.find(({ name }) => name === 'packs');
    const right = new Map([[packName(pack), textOf('a')]]);
    expect(await checkOf(right)).toEqual({ name: 'packs', ok: true, problems: [] });
    // A pack that nothing was ever settled by is none of the books' affair.
    expect(await checkOf(new Map([...right, ['another@1.0.0', textOf('c')]]))).toMatchObject({
      ok: true,
    });
    const edited = await checkOf(new Map([[packName(pack), textOf('b')]]));
    expect(edited).toMatchObject({ ok: false, problems: [{ about: packName(pack) }] });
    expect(edited?.problems[0]?.problem).toMatch(/bbbbbbbbbbbb.*aaaaaaaaaaaa/);
    expect(await checkOf(new Map())).toMatchObject({
      ok: true,
      notes: [{ about: packName(pack) }],
    });
  });

  it('is named by a cancellation that decided later settlements again by it', async () => {
    const first = valueOf(await settle(one, 'A')).settlement;
    const second = valueOf(await settle(one, 'B')).settlement;
    const cancel = async (dependencies: typeof one, settlementId: string) =>
      valueOf(
        await cancelSettlement(
          { ...dependencies, store },
          { settlementId, reason: '录入有误', by: 'cashier1', approvedBy: 'supervisor1' },
        ),
      ).warnings;
    const other = window([pack], new Map([[packName(pack), textOf('b')]]));
    const [warning, ...more] = await cancel(other, first.settlementId);
    expect(more).toEqual([]);
    expect(warning).toMatchObject({ code: 'decided-by-edited-pack', place: packName(pack) });
    expect(warning?.text.zh).toMatch(/取消已经完成.*没有为它们收退钱/);
    // The right text back: asked again it cancels nothing twice, and its list may be relied on.
    expect(await cancel(one, first.settlementId)).toEqual([]);
    // Nothing stands any more that would be decided again, so nothing is to be doubted.
    expect(await cancel(other, second.settlementId)).toEqual([]);
  });
});
