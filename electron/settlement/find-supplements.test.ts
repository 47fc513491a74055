import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import type { PersonCategory, SettlementInput } from '../../shared/domain/person.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import {
  documentOf,
  packOf,
  richPack,
  stepOf,
  yuanParameter,
} from '../../shared/policy/packs.test-support.ts';
import { plainInput, randomInput } from '../../shared/policy/visits.test-support.ts';
import { cancelSettlement } from './cancel-settlement.ts';
import { settleVisit } from './settle-visit.ts';
import { dependenciesOn, keepVisit, valueOf } from './settlement.test-support.ts';
import { reportSupplements, type SupplementsReport } from './supplements-report.ts';
import { verifyFolder } from './verify-folder.ts';

const depth = Number(process.env['TEST_DEPTH'] ?? '1');

let store: TestStore;
beforeEach(async () => {
  store = await createTestStore();
});
afterEach(async () => {
  const { checks } = await verifyFolder({ store });
  await store.remove();
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
});

/** Insurance pays half; assistance half of the rest to the poor, at most 400 yuan a year. */
const assisting = (parts: Parameters<typeof packOf>[0] = {}) =>
  packOf({
    parameters: { most: yuanParameter('400.00') },
    steps: [
      stepOf({ id: 'basic' }),
      stepOf({
        id: 'assistance',
        payer: 'medical-assistance',
        base: 'in-scope-residual',
        ceilingPerYear: 'most',
        appliesTo: { categories: { any: ['subsistence-allowance', 'extremely-poor'] } },
      }),
    ],
    ...parts,
  });

function stay(id: string, yuan: number, parts: Partial<SettlementInput['visit']> = {}) {
  const input = plainInput(yuan);
  const person = { ...input.person, categories: [] };
  return { ...input, person, visit: { ...input.visit, id, ...parts } };
}

async function settle(packs: readonly CompiledPack[], ...inputs: readonly SettlementInput[]) {
  for (const input of inputs) await keepVisit(store, input);
  const ids: string[] = [];
  for (const { visit } of inputs) {
    const by = { visitId: visit.id, by: 'cashier1' };
    ids.push(valueOf(await settleVisit(dependenciesOn(store, packs), by)).settlement.settlementId);
  }
  return ids;
}

/** A register says so now, of everybody these tests know. */
async function recognise(categories: readonly PersonCategory[], source = '民政局') {
  await store.transact(async ({ persons }) => {
    const person = await persons.findByIdNumber(plainInput(0).person.idNumber);
    if (person === null) throw new Error('nobody to recognise');
    await persons.replaceCategories(person.id, source, categories);
  });
}

const report = (packs: readonly CompiledPack[], since?: string): Promise<SupplementsReport> =>
  reportSupplements(
    { store, packs, approvedOnly: null },
    { personIds: 'all', ...(since === undefined ? {} : { since }) },
  );

const recognised: PersonCategory = { name: 'subsistence-allowance', from: '2017-06-01' };

describe('a category recognised late', () => {
  it('owes what it would have paid: old and new side by side, and nothing is changed', async () => {
    const pack = assisting();
    const [settlementId] = await settle([pack], stay('A', 1000));
    expect((await report([pack])).persons).toEqual([]);
    await recognise([recognised]);
    const before = await store.read((all) => all.settlements.find(settlementId ?? ''));
    const found = await report([pack]);
    expect(found).toMatchObject({ settlements: 1, notReckoned: [] });
    expect(found.persons).toEqual([
      {
        name: '张*',
        idNumber: '430626********0016',
        settlements: [
          {
            settlementId,
            number: 'JS20171127-0001',
            visitId: 'A',
            dischargedOn: '2017-11-27',
            pack: { was: 'a-county@1.0.0', now: 'a-county@1.0.0' },
            categories: { was: [], now: ['subsistence-allowance'] },
            shares: [
              { step: 'basic', payer: 'basic-medical-insurance', wasFen: 50000, nowFen: 50000 },
              { step: 'assistance', payer: 'medical-assistance', wasFen: 0, nowFen: 25000 },
            ],
            patientPays: { wasFen: 50000, nowFen: 25000 },
            hospitalBears: { wasFen: 0, nowFen: 0 },
            otherReasons: false,
          },
        ],
        supplementFen: 25000,
        overpaidFen: 0,
      },
    ]);
    expect(found.totals).toEqual({
      payers: [
        { payer: 'basic-medical-insurance', wasFen: 50000, nowFen: 50000 },
        { payer: 'medical-assistance', wasFen: 0, nowFen: 25000 },
      ],
      patientPays: { wasFen: 50000, nowFen: 25000 },
      hospitalBears: { wasFen: 0, nowFen: 0 },
      supplementFen: 25000,
      overpaidFen: 0,
    });
    expect(await store.read((all) => all.settlements.find(settlementId ?? ''))).toEqual(before);
  });

  it('chains the year anew: a yearly ceiling used up by one stay is not there for the next', async () => {
    const pack = assisting();
    await settle([pack], stay('A', 1000), stay('B', 1000), stay('C', 1000));
    await recognise([recognised]);
    const [person] = (await report([pack])).persons;
    expect(
      person?.settlements.map(({ visitId, patientPays }) => [visitId, patientPays.nowFen]),
    ).toEqual([
      ['A', 25000],
      ['B', 35000],
    ]);
    expect(person?.supplementFen).toBe(40000);
  });

  it('reaches a person no pack covered then', async () => {
    const forThePoor = assisting({
      appliesTo: { ...documentOf().appliesTo, categories: { any: ['subsistence-allowance'] } },
    });
    const [settlementId] = await settle([forThePoor], stay('A', 1000));
    const was = await store.read((all) => all.settlements.find(settlementId ?? ''));
    expect(was?.result.pack).toBe('self-pay');
    await recognise([recognised]);
    const [person] = (await report([forThePoor])).persons;
    expect(person?.settlements[0]).toMatchObject({
      pack: { was: 'self-pay@1.0.0', now: 'a-county@1.0.0' },
      patientPays: { wasFen: 100000, nowFen: 25000 },
    });
  });

  it('goes by the year as it would have been: the second stay of the year is one by now', async () => {
    const forThePoor = (id: string, admissionOfYear: { from?: number; until?: number }) =>
      packOf({
        id,
        appliesTo: {
          ...documentOf().appliesTo,
          categories: { any: ['subsistence-allowance'] },
          admissionOfYear,
        },
      });
    const packs = [forThePoor('first-stays', { until: 1 }), forThePoor('later-stays', { from: 2 })];
    // Nobody's policy then, so neither was an admission under the insurance.
    await settle(packs, stay('A', 1000), stay('B', 1000));
    await recognise([recognised]);
    const { persons, notReckoned } = await report(packs);
    expect(notReckoned).toEqual([]);
    expect(persons[0]?.settlements.map(({ visitId, pack }) => [visitId, pack.now])).toEqual([
      ['A', 'first-stays@1.0.0'],
      ['B', 'later-stays@1.0.0'],
    ]);
  });

  it('says what was paid too much by others where a category is taken back', async () => {
    const pack = assisting();
    await keepVisit(store, stay('A', 1000));
    await recognise([recognised]);
    await settle([pack], stay('A', 1000));
    await recognise([]);
    expect((await report([pack])).totals).toMatchObject({
      patientPays: { wasFen: 25000, nowFen: 50000 },
      supplementFen: 0,
      overpaidFen: 25000,
    });
  });

  it('tells stays from a day on, and counts the earlier ones for the year', async () => {
    const pack = assisting();
    await settle(
      [pack],
      stay('A', 1000, { admittedOn: '2017-08-01', dischargedOn: '2017-08-10' }),
      stay('B', 1000),
    );
    await recognise([recognised]);
    const found = await report([pack], '2017-11-01');
    expect(found.totals.supplementFen).toBe(15000);
    expect(found.persons[0]?.settlements.map(({ visitId }) => visitId)).toEqual(['B']);
  });
});

describe('which recognitions count', () => {
  const stayed = { admittedOn: '2017-06-20', dischargedOn: '2017-06-30' };
  const name = 'subsistence-allowance';
  it.each<readonly [string, 'admission' | 'discharge', readonly PersonCategory[], boolean]>([
    ['since always and for ever', 'discharge', [{ name }], true],
    ['open-ended', 'discharge', [{ name, from: '2017-06-30' }], true],
    ['from the day after', 'discharge', [{ name, from: '2017-07-01' }], false],
    ['until that day, which is its last', 'discharge', [{ name, until: '2017-06-30' }], true],
    ['until the day before', 'discharge', [{ name, until: '2017-06-29' }], false],
    ['during the stay, by admission', 'admission', [{ name, from: '2017-06-21' }], false],
    ['from the admission, by admission', 'admission', [{ name, from: '2017-06-20' }], true],
    ['that expired during it, by admission', 'admission', [{ name, until: '2017-06-20' }], true],
    [
      'that expired, and another that holds',
      'discharge',
      [{ name, until: '2017-01-31' }, { name: 'extremely-poor' }],
      true,
    ],
    ['no step asks for', 'discharge', [{ name: 'disabled' }], false],
  ])('a category %s', async (_what, decidingDay, categories, counts) => {
    const pack = assisting({ decidingDay });
    await settle([pack], stay('A', 1000, stayed));
    await recognise(categories);
    expect((await report([pack])).settlements).toBe(counts ? 1 : 0);
  });

  it('the same category from two registers counts once', async () => {
    const pack = assisting();
    await settle([pack], stay('A', 1000));
    await recognise([recognised]);
    const once = await report([pack]);
    await recognise([{ name: 'subsistence-allowance' }], '乡村振兴局');
    expect(await report([pack])).toEqual(once);
    expect(once.persons[0]?.settlements[0]?.categories.now).toEqual(['subsistence-allowance']);
  });
});

describe('what is not the category’s doing', () => {
  const by = { reason: '录入有误', by: 'cashier1', approvedBy: 'supervisor1' };

  it('is told of no settlement whose categories are as they were', async () => {
    const pack = assisting();
    await keepVisit(store, stay('A', 1500));
    await recognise([recognised]);
    const [first = ''] = await settle([pack], stay('A', 1500), stay('B', 1500));
    valueOf(await cancelSettlement(dependenciesOn(store, [pack]), { settlementId: first, ...by }));
    // B would get more of the ceiling now that A is gone; that is told by the cancellation.
    expect((await report([pack])).settlements).toBe(0);
  });

  it('is marked where both come together', async () => {
    const pack = assisting();
    await keepVisit(store, stay('A', 1500));
    await recognise([recognised]);
    const [first = ''] = await settle([pack], stay('A', 1500), stay('B', 1500));
    valueOf(await cancelSettlement(dependenciesOn(store, [pack]), { settlementId: first, ...by }));
    await recognise([]);
    const [person] = (await report([pack])).persons;
    expect(person?.settlements[0]).toMatchObject({ visitId: 'B', otherReasons: true });
  });

  it('a settlement whose pack is gone, or that two packs would cover, is named with its reason', async () => {
    const pack = assisting();
    const [settlementId] = await settle([pack], stay('A', 1000));
    await recognise([recognised]);
    expect(await report([])).toMatchObject({
      settlements: 0,
      notReckoned: [{ settlementId, visitId: 'A', refusal: { code: 'pack-gone' } }],
    });
    const only = (id: string) =>
      assisting({
        id,
        appliesTo: { ...documentOf().appliesTo, categories: { any: ['subsistence-allowance'] } },
      });
    const [uncovered] = await settle([], stay('B', 1000));
    expect((await report([pack, only('one'), only('other')])).notReckoned).toMatchObject([
      { settlementId: uncovered, refusal: { code: 'several-packs' } },
    ]);
  });
});

describe('the supplement', () => {
  it(
    'is to the fen what settling with the category from the start would have made of it',
    async () => {
      const categories = fc.uniqueArray(
        fc.constantFrom<PersonCategory[]>(
          { name: 'registered-poor' },
          { name: 'extremely-poor', from: '2017-01-01' },
          { name: 'subsistence-allowance', until: '2017-11-26' },
          { name: 'disabled' },
        ),
        { maxLength: 3, selector: ({ name }) => name },
      );
      const plan = fc.record({
        stays: fc.array(randomInput, { minLength: 1, maxLength: 4 }),
        categories,
      });
      await fc.assert(
        fc.asyncProperty(plan, async ({ stays, categories: late }) => {
          const inputs = stays.map((input, index) => ({
            ...input,
            visit: { ...input.visit, id: `ZY${String(index)}` },
            yearToDate: null,
          }));
          const [told, paid] = await onTwoFolders(inputs, late);
          expect(told).toEqual(paid);
        }),
        { numRuns: depth > 1 ? 8 * depth : 3, endOnFailure: true },
      );
    },
    300_000 * depth,
  );
});

/** What each patient would pay: as told after a late recognition, and as settled with it known. */
async function onTwoFolders(
  inputs: readonly SettlementInput[],
  categories: readonly PersonCategory[],
): Promise<readonly [ReadonlyMap<string, number>, ReadonlyMap<string, number>]> {
  const pays = async (isLate: boolean) => {
    const folder = await createTestStore();
    try {
      const dependencies = dependenciesOn(folder, [richPack]);
      const known = new Map<string, number>();
      const learn = () =>
        folder.transact(async ({ persons }) => {
          const person = await persons.findByIdNumber(inputs[0]?.person.idNumber ?? '');
          await persons.replaceCategories(person?.id ?? '', '民政局', categories);
        });
      for (const input of inputs) await keepVisit(folder, input);
      if (!isLate) await learn();
      for (const { visit } of inputs) {
        const { settlement } = valueOf(
          await settleVisit(dependencies, { visitId: visit.id, by: 'cashier1' }),
        );
        known.set(visit.id, settlement.result.patientPaysFen);
      }
      if (!isLate) return known;
      await learn();
      const { persons } = await reportSupplements(
        { store: folder, packs: [richPack], approvedOnly: null },
        { personIds: 'all' },
      );
      for (const { visitId, patientPays } of persons.flatMap(({ settlements }) => settlements)) {
        known.set(visitId, patientPays.nowFen);
      }
      return known;
    } finally {
      await folder.remove();
    }
  };
  return [await pays(true), await pays(false)];
}
