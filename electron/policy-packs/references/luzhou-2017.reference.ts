import { billOf, isOne, isReferred, liesIn, percent, type Rules } from './paper.reference.ts';

/**
 * "免收贫困人口一般诊疗费、院内会诊费，免除贫困人口白内障手术费用"; "绝对实现贫困人群零支付", of stays and outpatients, but
 * "绝不是无条件的，要在相关政策的框架内"; who goes "直接到上一级医院就诊，再返我院要求开具转诊单" breaks the order, and "转出区外要
 * 自付部分费用". The rate of the insurance before it is assumed.
 */
export const settleLuzhou2017: Rules = (paper, person) => {
  if (paper.discharged < '2017-01-01' || paper.discharged >= '2018-01-01') return null;
  if (!isOne(person, paper.admitted, 'registered-poor')) return null;
  const isHome = liesIn(paper, '5105');
  const isCataract = paper.operations.some((code) => /^13\.[1457]/.test(code));
  const isFree = (category: string): boolean =>
    isHome && isCataract && (category === 'surgery' || category === 'anaesthesia');
  const isWaived = ({ category, code }: { category: string; code: string }): boolean =>
    isHome && (category === 'consultation-general' || code.startsWith('HZ'));
  const free = billOf({ charges: paper.charges.filter(({ category }) => isFree(category)) }).total;
  const rest = paper.charges.filter(({ category }) => !isFree(category));
  const waived = billOf({ charges: rest.filter(isWaived) }).total;
  const bill = billOf({ charges: rest.filter((charge) => !isWaived(charge)) });
  const basic = percent(bill.inScope, 80);
  const isFar = ['city', 'province', 'outside-province'].includes(paper.hospital.level);
  const isInFrame = isHome && (!isFar || isReferred(paper) || paper.emergency);
  const zero = isInFrame ? bill.inScope - basic : 0n;
  return {
    shares: {
      'cataract-free': free,
      'consultations-waived': waived,
      basic,
      'zero-payment': zero,
    },
    patient: bill.total - basic - zero,
    hospital: 0n,
    notes: {},
  };
};
