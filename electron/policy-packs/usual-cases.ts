import { hospitalLevels } from '../../shared/domain/closed-values.ts';
import { insurances } from '../../shared/domain/person.ts';
import { visitKinds } from '../../shared/domain/visit.ts';
import type { PackDocument } from '../../shared/policy/pack/pack-schema.ts';

type Json = Readonly<Record<string, unknown>>;

/** A visit in the form of its file, as far as it is looked at here. */
export type StayFile = {
  readonly visit: Json & {
    readonly kind: string;
    readonly hospital: Json & { readonly level: string };
    readonly dischargedOn: string;
  };
  readonly person: Json;
  readonly yearToDate: Json;
};

export type UsualCases = {
  readonly list: readonly object[];
  /** Those whose amounts are to be worked out; the others say that the pack is not for the visit. */
  readonly toWorkOut: number;
};

const totals = (total: string, eligible: string, classC: string): Json => ({
  ...{ total, eligible, classBFirstSelfPay: '0.00', classC, aboveCeiling: '0.00' },
});

/**
 * A plain stay of the person, the hospital and the diagnoses that a case of the other pack has: amounts of half a
 * fen, nothing before it in its year.
 */
export function plainStay({ visit, person }: StayFile): StayFile {
  const { kind, admittedOn, dischargedOn, hospital, diagnoses } = visit;
  return {
    visit: {
      ...{ id: 'ZY0001', kind, admittedOn, dischargedOn, hospital, diagnoses },
      totals: totals('5000.60', '4500.50', '500.10'),
    },
    person,
    yearToDate: emptyYear(dischargedOn),
  };
}

const emptyYear = (day: string): Json => ({
  ...{ year: Number(day.slice(0, 4)), asOf: day, includesVisits: [], admissions: 0 },
  ...{ deductiblePaid: '0.00', eligible: '0.00', paid: {}, byStep: {} },
  ...{ selfPay: '0.00', eligibleSelfPay: '0.00', levels: [] },
});

/**
 * The cases nearly every pack needs: a bill on each side of what it may meet, each level, each group, the second stay of
 * a year, the first and the last day, and who is not covered.
 */
export function usualCases(pack: PackDocument, stay: StayFile): UsualCases {
  const { appliesTo, inForceFrom, inForceUntil } = pack;
  const levels = appliesTo.hospitalLevels ?? hospitalLevels;
  const groups =
    appliesTo.categories !== undefined && 'any' in appliesTo.categories
      ? appliesTo.categories.any
      : [];
  const { level } = stay.visit.hospital;
  const own = JSON.stringify(stay.person['categories']);
  const workedOut = [
    open('平常的一次就诊（a plain visit）'),
    open('全部不在政策范围内（nothing in scope）', {
      '/visit/totals': totals('1000.00', '0.00', '1000.00'),
    }),
    open('费用很少，不到起付标准（a small bill, below the deductible）', {
      '/visit/totals': totals('60.00', '60.00', '0.00'),
    }),
    open('费用很大，超过各项封顶线（a large bill, above every ceiling）', {
      '/visit/totals': totals('900000.00', '880000.00', '20000.00'),
    }),
    open('本年度第二次（the second of the year）', {
      '/yearToDate/admissions': 1,
      '/yearToDate/levels': [level],
    }),
    ...levels
      .filter((each) => each !== level)
      .map((each) => open(`医院级别 ${each}（hospital level）`, { '/visit/hospital/level': each })),
    ...groups
      .filter((each) => JSON.stringify([each]) !== own)
      .map((each) => open(`人员类别 ${each}（category）`, { '/person/categories': [each] })),
    open('第一天出院（the first day in force）', onDay(inForceFrom)),
    ...(inForceUntil === null
      ? []
      : [open('最后一天出院（the last day in force）', onDay(dayBefore(inForceUntil)))]),
  ];
  const notCovered = [
    closed('前一天出院不归它管（the day before is not covered）', onDay(dayBefore(inForceFrom))),
    ...(inForceUntil === null
      ? []
      : [closed('失效那一天出院不归它管（the day it ends is not covered）', onDay(inForceUntil))]),
    closed('邻近地区参保不归它管（insured in a neighbouring place）', {
      '/person/insuredPlace': neighbourOf(appliesTo.places[0] ?? ''),
    }),
    ...insurances
      .filter((each) => !appliesTo.insurance.includes(each))
      .map((each) => closed(`险种 ${each} 不归它管（insurance）`, { '/person/insurance': each })),
    ...visitKinds
      .filter((each) => !appliesTo.kinds.includes(each))
      .map((each) => closed(`就诊类别 ${each} 不归它管（kind of visit）`, { '/visit/kind': each })),
    ...hospitalLevels
      .filter((each) => !(levels as readonly string[]).includes(each))
      .map((each) =>
        closed(`医院级别 ${each} 不归它管（hospital level）`, { '/visit/hospital/level': each }),
      ),
  ];
  return { list: [...workedOut, ...notCovered], toWorkOut: workedOut.length };
}

function open(sentence: string, set?: Json): object {
  return caseOf(sentence, set, { notWorkedOut: true });
}

function closed(sentence: string, set: Json): object {
  return caseOf(sentence, set, { notCovered: true });
}

function caseOf(sentence: string, set: Json | undefined, expect: Json): object {
  return {
    ...{ case: sentence, visit: 'cases/stay.json' },
    ...(set === undefined ? {} : { with: set }),
    expect,
  };
}

/** Admitted and discharged on one day: that day is in force or not, whatever the pack looks at. */
const onDay = (day: string): Json => ({
  '/visit/admittedOn': day,
  '/visit/dischargedOn': day,
  '/yearToDate': emptyYear(day),
});

function dayBefore(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
}

/** Another division of the same city, city of the same province, or another province. */
function neighbourOf(place: string): string {
  const other = (part: string): string => (part === '99' ? '98' : '99');
  if (place.length >= 6) return `${place.slice(0, 4)}${other(place.slice(4, 6))}`;
  if (place.length >= 4) return `${place.slice(0, 2)}${other(place.slice(2, 4))}01`;
  return `${other(place.slice(0, 2))}0101`;
}
