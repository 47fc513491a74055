import { insuredInGuyuan } from './guyuan-insurance-2017.reference.ts';
import { isOne, percent, type Rules } from './paper.reference.ts';

/**
 * "A general rural residents' healthcare inclusive policy": after the insurance that everybody has a commercial one,
 * bought with their own contributions, pays (30 % of what is left in scope, assumed). The supplementary insurance of
 * serious illness covers "all urban workers and urban and rural residents"; its rule is not stated.
 */
export const settleGuyuanGeneral2017: Rules = (paper, person, year) => {
  if (paper.discharged < '2017-01-01' || paper.discharged >= '2018-01-01') return null;
  const insured = insuredInGuyuan(paper, year);
  if (insured === null || isOne(person, paper.admitted, 'registered-poor')) return null;
  const commercial = percent(insured.left, 30);
  return {
    shares: { ...insured.shares, supplement: 0n, 'commercial-insurance': commercial },
    patient: insured.left - commercial + insured.bill.firstPaid + insured.bill.outside,
    hospital: 0n,
    notes: insured.notes,
  };
};
