import { billOf, isOne, least, liesIn, percent, yuan, type Rules } from './paper.reference.ts';

const quotaDiseases = ['I67.8', 'I25.1', 'G45.9', 'G45.0', 'J18'];
const freeOperations = ['47.0', '53.0'];

/**
 * "凡来我院就诊的病人，做b超一律全额补贴，特困病人住院实行全额补贴，挂号费全额补贴，救护车免费接送；60种疾病实行定额补偿，14种外科手术
 * 全额补贴；单病种住院自付费用都在30%以下". Which diseases and operations, and 1,569 as their price, is assumed.
 */
export const settleTieredCareTownship: Rules = (paper, person) => {
  if (paper.discharged < '2015-06-01' || paper.discharged >= '2017-01-01') return null;
  if (paper.hospital.level !== 'township' || !liesIn(paper, '999907')) return null;
  const free = ['registration', 'ultrasound', 'ambulance'];
  const of = (category: string): bigint =>
    billOf({ charges: paper.charges.filter((charge) => charge.category === category) }).total;
  const bill = billOf({
    charges: paper.charges.filter(({ category }) => !free.includes(category)),
  });
  const shares: Record<string, bigint> = {
    'registration-waived': of('registration'),
    'ultrasound-subsidised': of('ultrasound'),
    'ambulance-free': of('ambulance'),
  };
  if (paper.kind === 'outpatient') {
    return { shares, patient: bill.total, hospital: 0n, notes: {} };
  }
  let patient: bigint;
  let fund: bigint;
  if (quotaDiseases.some((code) => paper.diagnosis.startsWith(code))) {
    // A bill of which nothing is left to pay has no price.
    fund = bill.total === 0n ? 0n : percent(yuan(1569), 70);
    patient = percent(least(bill.total, yuan(1569)), 30);
  } else {
    fund = percent(bill.inScope, 70);
    patient = bill.total - fund;
  }
  const hospital = bill.total - patient - fund;
  shares['basic'] = fund;
  const isFree = paper.operations.some((code) =>
    freeOperations.some((listed) => code.startsWith(listed)),
  );
  shares['operation-free'] = isFree ? patient : 0n;
  if (isFree) patient = 0n;
  if (isOne(person, paper.admitted, 'extremely-poor')) {
    shares['extremely-poor-free'] = patient;
    patient = 0n;
  }
  return { shares, patient, hospital, notes: {} };
};
