import {
  beyond,
  holdsOn,
  percentOf,
  smaller,
  yearOf,
  yearsOld,
  type Reference,
} from './visit.reference.ts';

type Input = Parameters<Reference>[0];

/** Nanchang's stays of 2025: residents with critical illness, employees with large amounts. */
export const settleNanchang2025: Reference = (input, bill) => {
  const { visit, person } = input;
  const year = yearOf(input);
  const isTilted = holdsOn(
    input,
    visit.admittedOn,
    'extremely-poor',
    'orphan',
    'subsistence-allowance',
    'returned-to-poverty',
  );
  const first = percentOf(bill.eligible, firstPay(input));
  let left = bill.eligible - first;
  const shares: Record<string, bigint> = {};
  const pay = (step: string, amount: bigint) => {
    shares[step] = amount;
    left -= amount;
  };
  const age = yearsOld(input, visit.admittedOn);
  const isFree = age >= 70 || age <= 6;
  const isFourth = year.admissions + (visit.earlierParts === undefined ? 1 : 0) >= 4;
  const borne = BigInt(visit.earlierParts?.deductiblePaidFen ?? 0);
  const above = (yuan: bigint) =>
    beyond(left, isFree && isFourth ? 0n : beyond(yuan * 100n, borne));
  const grade = visit.hospital.grade ?? 3;
  // Who changed insurance within the year brings along what the other one paid.
  const paidByBasic = year.paidBy('basic-resident') + year.paidBy('basic-employee');

  if (person.insurance === 'resident') {
    const deductible = { 1: 100n, 2: 400n, 3: 600n }[grade];
    const percent = { 1: 90n, 2: 80n, 3: 60n }[grade];
    const most = beyond(10_000_000n, year.paidBy('basic-resident'));
    pay('basic-resident', smaller(percentOf(above(deductible), percent), most));
    const carried = beyond(year.eligible, paidByBasic);
    const start = beyond(isTilted ? 850_000n : 1_700_000n, carried);
    const critical = percentOf(beyond(left, start), isTilted ? 65n : 60n);
    const rest = beyond(30_000_000n, year.paidBy('critical-illness'));
    pay('critical-illness', isTilted ? critical : smaller(critical, rest));
  } else {
    const deductible = { 1: 200n, 2: 500n, 3: 800n }[grade];
    const percent = { 1: 95n, 2: 90n, 3: 85n }[grade];
    pay('basic-employee', percentOf(above(deductible), percent));
    const paidBefore = paidByBasic + year.paidBy('critical-illness');
    const carried = beyond(year.eligible, paidBefore);
    const large = percentOf(beyond(left, beyond(10_000_000n, carried)), 90n);
    pay('large-amount', smaller(large, beyond(50_000_000n, year.paidBy('large-amount'))));
    if (person.employment === 'civil-servant') pay('civil-servant', percentOf(left, 96n));
  }
  // The local table of assistance is not given.
  if (isTilted) pay('medical-assistance', 0n);
  return { shares, patient: left + first + bill.firstSelfPay + bill.outside, hospital: 0n };
};

/** Per cent paid first in another province: filed for long 0, referred 10, else 20. */
function firstPay({ visit }: Input): bigint {
  if (visit.hospital.level !== 'outside-province') return 0n;
  const filed = visit.outOfArea?.filed ?? 'none';
  return { 'long-term': 0n, referral: 10n, none: 20n }[filed];
}
