import { describe, expect, it } from 'vitest';
import type { SettlementInput, YearToDate } from '../domain/person.ts';
import type { SettlementResult } from '../domain/settlement-result.ts';
import type { ChargeLine, Visit } from '../domain/visit.ts';
import { fen } from '../money/fen.ts';
import { freshYear } from './advance-year.ts';
import { decide } from './decide.ts';
import { leansOnYear } from './leans-on-year.ts';
import type { PackDocument } from './pack-schema.ts';
import type { PackStep } from './pack-steps.ts';
import { packOf, percentParameter, stepOf, yuanParameter } from './packs.test-support.ts';
import { plainInput } from './visits.test-support.ts';

const source = { document: 'a-notice', article: '1' };
const words = (text: string) => ({ zh: text, en: text });
const fenUp = { unit: 'fen', mode: 'up' } as const;
const fenHalfUp = { unit: 'fen', mode: 'half-up' } as const;

function withVisit(input: SettlementInput, visit: Partial<Visit>): SettlementInput {
  return { ...input, visit: { ...input.visit, ...visit } };
}

function withYear(input: SettlementInput, year: Partial<YearToDate>): SettlementInput {
  return { ...input, yearToDate: { ...freshYear({ year: 'discharge' }, input), ...year } };
}

function sharesOf(result: SettlementResult): Record<string, number> {
  return Object.fromEntries(result.shares.map(({ step, amountFen }) => [step, amountFen]));
}

const ruleOf = ({ trace }: SettlementResult, step: string) =>
  trace.find(({ id }) => id === `${step}.pays`)?.rule;
const zhOf = ({ trace }: SettlementResult, id: string) =>
  trace.find((node) => node.id === id)?.text.zh;

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
    const input = withYear(plainInput(total), { selfPayFen: fen(ytd * 100) });
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
    expect(paid({ levels: ['city'], eligibleSelfPayFen: fen(999_993) })).toBe(7);
    expect(leansOnYear(pack)).toBe(true);
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

describe('groups of persons', () => {
  const pack = (take: 'best' | 'first') =>
    packOf({
      parameters: {
        seventyFive: percentParameter('75'),
        sixty: percentParameter('60'),
        start: yuanParameter('2875.30'),
        cap: yuanParameter('50000.00'),
      },
      steps: [
        {
          id: 'assistance',
          name: words('assistance'),
          payer: 'medical-assistance',
          rule: 'rate',
          base: 'in-scope',
          rounding: fenHalfUp,
          source,
          take,
          variants: [
            {
              name: words('edge'),
              when: { categories: { any: ['low-income-edge'] } },
              rate: 'sixty',
              deductible: { parameter: 'start', per: 'year' },
            },
            {
              name: words('allowance'),
              when: { categories: { any: ['subsistence-allowance'] } },
              rate: 'seventyFive',
              ceilingPerYear: 'cap',
            },
          ],
        },
      ],
    });
  const person = (...names: ('low-income-edge' | 'subsistence-allowance')[]) => {
    const input = plainInput(30000);
    return { ...input, person: { ...input.person, categories: names.map((name) => ({ name })) } };
  };

  it('give the best of those that fit, or the first, as the pack says; never their sum', () => {
    const both = person('low-income-edge', 'subsistence-allowance');
    expect(sharesOf(decide(pack('best'), both))).toEqual({ assistance: 2_250_000 });
    expect(sharesOf(decide(pack('first'), both))).toEqual({ assistance: 1_627_482 });
    expect(zhOf(decide(pack('best'), both), 'assistance.variant')).toContain('allowance');
  });

  it('pay nothing to a person in none of them, with the reason', () => {
    const result = decide(pack('best'), person());
    expect(sharesOf(result)).toEqual({ assistance: 0 });
    expect(ruleOf(result, 'assistance')).toBe('category-not-covered');
  });
});

describe('referral and place', () => {
  const pack = packOf({
    parameters: {
      most: percentParameter('85.5'),
      less: percentParameter('95'),
      first: percentParameter('20'),
    },
    modifiers: [
      {
        id: 'referred',
        name: words('referred'),
        when: { referral: ['valid'] },
        multiplyRate: { parameter: 'less', steps: ['basic'] },
        source,
      },
      {
        id: 'unfiled',
        name: words('unfiled'),
        when: { outOfArea: ['none'] },
        firstPay: { parameter: 'first' },
        source,
      },
      {
        id: 'unreferred',
        name: words('unreferred'),
        when: { referral: ['none', 'late'], hospitalLevels: ['city'] },
        disable: { steps: ['assistance'] },
        source,
      },
    ],
    steps: [
      stepOf({ id: 'basic', rate: 'most' }),
      stepOf({ id: 'assistance', payer: 'medical-assistance', base: 'in-scope-residual' }),
    ],
  });
  const referral = {
    certificate: 'ZZ1',
    issuedOn: '2017-11-09',
    fromHospitalLevel: 'township' as const,
    previousVisitId: null,
    deductiblePaidFen: fen(0),
  };

  it('multiply a rate exactly and round once with the amount', () => {
    const bill = billOf({ totalFen: 100_001, eligibleFen: 100_001 });
    const result = decide(pack, withVisit(plainInput(1), { bill, referral }));
    // 1000.01 × 85.5 % × 95 % = 812.258…
    expect(sharesOf(result)['basic']).toBe(81_226);
    expect(result.trace.find(({ id }) => id === 'basic.pays')?.formula).toBe(
      '1,000.01 × 85.5% × 95%',
    );
  });

  it('take a first payment from every in-scope base', () => {
    const result = decide(pack, withVisit(plainInput(1000), { outOfArea: { filed: 'none' } }));
    expect(sharesOf(result)).toEqual({ basic: 68_400, assistance: 5800 });
    expect(result.patientPart).toEqual({ withinCatalogueFen: 25_800, outsideCatalogueFen: 0 });
    // What was paid first is not what a payer paid.
    expect(result.ratios.inScope).toBe(7420);
    expect(result.yearToDate.eligibleSelfPayFen).toBe(5800);
  });

  it('switch a step off, and say why', () => {
    const hospital = { ...plainInput(1).visit.hospital, level: 'city' as const };
    const result = decide(pack, withVisit(plainInput(1000), { hospital }));
    expect(ruleOf(result, 'assistance')).toBe('disabled-by-modifier');
    expect(zhOf(result, 'assistance.pays')).toBe('unreferred');
    const emergency = withVisit(plainInput(1000), { hospital, emergency: true });
    expect(sharesOf(decide(pack, emergency))['assistance']).toBe(7250);
  });
});

describe('a deductible', () => {
  const pack = packOf({
    parameters: {
      start: {
        unit: 'yuan',
        name: words('start'),
        byHospitalLevel: { township: '200.00', county: '750.00', city: '1200.00' },
        except: [{ when: { age: { from: 70 }, admissionOfYear: { from: 4 } }, value: '0.00' }],
        source,
      },
    },
    steps: [
      stepOf({
        id: 'basic',
        requires: { hospitalLevels: ['township', 'county', 'city'] },
        deductible: { parameter: 'start', per: 'visit', referralChain: 'difference' },
      }),
    ],
  });
  const chain = (level: 'township' | 'city', paidYuan: number, issuedOn = '2017-11-10') =>
    withVisit(plainInput(2000), {
      hospital: { ...plainInput(1).visit.hospital, level },
      referral: {
        certificate: 'ZZ1',
        issuedOn,
        fromHospitalLevel: 'county',
        previousVisitId: 'ZY0',
        deductiblePaidFen: fen(paidYuan * 100),
      },
    });

  it('is charged by its difference up a chain of referrals, and not at all on the way down', () => {
    expect(decide(pack, chain('city', 750)).deductibleFen).toBe(45_000);
    expect(decide(pack, chain('township', 750)).deductibleFen).toBe(0);
    expect(decide(pack, chain('city', 750, '2017-11-11')).deductibleFen).toBe(120_000);
  });

  it('is borne once in all parts of a stay, which is one admission', () => {
    const part = withYear(
      withVisit(plainInput(2000), {
        earlierParts: { parts: 1, deductiblePaidFen: fen(70_000) },
      }),
      { admissions: 1 },
    );
    const result = decide(pack, part);
    expect(result.deductibleFen).toBe(5000);
    expect(result.yearToDate.admissions).toBe(1);
  });

  it('is waived by an exception, whose grounds the explanation names', () => {
    const old = withYear(plainInput(2000), { admissions: 3 });
    const person = { ...old.person, birthDate: '1947-01-01' };
    expect(decide(pack, { ...old, person }).deductibleFen).toBe(0);
    expect(decide(pack, old).deductibleFen).toBe(75_000);
  });
});

describe('a step on the year', () => {
  const pack = packOf({
    parameters: { start: yuanParameter('20000.00'), cap: yuanParameter('10000.00') },
    steps: [
      stepOf({ id: 'basic' }),
      stepOf({
        id: 'assistance',
        payer: 'medical-assistance',
        base: 'year-in-scope-self-pay',
        deductible: { parameter: 'start', per: 'year' },
        ceilingPerYear: 'cap',
      }),
    ],
  });

  it('pays on what the person bore in the year, less what it paid before', () => {
    const first = decide(pack, plainInput(30000));
    expect(sharesOf(first)).toEqual({ basic: 1_500_000, assistance: 0 });
    expect(ruleOf(first, 'assistance')).toBe('below-deductible');
    const second = decide(pack, { ...plainInput(20000), yearToDate: first.yearToDate });
    // 15,000 + 10,000 borne: half of the 5,000 above.
    expect(sharesOf(second)['assistance']).toBe(250_000);
    const third = decide(pack, { ...plainInput(20000), yearToDate: second.yearToDate });
    // 35,000 borne in all: half of 15,000, less the 2,500 paid before.
    expect(sharesOf(third)['assistance']).toBe(500_000);
    const fourth = decide(pack, { ...plainInput(80000), yearToDate: third.yearToDate });
    expect(sharesOf(fourth)['assistance']).toBe(250_000);
  });

  it('takes counters of another year for none, and says so', () => {
    const first = decide(pack, plainInput(30000));
    const stale = { ...first.yearToDate, year: 2016 };
    const result = decide(pack, { ...plainInput(20000), yearToDate: stale });
    expect(sharesOf(result)['assistance']).toBe(0);
    expect(result.warnings.map(({ code }) => code)).toEqual(['year-to-date-of-other-year']);
    expect(result.yearToDate).toMatchObject({ year: 2017, admissions: 1 });
  });

  it('is reckoned in the year of admission where the pack says so', () => {
    const byAdmission = packOf({ ...pack.document, year: 'admission' });
    const input = withVisit(plainInput(100), {
      admittedOn: '2016-12-20',
      dischargedOn: '2017-01-05',
    });
    expect(decide(byAdmission, input).yearToDate.year).toBe(2016);
    expect(decide(pack, input).yearToDate.year).toBe(2017);
  });
});

describe('a rate by catalogue class', () => {
  const pack = packOf({
    parameters: {
      classes: {
        unit: 'percent',
        name: words('classes'),
        byCatalogueClass: { A: '90', B: '70' },
        source,
      },
      start: yuanParameter('100.00'),
    },
    steps: [
      stepOf({ id: 'basic', rate: 'classes', deductible: { parameter: 'start', per: 'visit' } }),
    ],
  });

  it('pays each class by its own, the deductible off class A first', () => {
    const result = decide(
      pack,
      withCharges([
        line(1, 'X1', 'treatment', 'A', 50_000),
        line(2, 'X2', 'treatment', 'B', 30_000),
      ]),
    );
    // (500 − 100) × 90 % + 300 × 70 %
    expect(sharesOf(result)).toEqual({ basic: 57_000 });
    expect(ruleOf(result, 'basic')).toBe('rate-by-class');
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

function billOf(totals: {
  readonly totalFen: number;
  readonly eligibleFen: number;
}): Visit['bill'] {
  return {
    kind: 'totals',
    totals: {
      totalFen: fen(totals.totalFen),
      eligibleFen: fen(totals.eligibleFen),
      classBFirstSelfPayFen: fen(0),
      classCFen: fen(totals.totalFen - totals.eligibleFen),
      aboveCeilingFen: fen(0),
    },
  };
}

function line(
  number: number,
  code: string,
  category: ChargeLine['category'],
  catalogueClass: ChargeLine['catalogueClass'],
  amount: number,
): ChargeLine {
  return {
    line: number,
    code,
    name: code,
    category,
    catalogueClass,
    firstSelfPayRatio: { numerator: 0, denominator: 1 },
    priceCeiling: null,
    unit: '次',
    quantity: amount < 0 ? '-1' : '1',
    unitPrice: (Math.abs(amount) / 100).toFixed(2),
    amountFen: fen(amount),
    on: '2017-11-12',
  };
}

function withCharges(charges: readonly ChargeLine[]): SettlementInput {
  return withVisit(plainInput(1), { bill: { kind: 'charges', charges } });
}
