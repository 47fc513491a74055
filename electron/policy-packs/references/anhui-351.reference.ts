import {
  above,
  billOf,
  isOne,
  least,
  noted,
  percent,
  yuan,
  type Paper,
  type Rules,
} from './paper.reference.ts';

const chronicDiseases = ['I10', 'E11', 'I25', 'I69', 'J44'];

/**
 * "351": "县域内0.3万元、市级0.5万元、省级1万元；跨级就诊合计不超过1万元" are the most the poor bear in a year within the
 * policy, the government bears the rest; "省外就医按普通比例，不享受救助和兜底". "180": of what is left to a chronic
 * outpatient after that another 80 % is paid. The ordinary rate, 60 %, is assumed.
 */
export const settleAnhui351: Rules = (paper, person, year) => {
  if (paper.discharged < '2017-01-01' || paper.discharged >= '2021-01-01') return null;
  if (!isOne(person, paper.discharged, 'registered-poor')) return null;
  if (paper.kind === 'outpatient' && !hasCertificate(paper)) return null;
  const isOutside = paper.hospital.level === 'outside-province';
  const bill = billOf(paper);
  const basic = percent(bill.inScope, 60);
  let left = bill.inScope - basic;
  const stays = year.filter((each) => each.paper.kind === 'inpatient');
  const levels = stays.map((each) => each.paper.hospital.level);
  const limit = mostInYear(paper.hospital.level, levels);
  const guarantee = isOutside ? 0n : least(left, above(noted(year, 'borne') + left, limit));
  left -= guarantee;
  const supplement = isOutside || paper.kind === 'inpatient' ? 0n : percent(left, 80);
  left -= supplement;
  return {
    shares: {
      basic,
      'critical-illness': 0n,
      'medical-assistance': 0n,
      'government-guarantee': guarantee,
      ...(paper.kind === 'outpatient' ? { 'chronic-supplement': supplement } : {}),
    },
    patient: left + bill.firstPaid + bill.outside,
    hospital: 0n,
    // What is borne outside the province is under no limit and fills none.
    notes: { borne: isOutside ? 0n : left },
  };
};

function mostInYear(level: string, before: readonly string[]): bigint {
  const group = (each: string): string =>
    ['village', 'township', 'county'].includes(each) ? 'county' : each;
  if (before.some((each) => group(each) !== group(level))) return yuan(10_000);
  return yuan(group(level) === 'county' ? 3000 : level === 'city' ? 5000 : 10_000);
}

function hasCertificate({ chronic, discharged }: Paper): boolean {
  return (
    chronic !== null &&
    chronicDiseases.some((code) => chronic.code.startsWith(code)) &&
    chronic.from <= discharged &&
    discharged <= (chronic.until ?? discharged)
  );
}
