import fc from 'fast-check';
import {
  personCategories,
  type PersonCategory,
  type SettlementInput,
  type YearToDate,
} from '../domain/person.ts';
import { chargeCategories, hospitalLevels, type ChargeLine } from '../domain/visit.ts';
import { fen } from '../money/fen.ts';
import {
  multiplyQuantityByPrice,
  textFromMillionths,
} from '../money/multiply-quantity-by-price.ts';

const quantities = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 40 }).map((count) => count * 1_000_000) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 20_000_000 }) },
);
const prices = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 200_000 }).map((cents) => cents * 10_000) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 50_000_000 }) },
);

const item = fc.record({
  category: fc.constantFrom(...chargeCategories),
  catalogueClass: fc.constantFrom('A', 'B', 'C'),
  firstSelfPay: fc.constantFrom(0, 5, 10, 15, 20, 30, 100),
  quantity: quantities,
  unitPrice: prices,
  ceiling: fc.option(prices, { freq: 4 }),
  refunded: fc.constantFrom(0, 0, 0, 0, 1, 2),
  day: fc.integer({ min: 10, max: 27 }),
});

type Item = ReturnType<typeof item.generate>['value'];

function linesOf(items: readonly Item[]): ChargeLine[] {
  const lines = items.map((each, index) => lineOf(each, index + 1));
  const refunds: ChargeLine[] = [];
  items.forEach((each, index) => {
    const line = lines[index];
    if (each.refunded === 0 || line === undefined) return;
    // Half of it comes back, or all of it.
    const back = each.refunded === 2 ? each.quantity : Math.floor(each.quantity / 2);
    const quantity = textFromMillionths(-back);
    refunds.push({
      ...line,
      line: items.length + refunds.length + 1,
      quantity,
      amountFen: multiplyQuantityByPrice(quantity, line.unitPrice),
      refundsLine: line.line,
    });
  });
  return [...lines, ...refunds];
}

function lineOf(each: Item, line: number): ChargeLine {
  const quantity = textFromMillionths(each.quantity);
  const unitPrice = textFromMillionths(each.unitPrice);
  return {
    line,
    code: `X${line}`,
    name: `项目${line}`,
    category: each.category,
    catalogueClass: each.catalogueClass,
    firstSelfPayRatio:
      each.catalogueClass === 'B'
        ? { numerator: each.firstSelfPay, denominator: 100 }
        : { numerator: 0, denominator: 1 },
    priceCeiling: each.ceiling === null ? null : textFromMillionths(each.ceiling),
    unit: '次',
    quantity,
    unitPrice,
    amountFen: multiplyQuantityByPrice(quantity, unitPrice),
    on: `2017-11-${each.day}`,
  };
}

const amounts = fc.integer({ min: 0, max: 30_000_000 }).map(fen);

/** A year that can be: what is in scope was paid or borne. */
const year: fc.Arbitrary<YearToDate> = fc
  .record({
    admissions: fc.integer({ min: 0, max: 5 }),
    deductible: amounts,
    basic: amounts,
    within: amounts,
    other: amounts,
    known: fc.boolean(),
    levels: fc.uniqueArray(fc.constantFrom(...hospitalLevels), { maxLength: 3 }),
  })
  .map(({ basic, known, admissions, deductible, within, other, levels }) => ({
    admissions,
    year: 2017,
    asOf: '2017-11-09',
    includesVisits: ['ZY0'],
    deductiblePaidFen: fen(Math.min(deductible, within)),
    eligibleFen: fen(within + basic),
    selfPayFen: fen(within + other),
    eligibleSelfPayFen: within,
    paidFen: { 'basic-medical-insurance': basic },
    byStep: known ? { basic: { paidFen: basic } } : {},
    levels: admissions === 0 ? [] : levels,
  }));

const categories: fc.Arbitrary<readonly PersonCategory[]> = fc.uniqueArray(
  fc.record({ name: fc.constantFrom(...personCategories) }),
  { maxLength: 3, selector: ({ name }) => name },
);

const diseases = ['C18.900', 'C16.000', 'J18.900', 'C91.000', 'N18.000', 'I63.900'];

/** Inpatient visits of a person insured in Pingjiang, with refunds, ceilings and all kinds of years. */
export const randomInput: fc.Arbitrary<SettlementInput> = fc
  .record({
    items: fc.array(item, { minLength: 1, maxLength: 30 }),
    level: fc.constantFrom(...hospitalLevels),
    disease: fc.constantFrom(...diseases),
    categories,
    birthYear: fc.integer({ min: 1930, max: 2017 }),
    deposit: fc.constantFrom(0, 0, 50_000, 500_000),
    year: fc.option(year),
  })
  .map((parts) => ({
    visit: {
      id: 'ZY1',
      kind: 'inpatient',
      admittedOn: '2017-11-10',
      dischargedOn: '2017-11-27',
      hospital: { code: 'H43062600001', name: '平江县第一人民医院', level: parts.level },
      diagnoses: [{ code: parts.disease, name: '诊断', principal: true }],
      procedures: [],
      referral: null,
      bill: { kind: 'charges', charges: linesOf(parts.items) },
      depositFen: fen(parts.deposit),
      blockers: [],
    },
    person: {
      name: '张三',
      idNumber: '430626195001010016',
      birthDate: `${parts.birthYear}-01-01`,
      sex: 'male',
      insurance: 'resident',
      categories: parts.categories,
      insuredPlace: '430626',
    },
    yearToDate: parts.year,
  }));

/** A fixed visit where only totals are known, all in scope; tests change what they are about. */
export function plainInput(eligibleYuan: number, excludedYuan = 0): SettlementInput {
  return {
    visit: {
      id: 'ZY1',
      kind: 'inpatient',
      admittedOn: '2017-11-10',
      dischargedOn: '2017-11-27',
      hospital: { code: 'H43062600001', name: '平江县第一人民医院', level: 'county' },
      diagnoses: [{ code: 'C18.900', name: '结肠恶性肿瘤', principal: true }],
      procedures: [],
      referral: null,
      bill: {
        kind: 'totals',
        totals: {
          totalFen: fen((eligibleYuan + excludedYuan) * 100),
          eligibleFen: fen(eligibleYuan * 100),
          classBFirstSelfPayFen: fen(0),
          classCFen: fen(excludedYuan * 100),
          aboveCeilingFen: fen(0),
        },
      },
      depositFen: fen(0),
      blockers: [],
    },
    person: {
      name: '张三',
      idNumber: '430626195001010016',
      birthDate: '1950-01-01',
      sex: 'male',
      insurance: 'resident',
      categories: [{ name: 'registered-poor' }],
      insuredPlace: '430626',
    },
    yearToDate: null,
  };
}
