import {
  above,
  billOf,
  borneOf,
  isOne,
  least,
  liesIn,
  most,
  nearest,
  noted,
  percent,
  yearsOld,
  yuan,
  type Paper,
  type PaperPerson,
  type Rules,
} from './paper.reference.ts';

const insurance: Readonly<Record<string, readonly [deductible: number, rate: number]>> = {
  village: [200, 90],
  township: [200, 90],
  county: [750, 86],
  city: [1200, 70],
  province: [2000, 60],
  'outside-province': [2000, 50],
};

const criticalBands = [
  [0, 30_000, 50],
  [30_000, 80_000, 60],
  [80_000, 150_000, 70],
  [150_000, 100_000_000, 80],
] as const;

/**
 * "基本医疗保险、大病保险、扶贫特惠保、民政医疗救助、医院减免、政府兜底" in this order; "对罹患9种大病农村贫困人口实际医疗费用，经由…
 * 支付后，个人自付部分由定点医院给予50%的减免", "岳阳市一医院为儿童先天性心脏病、儿童白血病定点救治医院，各县区人民医院为辖区内消化道
 * 肿瘤及终末期肾病定点治疗医院"; who still cannot pay is helped by the county. 1,359 was published as 1,360. Rates and
 * deductibles before the assistance are assumed.
 */
export const settlePingjiang2017: Rules = (paper, person, year) => {
  if (paper.discharged < '2017-01-01' || paper.discharged >= '2018-01-01') return null;
  const isMeant = isOne(
    person,
    paper.admitted,
    'registered-poor',
    'extremely-poor',
    'subsistence-allowance',
  );
  const terms = insurance[paper.hospital.level];
  if (!isMeant || terms === undefined) return null;
  const bill = billOf(paper);
  const basic = percent(above(bill.inScope, yuan(terms[0])), terms[1]);
  const left = bill.inScope - basic;

  // 10,000 is borne once in the year; what is above it goes on in the bands where the visits before left them.
  const borne = borneOf(left, yuan(10_000), noted(year, 'borne'));
  const start = noted(year, 'beyond');
  const end = start + left - borne;
  let critical = 0n;
  for (const [low, high, rate] of criticalBands) {
    const inside = least(end, yuan(high)) - most(start, yuan(low));
    if (inside > 0n) critical += percent(inside, rate);
  }
  critical = least(critical, yuan(200_000) - noted(year, 'critical'));

  const assistance = percent(left - critical, 50);
  let open = left - critical - assistance + bill.firstPaid + bill.outside;
  const reduction = isReduced(paper, person) ? least(open, nearestHalf(open)) : 0n;
  open -= reduction;
  const guarantee = least(open, paper.granted ?? 0n);
  return {
    shares: {
      basic,
      'critical-illness': critical,
      supplement: 0n,
      'medical-assistance': assistance,
      'hospital-reduction': reduction,
      'government-guarantee': guarantee,
    },
    patient: open - guarantee,
    hospital: 0n,
    notes: { borne, beyond: left - borne, critical },
  };
};

/** Half of it to the nearest ten yuan. */
function nearestHalf(open: bigint): bigint {
  return nearest(open, 2000n) / 2n;
}

function isReduced(paper: Paper, person: PaperPerson): boolean {
  const { level, code, type } = paper.hospital;
  if (/^(C15|C16|C18|C20|N18\.0)/.test(paper.diagnosis)) {
    // A hospital of Chinese medicine or for one kind of illness is not the county's people's hospital.
    return level === 'county' && liesIn(paper, '430626') && type !== 'tcm' && type !== 'specialist';
  }
  const isChild = yearsOld(person, paper.admitted) < 18;
  return (
    isChild && code === 'H43060000001' && /^(C91\.0|C92\.4|Q21\.0|Q21\.1)/.test(paper.diagnosis)
  );
}
