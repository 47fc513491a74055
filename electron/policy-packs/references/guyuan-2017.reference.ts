import {
  beyond,
  isReferred,
  percentOf,
  roundUp,
  smaller,
  yearOf,
  type Reference,
} from './visit.reference.ts';

/** Guyuan 2017: insurance, assistance, then the guarantee of 90 % or 5,000, whichever needs less. */
export const settleGuyuan2017: Reference = (input, bill) => {
  const { visit } = input;
  const year = yearOf(input);
  const deductible = {
    village: null,
    township: 10000n,
    county: 30000n,
    city: 60000n,
    province: 100000n,
    'outside-province': null,
  }[visit.hospital.level];
  let basic = 0n;
  if (deductible !== null) {
    // Referred on, only the difference is charged; earlier parts of the stay have borne theirs.
    const isChain = isReferred(input) && visit.referral?.previousVisitId !== null;
    const before =
      (isChain ? BigInt(visit.referral?.deductiblePaidFen ?? 0) : 0n) +
      BigInt(visit.earlierParts?.deductiblePaidFen ?? 0);
    basic = percentOf(beyond(bill.eligible, beyond(deductible, before)), 80n);
  }
  // One city has one basic insurance: nobody poor gets less of it than others, 60 % without a deductible.
  const ofOthers = percentOf(bill.eligible, 60n);
  if (ofOthers > basic) basic = ofOthers;
  let left = bill.eligible - basic;
  const carried = beyond(year.eligible, year.paidBy('basic'));
  const critical = percentOf(beyond(left, beyond(1500000n, carried)), 60n);
  left -= critical;
  const assistance = percentOf(left, 50n);
  left -= assistance;

  const residual = left + bill.firstSelfPay + bill.outside;
  const paid = bill.total - residual;
  const toReach90 = smaller(beyond(roundUp(bill.total * 90n, 100n), paid), residual);
  const to5000 = smaller(beyond(year.selfPay + residual, 500000n), residual);
  const guarantee = smaller(toReach90, to5000);
  return {
    shares: {
      basic,
      'critical-illness': critical,
      'critical-illness-tilt': 0n,
      'medical-assistance': assistance,
      supplement: 0n,
      'government-guarantee': guarantee,
    },
    patient: residual - guarantee,
    hospital: 0n,
  };
};
