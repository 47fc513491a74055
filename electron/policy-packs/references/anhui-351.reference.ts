import { beyond, percentOf, smaller, yearOf, type Reference } from './visit.reference.ts';

const withinCounty = ['village', 'township', 'county'];
const chronicDiseases = ['I10', 'E11', 'I25', 'I69', 'J44'];

/** Anhui's "351" and "180": 60 %, the yearly ceiling of self-pay, 80 % of a certified outpatient's rest. */
export const settleAnhui351: Reference = (input, bill) => {
  const { visit } = input;
  const year = yearOf(input);
  const isOutside = visit.hospital.level === 'outside-province';
  const basic = percentOf(bill.eligible, 60n);
  let left = bill.eligible - basic;
  const shares: Record<string, bigint> = {
    basic,
    'critical-illness': 0n,
    'medical-assistance': 0n,
    'government-guarantee': 0n,
  };
  if (!isOutside) {
    const most = yearlySelfPay([visit.hospital.level, ...year.levels]);
    const guarantee = smaller(left, beyond(year.eligibleSelfPay + left, most));
    shares['government-guarantee'] = guarantee;
    left -= guarantee;
  }
  if (visit.kind === 'outpatient') {
    const supplement = !isOutside && hasCertificate(visit) ? percentOf(left, 80n) : 0n;
    shares['chronic-supplement'] = supplement;
    left -= supplement;
  }
  return { shares, patient: left + bill.firstSelfPay + bill.outside, hospital: 0n };
};

/** 3,000 within the county, 5,000 in city hospitals, 10,000 in the province's or wherever levels mix. */
function yearlySelfPay(levels: readonly string[]): bigint {
  if (levels.every((level) => withinCounty.includes(level))) return 300_000n;
  return levels.every((level) => level === 'city') ? 500_000n : 1_000_000n;
}

function hasCertificate({ chronicDisease, dischargedOn }: Parameters<Reference>[0]['visit']) {
  if (chronicDisease === undefined) return false;
  const { code, certificateFrom, until } = chronicDisease;
  const isListed = chronicDiseases.some((prefix) => code.startsWith(prefix));
  return isListed && certificateFrom <= dischargedOn && dischargedOn <= (until ?? dischargedOn);
}
