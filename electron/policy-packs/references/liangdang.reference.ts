import { billOf, isReferred, least, liesIn, percent, yuan, type Rules } from './paper.reference.ts';

/**
 * "县级病种100种，乡级病种45种，报销比例为县级75%、乡级85%，在全县县、乡两级定点医疗机构执行，实行按病种付费；按病种定额报销，
 * 超额部分由医疗机构自己承担；本级诊疗病种不得向上级医疗机构转诊，除特殊情况外，未办理转院手续擅自外出就医的减少报销直至不予报销".
 * What the lists hold, what is paid outside the county and by which steps it is less is assumed in the pack.
 */
export const settleLiangdang: Rules = (paper) => {
  if (paper.discharged < '2015-01-01' || paper.discharged >= '2018-01-01') return null;
  const { level } = paper.hospital;
  if (level === 'village') return null;
  const bill = billOf(paper);
  const isPneumonia = paper.diagnosis.startsWith('J18');
  const isAppendicitis = paper.diagnosis.startsWith('K35');
  const isHome = liesIn(paper, '621228');
  if (isHome && (level === 'township' || level === 'county')) {
    const isTownship = level === 'township';
    const step = isTownship ? 'township-quota' : 'county-quota';
    const rate = isTownship ? 85 : 75;
    const isListed = isTownship ? isPneumonia : isAppendicitis;
    const quota = yuan(isTownship ? 1569 : 4400);
    if (!isListed) {
      const paid = percent(bill.inScope, rate);
      return { shares: { [step]: paid }, patient: bill.total - paid, hospital: 0n, notes: {} };
    }
    const paid = percent(quota, rate);
    const patient = percent(least(bill.total, quota), 100 - rate);
    return { shares: { [step]: paid }, patient, hospital: bill.total - patient - paid, notes: {} };
  }
  // Whoever went out: 60 % with the papers or in an emergency; less and less without, less for what could be treated at home.
  let rate = 60;
  if (!isReferred(paper) && !paper.emergency) {
    rate *= level === 'outside-province' ? 0 : level === 'province' ? 0.25 : 0.5;
  }
  if ((isPneumonia || isAppendicitis) && !paper.emergency) rate *= 0.4;
  const paid = percent(bill.inScope, rate);
  return {
    shares: { 'outside-county': paid },
    patient: bill.total - paid,
    hospital: 0n,
    notes: {},
  };
};
