import { billOf, percent, type Rules } from './paper.reference.ts';

/**
 * "乡镇90%，县级80%，地市级55%，省级40%" of the cost within the policy, "省级及其他医院" being one group. The audit
 * speaks of stays alone and of no village clinic.
 */
export const settleTieredCareCity2015: Rules = (paper) => {
  if (paper.discharged < '2015-01-01' || paper.discharged >= '2016-01-01') return null;
  const rates: Readonly<Record<string, number>> = {
    township: 90,
    county: 80,
    city: 55,
    province: 40,
    'outside-province': 40,
  };
  const rate = rates[paper.hospital.level];
  if (rate === undefined) return null;
  const bill = billOf(paper);
  const basic = percent(bill.inScope, rate);
  return { shares: { basic }, patient: bill.total - basic, hospital: 0n, notes: {} };
};
