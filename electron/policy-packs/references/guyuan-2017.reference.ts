import { insuredInGuyuan } from './guyuan-insurance-2017.reference.ts';
import { above, isOne, least, noted, percent, yuan, type Rules } from './paper.reference.ts';

/**
 * "First insurance, then aid, after the bottom": after the insurance civil medical aid pays half of what is left in
 * scope (assumed), then the government so that "the actual reimbursement of hospitalization medical expenses is not
 * less than 90 % or the year's cumulative out-of-pocket hospitalization costs are not more than 5,000 yuan".
 */
export const settleGuyuan2017: Rules = (paper, person, year) => {
  if (paper.discharged < '2017-01-01' || paper.discharged >= '2018-01-01') return null;
  const insured = insuredInGuyuan(paper, year);
  if (insured === null || !isOne(person, paper.admitted, 'registered-poor')) return null;
  const { bill } = insured;
  const assistance = percent(insured.left, 50);
  const open = insured.left - assistance + bill.firstPaid + bill.outside;
  // A fen less would be less than 90 %.
  const ninetyPercent = (bill.total * 9n + 9n) / 10n;
  const to90 = least(open, above(ninetyPercent, bill.total - open));
  const to5000 = least(open, above(noted(year, 'borne') + open, yuan(5000)));
  const guarantee = least(to90, to5000);
  return {
    shares: {
      ...insured.shares,
      'medical-assistance': assistance,
      supplement: 0n,
      'government-guarantee': guarantee,
    },
    patient: open - guarantee,
    hospital: 0n,
    notes: { ...insured.notes, borne: open - guarantee },
  };
};
