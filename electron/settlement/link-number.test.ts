import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { SettlementInput, YearToDate } from '../../shared/domain/person.ts';
import { fen } from '../../shared/money/fen.ts';
import { packOf, richPack, stepOf, yuanParameter } from '../../shared/policy/packs.test-support.ts';
import { plainInput, randomInput } from '../../shared/policy/visits.test-support.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { countersOfYear } from '../database/year-counters.ts';
import { cancelSettlement } from './cancel-settlement.ts';
import { linkNumber, type LinkInput } from './link-number.ts';
import { settleVisit } from './settle-visit.ts';
import { dependenciesOn, keepVisit, refusalOf, valueOf } from './settlement.test-support.ts';
import { unlinkNumber } from './unlink-number.ts';
import { verifyFolder } from './verify-folder.ts';

const depth = Number(process.env['TEST_DEPTH'] ?? '1');

/** Half of what is above 1,000 yuan a year. */
const yearly = packOf({
  parameters: { yearly: yuanParameter('1000.00') },
  steps: [
    stepOf({
      id: 'basic',
      deductible: { parameter: 'yearly', per: 'year' },
      base: 'year-in-scope-self-pay',
    }),
  ],
});

const own = plainInput(0).person.idNumber;
/** A passport of the same person, as it was before and as it was renewed. */
const [passport, renewed] = ['E12345678', 'EJ7654321'];

let store: TestStore;
beforeEach(async () => {
  store = await createTestStore();
});
afterEach(async () => {
  const { checks } = await verifyFolder({ store });
  await store.remove();
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});

const dependencies = () => dependenciesOn(store, [yearly, richPack]);

function stay(id: string, yuan: number, idNumber: string = own): SettlementInput {
  const input = plainInput(yuan);
  const document = idNumber === own ? {} : { document: 'passport' as const };
  return {
    ...input,
    person: { ...input.person, idNumber, ...document },
    visit: { ...input.visit, id },
  };
}

async function settle(input: SettlementInput, packs = [yearly]) {
  await keepVisit(store, input);
  const by = { visitId: input.visit.id, by: 'cashier1' };
  return valueOf(await settleVisit(dependenciesOn(store, packs), by)).settlement;
}

const reason = '已看新旧两本护照';
const by = { by: 'supervisor1', reason, isPreview: false };
const link = (input: Partial<LinkInput> = {}) =>
  linkNumber(dependencies(), { number: passport, to: own, ...by, ...input });
const unlink = (number = passport) => unlinkNumber(dependencies(), { number, ...by });

/** Everything that is kept of the year of whoever has a number. */
const yearOf = (idNumber: string) =>
  store.read(async ({ persons, counters }) => {
    const person = await persons.findByIdNumber(idNumber);
    const known = person === null ? null : await counters.ofYear(person.id, 2017);
    if (known === null) return null;
    const { includesVisits } = known.yearToDate;
    return { ...countersOfYear(known.yearToDate), visits: [...includesVisits].sort().join() };
  });

const visitsOf = (idNumber: string) =>
  store.read(async ({ persons, visits }) => {
    const person = await persons.findByIdNumber(idNumber);
    return (await visits.ofPerson(person?.id ?? '')).map(({ visitId }) => visitId).sort();
  });

const audited = async () =>
  (await store.read(({ audit }) => audit.list({ after: 0, limit: 100 }))).map(({ act }) => act);

function stated(parts: Partial<YearToDate> = {}): YearToDate {
  return {
    ...{ year: 2017, asOf: '2017-03-01', includesVisits: [], admissions: 1 },
    ...{ deductiblePaidFen: fen(0), eligibleFen: fen(70_000), paidFen: {}, byStep: {} },
    ...{ selfPayFen: fen(70_000), eligibleSelfPayFen: fen(70_000), levels: [] },
    ...parts,
  };
}

describe('two numbers of one person, each with a history', () => {
  it('are one year once somebody has linked them, and what would have come out differently is told', async () => {
    await settle(stay('A', 1000));
    const second = await settle(stay('B', 800, passport));
    expect(second.result.patientPaysFen).toBe(80_000);
    const report = valueOf(await link());
    expect(report).toMatchObject({
      ...{ act: 'linked', visits: ['B'], yearsToStateAgain: [] },
      years: [
        { year: 2017, of: [{ was: { admissions: 1 }, now: { admissions: 2 } }, { now: null }] },
      ],
      // The year's 1,000 were borne with A: of B's 800 the half is paid.
      settledOtherwise: [{ visitId: 'B', patientPaysFen: { was: 80_000, now: 40_000 } }],
    });
    expect(await visitsOf(own)).toEqual(['A', 'B']);
    expect(await visitsOf(passport)).toEqual(['A', 'B']);
    expect(await yearOf(own)).toMatchObject({ admissions: 2, 'self-pay': 180_000, visits: 'A,B' });
    const third = await settle(stay('C', 600, passport));
    // The step looks at the whole year: what B's 800 would have brought is paid with C.
    expect(third.result.patientPaysFen).toBe(0);
    expect(await audited()).toContain('link-number');
  });

  it('show before what would change, and nothing is kept of it', async () => {
    await settle(stay('A', 1000));
    await settle(stay('B', 800, passport));
    const before = [await yearOf(own), await yearOf(passport), await audited()];
    const shown = valueOf(await link({ isPreview: true, reason: '' }));
    expect([await yearOf(own), await yearOf(passport), await audited()]).toEqual(before);
    expect(shown.settledOtherwise).toHaveLength(1);
    const done = valueOf(await link());
    expect({ ...done, isPreview: true }).toEqual(shown);
  });

  it('are two again once the link is taken back, each with the year it had and what came since', async () => {
    await settle(stay('A', 1000));
    await settle(stay('B', 800, passport));
    const [ofOwn, ofPassport] = [await yearOf(own), await yearOf(passport)];
    valueOf(await link());
    const report = valueOf(await unlink());
    expect(report).toMatchObject({ act: 'unlinked', visits: ['B'], settledOtherwise: [] });
    expect([await yearOf(own), await yearOf(passport)]).toEqual([ofOwn, ofPassport]);
    valueOf(await link());
    await settle(stay('C', 600, passport));
    // C was settled on the joined year; by itself it would have filled the deductible first.
    expect(valueOf(await unlink()).settledOtherwise).toMatchObject([{ visitId: 'C' }]);
    expect(await visitsOf(passport)).toEqual(['B', 'C']);
    expect(await yearOf(own)).toEqual(ofOwn);
  });

  it('let a settlement that came with the number be cancelled, out of the year it is in now', async () => {
    await settle(stay('A', 1000));
    const { settlementId } = await settle(stay('B', 800, passport));
    const ofOwn = await yearOf(own);
    valueOf(await link());
    const approved = { by: 'cashier1', approvedBy: 'supervisor1', reason: '录入有误' };
    valueOf(await cancelSettlement(dependencies(), { settlementId, ...approved }));
    expect(await yearOf(own)).toEqual(ofOwn);
    expect(await yearOf(passport)).toEqual(ofOwn);
  });

  it('have the categories that a register goes on giving to the old number', async () => {
    await keepVisit(store, stay('A', 1000));
    await keepVisit(store, stay('B', 800, passport));
    await store.transact(async ({ persons }) => {
      const person = await persons.findByIdNumber(passport);
      await persons.replaceCategories(person?.id ?? '', '民政局', [{ name: 'disabled' }]);
    });
    valueOf(await link());
    const categories = await store.read(async ({ persons }) =>
      persons.categoriesOf((await persons.findByIdNumber(own))?.id ?? ''),
    );
    expect(categories.filter(({ source }) => source !== 'visit')).toMatchObject([
      { name: 'disabled', source: '民政局' },
    ]);
  });

  it('come to one sum, whatever was settled under either, and go back to what they were', async () => {
    const numbers = fc.constantFrom(own, passport);
    const plan = fc.array(fc.tuple(randomInput, numbers), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(plan, async (stays) => {
        const folder = store;
        store = await createTestStore();
        try {
          await keepVisit(store, stay('FIRST', 10));
          await keepVisit(store, stay('OTHER', 10, passport));
          for (const [index, [input, idNumber]] of stays.entries()) {
            const { person } = stay('', 0, idNumber);
            const visit = { ...input.visit, id: `ZY${String(index)}` };
            await settle(
              { ...input, person: { ...input.person, ...person }, visit, yearToDate: null },
              [richPack],
            );
          }
          const before = [await yearOf(own), await yearOf(passport)] as const;
          valueOf(await link());
          const joined = await yearOf(own);
          for (const [counter, value] of Object.entries(joined ?? {})) {
            if (counter === 'visits' || /^level:|paid-only/.test(counter)) continue;
            const sum = before.reduce(
              (so, year) => so + Number((year as Record<string, unknown> | null)?.[counter] ?? 0),
              0,
            );
            expect({ [counter]: value }).toEqual({ [counter]: sum });
          }
          valueOf(await unlink());
          expect([await yearOf(own), await yearOf(passport)]).toEqual(before);
          const { checks } = await verifyFolder({ store });
          expect(checks.filter(({ ok }) => !ok)).toEqual([]);
        } finally {
          await store.remove();
          store = folder;
        }
      }),
      { numRuns: 4 * depth, endOnFailure: true },
    );
  });
});

describe('years that were stated', () => {
  it('come with the number, and go back with it', async () => {
    await keepVisit(store, stay('A', 1000));
    await keepVisit(store, { ...stay('B', 800, passport), yearToDate: stated() });
    const ofPassport = await yearOf(passport);
    valueOf(await link());
    expect(await yearOf(own)).toMatchObject({ 'self-pay': 70_000 });
    valueOf(await unlink());
    expect(await yearOf(own)).toBeNull();
    expect(await yearOf(passport)).toEqual(ofPassport);
  });

  it('are not chosen between where both are stated and not alike', async () => {
    await keepVisit(store, { ...stay('A', 1000), yearToDate: stated() });
    const other = stated({ selfPayFen: fen(90_000), eligibleSelfPayFen: fen(90_000) });
    await keepVisit(store, { ...stay('B', 800, passport), yearToDate: other });
    expect(refusalOf(await link())).toBe('two-years-stated');
    expect(await visitsOf(own)).toEqual(['A']);
    valueOf(await link({ yearOf: passport }));
    expect(await yearOf(own)).toMatchObject({ 'self-pay': 90_000 });
    valueOf(await unlink());
    expect(await yearOf(own)).toMatchObject({ 'self-pay': 70_000 });
    valueOf(await link({ yearOf: own }));
    expect(await yearOf(own)).toMatchObject({ 'self-pay': 70_000 });
  });

  it('that name a stay we settled under the other number do not count it twice', async () => {
    await settle(stay('B', 500, passport));
    const including = stated({
      ...{ includesVisits: ['B'], asOf: '2017-12-01', selfPayFen: fen(120_000) },
      eligibleSelfPayFen: fen(120_000),
      eligibleFen: fen(120_000),
      admissions: 2,
    });
    await keepVisit(store, { ...stay('A', 1000), yearToDate: including });
    valueOf(await link());
    expect(await yearOf(own)).toMatchObject({ admissions: 2, 'self-pay': 120_000 });
    valueOf(await unlink());
    expect(await yearOf(own)).toMatchObject({ admissions: 2, 'self-pay': 120_000 });
  });

  it('and stated anew since the link stay as they are, and are named', async () => {
    await keepVisit(store, stay('A', 1000));
    await keepVisit(store, { ...stay('B', 800, passport), yearToDate: stated() });
    valueOf(await link());
    const newer = stated({ asOf: '2017-06-01', admissions: 3 });
    await keepVisit(store, { ...stay('C', 100), yearToDate: newer });
    expect(valueOf(await unlink()).yearsToStateAgain).toEqual([2017]);
    expect(await yearOf(own)).toMatchObject({ admissions: 3 });
  });
});

describe('a number is not linked', () => {
  beforeEach(async () => {
    await keepVisit(store, stay('A', 1000));
    await keepVisit(store, stay('B', 800, passport));
  });

  it.each([
    ['to somebody nobody knows', { to: renewed }, 'person-of-number-unknown'],
    ['to the one whose own it is', { number: own }, 'number-is-own'],
    ['without a reason', { reason: ' ' }, 'link-reason-missing'],
    ['that a spreadsheet has damaged', { number: '4.30626E+17' }, 'number-unreadable'],
    ['with a wrong check digit', { number: '430626195001010015' }, 'number-unreadable'],
  ] as const)('%s', async (_what, input, code) => {
    expect(refusalOf(await link(input))).toBe(code);
    expect(await audited()).toEqual([]);
  });

  it('twice, nor where its owner has others, until those are taken back', async () => {
    valueOf(await link({ number: renewed, to: passport }));
    expect(refusalOf(await link({ number: passport }))).toBe('number-has-others');
    expect(refusalOf(await link({ number: renewed }))).toBe('number-linked-already');
    valueOf(await unlink(renewed));
    expect(refusalOf(await unlink(renewed))).toBe('number-not-linked');
    valueOf(await link());
    valueOf(await link({ number: renewed, to: passport }));
    expect(await visitsOf(renewed)).toEqual(['A', 'B']);
  });
});
