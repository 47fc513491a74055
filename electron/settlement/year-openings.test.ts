import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import type { SettlementInput, YearToDate } from '../../shared/domain/person.ts';
import { fen, type Fen } from '../../shared/money/fen.ts';
import { cancelSettlement } from './cancel-settlement.ts';
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
let dependencies: TestDependencies;
let colon: SettlementInput;
let personId: string;

beforeEach(async () => {
  store = await createTestStore();
  dependencies = dependenciesOn(store, await ownPacks());
  colon = { ...(await colonCancer()), yearToDate: null };
  await keepVisit(store, colon);
  personId = (await store.read((all) => all.visits.find(colon.visit.id)))?.personId ?? '';
});

afterEach(async () => {
  const { checks } = await verifyFolder({ store });
  await store.remove();
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});

const seed = (parts: Partial<YearToDate> = {}): YearToDate => ({
  year: 2017,
  asOf: '2017-11-01',
  includesVisits: ['elsewhere'],
  admissions: 2,
  deductiblePaidFen: fen(100000),
  eligibleFen: fen(1750000),
  paidFen: { 'basic-medical-insurance': fen(1500000) },
  byStep: { basic: { paidFen: fen(1500000) } },
  selfPayFen: fen(300000),
  eligibleSelfPayFen: fen(250000),
  levels: ['township'],
  ...parts,
});

const open = (yearToDate: YearToDate) =>
  store.transact(({ counters }) =>
    counters.openYear({ personId, yearToDate, source: 'a register' }),
  );
const year = async () =>
  (await store.read(({ counters }) => counters.ofYear(personId, 2017)))?.yearToDate;
const settle = async () =>
  valueOf(await settleVisit(dependencies, { visitId: colon.visit.id, by: 'cashier1' })).settlement;

/** The year's bills are a figure of registers; our counters do not add them up. */
const withoutTotal = (stated: YearToDate): YearToDate => {
  const figures = { ...stated };
  delete (figures as { totalFen?: Fen }).totalFen;
  return figures;
};

describe("opening a person's year", () => {
  it('gives back exactly what was taken in', async () => {
    expect(await year()).toBeUndefined();
    expect(valueOf(await open(seed()))).toBe('opened');
    expect(await year()).toEqual(seed());
  });

  it('puts newer figures in the place of older ones, never the other way round', async () => {
    valueOf(await open(seed()));
    const newer = seed({ asOf: '2017-11-10', selfPayFen: fen(400000), levels: ['city'] });
    expect(valueOf(await open(newer))).toBe('replaced');
    expect(valueOf(await open(seed()))).toBe('kept');
    expect(await year()).toEqual(newer);
  });

  it('keeps what we settled on top of what is taken in', async () => {
    const { result } = await settle();
    valueOf(await open(seed()));
    expect((await year())?.selfPayFen).toBe(300000 + result.patientPaysFen);
    expect((await year())?.levels).toEqual(['township', 'county']);
  });

  it('takes our own settlements out of figures that include them', async () => {
    const { result, settlementId } = await settle();
    const included = seed({
      ...result.yearToDate,
      asOf: '2017-12-01',
      includesVisits: [colon.visit.id],
    });
    valueOf(await open(included));
    expect(await year()).toEqual({ ...withoutTotal(included), asOf: '2017-12-01' });
    const by = { by: 'cashier1', approvedBy: 'supervisor1' };
    valueOf(await cancelSettlement(dependencies, { settlementId, reason: '重算', ...by }));
    expect(await year()).toMatchObject({ admissions: 0, selfPayFen: 0, levels: [] });
  });

  it('takes a register that knows payers and no steps at its word', async () => {
    const { result } = await settle();
    const paidFen = { 'basic-medical-insurance': fen(3_000_000) };
    const asOf = '2017-12-01';
    const included = seed({ ...result.yearToDate, asOf, includesVisits: [colon.visit.id] });
    const ofPayers = { ...included, paidFen: { ...included.paidFen, ...paidFen }, byStep: {} };
    expect(valueOf(await open(ofPayers))).toBe('opened');
    // What it does not know by step is known of our own settlement.
    expect(await year()).toEqual({
      ...withoutTotal(ofPayers),
      byStep: result.yearToDate.byStep,
    });
  });

  it('refuses figures dated after a settlement of ours that say nothing about it', async () => {
    await settle();
    const before = await year();
    expect(refusalOf(await open(seed({ asOf: '2017-11-28' })))).toBe('year-to-date-ambiguous');
    expect(await year()).toEqual(before);
  });

  it('refuses figures that include a settlement of ours with less than we settled', async () => {
    await settle();
    const less = seed({ asOf: '2017-12-01', includesVisits: [colon.visit.id], selfPayFen: fen(1) });
    expect(refusalOf(await open(less))).toBe('year-to-date-ambiguous');
  });
});

describe('finding visits', () => {
  it('lists the unsettled ones, oldest discharge first, page by page', async () => {
    for (const [id, dischargedOn] of [
      ['ZY3', '2017-11-20'],
      ['ZY2', '2017-11-20'],
      ['ZY9', '2017-11-19'],
    ] as const) {
      await keepVisit(store, { ...colon, visit: { ...colon.visit, id, dischargedOn } });
    }
    await settle();
    const list = (after?: string) =>
      store.read(({ visits }) =>
        visits.listUnsettled({ limit: 2, ...(after === undefined ? {} : { after }) }),
      );
    const first = await list();
    expect(first.map(({ visitId }) => visitId)).toEqual(['ZY9', 'ZY2']);
    expect((await list('ZY2')).map(({ visitId }) => visitId)).toEqual(['ZY3']);
    expect(await store.read(({ visits }) => visits.countUnsettled())).toBe(3);
  });

  it('finds the patient by visit id, ID number, name, initials and pinyin', async () => {
    const { idNumber, name } = colon.person;
    for (const text of [colon.visit.id, idNumber, name, name.slice(0, 1), 'zdh', 'CDH', 'ZENG']) {
      const found = await store.read(({ visits }) => visits.search(text, 10));
      expect([text, ...found.map(({ visitId }) => visitId)]).toEqual([text, colon.visit.id]);
      expect(found[0]).toMatchObject({ name, totalFen: 1490400 });
    }
  });

  it('finds nobody by nothing, by a wildcard or by another name', async () => {
    for (const text of ['', ' ', '%', '_', 'san', '没有此人']) {
      expect(await store.read(({ visits }) => visits.search(text, 10))).toEqual([]);
    }
  });
});

describe('a bill that comes again', () => {
  const billVersion = async () =>
    (await store.read((all) => all.visits.find(colon.visit.id)))?.billVersion;

  it('changes nothing if it is the same', async () => {
    await keepVisit(store, colon);
    expect(await billVersion()).toBe(1);
  });

  it('replaces the one before while the visit is unsettled, and abandons what was begun on it', async () => {
    const dies = new Map([['basic-medical-insurance', () => Promise.reject(new Error('cut'))]]);
    const begun = settleVisit(
      { ...dependencies, livePayers: dies },
      { visitId: colon.visit.id, by: 'cashier1' },
    );
    await expect(begun).rejects.toThrow('cut');
    await keepVisit(store, { ...colon, visit: { ...colon.visit, bed: '77' } });
    expect(await billVersion()).toBe(2);
    expect(await store.read(({ settlements }) => settlements.openIntents(10))).toEqual([]);
    expect((await settle()).number).toBe('JS20171127-0002');
  });
});
