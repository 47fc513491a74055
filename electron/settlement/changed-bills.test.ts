import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { SettlementInput } from '../../shared/domain/person.ts';
import type { ChargeLine } from '../../shared/domain/visit.ts';
import { fen } from '../../shared/money/fen.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { changedBillView } from '../ipc/changed-bill-view.ts';
import { cancelSettlement } from './cancel-settlement.ts';
import { keepSettlement, listChangedBills, showChangedBill } from './changed-bills.ts';
import { compareBills } from './compare-bills.ts';
import { settleVisit } from './settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  refusalOf,
  valueOf,
} from './settlement.test-support.ts';

const packs = await ownPacks();
let store: TestStore;
let colon: SettlementInput;
beforeAll(async () => {
  colon = await colonCancer();
});
beforeEach(async () => {
  store = await createTestStore();
});
afterEach(() => store.remove());

const dependencies = () => dependenciesOn(store, packs);
const linesOf = (input: SettlementInput): readonly ChargeLine[] => {
  const { bill } = input.visit;
  if (bill.kind !== 'charges') throw new Error('no lines');
  return bill.charges;
};
const withLines = (charges: readonly ChargeLine[], change: object = {}): SettlementInput => ({
  ...colon,
  visit: { ...colon.visit, ...change, bill: { kind: 'charges', charges } },
});
const settle = async () => {
  await keepVisit(store, colon);
  const settled = await settleVisit(dependencies(), { visitId: colon.visit.id, by: 'cashier1' });
  return valueOf(settled).settlement;
};
const openIds = async () =>
  (await listChangedBills(dependencies(), { limit: 10 })).map(({ id }) => id);
const compared = (charges: readonly ChargeLine[]) => compareBills(colon, withLines(charges));

describe('two bills of one visit', () => {
  it('are the same where only the numbers of the lines are others', () => {
    const moved = linesOf(colon).map((line) => ({ ...line, line: line.line + 10 }));
    const { added, removed, changed, same } = compared(moved);
    expect([added, removed, changed]).toEqual([[], [], []]);
    expect(same).toBe(linesOf(colon).length);
  });

  it('are told apart line by line: what came, what went, what is another amount', () => {
    const [first, second, ...rest] = linesOf(colon);
    if (first === undefined || second === undefined) throw new Error('too short a bill');
    const dearer = { ...first, unitPrice: '1.00', amountFen: fen(first.amountFen + 100) };
    const come = { ...second, line: 900, code: 'NEW-1', name: '新项目' };
    const { added, removed, changed, same } = compared([dearer, ...rest, come]);
    expect(added.map(({ code }) => code)).toEqual(['NEW-1']);
    expect(removed.map(({ line }) => line)).toEqual([second.line]);
    expect(changed).toMatchObject([
      { was: { line: first.line }, now: { line: first.line }, differs: ['unitPrice', 'amountFen'] },
    ]);
    expect(same).toBe(rest.length);
  });

  it('have as many of a line as stand there: one of two equal ones that went is gone', () => {
    const [first] = linesOf(colon);
    if (first === undefined) throw new Error('too short a bill');
    const twice = withLines([...linesOf(colon), { ...first, line: 901 }]);
    const { added, removed } = compareBills(twice, colon);
    expect(added).toEqual([]);
    expect(removed.map(({ code }) => code)).toEqual([first.code]);
  });

  it('add up whatever came and went: every line is counted once on each side', () => {
    const lines = linesOf(colon);
    const others = lines.flatMap((line, at) => {
      if (at % 3 === 0) return [];
      return at % 3 === 1 ? [line, { ...line, line: 1000 + at }] : [{ ...line, quantity: '7' }];
    });
    const { added, removed, changed, same } = compared(others);
    expect(removed.length + changed.length + same).toBe(lines.length);
    expect(added.length + changed.length + same).toBe(others.length);
  });
});

describe('a bill that came after settlement', () => {
  it('is shown beside what was settled, with what the patient would bear, and no more of the patient', async () => {
    const settlement = await settle();
    const lines = linesOf(colon).slice(0, -1);
    const later = withLines(lines, { bed: '99' });
    const phone = '13900000001';
    await keepVisit(store, { ...later, person: { ...later.person, phone } });
    const [billId = ''] = await openIds();
    const shown = valueOf(await showChangedBill(dependencies(), billId));
    expect(shown.difference.removed).toHaveLength(1);
    expect(shown.totalFen.now).toBeLessThan(shown.totalFen.was);
    expect(shown.patientPaysFen.was).toBe(settlement.result.patientPaysFen);
    // What it would come to is what settling anew comes to.
    const cancelled = await cancelSettlement(dependencies(), {
      ...{ settlementId: settlement.settlementId, reason: '费用有变', by: 'cashier1' },
      approvedBy: 'supervisor1',
    });
    expect(valueOf(cancelled).billVersion).toBe(2);
    const again = await settleVisit(dependencies(), { visitId: colon.visit.id, by: 'cashier1' });
    expect(valueOf(again).settlement.result.patientPaysFen).toBe(shown.patientPaysFen.now);
    const view = changedBillView(shown);
    const text = JSON.stringify(view);
    for (const secret of [colon.person.idNumber, colon.person.name, phone])
      expect(text).not.toContain(secret);
    expect(view.facts).toContainEqual({
      ...{ name: { zh: '电话', en: 'person.phone' }, isHidden: true },
      ...{ was: null, now: null },
    });
    expect(view.facts.find(({ name }) => name.en === 'visit.bed')?.now).toBe('99');
    // The settlement it was about is cancelled: there is nothing to decide of it any more.
    expect(refusalOf(await showChangedBill(dependencies(), billId))).toBe('changed-bill-answered');
    const late = { billId, reason: '晚了', by: 'clerk1' };
    expect(refusalOf(await keepSettlement(dependencies(), late))).toBe('changed-bill-answered');
  });

  it('is not asked about again once somebody said why the settlement stands, also sent once more', async () => {
    const { settlementId } = await settle();
    const later = withLines(linesOf(colon), { bed: '99' });
    await keepVisit(store, later);
    const [billId = ''] = await openIds();
    const keep = (reason: string, of = billId) =>
      keepSettlement(dependencies(), { billId: of, reason, by: 'clerk1' });
    expect(refusalOf(await keep(' '))).toBe('changed-bill-reason-missing');
    expect(refusalOf(await keep('只改了床号', 'none'))).toBe('changed-bill-unknown');
    expect(await openIds()).toEqual([billId]);
    expect(valueOf(await keep('只改了床号'))).toEqual({ billId, settlementId });
    expect(refusalOf(await keep('再来一次'))).toBe('changed-bill-answered');
    await keepVisit(store, later);
    expect(await openIds()).toEqual([]);
    expect(await store.read(({ visits }) => visits.countOpenSetAsideBills())).toBe(0);
    // Another change is asked about anew.
    await keepVisit(store, withLines(linesOf(colon), { bed: '100' }));
    expect(await openIds()).toHaveLength(1);
    const entries = await store.read(({ audit }) => audit.list({ after: 0, limit: 100 }));
    const [entry, ...more] = entries.filter(({ act }) => act === 'keep-settlement');
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ who: 'clerk1', about: settlementId });
    expect(entry?.detail_json).toContain('只改了床号');
  });

  it('comes by pages, each bill once', async () => {
    await settle();
    for (const bed of ['90', '91', '92'])
      await keepVisit(store, withLines(linesOf(colon), { bed }));
    const all = await openIds();
    expect(all).toHaveLength(3);
    const [first, ...rest] = all;
    const page = { limit: 10, after: first ?? '' };
    expect((await listChangedBills(dependencies(), page)).map(({ id }) => id)).toEqual(rest);
  });
});
