import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { ChargeLineJson, VisitJson } from '../../shared/contracts/visit-json-schema.ts';
import { demoPeople, idNumberOf, type DemoPerson } from './demo-people.ts';
import { demoStays } from './demo-stays.ts';
import { hospitalItems, type HospitalItem } from './hospital-items.ts';
import { wards, type DemoStay, type StayItem } from './stay-kinds.ts';

/** Where the demo visits are kept: one compact document a line. */
export const demoDataFile = fileURLToPath(new URL('./data/visits.json', import.meta.url));

const publishedStay = new URL(
  '../../shared/policy-packs/pingjiang-2017/1.0.0/cases/colon-cancer-17-days.json',
  import.meta.url,
);

/**
 * The text of the demo visits: the published stay as the policy pack's case has it, then the invented ones.
 * The same text every time: no clock, no chance but a seeded one.
 */
export function makeDemoData(): string {
  const published: unknown = JSON.parse(readFileSync(publishedStay, 'utf8'));
  const documents = [published, ...demoStays.map(documentOf)];
  return `[\n${documents.map((document) => JSON.stringify(document)).join(',\n')}\n]\n`;
}

function documentOf(stay: DemoStay, index: number): VisitJson {
  const person: DemoPerson = demoPeople[stay.who];
  const ward = wards[stay.ward];
  const chance = seeded(20171127 + index);
  const charges = stay.linesByDay === undefined ? billOf(stay, chance) : billByDay(stay, chance);
  const deposits = (stay.deposits ?? []).map(([amount, on], at) => ({
    receipt: `YJ${on.replaceAll('-', '')}${String(index + 1).padStart(3, '0')}${String(at + 1)}`,
    amount,
    on,
    tender: at === 0 ? ('cash' as const) : ('wechat' as const),
  }));
  const isInpatient = stay.kind !== 'outpatient';
  return {
    visit: {
      id: stay.id,
      kind: stay.kind ?? 'inpatient',
      admittedOn: stay.admittedOn,
      dischargedOn: stay.dischargedOn,
      hospital: {
        code: 'H43062600001',
        name: '平江县第一人民医院',
        level: 'county',
        grade: 2,
        type: 'general',
        place: '430626',
      },
      diagnoses: stay.diagnoses.map(([code, name], at) => ({ code, name, principal: at === 0 })),
      procedures: stay.procedures ?? [],
      referral: null,
      charges,
      ...(deposits.length === 0 ? { deposit: '0.00' } : { deposits }),
      ...(stay.blockers === undefined ? {} : { blockers: stay.blockers }),
      ...(isInpatient ? { admissionNumber: `17${stay.id.slice(6, 10)}${stay.id.slice(-4)}` } : {}),
      medicalRecordNumber: `B${String(174500 + index * 37).padStart(7, '0')}`,
      department: { code: ward.code, name: ward.name },
      ...(stay.bed === '' ? {} : { bed: stay.bed }),
      attendingDoctor: ward.doctor,
      ...(isInpatient ? { dischargeWay: 'by-order' as const, outcome: 'improved' as const } : {}),
      ...stay.more,
    },
    person: personOf(person),
    yearToDate: yearOf(stay),
  };
}

function personOf(person: DemoPerson): VisitJson['person'] {
  return {
    name: person.name,
    idNumber: idNumberOf(person),
    birthDate: person.birthDate,
    sex: person.serial % 2 === 1 ? 'male' : 'female',
    insurance: person.insurance ?? 'resident',
    categories: [...(person.categories ?? [])],
    insuredPlace: person.insuredPlace ?? '430626',
    address: addressOf(person),
    ...person.more,
  };
}

/** The address as it stands on the demo card too. */
function addressOf({ village, insuredPlace }: DemoPerson): string {
  return insuredPlace === undefined ? `湖南省平江县${village}` : '湖南省岳阳县新墙镇';
}

function yearOf({ yearToDate }: DemoStay): VisitJson['yearToDate'] {
  if (yearToDate === 'unknown') return null;
  if (yearToDate !== undefined) return yearToDate;
  return {
    year: 2017,
    asOf: '2017-09-30',
    includesVisits: [],
    admissions: 0,
    deductiblePaid: '0.00',
    eligible: '0.00',
    paid: {},
    byStep: {},
    selfPay: '0.00',
    eligibleSelfPay: '0.00',
    levels: [],
  };
}

type Chance = (below: number) => number;

/** Mulberry32: whole numbers from 0 to below the argument, the same row for the same seed. */
function seeded(seed: number): Chance {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** What every stay of so many days has; intensive care and the newborn have beds of their own. */
function usualItems(stay: DemoStay, days: number, chance: Chance): readonly StayItem[] {
  if (stay.kind === 'outpatient') return [];
  const hasOwnBed = stay.items.some(([code]) => code.startsWith('CW'));
  const acute = Math.min(days - 1, 2 + chance(3));
  return [
    ['ZC0101', days],
    ...(hasOwnBed ? [] : ([['CW0203', days]] satisfies StayItem[])),
    ['HL0101', acute],
    ['HL0102', days - acute],
    ['HL0210', 1 + chance(4)],
    ['JY0001', 1 + chance(4)],
    ['JY0002', 1],
    ['JY0003', 1],
    ['JY0010', 1 + chance(2)],
    ['JY0011', 1 + chance(2)],
    ['JY0012', 1 + chance(3)],
    ['JY0013', 1 + chance(3)],
    ['JY0014', 1],
    ['JY0030', 1 + chance(2)],
    ['JC0001', 1],
    ['ZL0001', days * 2],
    ['XY0153', days * 2],
    ['XY0152', days],
    ['XY0151', days + chance(days)],
    ['XY0150', 2 + chance(8)],
    ['HC0110', days],
    ['HC0111', 1 + chance(3)],
    ['QT0101', days],
    ['QT0102', days],
    ['QT0103', 1],
  ];
}

function billOf(stay: DemoStay, chance: Chance): ChargeLineJson[] {
  const days = Math.max(1, daysBetween(stay.admittedOn, stay.dischargedOn));
  const quantities = new Map<string, number>();
  for (const [code, quantity] of [...usualItems(stay, days, chance), ...stay.items]) {
    quantities.set(code, (quantities.get(code) ?? 0) + quantity);
  }
  const charges = [...quantities].map(([code, quantity], at) =>
    lineOf(at + 1, code, quantity, dayAfter(stay.admittedOn, chance(days))),
  );
  for (const [code, quantity] of stay.refunds ?? []) {
    const refunded = charges.find((charge) => charge.code === code);
    if (refunded === undefined) throw new Error(`${stay.id} refunds what it has not: ${code}`);
    const line = lineOf(charges.length + 1, code, -quantity, stay.dischargedOn);
    charges.push({ ...line, refundsLine: refunded.line });
  }
  return charges;
}

/** What is charged day by day where a hospital's system writes every day's items on lines of their own. */
const dailyItems: readonly StayItem[] = [
  ['ZC0101', 1],
  ['CW0203', 1],
  ['HL0102', 1],
  ['ZL0001', 2],
  ['XY0153', 2],
  ['XY0152', 1],
  ['XY0151', 2],
  ['XY0150', 1],
  ['HC0110', 1],
  ['ZY0102', 1],
  ['ZL0032', 1],
  ['QT0102', 1],
];

/** The whole stay's items once, then day after day the daily ones, until the bill has its length. */
function billByDay(stay: DemoStay, chance: Chance): ChargeLineJson[] {
  const length = stay.linesByDay ?? 0;
  const days = daysBetween(stay.admittedOn, stay.dischargedOn);
  const rows: { code: string; quantity: number; day: number }[] = [];
  for (const [code, quantity] of stay.items) rows.push({ code, quantity, day: chance(days) });
  for (let day = 0; day < days; day += 1) {
    for (const [code, quantity] of dailyItems) rows.push({ code, quantity, day });
  }
  const sometimes = [
    'JY0001',
    'JY0012',
    'JY0013',
    'ZL0022',
    'XY0112',
    'XY0170',
    'ZL0021',
    'JY0030',
  ];
  while (rows.length < length) {
    const code = sometimes[rows.length % sometimes.length] ?? 'JY0001';
    rows.push({ code, quantity: 1 + chance(2), day: chance(days) });
  }
  return rows
    .slice(0, length)
    .sort((a, b) => a.day - b.day)
    .map(({ code, quantity, day }, at) =>
      lineOf(at + 1, code, quantity, dayAfter(stay.admittedOn, day)),
    );
}

function lineOf(line: number, code: string, quantity: number, on: string): ChargeLineJson {
  const item = itemOf(code);
  return {
    line,
    code,
    name: item.name,
    category: item.category,
    catalogueClass: item.catalogueClass,
    firstSelfPayRatio: item.firstSelfPayRatio,
    priceCeiling: item.priceCeiling,
    unit: item.unit,
    quantity: String(quantity),
    unitPrice: yuan(item.priceFen),
    amount: yuan(item.priceFen * quantity),
    on,
  };
}

function itemOf(code: string): HospitalItem {
  const item = hospitalItems.get(code);
  if (item === undefined) throw new Error(`not in the price list: ${code}`);
  return item;
}

/** Whole fen as yuan text. */
function yuan(amountFen: number): string {
  const digits = String(Math.abs(amountFen)).padStart(3, '0');
  return `${amountFen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

const dayMs = 86_400_000;

function daysBetween(from: string, until: string): number {
  return (Date.parse(until) - Date.parse(from)) / dayMs;
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(demoDataFile, makeDemoData());
}
