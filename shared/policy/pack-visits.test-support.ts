import fc from 'fast-check';
import {
  employments,
  personCategories,
  type PersonCategoryName,
  type SettlementInput,
  type StepOfYear,
  type YearToDate,
} from '../domain/person.ts';
import {
  chargeCategories,
  hospitalLevels,
  hospitalTypes,
  type ChargeLine,
  type Visit,
} from '../domain/visit.ts';
import { fen } from '../money/fen.ts';
import {
  multiplyQuantityByPrice,
  textFromMillionths,
} from '../money/multiply-quantity-by-price.ts';
import type { CompiledPack } from './compile/compiled-pack.ts';
import { conditionsOf } from './pack/pack-conditions-of.ts';
import { whyNot } from './choose-pack.ts';

/**
 * Random visits a pack covers, shaped so that its rules are reached: its places, dates, categories, lists,
 * referrals, approvals and years, bills of a few fen and of half a million yuan.
 */
export function visitsFor(pack: CompiledPack): fc.Arbitrary<SettlementInput> {
  return fc
    .record({
      visit: visitOf(pack),
      person: personOf(pack),
      year: fc.option(yearOf(pack), { freq: 4 }),
      wrongYear: fc.integer({ min: 0, max: 20 }),
    })
    .map(({ visit, person, year, wrongYear }): SettlementInput => {
      const day = pack.year === 'admission' ? visit.admittedOn : visit.dischargedOn;
      const number = Number(day.slice(0, 4)) - (wrongYear === 0 ? 1 : 0);
      return {
        visit,
        person: {
          ...person,
          birthDate: person.birthDate < visit.admittedOn ? person.birthDate : visit.admittedOn,
        },
        yearToDate:
          year === null
            ? null
            : {
                ...year,
                year: number,
                asOf: visit.admittedOn,
                includesVisits:
                  visit.earlierParts === undefined ? year.includesVisits : ['ZY0', visit.id],
              },
      };
    })
    .filter((input) => whyNot(pack, input) === null);
}

/** An amount in fen on a scale from fen to hundreds of thousands of yuan. */
const amounts = fc
  .tuple(fc.integer({ min: 2, max: 7 }), fc.integer({ min: 1, max: 999_999 }))
  .map(([digits, part]) => Math.floor((10 ** digits * part) / 1_000_000));

const item = fc.record({
  category: fc.constantFrom(...chargeCategories),
  catalogueClass: fc.constantFrom('A', 'A', 'B', 'C'),
  firstSelfPay: fc.constantFrom(0, 5, 10, 20, 100),
  quantity: fc.integer({ min: 1, max: 30 }),
  price: amounts.map((amount) => Math.max(1, amount)),
  ceiling: fc.option(amounts, { freq: 6 }),
  refunded: fc.integer({ min: 0, max: 9 }),
  code: fc.integer({ min: 0, max: 5 }),
});

type Item = ReturnType<typeof item.generate>['value'];

function linesOf(codes: readonly string[], items: readonly Item[]): readonly ChargeLine[] {
  return items.flatMap((each, index) => {
    const quantity = textFromMillionths(each.quantity * 1_000_000);
    const unitPrice = textFromMillionths(each.price * 10_000);
    const line: ChargeLine = {
      line: index + 1,
      code: `${codes[each.code % codes.length] ?? 'X'}${String(index)}`,
      name: `项目${String(index + 1)}`,
      category: each.category,
      catalogueClass: each.catalogueClass,
      firstSelfPayRatio:
        each.catalogueClass === 'B'
          ? { numerator: each.firstSelfPay, denominator: 100 }
          : { numerator: 0, denominator: 1 },
      priceCeiling: each.ceiling === null ? null : textFromMillionths(each.ceiling * 10_000),
      unit: '次',
      quantity,
      unitPrice,
      amountFen: multiplyQuantityByPrice(quantity, unitPrice),
      on: '2017-11-12',
    };
    if (each.refunded !== 0) return [line];
    const back = `-${quantity}`;
    const amountFen = multiplyQuantityByPrice(back, unitPrice);
    const number = 1000 + line.line;
    return [line, { ...line, line: number, quantity: back, amountFen, refundsLine: line.line }];
  });
}

function billOf({ document }: CompiledPack): fc.Arbitrary<Visit['bill']> {
  const codes = Object.values(document.itemLists ?? {}).flatMap((list) =>
    (list.codes ?? []).map(({ prefix }) => prefix),
  );
  const charges = fc
    .array(item, { minLength: 1, maxLength: 12 })
    .map((items) => ({ kind: 'charges' as const, charges: linesOf(['X', ...codes], items) }));
  const totals = fc.tuple(amounts, amounts, amounts, amounts).map((parts) => {
    const [eligible, firstSelfPay, classC, aboveCeiling] = parts;
    return {
      kind: 'totals' as const,
      totals: {
        totalFen: fen(eligible + firstSelfPay + classC + aboveCeiling),
        eligibleFen: fen(eligible),
        classBFirstSelfPayFen: fen(firstSelfPay),
        classCFen: fen(classC),
        aboveCeilingFen: fen(aboveCeiling),
      },
    };
  });
  return fc.oneof({ weight: 3, arbitrary: charges }, { weight: 2, arbitrary: totals });
}

function visitOf(pack: CompiledPack): fc.Arbitrary<Visit> {
  const { document } = pack;
  const diseases = Object.values(document.diseaseLists ?? {}).flatMap(({ codes }) =>
    codes.map(({ prefix }) => prefix),
  );
  const entries = Object.values(document.quotaLists ?? {}).flatMap((list) => list.entries);
  const diagnoses = [...diseases, ...entries.flatMap(({ diagnosis }) => diagnosis ?? []), 'J18.9'];
  const listed = Object.values(document.procedureLists ?? {}).flatMap(({ codes }) =>
    codes.map(({ prefix }) => prefix),
  );
  const procedures = [...listed, ...entries.flatMap(({ procedure }) => procedure ?? []), '99.0'];
  const hospitals = Object.values(document.hospitalLists ?? {}).flatMap(({ codes }) =>
    codes.map(({ code }) => code),
  );
  const approvable = document.steps.filter(({ rule }) => rule === 'approved-amount');
  return fc
    .record({
      kind: fc.constantFrom(...document.appliesTo.kinds),
      dischargedOn: dayIn(document.inForceFrom, document.inForceUntil),
      days: fc.integer({ min: 0, max: 40 }),
      hospital: fc.constantFrom('H00000000001', ...hospitals),
      level: fc.constantFrom(...hospitalLevels),
      grade: fc.constantFrom(1, 2, 3, undefined),
      type: fc.constantFrom(...hospitalTypes, undefined),
      diagnosis: fc.constantFrom(...diagnoses),
      second: fc.option(fc.constantFrom(...diagnoses), { freq: 3 }),
      procedure: fc.option(fc.constantFrom(...procedures), { freq: 2 }),
      referral: fc.option(referral, { freq: 2 }),
      bill: billOf(pack),
      emergency: fc.constantFrom(undefined, undefined, true, false),
      filed: fc.constantFrom(undefined, 'none', 'referral', 'long-term'),
      chronic: fc.option(chronic(diagnoses), { freq: 3 }),
      earlier: fc.option(amounts, { freq: 1, nil: null }),
      later: fc.integer({ min: 0, max: 9 }),
      approvals: fc.array(fc.tuple(fc.constantFrom('approved', 'approved', 'refused'), amounts), {
        minLength: approvable.length,
        maxLength: approvable.length,
      }),
    })
    .map((parts): Visit => {
      const admittedOn = addDays(parts.dischargedOn, parts.kind === 'outpatient' ? 0 : -parts.days);
      const approvals = approvable.flatMap(({ id }, index) => {
        const [decision, amount] = parts.approvals[index] ?? ['refused', 0];
        return index % 2 === parts.later % 2
          ? [
              {
                step: id,
                form: '申请表',
                number: `P${String(index)}`,
                decision: decision,
                amountFen: fen(amount),
                on: admittedOn,
              },
            ]
          : [];
      });
      return {
        id: 'ZY1',
        kind: parts.kind,
        admittedOn,
        dischargedOn: parts.dischargedOn,
        hospital: {
          code: parts.hospital,
          name: '医院',
          level: parts.level,
          ...(parts.grade === undefined ? {} : { grade: parts.grade }),
          ...(parts.type === undefined ? {} : { type: parts.type }),
        },
        diagnoses: [
          { code: `${parts.diagnosis}00`, name: '主要诊断', principal: true },
          ...(parts.second === null
            ? []
            : [{ code: `${parts.second}00`, name: '其他诊断', principal: false }]),
        ],
        procedures:
          parts.procedure === null ? [] : [{ code: `${parts.procedure}00`, name: '手术' }],
        referral:
          parts.referral === null
            ? null
            : {
                certificate: 'ZZ1',
                issuedOn: addDays(admittedOn, parts.referral.daysAfter),
                fromHospitalLevel: parts.referral.from,
                previousVisitId: parts.referral.chained ? 'ZY0' : null,
                deductiblePaidFen: fen(parts.referral.paid),
              },
        bill: parts.bill,
        depositFen: fen(0),
        blockers: [],
        ...(parts.emergency === undefined ? {} : { emergency: parts.emergency }),
        ...(parts.filed === undefined ? {} : { outOfArea: { filed: parts.filed } }),
        ...(parts.chronic === null
          ? {}
          : {
              chronicDisease: {
                code: `${parts.chronic.code}00`,
                certificateFrom: addDays(parts.dischargedOn, parts.chronic.days),
              },
            }),
        ...(parts.earlier === null || parts.later !== 0
          ? {}
          : { earlierParts: { parts: 1, deductiblePaidFen: fen(parts.earlier) } }),
        ...(approvals.length === 0 ? {} : { approvals }),
      };
    });
}

const referral = fc.record({
  daysAfter: fc.integer({ min: -4, max: 2 }),
  from: fc.constantFrom(...hospitalLevels),
  chained: fc.boolean(),
  paid: amounts.map((amount) => Math.min(amount, 300_000)),
});

const chronic = (codes: readonly string[]) =>
  fc.record({ code: fc.constantFrom(...codes), days: fc.integer({ min: -300, max: 3 }) });

function personOf({ document }: CompiledPack): fc.Arbitrary<SettlementInput['person']> {
  const named = new Set<PersonCategoryName>();
  for (const { condition } of conditionsOf(document)) {
    const { categories } = condition;
    if (categories === undefined) continue;
    for (const name of 'any' in categories ? categories.any : categories.none) named.add(name);
  }
  const own = [...named];
  const category = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...(own.length === 0 ? personCategories : own)) },
    { weight: 1, arbitrary: fc.constantFrom(...personCategories) },
  );
  return fc
    .record({
      place: fc.constantFrom(...document.appliesTo.places),
      insurance: fc.constantFrom(...document.appliesTo.insurance),
      employment: fc.constantFrom(...employments, undefined),
      categories: fc.uniqueArray(category, { maxLength: 3 }),
      born: dayIn('1930-01-01', '2025-01-01'),
      contractedDoctor: fc.constantFrom(true, false, undefined),
      disabilityLevel: fc.constantFrom(1, 2, 3, 4, undefined),
    })
    .map(
      ({ place, employment, categories, born, contractedDoctor, disabilityLevel, ...parts }) => ({
        name: '张三',
        idNumber: '430626195001010016',
        sex: 'male',
        insurance: parts.insurance,
        insuredPlace: place.padEnd(6, '0'),
        birthDate: born,
        categories: categories.map((name) => ({ name })),
        ...(employment === undefined ? {} : { employment }),
        ...(contractedDoctor === undefined ? {} : { contractedDoctor }),
        ...(disabilityLevel === undefined ? {} : { disabilityLevel: disabilityLevel }),
      }),
    );
}

/** A year whose figures agree: what payers paid is what their steps paid. */
function yearOf({ steps }: CompiledPack): fc.Arbitrary<YearToDate> {
  return fc
    .record({
      paid: fc.array(fc.oneof(fc.constant(0), amounts), {
        minLength: steps.length,
        maxLength: steps.length,
      }),
      within: fc.oneof(fc.constant(0), amounts),
      other: fc.oneof(fc.constant(0), amounts),
      deductible: amounts,
      admissions: fc.integer({ min: 0, max: 5 }),
      levels: fc.uniqueArray(fc.constantFrom(...hospitalLevels), { maxLength: 3 }),
    })
    .map(({ paid, within, other, deductible, admissions, levels }) => {
      const byStep: Record<string, StepOfYear> = {};
      const paidFen: Record<string, ReturnType<typeof fen>> = {};
      let sum = 0;
      steps.forEach(({ id, payer }, index) => {
        const amount = paid[index] ?? 0;
        sum += amount;
        byStep[id] = { paidFen: fen(amount) };
        paidFen[payer] = fen((paidFen[payer] ?? 0) + amount);
      });
      return {
        year: 2017,
        asOf: '2017-01-01',
        includesVisits: ['ZY0'],
        admissions,
        deductiblePaidFen: fen(Math.min(deductible, within)),
        eligibleFen: fen(sum + within),
        paidFen,
        byStep,
        selfPayFen: fen(within + other),
        eligibleSelfPayFen: fen(within),
        levels,
      };
    });
}

function dayIn(from: string, until: string | null): fc.Arbitrary<string> {
  const first = Date.parse(`${from}T00:00:00Z`);
  const end = until === null ? first + 800 * dayMs : Date.parse(`${until}T00:00:00Z`);
  return fc
    .integer({ min: 0, max: Math.round((end - first) / dayMs) - 1 })
    .map((days) => addDays(from, days));
}

const dayMs = 86_400_000;

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}
