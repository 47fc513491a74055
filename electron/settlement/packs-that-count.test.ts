import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import {
  allAccepted,
  approvePacks,
  packOfText,
} from '../policy-packs/approve-packs.test-support.ts';
import { approvePack } from '../policy-packs/approve-pack.ts';
import { hereOf, preparePack, type PackToApprove } from '../policy-packs/prepare-pack.ts';
import { withdrawPack } from '../policy-packs/withdraw-pack.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { fen } from '../../shared/money/fen.ts';
import { packOf, percentParameter, stepOf } from '../../shared/policy/packs.test-support.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import { movableClock } from '../security/users.test-support.ts';
import type { LivePayer } from './ask-live-payers.ts';
import { packName } from './pack-texts.ts';
import { previewVisit } from './preview-visit.ts';
import { settleVisit } from './settle-visit.ts';
import { dependenciesOn, keepVisit, refusalOf, valueOf } from './settlement.test-support.ts';
import { reportSupplements } from './supplements-report.ts';
import { verifyFolder } from './verify-folder.ts';

const pack = packOf();
const next = packOf({
  ...pack.document,
  version: '1.2.0',
  parameters: { half: percentParameter('60') },
});
const [first, second] = [packOfText(pack, 'one'), packOfText(next, 'two')];

/** A pack whose rate nobody has a source for, beside a step that has. */
const guessing = packOf({
  parameters: {
    guessed: {
      unit: 'percent',
      name: { zh: '救助比例', en: 'assistance rate' },
      value: '40',
      assumed: true,
      reason: { zh: '出处没有写比例', en: 'the source gives no rate' },
    },
  },
  steps: [
    stepOf({ id: 'basic' }),
    stepOf({
      id: 'assistance',
      payer: 'medical-assistance',
      base: 'in-scope-residual',
      rate: 'guessed',
      appliesTo: { categories: { any: ['registered-poor'] } },
    }),
  ],
});
const guessed = packOfText(guessing, 'guessing');

let store: TestStore;
const clock = movableClock();
beforeEach(async () => {
  store = await createTestStore();
  for (const id of ['A', 'B', 'C']) await keep(id);
});
afterEach(() => store.remove());

const keep = (id: string, poor = false) => {
  const input = plainInput(1000);
  const categories = poor ? [{ name: 'registered-poor' as const }] : [];
  return keepVisit(store, {
    ...input,
    visit: { ...input.visit, id },
    person: { ...input.person, categories },
  });
};

/** The desk of a folder at work with these packs in its folders. */
const deskOf = (...here: readonly PackToApprove[]) => ({
  ...dependenciesOn(
    store,
    here.map(({ compiled }) => compiled as typeof pack),
  ),
  approvedOnly: new Map(here.map(({ compiled, whole }) => [packName(compiled), whole])),
  packTexts: new Map(here.map(({ compiled, fingerprint }) => [packName(compiled), fingerprint])),
});
const parts = () => ({ store, clock, ids: timeOrderedIds(), folder: { kind: 'live' } as const });
const by = (userId: string) => ({ userId, page: 'a test' });
const settle = (desk: ReturnType<typeof deskOf>, visitId: string) =>
  settleVisit(desk, { visitId, by: 'cashier1' });
const preview = (desk: ReturnType<typeof deskOf>, visitId: string) =>
  previewVisit(desk, { visitId });
const said = async (of: ReturnType<typeof settle> | ReturnType<typeof preview>) => {
  const answer = await of;
  return answer.ok ? 'accepted' : `${answer.refusal.code}: ${answer.refusal.message.zh}`;
};
const withdraw = async (of: PackToApprove, reason = '县里通知停用') =>
  valueOf(await withdrawPack(parts(), hereOf(of), { reason }, by('policy1')));

describe('a pack in a folder at work', () => {
  it('settles nothing and is not previewed until a second person approves it; then it does', async () => {
    const desk = deskOf(first);
    for (const act of [settle, preview]) {
      expect(await said(act(desk, 'A'))).toMatch(/^no-pack: .*还没有批准使用.*没有结算/);
    }
    valueOf(await preparePack(parts(), first, { accepted: [] }, by('policy1')));
    for (const act of [settle, preview])
      expect(await said(act(desk, 'A'))).toMatch(/^no-pack: .*还没有主管批准/);
    valueOf(await approvePack(parts(), first, {}, by('supervisor1')));
    expect(await said(preview(desk, 'A'))).toBe('accepted');
    expect(valueOf(await settle(desk, 'A')).settlement.result.packVersion).toBe('1.0.0');
    expect((await verifyFolder({ store })).ok).toBe(true);
  });

  it('is nobody’s self-pay: a visit it is for waits, one nothing is for is all self-pay as ever', async () => {
    const elsewhere = plainInput(1000);
    await keepVisit(store, {
      ...elsewhere,
      visit: { ...elsewhere.visit, id: 'elsewhere' },
      person: { ...elsewhere.person, idNumber: '110105194912310021', insuredPlace: '110105' },
    });
    const desk = deskOf(first);
    expect(await said(settle(desk, 'A'))).toMatch(/^no-pack/);
    expect(valueOf(await settle(desk, 'elsewhere')).settlement.result.pack).toBe('self-pay');
  });

  it('counts for every file as it was approved: an edit of its text or a file it names ends that', async () => {
    await approvePacks(parts(), [first]);
    for (const edited of [packOfText(pack, 'edited'), { ...first, whole: 'f'.repeat(64) }]) {
      for (const act of [settle, preview])
        expect(await said(act(deskOf(edited), 'A'))).toMatch(/^no-pack: .*改过/);
    }
    // The text its version stands for never changes; a file beside it may, and is approved anew.
    const approvedText = await preparePack(
      parts(),
      packOfText(pack, 'edited'),
      { accepted: [] },
      by('policy1'),
    );
    expect(refusalOf(approvedText)).toBe('pack-differs');
    const beside = { ...first, whole: 'f'.repeat(64) };
    await approvePacks(parts(), [beside]);
    expect(await said(settle(deskOf(beside), 'A'))).toBe('accepted');
    expect(await said(settle(deskOf(first), 'B'))).toMatch(/^no-pack: .*改过/);
  });

  it('goes on by the approved version while a higher one is a draft, and by that once it is approved', async () => {
    await approvePacks(parts(), [first]);
    const desk = deskOf(first, second);
    expect(valueOf(await settle(desk, 'A')).settlement.result.packVersion).toBe('1.0.0');
    await approvePacks(parts(), [second]);
    expect(valueOf(await settle(desk, 'B')).settlement.result.packVersion).toBe('1.2.0');
  });

  it('once withdrawn settles nothing more, nor does the version before it, until one is approved again', async () => {
    await approvePacks(parts(), [first, second]);
    const desk = deskOf(first, second);
    const { settlement } = valueOf(await settle(desk, 'A'));
    await withdraw(second);
    expect(await said(settle(desk, 'B'))).toMatch(/^no-pack: .*已停用（县里通知停用）/);
    // What was settled stands and is shown.
    expect(valueOf(await settle(desk, 'A')).settlement.settlementId).toBe(settlement.settlementId);
    expect(await said(preview(desk, 'A'))).toBe('accepted');
    await withdraw(first, '重新核对');
    await approvePacks(parts(), [first]);
    expect(valueOf(await settle(desk, 'B')).settlement.result.packVersion).toBe('1.0.0');
  });

  it('whose files are gone or cannot be read makes nobody pay all by himself, until it is withdrawn', async () => {
    await approvePacks(parts(), [first]);
    const without = deskOf();
    for (const act of [settle, preview])
      expect(await said(act(without, 'A'))).toMatch(/^no-pack: .*a-county@1\.0\.0 的文件不在了/);
    await withdraw(first);
    expect(valueOf(await settle(without, 'A')).settlement.result.pack).toBe('self-pay');
  });

  it('is asked again in the transaction that settles: withdrawn while a payer was asked, nothing is kept', async () => {
    await approvePacks(parts(), [first]);
    const desk = deskOf(first);
    const payer: LivePayer = async () => {
      await withdraw(first);
      return { basic: fen(50_000) };
    };
    const livePayers = new Map([['basic-medical-insurance', payer]]);
    const settled = await settleVisit({ ...desk, livePayers }, { visitId: 'A', by: 'cashier1' });
    expect(settled).toMatchObject({ ok: false, refusal: { code: 'no-pack' } });
    const standing = await store.read(({ settlements }) => settlements.findLive('A', 1));
    expect(standing).toBeNull();
  });

  it('does not hang on a clock: one set back a year changes nothing', async () => {
    await approvePacks(parts(), [first]);
    clock.moveBy(-400 * 86_400);
    await withdraw(first);
    expect(await said(settle(deskOf(first), 'A'))).toMatch(/^no-pack: .*已停用/);
    clock.moveBy(-400 * 86_400);
    await approvePacks(parts(), [first]);
    expect(await said(settle(deskOf(first), 'A'))).toBe('accepted');
    clock.moveBy(800 * 86_400);
  });

  it('that was approved in a demo counts in none that is at work', async () => {
    const demo = { ...parts(), folder: { kind: 'demo' } as const };
    await approvePacks(demo, [first]);
    expect(await said(settle(deskOf(first), 'A'))).toMatch(/^no-pack/);
    // A demo itself asks for nothing.
    const exempt = { ...deskOf(first), approvedOnly: null };
    expect((await settleVisit(exempt, { visitId: 'A', by: 'cashier1' })).ok).toBe(true);
  });

  it('shares its approval with whoever opens the same books: a copy of the folder is the same hospital', async () => {
    await approvePacks(parts(), [first]);
    const other = await store.another();
    const settled = await settleVisit(
      { ...deskOf(first), store: other },
      { visitId: 'A', by: 'cashier1' },
    );
    expect(settled.ok).toBe(true);
  });
});

describe('an assumption of a pack', () => {
  beforeEach(async () => {
    await keep('poor', true);
    valueOf(await preparePack(parts(), guessed, { accepted: [] }, by('policy1')));
    valueOf(await approvePack(parts(), guessed, {}, by('supervisor1')));
  });

  it('keeps a step from paying until two persons take it for right, and no other step', async () => {
    const desk = deskOf(guessed);
    expect(await said(settle(desk, 'A'))).toBe('accepted');
    for (const act of [settle, preview]) {
      const refused = await said(act(desk, 'poor'));
      expect(refused).toMatch(/^no-pack: .*“assistance”要支付 200\.00 元.*救助比例/);
    }
    const accepting = { accepted: allAccepted(guessed) };
    valueOf(await preparePack(parts(), guessed, accepting, by('policy1')));
    // Only prepared: still open, and what was approved goes on.
    expect(await said(settle(desk, 'poor'))).toMatch(/^no-pack: .*救助比例/);
    expect(await said(settle(desk, 'B'))).toBe('accepted');
    valueOf(await approvePack(parts(), guessed, {}, by('supervisor1')));
    expect(await said(settle(desk, 'poor'))).toBe('accepted');
  });

  it('keeps supplements from being told where they would be paid by it', async () => {
    const desk = deskOf(guessed);
    valueOf(await settle(desk, 'A'));
    const record = await store.read(({ visits }) => visits.find('A'));
    await store.transact(({ persons }) =>
      persons.replaceCategories(record?.personId ?? '', '民政局', [{ name: 'registered-poor' }]),
    );
    const report = () => reportSupplements(desk, { personIds: 'all' });
    const before = await report();
    expect(before.settlements).toBe(0);
    expect(before.notReckoned.map(({ refusal }) => refusal.code)).toEqual(['no-pack']);
    await approvePacks(parts(), [guessed]);
    const after = await report();
    expect([after.settlements, after.totals.supplementFen]).toEqual([1, 20_000]);
    await withdraw(guessed);
    expect((await report()).notReckoned.map(({ refusal }) => refusal.code)).toEqual(['no-pack']);
  });
});

describe('an approval in the books', () => {
  beforeEach(async () => {
    await store.transact(({ folderFacts }) => folderFacts.set('kind', 'live'));
    await approvePacks(parts(), [first]);
    valueOf(await settle(deskOf(first), 'A'));
  });
  const failing = async () =>
    (await verifyFolder({ store })).checks.filter(({ ok }) => !ok).map(({ name }) => name);

  it('adds up', async () => {
    expect(await failing()).toEqual([]);
  });

  it.each([
    ['taken out by hand', `delete from pack_acts where act = 'approve'`],
    [
      'put in by hand',
      `insert into pack_acts select 'x', 'prepare', pack, version, fingerprint,
      null, null, null, folder_kind, at, done_by, done_page, 999 from pack_acts where act = 'prepare'`,
    ],
    ['of another person', `update pack_acts set done_by = 'policy1' where act = 'approve'`],
    [
      'of other files',
      `update pack_acts set fingerprint = '${'e'.repeat(64)}' where act = 'prepare'`,
    ],
    [
      'that the folder settled by it before, made up',
      `insert into pack_acts (id, act, pack, version, folder_kind, at, entry)
      values ('x', 'settled-before', 'b-county', '1.0.0', 'live', '2017', 0)`,
    ],
    ['later than what was settled by it', `update pack_acts set entry = entry + 100`],
  ])('is found out where it was %s', async (_, statement) => {
    await store.tamper(statement);
    expect(await failing()).toContain('pack-approvals');
  });
});
