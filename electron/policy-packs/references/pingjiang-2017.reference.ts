import {
  between,
  beyond,
  halfUp,
  percentOf,
  smaller,
  yearOf,
  yearsOld,
  type Reference,
} from './visit.reference.ts';

/**
 * What Pingjiang's one-stop settlement of 2017 comes to, written straight from the source and from the
 * figures the pack assumes, without the engine: a second opinion for the tests.
 */
export const settlePingjiang2017: Reference = (input, bill) => {
  const { visit } = input;
  const year = yearOf(input);
  const deductible = {
    village: 20000n,
    township: 20000n,
    county: 75000n,
    city: 120000n,
    province: 200000n,
    'outside-province': 200000n,
  }[visit.hospital.level];
  const percent = {
    village: 90n,
    township: 90n,
    county: 86n,
    city: 70n,
    province: 60n,
    'outside-province': 50n,
  }[visit.hospital.level];

  // Basic insurance: the rate of what lies above the deductible of the stay, borne once in all its parts.
  const borne = BigInt(visit.earlierParts?.deductiblePaidFen ?? 0);
  const basic = percentOf(beyond(bill.eligible, beyond(deductible, borne)), percent);
  const afterBasic = bill.eligible - basic;

  // Critical illness: what the year's in-scope cost after the basic insurance passes 10,000 by, in bands.
  const carried = beyond(year.eligible, year.paidBy('basic'));
  const from = beyond(carried, 1000000n);
  const to = beyond(carried + afterBasic, 1000000n);
  const inBands =
    percentOf(between(from, to, 0n, 3000000n), 50n) +
    percentOf(between(from, to, 3000000n, 8000000n), 60n) +
    percentOf(between(from, to, 8000000n, 15000000n), 70n) +
    percentOf(between(from, to, 15000000n, 10n ** 13n), 80n);
  const ceilingLeft = beyond(20000000n, year.paidBy('critical-illness'));
  const critical = smaller(inBands, ceilingLeft, afterBasic);
  const afterCritical = afterBasic - critical;

  // The preferential insurance states no rule. Medical assistance: half of what is left in scope.
  const assistance = percentOf(afterCritical, 50n);

  // The hospital takes half of everything left, to ten yuan, for the nine diseases.
  const left = afterCritical - assistance + bill.firstSelfPay + bill.outside;
  const half = halfUp(left * 50n, 100_000n) * 1000n;
  const reduction = isAtItsHospital(input) ? smaller(half, left) : 0n;

  // The last guarantee pays what was approved on application.
  const approval = visit.approvals?.find(({ step }) => step === 'government-guarantee');
  const approved = approval?.decision === 'approved' ? BigInt(approval.amountFen) : 0n;
  const guarantee = smaller(approved, left - reduction);
  return {
    shares: {
      basic,
      'critical-illness': critical,
      supplement: 0n,
      'medical-assistance': assistance,
      'hospital-reduction': reduction,
      'government-guarantee': guarantee,
    },
    patient: left - reduction - guarantee,
    hospital: 0n,
  };
};

/** The nine diseases, each at the hospital the source names for it. */
function isAtItsHospital(input: Parameters<Reference>[0]): boolean {
  const { visit } = input;
  const { code, level, place = '430626' } = visit.hospital;
  const disease = visit.diagnoses.find(({ principal }) => principal)?.code ?? '';
  if (/^(C15|C16|C18|C20|N18\.0)/.test(disease)) return level === 'county' && place === '430626';
  const isChild = yearsOld(input, visit.admittedOn) < 18;
  return isChild && /^(C91\.0|C92\.4|Q21\.0|Q21\.1)/.test(disease) && code === 'H43060000001';
}
