import { billOf, least, liesIn, percent, yuan, type Rules } from './paper.reference.ts';

/**
 * "县人民医院选择县域内分级诊疗病种100个，确定了单病种补偿最高限额，取消起付线，补偿比例78%（县中医院80%）；患者只需出
 * 小于或等于补偿最高限额22%的费用，超额部分由医院承担；乡镇卫生院按照补偿最高限额的80%，补偿比例达到85%". Published are
 * 急性阑尾炎 4400 and 短暂性脑缺血 5000, the patient's 616 and 792 being whole yuan. Of other diseases it says the 75 %
 * of before.
 */
export const settleQingxu2014: Rules = (paper) => {
  if (paper.discharged < '2014-11-01' || paper.discharged >= '2017-01-01') return null;
  const { level, type } = paper.hospital;
  if (!liesIn(paper, '140121') || (level !== 'township' && level !== 'county')) return null;
  const bill = billOf(paper);
  const published = paper.diagnosis.startsWith('K35')
    ? yuan(4400)
    : paper.diagnosis.startsWith('G45.9')
      ? yuan(5000)
      : null;
  if (published === null) {
    const basic = percent(bill.inScope, 75);
    return { shares: { basic }, patient: bill.total - basic, hospital: 0n, notes: {} };
  }
  const limit = level === 'township' ? percent(published, 80) : published;
  const rate = level === 'township' ? 85 : type === 'tcm' ? 80 : 78;
  const basic = percent(limit, rate);
  const counted = least(bill.total, limit);
  const patient = least(wholeYuan(counted * BigInt(100 - rate)), counted);
  return { shares: { basic }, patient, hospital: bill.total - patient - basic, notes: {} };
};

/** Hundredths of a fen to whole yuan, half a yuan up. */
function wholeYuan(hundredths: bigint): bigint {
  return ((hundredths + 5_000n) / 10_000n) * 100n;
}
