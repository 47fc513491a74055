import {
  halfUp,
  hasQuotaDue,
  isReferred,
  percentOf,
  smaller,
  type Reference,
} from './visit.reference.ts';

/** Liangdang: a quota at the own level, 60 % outside the county, less without referral. */
export const settleLiangdang: Reference = (input, bill) => {
  const { visit } = input;
  const { level, place = '621228' } = visit.hospital;
  const isOwnCounty = place === '621228';
  const principal = visit.diagnoses.find((diagnosis) => diagnosis.principal)?.code ?? '';
  if (isOwnCounty && (level === 'village' || level === 'township')) {
    return atHome('township-quota', 85n, principal.startsWith('J18') ? 156900n : null);
  }
  if (isOwnCounty && level === 'county') {
    return atHome('county-quota', 75n, principal.startsWith('K35') ? 440000n : null);
  }
  const referred = isReferred(input);
  const ownLevel = principal.startsWith('J18') || principal.startsWith('K35');
  let percent = 100n;
  if (!referred && visit.emergency !== true) {
    percent = level === 'outside-province' ? 0n : level === 'province' ? 25n : 50n;
  }
  // A disease of the own list may not be referred up; with or without a certificate it is paid less.
  const ofOwnLevel = ownLevel && (referred || visit.emergency !== true) ? 40n : 100n;
  const outside = halfUp(bill.eligible * 60n * percent * ofOwnLevel, 1_000_000n);
  return { shares: { 'outside-county': outside }, patient: bill.total - outside, hospital: 0n };

  function atHome(step: string, rate: bigint, quota: bigint | null) {
    if (quota === null) {
      const share = percentOf(bill.eligible, rate);
      return { shares: { [step]: share }, patient: bill.total - share, hospital: 0n };
    }
    const isDue = hasQuotaDue(input, bill.total);
    if (!isDue) return { shares: { [step]: 0n }, patient: 0n, hospital: bill.total };
    const share = percentOf(quota, rate);
    const patient = percentOf(smaller(bill.total, quota), 100n - rate);
    return { shares: { [step]: share }, patient, hospital: bill.total - patient - share };
  }
};
