import { beyond, percentOf, yearOf, type Reference } from './visit.reference.ts';

/** Guyuan's ordinary residents: 60 %, critical illness and its tilt above yearly deductibles, commercial. */
export const settleGuyuanGeneral2017: Reference = (input, bill) => {
  const year = yearOf(input);
  const basic = percentOf(bill.eligible, 60n);
  let left = bill.eligible - basic;
  let carried = beyond(year.eligible, year.paidBy('basic'));
  const critical = percentOf(beyond(left, beyond(800000n, carried)), 50n);
  left -= critical;
  carried = beyond(year.eligible, year.paidBy('basic') + year.paidBy('critical-illness'));
  const tilt = percentOf(beyond(left, beyond(300000n, carried)), 10n);
  left -= tilt;
  const commercial = percentOf(left, 30n);
  left -= commercial;
  return {
    shares: {
      basic,
      'critical-illness': critical,
      'critical-illness-tilt': tilt,
      'commercial-insurance': commercial,
    },
    patient: left + bill.firstSelfPay + bill.outside,
    hospital: 0n,
  };
};
