import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { fen, fenMax } from '../../shared/money/fen.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { cancelSettlement } from './cancel-settlement.ts';
import { previewVisit } from './preview-visit.ts';
import { settleVisit } from './settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  refusalOf,
  valueOf,
  type TestDependencies,
} from './settlement.test-support.ts';
import { verifyFolder } from './verify-folder.ts';

let store: TestStore;
let packs: readonly CompiledPack[];
let dependencies: TestDependencies;
let colon: SettlementInput;

beforeEach(async () => {
  store = await createTestStore();
  packs = await ownPacks();
  dependencies = dependenciesOn(store, packs);
  colon = await colonCancer();
});

afterEach(async () => {
  const verification = await verifyFolder({ store });
  await store.remove();
  expect(verification.checks.filter(({ ok }) => !ok)).toEqual([]);
});

const withVisit = (input: SettlementInput, parts: Partial<SettlementInput['visit']>) => ({
  ...input,
  visit: { ...input.visit, ...parts },
});
const settle = (visitId: string, more = {}) =>
  settleVisit(dependencies, { visitId, by: 'cashier1', ...more });

describe('settling a visit', () => {
  it('records the published case to the fen, with one claim per payer that owes', async () => {
    const visitId = await keepVisit(store, colon);
    const { already, settlement } = valueOf(await settle(visitId));
    expect(already).toBe(false);
    expect(settlement.number).toBe('JS20171127-0001');
    expect(settlement.result).toMatchObject({ totalFen: 1490400, patientPaysFen: 135800 });
    await store.read(async (repositories) => {
      const { settlementId } = settlement;
      const claims = await repositories.claims.ofSettlement(settlementId);
      expect(
        claims.map(({ destination, claimedFen, state }) => [destination, claimedFen, state]),
      ).toEqual([
        ['basic-medical-insurance', 1092200, 'waiting'],
        ['medical-assistance', 126400, 'waiting'],
        ['hospital-reduction', 136000, 'waiting'],
      ]);
      expect(new Set(claims.map(({ messageId }) => messageId)).size).toBe(3);
      for (const { messageId } of claims)
        expect(messageId).toMatch(/^H4306260000120171127101500\d{4}$/);
      expect(await repositories.settlements.tendersOf(settlementId)).toEqual([
        { kind: 'cash', amountFen: 135800 },
      ]);
      expect(await repositories.settlements.sharesOf(settlementId)).toHaveLength(6);
      const jobs = await repositories.printJobs.ofSettlement(settlementId);
      expect(jobs.map(({ document }) => document).sort()).toEqual(['receipt', 'statement']);
      const files = await repositories.hospitalFiles.ofSettlement(settlementId);
      expect(files.map(({ kind }) => kind)).toEqual(['settled']);
      expect((await repositories.visits.find(visitId))?.state).toBe('settled');
      expect(await repositories.settlements.inputOf(settlementId)).toMatchObject({
        visit: colon.visit,
      });
    });
  });

  it('answers a second time with the same settlement', async () => {
    const visitId = await keepVisit(store, colon);
    const first = valueOf(await settle(visitId));
    const again = valueOf(await settle(visitId));
    expect(again).toEqual({ already: true, settlement: first.settlement });
  });

  it('gives one settlement to thirty-two who settle at once from two programs', async () => {
    const visitId = await keepVisit(store, colon);
    const second = dependenciesOn(await store.another(), packs);
    const attempts = Array.from({ length: 32 }, (_, index) =>
      settleVisit(index % 2 === 0 ? dependencies : second, {
        visitId,
        by: `cashier${String(index)}`,
      }),
    );
    const settled = (await Promise.all(attempts)).map(valueOf);
    expect(new Set(settled.map(({ settlement }) => settlement.settlementId)).size).toBe(1);
    expect(settled.filter(({ already }) => !already)).toHaveLength(1);
  });

  it('finishes what a crash left under the same id, number and message ids', async () => {
    const visitId = await keepVisit(store, colon);
    const dies = new Map([
      ['basic-medical-insurance', () => Promise.reject(new Error('the plug was pulled'))],
    ]);
    const crashed = settleVisit({ ...dependencies, livePayers: dies }, { visitId, by: 'cashier1' });
    await expect(crashed).rejects.toThrow('the plug was pulled');
    const [intent] = await store.read(({ settlements }) => settlements.openIntents(10));
    const { checks } = await verifyFolder({ store });
    expect(checks.find(({ name }) => name === 'intents')?.notes).toHaveLength(1);
    const restarted = dependenciesOn(await store.another(), packs);
    const { settlement, already } = valueOf(
      await settleVisit(restarted, { visitId, by: 'cashier2' }),
    );
    expect(already).toBe(false);
    expect(settlement).toMatchObject({
      settlementId: intent?.settlementId,
      number: intent?.number,
    });
    const claims = await store.read((all) => all.claims.ofSettlement(settlement.settlementId));
    expect(Object.fromEntries(claims.map((claim) => [claim.destination, claim.messageId]))).toEqual(
      intent?.messageIds,
    );
  });

  it('numbers the settlements of a business day one after the other', async () => {
    const numbers: string[] = [];
    for (const id of ['A', 'B', 'C']) {
      const visitId = await keepVisit(store, withVisit(colon, { id }));
      numbers.push(valueOf(await settle(visitId)).settlement.number);
    }
    expect(numbers).toEqual(['JS20171127-0001', 'JS20171127-0002', 'JS20171127-0003']);
  });

  it('charges the second stay of the year on the counters of the first', async () => {
    await keepVisit(store, colon);
    await keepVisit(store, withVisit(colon, { id: 'ZY2' }));
    valueOf(await settle(colon.visit.id));
    const preview = valueOf(await previewVisit(dependencies, { visitId: 'ZY2' }));
    expect(preview.input.yearToDate).toMatchObject({
      admissions: 1,
      selfPayFen: 135800,
      includesVisits: [colon.visit.id],
      levels: ['county'],
    });
    const { settlement } = valueOf(await settle('ZY2'));
    expect(settlement.result.yearToDate.admissions).toBe(2);
  });

  it('says so where only our own settlements of the year are known', async () => {
    await keepVisit(store, { ...colon, yearToDate: null });
    await keepVisit(store, { ...withVisit(colon, { id: 'ZY2' }), yearToDate: null });
    valueOf(await settle(colon.visit.id));
    const { result } = valueOf(await previewVisit(dependencies, { visitId: 'ZY2' }));
    expect(result.warnings.map(({ code }) => code)).toContain('year-to-date-ours-only');
  });

  it('counts a category that only a register knows', async () => {
    const unknown = { ...colon, person: { ...colon.person, categories: [] } };
    const visitId = await keepVisit(store, unknown);
    const before = valueOf(await previewVisit(dependencies, { visitId }));
    expect(before.notCovered?.code).toBe('no-pack');
    expect(before.result.patientPaysFen).toBe(1490400);
    await store.transact(({ persons }) =>
      persons.replaceCategories(before.record.personId, 'civil-affairs', [
        { name: 'registered-poor', from: '2017-01-01' },
      ]),
    );
    expect(valueOf(await settle(visitId)).settlement.result.patientPaysFen).toBe(135800);
  });

  it('settles a person no pack covers as all self-pay, without claims', async () => {
    const visitId = await keepVisit(store, {
      ...colon,
      person: { ...colon.person, insurance: 'none' },
    });
    const { settlement } = valueOf(await settle(visitId));
    expect(settlement.result).toMatchObject({
      pack: 'self-pay',
      patientPaysFen: 1490400,
      shares: [],
    });
    const claims = await store.read((all) => all.claims.ofSettlement(settlement.settlementId));
    expect(claims).toEqual([]);
  });

  it('shows a settled visit as it was settled', async () => {
    const visitId = await keepVisit(store, colon);
    const before = valueOf(await previewVisit(dependencies, { visitId }));
    expect(before).toMatchObject({ settlement: null, confirmRefusal: null, notCovered: null });
    expect(before.bill.lineCount).toBeGreaterThanOrEqual(60);
    const { settlement } = valueOf(await settle(visitId));
    const after = valueOf(await previewVisit(dependencies, { visitId }));
    expect(after.settlement).toEqual(settlement);
    expect(after.result).toEqual(settlement.result);
  });
});

describe('settling is refused, and nothing is kept,', () => {
  const nothingKept = async () => {
    expect(await store.read(({ settlements }) => settlements.openIntents(10))).toEqual([]);
    expect(
      await store.read(({ settlements }) => settlements.findLive(colon.visit.id, 1)),
    ).toBeNull();
  };

  it('for a visit nobody knows', async () => {
    expect(refusalOf(await settle('nobody'))).toBe('visit-unknown');
    expect(refusalOf(await previewVisit(dependencies, { visitId: 'nobody' }))).toBe(
      'visit-unknown',
    );
  });

  it('while the hospital says the visit is not ready; it can be previewed', async () => {
    const blocked = withVisit(colon, { blockers: [{ code: 'orders', text: '医嘱未停' }] });
    const visitId = await keepVisit(store, blocked);
    const preview = valueOf(await previewVisit(dependencies, { visitId }));
    expect(preview.confirmRefusal?.code).toBe('visit-not-ready');
    const refusal = await settle(visitId);
    expect(refusalOf(refusal)).toBe('visit-not-ready');
    expect(refusal.ok ? '' : refusal.refusal.message.zh).toContain('医嘱未停');
    await nothingKept();
  });

  it('when the bill or the amount is not what the cashier confirmed', async () => {
    const visitId = await keepVisit(store, colon);
    const amount = { patientPaysFen: fen(135900), billVersion: 1 };
    const refusal = await settle(visitId, { expected: amount });
    expect(refusal).toMatchObject({
      refusal: {
        code: 'preview-outdated',
        details: [{ expected: amount, actual: { patientPaysFen: 135800, billVersion: 1 } }],
      },
    });
    await nothingKept();
    await keepVisit(store, withVisit(colon, { bed: '99' }));
    const bill = { patientPaysFen: fen(135800), billVersion: 1 };
    expect(refusalOf(await settle(visitId, { expected: bill }))).toBe('preview-outdated');
    const now = { patientPaysFen: fen(135800), billVersion: 2 };
    expect(refusalOf(await settle(visitId, { expected: now }))).toBeNull();
  });

  it.each([
    ['too little', [{ kind: 'cash', amountFen: fen(135799) }]],
    ['too much', [{ kind: 'cash', amountFen: fen(135801) }]],
    [
      'money paid one way to be given back another',
      [
        { kind: 'card', amountFen: fen(235800) },
        { kind: 'cash', amountFen: fen(-100000) },
      ],
    ],
    [
      'more than money goes',
      [
        { kind: 'card', amountFen: fen(fenMax) },
        { kind: 'cash', amountFen: fen(fenMax) },
      ],
    ],
    [
      'nothing stated as a way of paying',
      [
        { kind: 'cash', amountFen: fen(135800) },
        { kind: 'card', amountFen: fen(0) },
      ],
    ],
  ])('for tenders that are %s', async (_, tenders) => {
    const visitId = await keepVisit(store, colon);
    expect(refusalOf(await settle(visitId, { tenders }))).toBe('tender-mismatch');
    await nothingKept();
  });

  it('where a live payer says another amount, and asking again uses the same message id', async () => {
    const visitId = await keepVisit(store, colon);
    const asked: string[] = [];
    const answering = (amount: number) =>
      new Map([
        [
          'basic-medical-insurance',
          ({ messageId }: { readonly messageId: string }) => {
            asked.push(messageId);
            return Promise.resolve({ basic: fen(amount) });
          },
        ],
      ]);
    const other = { ...dependencies, livePayers: answering(1092199) };
    expect(refusalOf(await settleVisit(other, { visitId, by: 'cashier1' }))).toBe(
      'payer-figures-differ',
    );
    const same = { ...dependencies, livePayers: answering(1092200) };
    const { settlement } = valueOf(await settleVisit(same, { visitId, by: 'cashier1' }));
    expect(new Set(asked).size).toBe(1);
    const shares = await store.read((all) => all.settlements.sharesOf(settlement.settlementId));
    expect(
      shares.map(({ step, decidedBy, payerFen }) => [step, decidedBy, payerFen]),
    ).toContainEqual(['basic', 'payer', 1092200]);
  });
});

describe('tenders', () => {
  it('may be several that add up to what is due', async () => {
    const visitId = await keepVisit(store, colon);
    const tenders = [
      { kind: 'personal-account', amountFen: fen(35800) },
      { kind: 'wechat', amountFen: fen(100000) },
    ];
    const { settlement } = valueOf(await settle(visitId, { tenders }));
    expect(await store.read((all) => all.settlements.tendersOf(settlement.settlementId))).toEqual(
      tenders,
    );
  });

  it('give back what is left of the deposit as negative cash', async () => {
    const visitId = await keepVisit(store, withVisit(colon, { depositFen: fen(200000) }));
    const { settlement } = valueOf(await settle(visitId));
    expect(await store.read((all) => all.settlements.tendersOf(settlement.settlementId))).toEqual([
      { kind: 'cash', amountFen: -64200 },
    ]);
  });

  it('are none where the deposit is exactly what the patient pays', async () => {
    const visitId = await keepVisit(store, withVisit(colon, { depositFen: fen(135800) }));
    const { settlement } = valueOf(await settle(visitId));
    expect(await store.read((all) => all.settlements.tendersOf(settlement.settlementId))).toEqual(
      [],
    );
  });
});

describe('cancelling a settlement', () => {
  const cancel = (settlementId: string, reason = '账单有误') =>
    cancelSettlement(dependencies, {
      settlementId,
      reason,
      by: 'cashier1',
      approvedBy: 'supervisor1',
    });

  it('undoes it exactly, and the visit can be settled again under a new number', async () => {
    const visitId = await keepVisit(store, colon);
    const personId = (await store.read((all) => all.visits.find(visitId)))?.personId ?? '';
    const yearBefore = await store.read((all) => all.counters.ofYear(personId, 2017));
    const { settlement } = valueOf(await settle(visitId));
    const cancelled = valueOf(await cancel(settlement.settlementId));
    expect(cancelled.already).toBe(false);
    expect(cancelled.changes).toContainEqual({
      kind: 'tender-returned',
      tender: 'cash',
      amountFen: -135800,
    });
    expect(cancelled.changes.filter(({ kind }) => kind === 'claim-withdrawn')).toHaveLength(3);
    await store.read(async (all) => {
      expect(await all.counters.ofYear(personId, 2017)).toEqual(yearBefore);
      const claims = await all.claims.ofSettlement(settlement.settlementId);
      expect(claims.map(({ state }) => state)).toEqual(['withdrawn', 'withdrawn', 'withdrawn']);
      const jobs = await all.printJobs.ofSettlement(settlement.settlementId);
      expect(jobs.map(({ state }) => state)).toEqual(['withdrawn', 'withdrawn']);
      const files = await all.hospitalFiles.ofSettlement(settlement.settlementId);
      expect(files.map(({ kind }) => kind)).toEqual(['settled', 'cancelled']);
    });
    const again = valueOf(await settle(visitId));
    expect(again.already).toBe(false);
    expect(again.settlement.number).toBe('JS20171127-0002');
    expect(again.settlement.result).toEqual(settlement.result);
  });

  it('answers a second time with the same cancellation', async () => {
    const visitId = await keepVisit(store, colon);
    const { settlement } = valueOf(await settle(visitId));
    const first = valueOf(await cancel(settlement.settlementId));
    const again = valueOf(await cancel(settlement.settlementId, 'another reason'));
    expect(again).toEqual({ ...first, already: true });
  });

  it('is refused for no reason, without a second person, for an unknown settlement and once a claim has gone out', async () => {
    const visitId = await keepVisit(store, colon);
    const { settlement } = valueOf(await settle(visitId));
    expect(refusalOf(await cancel(settlement.settlementId, '  '))).toBe('reason-missing');
    const alone = { reason: '账单有误', by: 'supervisor1', approvedBy: 'supervisor1' };
    expect(
      refusalOf(
        await cancelSettlement(dependencies, { settlementId: settlement.settlementId, ...alone }),
      ),
    ).toBe('second-person-needed');
    expect(refusalOf(await cancel('nothing'))).toBe('settlement-not-found');
    const all = await store.read((kept) => kept.claims.ofSettlement(settlement.settlementId));
    const id = all.find(({ destination }) => destination === 'medical-assistance')?.id ?? '';
    const at = '2017-11-27T22:00:00.000+08:00';
    const problem = { code: 'no-answer', words: '' };
    await store.transact(({ claims }) => claims.markSent(id, at, '{}'));
    expect(refusalOf(await cancel(settlement.settlementId))).toBe('outcome-unknown');
    await store.transact(({ claims }) => claims.keepOutcome(id, at, { kind: 'unknown', problem }));
    expect(refusalOf(await cancel(settlement.settlementId))).toBe('outcome-unknown');
    const acceptance = { kind: 'accepted', reference: 'R1', approvedFen: fen(126_400) } as const;
    await store.transact(({ claims }) => claims.keepOutcome(id, at, acceptance));
    expect(refusalOf(await cancel(settlement.settlementId))).toBe('claim-already-sent');
    const claims = await store.read((kept) => kept.claims.ofSettlement(settlement.settlementId));
    expect(claims.filter(({ state }) => state === 'withdrawn')).toEqual([]);
  });

  it('takes the bill that came after settlement as the one to settle', async () => {
    const visitId = await keepVisit(store, colon);
    const { settlement } = valueOf(await settle(visitId));
    await keepVisit(store, withVisit(colon, { bed: '31' }));
    await keepVisit(store, withVisit(colon, { bed: '31' }));
    expect(await store.read(({ visits }) => visits.countOpenSetAsideBills())).toBe(1);
    const [row] = await store.read(({ visits }) => visits.search(visitId, 10));
    expect(row).toMatchObject({ changedAfterSettlement: true, bed: colon.visit.bed ?? null });
    expect(valueOf(await settle(visitId)).already).toBe(true);
    const cancelled = valueOf(await cancel(settlement.settlementId));
    expect(cancelled.billVersion).toBe(2);
    const record = await store.read(({ visits }) => visits.find(visitId));
    expect(record).toMatchObject({ state: 'unsettled', billVersion: 2, visit: { bed: '31' } });
    expect(valueOf(await settle(visitId)).settlement.billVersion).toBe(2);
  });

  it('counts for the right person where the later bill put right whose stay it was', async () => {
    const visitId = await keepVisit(store, colon);
    const wrong = valueOf(await settle(visitId)).settlement;
    const person = { ...colon.person, name: '李四', idNumber: '430626195001010059' };
    await keepVisit(store, { ...colon, person });
    valueOf(await cancel(wrong.settlementId));
    const right = valueOf(await settle(visitId)).settlement;
    expect(right.personId).not.toBe(wrong.personId);
    const known = await store.read((all) => all.persons.find(right.personId));
    expect(known?.id_number).toBe(person.idNumber);
  });
});
