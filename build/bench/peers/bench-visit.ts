import type { SettlementInput } from '../../../shared/domain/person.ts';
import type { ChargeLine, HospitalLevel } from '../../../shared/domain/visit.ts';
import { fenFromYuanText } from '../../../shared/money/yuan-text.ts';

/** A charge line in whole numbers, as all but our engine get it; amounts and prices in fen. */
export type PlainLine = {
  readonly class: 'A' | 'B' | 'C';
  readonly amount: number;
  readonly percent: number;
  readonly quantity: number;
  readonly price: number;
  readonly ceiling: number | null;
};

/** The visit as all but our engine get it: nothing left to parse, and no more in it than the six steps ask. */
export type BenchVisit = {
  readonly level: HospitalLevel;
  readonly disease: string;
  readonly age: number;
  readonly lines: readonly PlainLine[];
  /** Of this year before the visit: in-scope cost, paid by the basic and the critical-illness insurance. */
  readonly yearEligible: number;
  readonly yearBasic: number;
  readonly yearCritical: number;
};

/** What every participant comes to: the six shares in the order of the steps and the patient's part, in fen. */
export type BenchShares = readonly number[];

/** The same visit in whole numbers. Throws where a price is no whole fen or a quantity no whole number. */
export function plainVisit({ visit, person, yearToDate }: SettlementInput): BenchVisit {
  if (visit.bill.kind !== 'charges') throw new Error('a bench visit has charge lines');
  return {
    level: visit.hospital.level,
    disease: visit.diagnoses.find(({ principal }) => principal)?.code ?? '',
    age: ageOn(person.birthDate, visit.admittedOn),
    lines: visit.bill.charges.map(plainLine),
    yearEligible: yearToDate?.eligibleFen ?? 0,
    yearBasic: yearToDate?.byStep['basic']?.paidFen ?? 0,
    yearCritical: yearToDate?.byStep['critical-illness']?.paidFen ?? 0,
  };
}

function plainLine(line: ChargeLine): PlainLine {
  if (line.refundsLine !== undefined) throw new Error('a bench visit has no refunds');
  const { numerator, denominator } = line.firstSelfPayRatio;
  const percent = line.catalogueClass === 'B' ? (numerator * 100) / denominator : 0;
  const quantity = Number(line.quantity);
  if (!Number.isSafeInteger(percent) || !Number.isSafeInteger(quantity)) {
    throw new Error(`line ${line.line} is not in whole numbers`);
  }
  return {
    class: line.catalogueClass,
    amount: line.amountFen,
    percent,
    quantity,
    price: fenFromYuanText(line.unitPrice),
    ceiling: line.priceCeiling === null ? null : fenFromYuanText(line.priceCeiling),
  };
}

/** Full years of age on a day. */
function ageOn(birthDate: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}
