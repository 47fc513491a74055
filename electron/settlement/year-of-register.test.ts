import { describe, expect, it } from 'vitest';

import { createTestStore, type TestStore } from '../database/test-store.ts';
import type { SettlementInput, YearToDate } from '../../shared/domain/person.ts';
import type { Visit } from '../../shared/domain/visit.ts';
import { fen } from '../../shared/money/fen.ts';
import { packOf, stepOf, yuanParameter } from '../../shared/policy/packs.test-support.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import { cancelSettlement } from './cancel-settlement.ts';
import { settleVisit } from './settle-visit.ts';
import {
  dependenciesOn,
  keepVisit,
  valueOf,
  type TestDependencies,
} from './settlement.test-support.ts';
import { verifyFolder } from './verify-folder.ts';

/** Half of what is above 1,000 a year, of stays; half of what outpatient visits cost. */
const pack = packOf({
  parameters: { yearly: yuanParameter('1000.00'), most: yuanParameter('1500.00') },
  appliesTo: {
    places: ['430626'],
    insurance: ['resident'],
    kinds: ['inpatient', 'outpatient'],
  },
  steps: [
    stepOf({
      id: 'basic',
      deductible: { parameter: 'yearly', per: 'year' },
      ceilingPerYear: 'most',
      appliesTo: { visitKinds: ['inpatient'] },
    }),
    stepOf({
      id: 'clinic',
      payer: 'medical-assistance',
      appliesTo: { visitKinds: ['outpatient'] },
    }),
  ],
});

/** One stay elsewhere of 3,000: 1,000 borne as deductible, 1,000 paid, 1,000 beside it. No step is named. */
const register: YearToDate = {
  year: 2017,
  asOf: '2017-11-01',
  includesVisits: ['elsewhere'],
  admissions: 1,
  deductiblePaidFen: fen(0),
  eligibleFen: fen(300_000),
  paidFen: { 'basic-medical-insurance': fen(100_000) },
  byStep: {},
  selfPayFen: fen(200_000),
  eligibleSelfPayFen: fen(200_000),
  levels: [],
};

const visit = (
  id: string,
  yuan: number,
  parts: { readonly kind?: Visit['kind']; readonly yearToDate?: YearToDate } = {},
): SettlementInput => {
  const input = plainInput(yuan);
  const { kind = 'inpatient', yearToDate = null } = parts;
  return { ...input, visit: { ...input.visit, id, kind }, yearToDate };
};

type Desk = TestDependencies & { readonly store: TestStore };

async function atDesk(inputs: readonly SettlementInput[], work: (desk: Desk) => Promise<void>) {
  const store = await createTestStore();
  try {
    for (const input of inputs) await keepVisit(store, input);
    await work({ ...dependenciesOn(store, [pack]), store });
    const { checks } = await verifyFolder({ store });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  } finally {
    await store.remove();
  }
}

async function settle(desk: Desk, visitId: string) {
  const { settlement } = valueOf(await settleVisit(desk, { visitId, by: 'cashier1' }));
  const { settlementId, result } = settlement;
  return { settlementId, paidFen: result.shares[0]?.amountFen, year: result.yearToDate };
}

async function cancel(desk: Desk, settlementId: string): Promise<void> {
  const by = { by: 'cashier1', approvedBy: 'supervisor1' };
  valueOf(await cancelSettlement(desk, { settlementId, reason: '录入有误', ...by }));
}

describe('a year of which a register gives plain amounts', () => {
  it.each([
    ['no step', register],
    ['what a step paid', { ...register, byStep: { basic: { paidFen: fen(100_000) } } }],
  ])('keeps what was reckoned of it when the first visit is taken back: %s', async (_, year) => {
    await atDesk([visit('A', 800, { yearToDate: year }), visit('B', 600)], async (desk) => {
      const first = await settle(desk, 'A');
      expect(first.paidFen).toBe(40_000);
      // 1,000 paid elsewhere, 400 here: 100 are left of the year's 1,500.
      const second = await settle(desk, 'B');
      expect(second.paidFen).toBe(10_000);
      await cancel(desk, first.settlementId);
      const again = await settle(desk, 'A');
      // The deductible was borne elsewhere, and 1,100 of 1,500 are paid.
      expect(again.paidFen).toBe(40_000);
      expect(again.year.byStep['basic']).toEqual({
        baseFen: 300_000 + 60_000 + 80_000,
        deductibleFen: 100_000,
        paidFen: 150_000,
        selfPayFen: 200_000 + 50_000 + 40_000,
      });
    });
  });

  it('is as the register says once everything of ours is taken back', async () => {
    await atDesk([visit('A', 800, { yearToDate: register })], async (desk) => {
      const { settlementId } = await settle(desk, 'A');
      await cancel(desk, settlementId);
      const known = await desk.store.read(async ({ visits, counters }) =>
        counters.ofYear((await visits.find('A'))?.personId ?? '', 2017),
      );
      const { byStep, ...year } = known?.yearToDate ?? register;
      expect({ ...year, byStep: {} }).toEqual(register);
      const paidFen = 100_000;
      const basic = { baseFen: 300_000, deductibleFen: 100_000, paidFen, selfPayFen: 200_000 };
      expect(byStep).toMatchObject({ basic });
    });
  });

  it('does not count it twice when the register gives its steps in full later', async () => {
    await atDesk([visit('A', 800, { yearToDate: register })], async (desk) => {
      const { settlementId } = await settle(desk, 'A');
      const inFull: YearToDate = {
        ...register,
        asOf: '2017-11-27',
        includesVisits: ['elsewhere', 'A'],
        admissions: 2,
        eligibleFen: fen(380_000),
        paidFen: { 'basic-medical-insurance': fen(140_000) },
        selfPayFen: fen(240_000),
        eligibleSelfPayFen: fen(240_000),
        byStep: {
          basic: {
            baseFen: fen(380_000),
            deductibleFen: fen(100_000),
            paidFen: fen(140_000),
            selfPayFen: fen(240_000),
          },
        },
      };
      await keepVisit(desk.store, visit('B', 600, { yearToDate: inFull }));
      await cancel(desk, settlementId);
      const { paidFen, year } = await settle(desk, 'B');
      expect(paidFen).toBe(30_000);
      expect(year.byStep['basic']).toMatchObject({ baseFen: 360_000, deductibleFen: 100_000 });
    });
  });

  it('does not forget the steps of stays because an outpatient visit names its own', async () => {
    await atDesk(
      [visit('A', 100, { kind: 'outpatient', yearToDate: register }), visit('B', 800)],
      async (desk) => {
        const first = await settle(desk, 'A');
        expect(first.paidFen).toBe(5_000);
        const second = await settle(desk, 'B');
        expect(second.paidFen).toBe(40_000);
        await cancel(desk, first.settlementId);
        await cancel(desk, second.settlementId);
        expect((await settle(desk, 'B')).paidFen).toBe(40_000);
      },
    );
  });
});
