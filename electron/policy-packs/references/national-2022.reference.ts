import {
  above,
  billOf,
  isOne,
  isReferred,
  least,
  liesIn,
  noted,
  percent,
  yuan,
  type Paper,
  type PaperPerson,
  type Rules,
} from './paper.reference.ts';

const firstGroup = ['extremely-poor', 'subsistence-allowance', 'returned-to-poverty'];
const edge = ['low-income-edge', 'unstable-lifted', 'edge-vulnerable', 'sudden-hardship'];

/**
 * The opinion of 2021: "先保险后救助"; "大病保险支付比例不低于60%"; "对低保对象、特困人员和返贫致贫人口，起付标准降低50%、支付比例
 * 提高5个百分点、取消封顶线"; assistance of "不低于70%" for them and somewhat less for others, stays and outpatients under one
 * yearly ceiling; "未按规定转诊的…原则上不纳入救助范围"; "对规范转诊且在省域内就医的给予倾斜救助". Amounts are assumed.
 */
export const settleNational2022: Rules = (paper, person, year) => {
  if (paper.discharged < '2022-01-01') return null;
  const isStay = paper.kind === 'inpatient';
  const bill = billOf(paper);
  const day = paper.discharged;
  const basic = isStay ? percent(above(bill.inScope, yuan(500)), 70) : percent(bill.inScope, 50);
  const afterBasic = bill.inScope - basic;

  const isFirst = isOne(person, day, ...firstGroup);
  const criticalDeductible = above(yuan(isFirst ? 7500 : 15_000), noted(year, 'criticalBorne'));
  let critical = percent(above(afterBasic, criticalDeductible), isFirst ? 65 : 60);
  if (!isFirst) critical = least(critical, above(yuan(300_000), noted(year, 'critical')));
  let left = afterBasic - critical;
  const notes: Record<string, bigint> = {
    critical,
    criticalBorne: least(afterBasic, criticalDeductible),
  };
  const shares: Record<string, bigint> = { basic, 'critical-illness': critical };

  if (isOne(person, day, ...firstGroup, ...edge, 'illness-expense')) {
    const isAided = !hasLeftOrder(paper);
    shares['medical-assistance'] = isAided ? assistance(left, person, day) : 0n;
    left -= shares['medical-assistance'];
    shares['tilt-assistance'] = isAided && isTilted(paper) ? tilt(left) : 0n;
    left -= shares['tilt-assistance'];
  }
  return {
    shares,
    patient: left + bill.firstPaid + bill.outside,
    hospital: 0n,
    notes,
  };

  function assistance(base: bigint, of: PaperPerson, on: string): bigint {
    const isEdge = isOne(of, on, ...edge);
    const stated = isFirst ? 0 : isEdge ? 3000 : 7500;
    const deductible = above(yuan(stated), noted(year, 'assistanceBorne'));
    const due = percent(above(base, deductible), isFirst ? 70 : isEdge ? 60 : 50);
    const paid = least(due, above(yuan(50_000), noted(year, 'assistance')));
    notes['assistance'] = paid;
    notes['assistanceBorne'] = least(base, deductible);
    return paid;
  }

  function tilt(base: bigint): bigint {
    const deductible = above(yuan(3000), noted(year, 'tiltBorne'));
    const due = percent(above(base, deductible), 50);
    const paid = least(due, above(yuan(20_000), noted(year, 'tilt')));
    notes['tilt'] = paid;
    notes['tiltBorne'] = least(base, deductible);
    return paid;
  }
};

/** Out of the own area, not filed, not referred and no emergency. */
function hasLeftOrder(paper: Paper): boolean {
  const isFiled = paper.filed === null ? liesIn(paper, '999922') : paper.filed !== 'none';
  return !isFiled && !isReferred(paper) && !paper.emergency;
}

function isTilted(paper: Paper): boolean {
  const { level } = paper.hospital;
  if (level === 'outside-province') return false;
  if (level === 'city' || level === 'province') return isReferred(paper) || paper.emergency;
  return true;
}
