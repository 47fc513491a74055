import { describe, expect, it } from 'vitest';
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
import { packOf, percentParameter, stepOf, yuanParameter } from './packs.test-support.ts';
import { plainInput } from './visits.test-support.ts';

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
    // It uses up no deductible of the year.
    expect(result.yearToDate.eligibleFen).toBe(80_000);
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
