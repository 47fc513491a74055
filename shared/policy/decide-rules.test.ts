import { describe, expect, it } from 'vitest';
import type { YearToDate } from '../domain/person.ts';
import { fen } from '../money/fen.ts';
import { decide } from './decide.ts';
import {
  billOf,
  fenHalfUp,
  line,
  ruleOf,
  sharesOf,
  source,
  withCharges,
  withVisit,
  withYear,
  words,
  zhOf,
} from './decide.test-support.ts';
import { leansOnYear } from './compile/leans-on-year.ts';
import type { PackDocument } from './pack/pack-schema.ts';
import type { PackStep } from './pack/pack-steps.ts';
import { packOf, percentParameter, stepOf, yuanParameter } from './packs.test-support.ts';
import { plainInput } from './visits.test-support.ts';

const fenUp = { unit: 'fen', mode: 'up' } as const;

/** A step that leaves the patient exactly what a vector says. */
const lump = (amount: string): { step: PackStep; parameters: PackDocument['parameters'] } => ({
  step: stepOf({ id: 'before', rate: 'all', ceilingPerVisit: 'lump' }),
  parameters: { all: percentParameter('100'), lump: yuanParameter(amount) },
});

describe('a guarantee', () => {
  const guyuan = (combine: 'either-sufficient' | 'best-for-patient', paid: string) =>
    packOf({
      parameters: {
        ...lump(paid).parameters,
        ninety: percentParameter('90'),
        most: yuanParameter('5000.00'),
      },
      steps: [
        lump(paid).step,
        guaranteeOf({
          base: 'residual-total',
          combine,
          targets: [{ reach: 'ninety', of: 'total' }, { yearSelfPayAtMost: 'most' }],
          rounding: fenUp,
          lowersFirst: 'within-catalogue',
        }),
      ],
    });

  // The vectors of settlement.md 1.3, in yuan: total, paid before, self-pay of the year before, min, max.
  it.each([
    [14904, '12186.00', 0, 0, 122760],
    [80000, '60000.00', 0, 1200000, 1500000],
    [30000, '26000.00', 4500, 100000, 350000],
    [6000, '3000.00', 0, 0, 240000],
  ])('on %d yuan with %s paid and %d borne comes to %d or %d fen', (total, paid, ytd, min, max) => {
    const input = withYear(plainInput(total), { selfPayFen: fen(ytd * 100), admissions: 1 });
    const either = decide(guyuan('either-sufficient', paid), input);
    const best = decide(guyuan('best-for-patient', paid), input);
    expect(sharesOf(either)['guarantee']).toBe(min);
    expect(sharesOf(best)['guarantee']).toBe(max);
    expect(ruleOf(either, 'guarantee')).toBe(min === 0 ? 'target-met' : 'target-guaranteed');
  });

  it('reaches its share of the total to the last fen', () => {
    const input = plainInput(100);
    const odd = withVisit(input, { bill: billOf({ totalFen: 10_001, eligibleFen: 10_001 }) });
    const result = decide(guyuan('best-for-patient', '0.01'), odd);
    // 90 % of 100.01 is 90.009: the patient is promised no less.
    expect(10_001 - result.patientPaysFen).toBe(9001);
  });

  it('leaves nothing where the pack says so, and at most so much of a visit', () => {
    const zero = packOf({ steps: [guaranteeOf({ targets: [{ nothingLeft: true }] })] });
    expect(decide(zero, plainInput(800, 200)).patientPaysFen).toBe(20_000);
    // E04: 105,124.46, a lump of 93,826.34, the patient pays exactly 4,800.00.
    const ninling = packOf({
      parameters: { ...lump('93826.34').parameters, most: yuanParameter('4800.00') },
      steps: [lump('93826.34').step, guaranteeOf({ targets: [{ visitSelfPayAtMost: 'most' }] })],
    });
    const input = withVisit(plainInput(1), {
      bill: billOf({ totalFen: 10_512_446, eligibleFen: 10_512_446 }),
    });
    const result = decide(ninling, input);
    expect(sharesOf(result)).toEqual({ before: 9_382_634, guarantee: 649_812 });
    expect(result.patientPaysFen).toBe(480_000);
  });

  it('has a ceiling of its own by the hospital levels of the year', () => {
    const pack = packOf({
      parameters: {
        most: {
          unit: 'yuan',
          name: words('most'),
          byYearLevels: { county: '3000.00', city: '5000.00', mixed: '10000.00' },
          source,
        },
      },
      steps: [
        guaranteeOf({
          targets: [{ yearSelfPayAtMost: 'most' }],
          requires: { hospitalLevels: ['county', 'city'] },
        }),
      ],
    });
    const paid = (year: Partial<YearToDate>) =>
      decide(pack, withYear(plainInput(20000), year)).patientPaysFen;
    expect(paid({})).toBe(300_000);
    expect(paid({ levels: ['county'] })).toBe(300_000);
    expect(paid({ levels: ['city'] })).toBe(1_000_000);
    expect(paid({ levels: ['city'], eligibleSelfPayFen: fen(999_993), admissions: 1 })).toBe(7);
    expect(leansOnYear(pack)).toBe(true);
  });

  it('takes levels with the same ceiling for one', () => {
    const pack = packOf({
      parameters: {
        most: {
          unit: 'yuan',
          name: words('most'),
          byYearLevels: {
            township: '3000.00',
            county: '3000.00',
            city: '5000.00',
            mixed: '10000.00',
          },
          source,
        },
      },
      steps: [guaranteeOf({ targets: [{ yearSelfPayAtMost: 'most' }] })],
    });
    const paid = (levels: YearToDate['levels']) =>
      decide(pack, withYear(plainInput(20000), { levels })).patientPaysFen;
    expect(paid(['township'])).toBe(300_000);
    expect(paid(['township', 'city'])).toBe(1_000_000);
    expect(paid(['outside-province'])).toBe(1_000_000);
  });
});

describe('a quota', () => {
  const quota = (unit: 'fen' | 'yuan') =>
    packOf({
      parameters: {
        share: percentParameter('78'),
        ordinary: percentParameter('75'),
        start: yuanParameter('200.00'),
      },
      quotaLists: {
        list: {
          name: words('quotas'),
          diagnoses: 'principal',
          entries: [{ diagnosis: 'K35', name: '阑尾炎', quota: '4400.00' }],
          source,
        },
      },
      steps: [
        {
          id: 'basic',
          name: words('basic'),
          payer: 'basic-medical-insurance',
          rule: 'quota',
          quotas: 'list',
          rate: 'share',
          rounding: { unit, mode: 'half-up' },
          ordinary: {
            base: 'in-scope',
            rate: 'ordinary',
            deductible: { parameter: 'start', per: 'visit' },
            rounding: fenHalfUp,
          },
          source,
        },
      ],
    });
  const appendicitis = (eligible: number, outside = 0) =>
    withVisit(plainInput(eligible, outside), {
      diagnoses: [{ code: 'K35.900', name: '急性阑尾炎', principal: true }],
    });

  // settlement.md 1.5, in fen: what the patient, the fund and the hospital bear.
  it.each([
    ['fen', 2799, 61578, 343200, -124878],
    ['yuan', 2799, 61600, 343200, -124900],
    ['yuan', 6000, 96800, 343200, 160000],
  ] as const)('to the %s of a stay of %d yuan', (unit, total, patient, fund, hospital) => {
    const result = decide(quota(unit), appendicitis(total));
    expect([result.patientPaysFen, sharesOf(result)['basic'], result.hospitalBearsFen]).toEqual([
      patient,
      fund,
      hospital,
    ]);
    expect(ruleOf(result, 'basic')).toBe('share-of-quota');
    expect(result.deductibleFen).toBe(0);
  });

  it('counts all cost, and what the patient pays within the catalogue first', () => {
    const result = decide(quota('yuan'), appendicitis(500, 2299));
    expect(result.patientPaysFen).toBe(61_600);
    expect(result.patientPart).toEqual({ withinCatalogueFen: 50_000, outsideCatalogueFen: 11_600 });
  });

  it('is settled once for a stay that is settled in parts', () => {
    const later = withVisit(appendicitis(2799), {
      earlierParts: { parts: 1, deductiblePaidFen: fen(0) },
    });
    const result = decide(quota('yuan'), later);
    expect(sharesOf(result)).toEqual({ basic: 0 });
    expect([result.patientPaysFen, result.hospitalBearsFen]).toEqual([0, 279_900]);
    expect(ruleOf(result, 'basic')).toBe('quota-settled-before');
  });

  it('is not claimed for a bill that was refunded to nothing', () => {
    const result = decide(quota('yuan'), appendicitis(0));
    expect(sharesOf(result)).toEqual({ basic: 0 });
    expect([result.patientPaysFen, result.hospitalBearsFen]).toEqual([0, 0]);
    expect(ruleOf(result, 'basic')).toBe('nothing-left');
  });

  it('leaves other diseases to the ordinary rule', () => {
    const result = decide(quota('yuan'), plainInput(2799));
    expect(sharesOf(result)).toEqual({ basic: 194_925 });
    expect([result.deductibleFen, result.hospitalBearsFen]).toEqual([20_000, 0]);
  });
});

describe('items waived before insurance', () => {
  const pack = packOf({
    parameters: { all: percentParameter('100'), tenth: percentParameter('10') },
    itemLists: {
      fees: { name: words('fees'), categories: ['registration', 'consultation-general'], source },
      scans: { name: words('scans'), codes: [{ prefix: 'US', name: 'B超' }], source },
    },
    steps: [
      waive('fees-waived', 'fees', 'all', 'hospital-reduction'),
      waive('scans-reduced', 'scans', 'tenth', 'public-health-subsidy'),
      stepOf({ id: 'basic' }),
    ],
  });

  function waive(id: string, items: string, rate: string, payer: string): PackStep {
    const rounding = fenHalfUp;
    return { id, name: words(id), payer, rule: 'items', items, rate, rounding, source };
  }

  it('leave the base of what follows, and the bill as it was charged', () => {
    const result = decide(
      pack,
      withCharges([
        line(1, 'R1', 'registration', 'C', 1000),
        line(2, 'G1', 'consultation-general', 'A', 2000),
        line(3, 'US7', 'ultrasound', 'A', 10_005),
        line(4, 'X1', 'treatment', 'A', 90_000),
        { ...line(5, 'G1', 'consultation-general', 'A', -500), refundsLine: 2 },
      ]),
    );
    expect(result.totalFen).toBe(102_505);
    // 15.00 and 10.00 are waived whole; a tenth of 100.05 is 10.005, to the fen 10.01.
    expect(sharesOf(result)).toEqual({
      'fees-waived': 2500,
      'scans-reduced': 1001,
      basic: Math.round((90_000 + 10_005 - 1001) / 2),
    });
    expect(result.patientPart.outsideCatalogueFen).toBe(0);
  });

  it('say so where the bill has none of them', () => {
    const result = decide(pack, plainInput(100));
    expect(sharesOf(result)).toEqual({ 'fees-waived': 0, 'scans-reduced': 0, basic: 5000 });
    expect(ruleOf(result, 'fees-waived')).toBe('no-such-items');
  });
});

describe('an approved amount', () => {
  const pack = packOf({
    steps: [
      {
        id: 'guarantee',
        name: words('guarantee'),
        payer: 'government-guarantee',
        rule: 'approved-amount',
        base: 'residual-total',
        form: words('form'),
        lowersFirst: 'within-catalogue',
        source,
      },
    ],
  });
  const approved = (decision: 'approved' | 'refused', amountYuan: number) =>
    withVisit(plainInput(100), {
      approvals: [
        {
          step: 'guarantee',
          form: '申请表',
          number: '2017-12',
          decision,
          amountFen: fen(amountYuan * 100),
          on: '2017-11-20',
        },
      ],
    });

  it('is paid as approved, no more than is left, and not without approval', () => {
    expect(decide(pack, approved('approved', 60)).patientPaysFen).toBe(4000);
    expect(decide(pack, approved('approved', 160)).patientPaysFen).toBe(0);
    const refused = decide(pack, approved('refused', 60));
    expect([refused.patientPaysFen, ruleOf(refused, 'guarantee')]).toEqual([
      10_000,
      'approval-refused',
    ]);
    const without = decide(pack, plainInput(100));
    expect(ruleOf(without, 'guarantee')).toBe('no-approval');
    expect(zhOf(without, 'guarantee.pays')).toContain('form');
  });
});

type Guarantee = Extract<PackStep, { rule: 'guarantee' }>;

function guaranteeOf(parts: Pick<Guarantee, 'targets'> & Partial<Guarantee>): Guarantee {
  return {
    id: 'guarantee',
    name: words('guarantee'),
    payer: 'government-guarantee',
    rule: 'guarantee',
    base: 'in-scope-residual',
    combine: 'either-sufficient',
    rounding: fenHalfUp,
    source,
    ...parts,
  };
}
