import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import { countersOfYear, yearOfCounters } from '../database/year-counters.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { fen } from '../../shared/money/fen.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { packOf, richPack, stepOf, yuanParameter } from '../../shared/policy/packs.test-support.ts';
import { plainInput, randomInput } from '../../shared/policy/visits.test-support.ts';
import { cancelSettlement } from './cancel-settlement.ts';
import { laterSettlementsThatDiffer } from './later-settlements.ts';
import { settleVisit } from './settle-visit.ts';
import {
  dependenciesOn,
  keepVisit,
  valueOf,
  type TestDependencies,
} from './settlement.test-support.ts';
import { verifyFolder } from './verify-folder.ts';

const depth = Number(process.env['TEST_DEPTH'] ?? '1');

/** Half of what is above 1,000 yuan a year, at most 1,500 a year. */
const yearly = packOf({
  parameters: { yearly: yuanParameter('1000.00'), most: yuanParameter('1500.00') },
  steps: [
    stepOf({
      id: 'basic',
      deductible: { parameter: 'yearly', per: 'year' },
      base: 'year-in-scope-self-pay',
      ceilingPerYear: 'most',
    }),
  ],
});

const stay = (id: string, yuan: number): SettlementInput => {
  const input = plainInput(yuan);
  return { ...input, visit: { ...input.visit, id } };
};

async function onNewFolder<T>(
  packs: readonly CompiledPack[],
  work: (dependencies: TestDependencies & { readonly store: TestStore }) => Promise<T>,
): Promise<T> {
  const store = await createTestStore();
  try {
    const answer = await work({ ...dependenciesOn(store, packs), store });
    const { checks } = await verifyFolder({ store });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    return answer;
  } finally {
    await store.remove();
  }
}

async function settle(dependencies: TestDependencies, visitId: string) {
  return valueOf(await settleVisit(dependencies, { visitId, by: 'cashier1' })).settlement;
}

async function cancel(dependencies: TestDependencies, settlementId: string) {
  const by = { by: 'cashier1', approvedBy: 'supervisor1' };
  const cancelled = valueOf(
    await cancelSettlement(dependencies, { settlementId, reason: '录入有误', ...by }),
  );
  return cancelled.changes.flatMap((change) =>
    change.kind === 'later-settlement-differs' ? [change] : [],
  );
}

async function countersOf({ store }: TestDependencies, visitId: string) {
  return store.read(async ({ visits, counters }) => {
    const personId = (await visits.find(visitId))?.personId ?? '';
    const known = await counters.ofYear(personId, 2017);
    return known === null ? {} : countersOfYear(known.yearToDate);
  });
}

describe('cancelling a settlement that others of the year rest on', () => {
  it('tells which would come out differently now, by how much, and changes none', async () => {
    await onNewFolder([yearly], async (dependencies) => {
      for (const [id, yuan] of [
        ['A', 1000],
        ['B', 800],
        ['C', 600],
      ] as const) {
        await keepVisit(dependencies.store, stay(id, yuan));
      }
      const first = await settle(dependencies, 'A');
      const second = await settle(dependencies, 'B');
      const third = await settle(dependencies, 'C');
      expect(second.result.patientPaysFen).toBe(40_000);
      expect(third.result.patientPaysFen).toBe(30_000);
      const told = await cancel(dependencies, first.settlementId);
      expect(told).toMatchObject([
        {
          settlementId: second.settlementId,
          visitId: 'B',
          number: second.number,
          was: { patientPaysFen: 40_000, shares: [{ step: 'basic', amountFen: 40_000 }] },
          wouldBe: { patientPaysFen: 80_000, shares: [{ step: 'basic', amountFen: 0 }] },
          because: null,
        },
        {
          settlementId: third.settlementId,
          was: { patientPaysFen: 30_000 },
          // 800 of the 1,000 were borne with B: 400 are above, half of them is paid.
          wouldBe: { patientPaysFen: 40_000, shares: [{ amountFen: 20_000 }] },
        },
      ]);
      for (const { settlementId, result } of [second, third]) {
        const standing = await dependencies.store.read((all) => all.settlements.find(settlementId));
        expect(standing).toMatchObject({ state: 'settled', result });
      }
      // Asked again, it answers the same.
      expect(await cancel(dependencies, first.settlementId)).toEqual(told);
    });
  });

  it('goes by the order of settling where the clock was set back meanwhile', async () => {
    await onNewFolder([yearly], async (dependencies) => {
      const at = (time: string) => ({
        ...dependencies,
        clock: { ...dependencies.clock, now: () => new Date(`2017-11-27T${time}:00.000Z`) },
      });
      for (const [id, yuan] of [
        ['A', 1000],
        ['B', 800],
        ['C', 600],
      ] as const) {
        await keepVisit(dependencies.store, stay(id, yuan));
      }
      const first = await settle(at('02:15'), 'A');
      // Twenty minutes back: by the clock these two came before the first.
      const second = await settle(at('01:55'), 'B');
      const third = await settle(at('01:56'), 'C');
      const told = await cancel(at('01:57'), first.settlementId);
      expect(told).toMatchObject([
        { settlementId: second.settlementId, wouldBe: { patientPaysFen: 80_000 } },
        { settlementId: third.settlementId, wouldBe: { patientPaysFen: 40_000 } },
      ]);
      const order = await dependencies.store.read(async ({ settlements }) =>
        (await settlements.ofPerson(first.personId)).map(({ number }) => number),
      );
      expect(order).toEqual([first.number, second.number, third.number]);
    });
  });

  it('tells nothing where nothing after it leans on the year, or nothing came after', async () => {
    await onNewFolder([packOf()], async (dependencies) => {
      await keepVisit(dependencies.store, stay('A', 1000));
      await keepVisit(dependencies.store, stay('B', 800));
      const first = await settle(dependencies, 'A');
      const second = await settle(dependencies, 'B');
      expect(await cancel(dependencies, first.settlementId)).toEqual([]);
      expect(await cancel(dependencies, second.settlementId)).toEqual([]);
    });
  });

  it('says so where the version of the pack is gone, rather than nothing', async () => {
    await onNewFolder([yearly], async (dependencies) => {
      await keepVisit(dependencies.store, stay('A', 1000));
      await keepVisit(dependencies.store, stay('B', 800));
      const first = await settle(dependencies, 'A');
      const second = await settle(dependencies, 'B');
      const told = await cancel({ ...dependencies, packs: [] }, first.settlementId);
      expect(told).toMatchObject([{ settlementId: second.settlementId, wouldBe: null }]);
      expect(told[0]?.because?.zh).toContain('a-county@1.0.0');
    });
  });

  it('does not look at what was settled before it', async () => {
    await onNewFolder([yearly], async (dependencies) => {
      for (const id of ['A', 'B', 'C']) await keepVisit(dependencies.store, stay(id, 900));
      await settle(dependencies, 'A');
      const { settlementId } = await settle(dependencies, 'B');
      await settle(dependencies, 'C');
      const told = await cancel(dependencies, settlementId);
      expect(told.map(({ visitId }) => visitId)).toEqual(['C']);
    });
  });
});

const visitIds = ['ZY1', 'ZY2', 'ZY3', 'ZY4', 'ZY5'];
const plan = fc.record({
  stays: fc.array(randomInput, { minLength: 2, maxLength: visitIds.length }),
  /** Who is cancelled, in which order: the first so many of a shuffle. */
  shuffle: fc.shuffledSubarray(visitIds, { minLength: 1, maxLength: visitIds.length - 1 }),
  opening: fc.option(fc.integer({ min: 0, max: 5_000_000 })),
  // What plain amounts are reckoned to be is known the better the more visits were looked at: of a step that does
  // not apply to all of them, only figures in full come to the same whoever is cancelled.
  how: fc.constantFrom({ pack: richPack, isPlain: false }, { pack: yearly, isPlain: true }),
});
type Plan = ReturnType<typeof plan.generate>['value'];

/** The visits of one person, whose first brings how the year stood elsewhere. */
function visitsOf({ stays, opening, how }: Plan): readonly SettlementInput[] {
  return stays.map((input, index) => {
    const visit = { ...input.visit, id: visitIds[index] ?? '' };
    const half = fen(opening ?? 0);
    const whole = fen(2 * half);
    const basic = { baseFen: whole, deductibleFen: fen(0), paidFen: half, selfPayFen: half };
    const seed = {
      year: 2017,
      asOf: '2017-11-01',
      includesVisits: ['elsewhere'],
      admissions: 1,
      deductiblePaidFen: fen(0),
      eligibleFen: whole,
      paidFen: { 'basic-medical-insurance': half },
      byStep: how.isPlain ? {} : { basic },
      selfPayFen: half,
      eligibleSelfPayFen: half,
      levels: [],
    };
    return { ...input, visit, yearToDate: index === 0 && opening !== null ? seed : null };
  });
}

describe('settling in order and cancelling in any order', () => {
  it(
    'leaves the year of those left alone, but for what is told, and tells all of it',
    async () => {
      await fc.assert(
        fc.asyncProperty(plan, async (each) => {
          const visits = visitsOf(each);
          const cancelled = each.shuffle.filter((id) =>
            visits.some(({ visit }) => visit.id === id),
          );
          const { pack } = each.how;
          const told = await onNewFolder([pack], (dependencies) =>
            settleAndCancel(dependencies, visits, cancelled),
          );
          const left = visits.filter(({ visit }) => !cancelled.includes(visit.id));
          const alone = await onNewFolder([pack], (dependencies) =>
            settleOnly(dependencies, visits, left),
          );
          expect(told.pays).toEqual(alone.pays);
          expect(countedOf(told.year, each)).toEqual(countedOf(alone.year, each));
        }),
        { numRuns: depth > 1 ? 10 * depth : 3, endOnFailure: true },
      );
    },
    300_000 * depth,
  );
});

/** The year after all of it, with what is told added; and what each that stands pays, as told. */
async function settleAndCancel(
  dependencies: TestDependencies,
  visits: readonly SettlementInput[],
  cancelled: readonly string[],
) {
  const { store, packs } = dependencies;
  const settled = new Map<string, string>();
  const pays = new Map<string, number>();
  for (const input of visits) await keepVisit(store, input);
  for (const { visit } of visits) {
    const { settlementId, result } = await settle(dependencies, visit.id);
    settled.set(visit.id, settlementId);
    pays.set(visit.id, result.patientPaysFen);
  }
  let last: Awaited<ReturnType<typeof cancel>> = [];
  for (const visitId of cancelled) {
    last = await cancel(dependencies, settled.get(visitId) ?? '');
    pays.delete(visitId);
  }
  const later = await store.read(async (repositories) => {
    const personId = (await repositories.visits.find('ZY1'))?.personId ?? '';
    return (await laterSettlementsThatDiffer(repositories, packs, personId, 2017)).differing;
  });
  if (cancelled.length > 0) {
    const ids = later.map(({ settlement }) => settlement.settlementId);
    expect(last.map(({ settlementId }) => settlementId)).toEqual(ids);
  }
  const year: Record<string, number> = { ...(await countersOf(dependencies, 'ZY1')) };
  for (const { settlement, wouldBe, yearDifference } of later) {
    pays.set(settlement.visitId, wouldBe?.patientPaysFen ?? Number.NaN);
    for (const [counter, difference] of Object.entries(yearDifference)) {
      year[counter] = (year[counter] ?? 0) + difference;
    }
  }
  return { year: notZero(year), pays };
}

/** The year as far as who is cancelled makes no difference: a plain one is known in full once it was looked at. */
function countedOf(year: Readonly<Record<string, number>>, { how, opening }: Plan) {
  const isReckoned = how.isPlain && opening !== null;
  return Object.fromEntries(
    Object.entries(year).filter(([counter]) => !isReckoned || !/^(by-)?step/.test(counter)),
  );
}

/**
 * What the counters of a year stand for. A step known to have paid nothing and one nobody spoke of are the same 0;
 * of a step only whose payments are known, the other counters say nothing.
 */
function notZero(counters: Readonly<Record<string, number>>): Record<string, number> {
  const about = { year: 2017, asOf: '2017-12-31', includesVisits: [] };
  const year = countersOfYear(yearOfCounters(about, counters));
  return Object.fromEntries(Object.entries(year).filter(([, value]) => value !== 0));
}

async function settleOnly(
  dependencies: TestDependencies,
  visits: readonly SettlementInput[],
  left: readonly SettlementInput[],
) {
  const pays = new Map<string, number>();
  for (const input of visits) await keepVisit(dependencies.store, input);
  for (const { visit } of left) {
    const { result } = await settle(dependencies, visit.id);
    pays.set(visit.id, result.patientPaysFen);
  }
  return { year: notZero(await countersOf(dependencies, 'ZY1')), pays };
}
