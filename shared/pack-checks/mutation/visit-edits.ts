import { employments, insurances, personCategories } from '../../domain/person.ts';
import type { Age } from '../../domain/stay.ts';
import { chargeCategories, hospitalLevels, hospitalTypes, visitKinds } from '../../domain/visit.ts';
import { fen } from '../../money/fen.ts';
import { fenFromYuanText, yuanTextFromFen } from '../../money/yuan-text.ts';
import { conditionsOf } from '../../policy/pack/pack-conditions-of.ts';
import type { PackDocument } from '../../policy/pack/pack-schema.ts';

/** What a case may set in a visit file: JSON Pointers and what stands there; null takes the field away. */
export type Edit = Readonly<Record<string, unknown>>;

/** Of one visit of a case, what an edit must know of it. */
export type EditedVisit = {
  readonly admittedOn: string;
  readonly dischargedOn: string;
  readonly birthDate: string;
  readonly insuredPlace: string;
  readonly level: string;
};

/**
 * Changes of a visit that a pack might answer otherwise, by what they are about: at most one of each kind is made at
 * once. Every level, category, code, threshold and ceiling that the pack speaks of is there.
 */
export function visitEdits(
  document: PackDocument,
  visit: EditedVisit,
): readonly (readonly Edit[])[] {
  return [
    billsOf(document, visit),
    yearsOf(document, visit),
    categoriesOf(document, visit),
    ofHospital(document, visit),
    ofCare(document, visit),
    ofDisease(document),
    ofPerson(document, visit),
    daysOf(document, visit),
  ];
}

const billField = '/visit/totals';

/** Bills on each side of every amount of the pack, and of every size; with half a fen, and with what is out of scope. */
function billsOf(document: PackDocument, visit: EditedVisit): Edit[] {
  const sizes = new Set<number>();
  for (const amount of amountsOf(document)) {
    for (const by of [-10_000, -1, 0, 1, 10_001, amount]) sizes.add(amount + by);
  }
  // Among some fen in a row there is a half of every kind.
  for (const about of [1_000_000, 10_000_000, 30_000_000]) {
    for (let by = 1; by <= 40; by += 1) sizes.add(about + by);
  }
  for (let size = 37; size < 1_000_000_00; size = Math.floor(size * 1.9) + 3) sizes.add(size);
  const inScope = [...sizes].filter((size) => size > 0 && size < 5_000_000_00);
  const totals = (eligible: number, first: number, classC: number, above: number): Edit => ({
    [billField]: {
      total: yuan(eligible + first + classC + above),
      eligible: yuan(eligible),
      classBFirstSelfPay: yuan(first),
      classC: yuan(classC),
      aboveCeiling: yuan(above),
    },
    '/visit/charges': null,
  });
  return [
    ...inScope.map((size) => totals(size, 0, 0, 0)),
    ...inScope
      .filter((_size, index) => index % 3 === 0)
      .map((size) => totals(size, 30_007, 100_003, 20_011)),
    totals(0, 0, 100_000, 0),
    ...chargesOf(document, visit),
  ];
}

/** Bills of charge lines: one of every kind of item the pack names, of each class. */
function chargesOf(document: PackDocument, { admittedOn }: EditedVisit): Edit[] {
  const lists = Object.values(document.itemLists ?? {});
  const kinds = [
    { category: 'western-drug', code: 'XA01' },
    ...lists.flatMap(({ categories = [], codes = [] }) => [
      ...categories.map((category) => ({ category, code: 'ZZ01' })),
      ...codes.map(({ prefix }) => ({ category: 'other', code: prefix })),
    ]),
  ];
  const line = (at: number, kind: (typeof kinds)[number], of: 'A' | 'B' | 'C', amount: number) => ({
    line: at,
    ...kind,
    name: kind.code,
    catalogueClass: of,
    firstSelfPayRatio: of === 'B' ? '0.10' : '0.00',
    priceCeiling: null,
    unit: '次',
    quantity: '1',
    unitPrice: yuan(amount),
    amount: yuan(amount),
    on: admittedOn,
  });
  const bills = kinds.flatMap((kind) =>
    [30_03, 2_000_05, 150_000_01].map((amount) => [
      line(1, kind, 'A', amount),
      line(2, kind, 'B', amount + 7),
      line(3, kind, 'C', amount + 3),
      line(4, { category: 'treatment', code: 'ZZ99' }, 'A', amount * 3),
    ]),
  );
  // And one of every category there is: what is not listed shows itself there.
  const every = chargeCategories.map((category, at) =>
    line(at + 1, { category, code: 'ZZ01' }, at % 3 === 0 ? 'B' : 'A', 100_003 + at * 1_000),
  );
  return [...bills, every].map((charges) => ({ '/visit/charges': charges, [billField]: null }));
}

/** Every amount that the pack states, in fen. */
function amountsOf(document: PackDocument): readonly number[] {
  const amounts: number[] = [];
  for (const parameter of Object.values(document.parameters)) {
    if (parameter.unit === 'percent') continue;
    const { value, byHospitalLevel, byHospitalGrade, except = [] } = parameter;
    const stated: unknown[] = [
      value,
      ...Object.values<unknown>(byHospitalLevel ?? {}),
      ...Object.values<unknown>(byHospitalGrade ?? {}),
      ...(parameter.unit === 'yuan' ? Object.values(parameter.byYearLevels ?? {}) : []),
      ...except.map((each) => each.value),
    ];
    for (const one of stated) {
      if (typeof one === 'string' && one !== 'none') amounts.push(fenFromYuanText(one));
      if (!Array.isArray(one)) continue;
      for (const { above } of one as readonly { readonly above: string }[]) {
        amounts.push(fenFromYuanText(above));
      }
    }
  }
  for (const { entries } of Object.values(document.quotaLists ?? {})) {
    amounts.push(...entries.map(({ quota }) => fenFromYuanText(quota)));
  }
  return [...new Set(amounts)].sort((a, b) => a - b);
}

/** Years in which one step, or all, have used up a part of what the pack limits by the year; and none known. */
function yearsOf(document: PackDocument, visit: EditedVisit): Edit[] {
  const amounts = amountsOf(document).filter((amount) => amount > 0);
  const used = [
    ...new Set(amounts.flatMap((amount) => [amount - 10_003, amount, Math.floor(amount / 2)])),
  ];
  const of = (
    admissions: number,
    levels: readonly string[],
    steps: readonly {
      readonly id: string;
      readonly payer: string;
      readonly paid: number;
      readonly borne: number;
    }[],
    deductible: number,
  ): Edit => {
    const paid: Record<string, number> = {};
    for (const { payer, paid: amount } of steps) paid[payer] = (paid[payer] ?? 0) + amount;
    const borne = Math.max(0, ...steps.map((step) => step.borne));
    const total = Object.values(paid).reduce((sum, amount) => sum + amount, borne);
    return {
      '/yearToDate': {
        year: Number(visit.dischargedOn.slice(0, 4)),
        asOf: `${visit.dischargedOn.slice(0, 4)}-01-01`,
        includesVisits: [],
        admissions,
        deductiblePaid: yuan(Math.min(deductible, borne)),
        eligible: yuan(total),
        paid: Object.fromEntries(
          Object.entries(paid).map(([payer, amount]) => [payer, yuan(amount)]),
        ),
        byStep: Object.fromEntries(
          steps.map(({ id, paid: amount, borne: own }) => [
            id,
            {
              base: yuan(amount + own),
              deductible: yuan(Math.min(deductible, own)),
              paid: yuan(amount),
              selfPay: yuan(own),
            },
          ]),
        ),
        selfPay: yuan(borne),
        eligibleSelfPay: yuan(borne),
        levels,
      },
    };
  };
  return [
    of(0, [], [], 0),
    of(1, [visit.level], [], 0),
    of(2, [visit.level], [], 0),
    ...hospitalLevels.map((level) => of(1, [level], [], 0)),
    of(2, ['county', 'province'], [], 0),
    { '/yearToDate': null },
    ...document.steps.flatMap(({ id, payer }) =>
      used
        .filter((amount) => amount > 0)
        .flatMap((amount) => [
          of(1, [visit.level], [{ id, payer, paid: amount, borne: Math.floor(amount / 3) }], 0),
          of(1, [visit.level], [{ id, payer, paid: 0, borne: amount }], amount),
        ]),
    ),
  ];
}

function categoriesOf(document: PackDocument, { dischargedOn }: EditedVisit): Edit[] {
  const named = new Set<string>();
  for (const { condition } of conditionsOf(document)) {
    const { categories } = condition;
    if (categories === undefined) continue;
    for (const name of 'any' in categories ? categories.any : categories.none) named.add(name);
  }
  const others = personCategories.filter((name) => !named.has(name));
  const all = [...named];
  const pairs = all.flatMap((one, index) => all.slice(index + 1).map((two) => [one, two]));
  const alone = all.map((one) => [one]);
  // Whoever has all categories that do not count, alone and beside one that does.
  const beside = [others, ...all.map((one) => [one, ...others])].filter(
    (names) => names.length > 1,
  );
  // Recognised during the stay: which day decides is told.
  const during = all.map((name) => [{ name, from: dischargedOn }]);
  return [[], ...beside, ...alone, ...pairs, ...during].map((names) => ({
    '/person/categories': names,
  }));
}

function ofHospital(document: PackDocument, { insuredPlace }: EditedVisit): Edit[] {
  const codes = Object.values(document.hospitalLists ?? {}).flatMap((list) =>
    list.codes.slice(0, 5).map(({ code }) => code),
  );
  return [
    ...hospitalLevels.map((level) => ({ '/visit/hospital/level': level })),
    ...[1, 2, 3, null].map((grade) => ({ '/visit/hospital/grade': grade })),
    ...hospitalTypes.map((type) => ({ '/visit/hospital/type': type })),
    ...[insuredPlace, '119900', null].map((place) => ({ '/visit/hospital/place': place })),
    ...[...codes, 'H99999999999'].map((code) => ({ '/visit/hospital/code': code })),
    ...hospitalLevels.map((level) => ({
      '/visit/hospital/level': level,
      '/visit/hospital/place': '119900',
    })),
  ];
}

function ofCare(document: PackDocument, { admittedOn, dischargedOn }: EditedVisit): Edit[] {
  const certificate = (issuedOn: string) => ({
    '/visit/referral': {
      certificate: 'ZZ1',
      issuedOn,
      fromHospitalLevel: 'township',
      previousVisitId: null,
      deductiblePaid: '0.00',
    },
  });
  return [
    ...visitKinds.map((kind) => ({ '/visit/kind': kind })),
    certificate(admittedOn),
    certificate(dischargedOn),
    { '/visit/referral': null },
    ...[true, false].map((emergency) => ({ '/visit/emergency': emergency })),
    ...['none', 'referral', 'long-term'].map((filed) => ({ '/visit/outOfArea': { filed } })),
    ...document.steps.flatMap(({ id, rule }) =>
      rule === 'approved-amount'
        ? [5_000_01, 90_000_000].map((amount) => ({
            '/visit/approvals': [
              {
                step: id,
                form: '申请表',
                number: '1',
                decision: 'approved',
                amount: yuan(amount),
                on: dischargedOn,
              },
            ],
          }))
        : [],
    ),
  ];
}

function ofDisease(document: PackDocument): Edit[] {
  const lists = Object.values(document.diseaseLists ?? {});
  const entries = Object.values(document.quotaLists ?? {}).flatMap((list) => list.entries);
  const diseases = new Set([
    ...lists.flatMap(({ codes }) => codes.map(({ prefix }) => prefix)),
    ...entries.flatMap(({ diagnosis }) => diagnosis ?? []),
  ]);
  const procedures = new Set([
    ...Object.values(document.procedureLists ?? {}).flatMap(({ codes }) =>
      codes.map(({ prefix }) => prefix),
    ),
    ...entries.flatMap(({ procedure }) => procedure ?? []),
  ]);
  const diagnosis = (code: string, principal: boolean) => ({ code, name: code, principal });
  return [
    { '/visit/diagnoses': [diagnosis('J18.900', true)] },
    ...[...diseases].flatMap((code) => [
      { '/visit/diagnoses': [diagnosis(code, true)] },
      { '/visit/diagnoses': [diagnosis('J18.900', true), diagnosis(code, false)] },
      { '/visit/chronicDisease': { code, certificateFrom: '2000-01-01' } },
    ]),
    ...[...procedures].map((code) => ({ '/visit/procedures': [{ code, name: code }] })),
    { '/visit/procedures': [] },
  ];
}

function ofPerson(document: PackDocument, { dischargedOn }: EditedVisit): Edit[] {
  const ages: Age[] = [0, 40];
  for (const { condition } of conditionsOf(document)) {
    for (const age of [condition.age?.from, condition.age?.below]) {
      if (age !== undefined) ages.push(age);
    }
  }
  for (const list of Object.values(document.diseaseLists ?? {})) {
    for (const { youngerThan } of list.codes) if (youngerThan !== undefined) ages.push(youngerThan);
  }
  const born = new Set(ages.flatMap((age) => bornAbout(age, dischargedOn)));
  return [
    ...[...born].map((day) => ({
      '/person/birthDate': day,
      '/person/document': 'none',
      '/person/idNumber': null,
    })),
    ...placesBeside(document).map((place) => ({ '/person/insuredPlace': place })),
    ...insurances.map((insurance) => ({ '/person/insurance': insurance })),
    ...employments.map((employment) => ({ '/person/employment': employment })),
    ...[true, false].map((contracted) => ({ '/person/contractedDoctor': contracted })),
    ...[1, 2, 3, 4, null].map((level) => ({ '/person/disabilityLevel': level })),
  ];
}

/** Days of birth of somebody who is of an age on a day and of somebody who is just not. */
function bornAbout(age: Age, day: string): string[] {
  if (typeof age === 'number') {
    const year = Number(day.slice(0, 4));
    return [age, age - 1].filter((each) => each >= 0).map((each) => `${String(year - each)}-01-01`);
  }
  const date = new Date(`${day}T00:00:00Z`);
  if ('days' in age) date.setUTCDate(date.getUTCDate() - age.days);
  else date.setUTCMonth(date.getUTCMonth() - age.months);
  const later = new Date(date.getTime() + 86_400_000);
  return [date, later].map((each) => each.toISOString().slice(0, 10));
}

/** Places just outside those of the pack: beside each in its city, and in its province. */
function placesBeside({ appliesTo }: PackDocument): readonly string[] {
  const isOfPack = (place: string) => appliesTo.places.some((each) => place.startsWith(each));
  return appliesTo.places
    .flatMap((place) => [place.slice(0, 4), place.slice(0, 2)])
    .flatMap((begun) => [`${begun}9899`, `${begun}9898`].map((place) => place.slice(0, 6)))
    .filter((place) => place.length === 6 && !isOfPack(place));
}

/** Stays that end on each side of every day the pack speaks of. */
function daysOf(document: PackDocument, { admittedOn, dischargedOn }: EditedVisit): Edit[] {
  const days = new Set([document.inForceFrom]);
  if (document.inForceUntil !== null) days.add(document.inForceUntil);
  for (const { condition } of conditionsOf(document)) {
    const { from, before } = condition.discharged ?? {};
    for (const day of [from, before]) if (day !== undefined) days.add(day);
  }
  const length = Math.round((Date.parse(dischargedOn) - Date.parse(admittedOn)) / dayMs);
  return [...days].flatMap((day) =>
    [-1, 0].map((by) => {
      const end = Date.parse(`${day}T00:00:00Z`) + by * dayMs;
      return {
        '/visit/admittedOn': textOf(end - length * dayMs),
        '/visit/dischargedOn': textOf(end),
        '/yearToDate': null,
      };
    }),
  );
}

const dayMs = 86_400_000;
const textOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const yuan = (amount: number): string => yuanTextFromFen(fen(Math.max(0, Math.round(amount))));
