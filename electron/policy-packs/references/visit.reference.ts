import type { PersonCategoryName, SettlementInput } from '../../../shared/domain/person.ts';
import type { ChargeLine } from '../../../shared/domain/visit.ts';

/**
 * What the second calculations of the packs share: the bill in its parts and the plain facts of a visit,
 * written from the contract and in `bigint` fen, without the engine and without its money.
 */
export type ReferenceBill = {
  readonly total: bigint;
  readonly eligible: bigint;
  readonly firstSelfPay: bigint;
  readonly outside: bigint;
  /** Each line with what is left of it after refunds; empty where only totals are known. */
  readonly lines: readonly ReferenceLine[];
};

export type ReferenceLine = {
  readonly category: string;
  readonly code: string;
  readonly catalogueClass: 'A' | 'B' | 'C';
  readonly eligible: bigint;
  readonly firstSelfPay: bigint;
  readonly outside: bigint;
};

export type ReferenceResult = {
  /** By step id, in the order of the steps; a step that does not concern the person is not there. */
  readonly shares: Readonly<Record<string, bigint>>;
  readonly patient: bigint;
  readonly hospital: bigint;
};

/** A second calculation of a pack. */
export type Reference = (input: SettlementInput, bill: ReferenceBill) => ReferenceResult;

/** The parts of a bill, refunds netted, price ceiling first, then the first self-pay. */
export function splitReferenceBill({ visit: { bill } }: SettlementInput): ReferenceBill {
  if (bill.kind === 'totals') {
    const { totalFen, eligibleFen, classBFirstSelfPayFen, classCFen, aboveCeilingFen } =
      bill.totals;
    return {
      total: BigInt(totalFen),
      eligible: BigInt(eligibleFen),
      firstSelfPay: BigInt(classBFirstSelfPayFen),
      outside: BigInt(classCFen) + BigInt(aboveCeilingFen),
      lines: [],
    };
  }
  const lines = bill.charges
    .filter(({ refundsLine }) => refundsLine === undefined)
    .map((line) => splitLine(line, bill.charges));
  const sum = (part: 'eligible' | 'firstSelfPay' | 'outside') =>
    lines.reduce((total, line) => total + line[part], 0n);
  const [eligible, firstSelfPay, outside] = [sum('eligible'), sum('firstSelfPay'), sum('outside')];
  return { total: eligible + firstSelfPay + outside, eligible, firstSelfPay, outside, lines };
}

function splitLine(line: ChargeLine, all: readonly ChargeLine[]): ReferenceLine {
  let net = BigInt(line.amountFen);
  let quantity = millionths(line.quantity);
  for (const refund of all) {
    if (refund.refundsLine !== line.line) continue;
    net += BigInt(refund.amountFen);
    quantity += millionths(refund.quantity);
  }
  const { category, code, catalogueClass } = line;
  const same = { category, code, catalogueClass };
  if (catalogueClass === 'C') return { ...same, eligible: 0n, firstSelfPay: 0n, outside: net };
  let allowed = net;
  if (line.priceCeiling !== null && millionths(line.unitPrice) > millionths(line.priceCeiling)) {
    const most = halfUp(quantity * millionths(line.priceCeiling), 10n ** 10n);
    if (most < allowed) allowed = most;
  }
  const { numerator, denominator } = line.firstSelfPayRatio;
  const firstSelfPay =
    catalogueClass === 'B' ? halfUp(allowed * BigInt(numerator), BigInt(denominator)) : 0n;
  return { ...same, eligible: allowed - firstSelfPay, firstSelfPay, outside: net - allowed };
}

/** A positive fraction to the nearest whole, halves up. */
export function halfUp(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}

/** A positive fraction to the next whole above. */
export function roundUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}

/** So many per cent of an amount, to the fen, halves up. */
export function percentOf(amount: bigint, percent: bigint): bigint {
  return halfUp(amount * percent, 100n);
}

export function smaller(first: bigint, ...others: readonly bigint[]): bigint {
  return others.reduce((least, each) => (each < least ? each : least), first);
}

/** The first less the second, never below nothing. */
export function beyond(amount: bigint, limit: bigint): bigint {
  return amount > limit ? amount - limit : 0n;
}

/** The part of the stretch `from … to` that lies between `low` and `high`. */
export function between(from: bigint, to: bigint, low: bigint, high: bigint): bigint {
  const start = from > low ? from : low;
  const end = to < high ? to : high;
  return end > start ? end - start : 0n;
}

/** A quota is for the whole stay: not once more for a later part of it, and not for a bill of nothing. */
export function hasQuotaDue({ visit }: SettlementInput, left: bigint): boolean {
  return left > 0n && visit.earlierParts === undefined;
}

/** Whether the person holds one of the categories on a day. */
export function holdsOn(
  { person }: SettlementInput,
  day: string,
  ...names: readonly PersonCategoryName[]
): boolean {
  return person.categories.some(
    ({ name, from, until }) =>
      names.includes(name) && (from ?? day) <= day && day <= (until ?? day),
  );
}

/** Full years of age on a day. */
export function yearsOld({ person: { birthDate } }: SettlementInput, day: string): number {
  const hadBirthday = day.slice(5) >= birthDate.slice(5);
  return Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4)) - (hadBirthday ? 0 : 1);
}

/** Whether the patient came with a certificate written no later than the day of admission. */
export function isReferred({ visit }: SettlementInput): boolean {
  return visit.referral !== null && visit.referral.issuedOn <= visit.admittedOn;
}

/** The year's figures, where they are those of the day's year; fen as `bigint`, nothing known is 0. */
export function yearOf({ visit, yearToDate }: SettlementInput, day = visit.dischargedOn) {
  const year = yearToDate?.year === Number(day.slice(0, 4)) ? yearToDate : null;
  return {
    known: year !== null,
    admissions: year?.admissions ?? 0,
    eligible: BigInt(year?.eligibleFen ?? 0),
    selfPay: BigInt(year?.selfPayFen ?? 0),
    eligibleSelfPay: BigInt(year?.eligibleSelfPayFen ?? 0),
    levels: year?.levels ?? [],
    paidBy: (step: string) => BigInt(year?.byStep[step]?.paidFen ?? 0),
  };
}

function millionths(text: string): bigint {
  const negative = text.startsWith('-');
  const [whole = '0', decimals = ''] = (negative ? text.slice(1) : text).split('.');
  const value = BigInt(whole + decimals.padEnd(6, '0'));
  return negative ? -value : value;
}
