import {
  beyond,
  holdsOn,
  isReferred,
  percentOf,
  smaller,
  yearOf,
  type Reference,
} from './visit.reference.ts';

/** The threefold system of 2022 with the frame's assumed figures. */
export const settleNational2022: Reference = (input, bill) => {
  const { visit } = input;
  const day = visit.dischargedOn;
  const year = yearOf(input);
  const inpatient = visit.kind === 'inpatient';
  const first = holdsOn(
    input,
    day,
    'extremely-poor',
    'subsistence-allowance',
    'returned-to-poverty',
  );
  const edge = holdsOn(
    input,
    day,
    'low-income-edge',
    'unstable-lifted',
    'edge-vulnerable',
    'sudden-hardship',
  );
  const expense = holdsOn(input, day, 'illness-expense');

  const basic = inpatient
    ? percentOf(beyond(bill.eligible, 50000n), 70n)
    : percentOf(bill.eligible, 50n);
  let left = bill.eligible - basic;
  // What the year carries into a yearly deductible: in-scope cost less what was paid on it before.
  let carried = beyond(year.eligible, year.paidBy('basic'));
  const deductible = (whole: bigint) => beyond(whole, carried);

  let critical = percentOf(beyond(left, deductible(first ? 750000n : 1500000n)), first ? 65n : 60n);
  if (!first) critical = smaller(critical, beyond(30000000n, year.paidBy('critical-illness')));
  left -= critical;
  const shares: Record<string, bigint> = { basic, 'critical-illness': critical };

  if (first || edge || expense) {
    const referred = isReferred(input) || visit.emergency === true;
    // Silence about care outside the province is no filing.
    const silent = visit.hospital.level === 'outside-province' ? 'none' : 'local';
    const isAssisted = referred || (visit.outOfArea?.filed ?? silent) !== 'none';
    carried = beyond(year.eligible, year.paidBy('basic') + year.paidBy('critical-illness'));
    let assistance = first
      ? percentOf(left, 70n)
      : edge
        ? percentOf(beyond(left, deductible(300000n)), 60n)
        : percentOf(beyond(left, deductible(750000n)), 50n);
    assistance = smaller(assistance, beyond(5000000n, year.paidBy('medical-assistance')));
    if (!isAssisted) assistance = 0n;
    left -= assistance;

    carried = beyond(
      year.eligible,
      year.paidBy('basic') + year.paidBy('critical-illness') + year.paidBy('medical-assistance'),
    );
    const nearby = ['village', 'township', 'county'].includes(visit.hospital.level);
    const inProvince = nearby || ['city', 'province'].includes(visit.hospital.level);
    let tilt = percentOf(beyond(left, deductible(300000n)), 50n);
    tilt = smaller(tilt, beyond(2000000n, year.paidBy('tilt-assistance')));
    if (!isAssisted || !inProvince || !(nearby || referred)) tilt = 0n;
    left -= tilt;
    shares['medical-assistance'] = assistance;
    shares['tilt-assistance'] = tilt;
  }
  return { shares, patient: left + bill.firstSelfPay + bill.outside, hospital: 0n };
};
