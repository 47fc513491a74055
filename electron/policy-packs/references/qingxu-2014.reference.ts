import { halfUp, hasQuotaDue, percentOf, smaller, type Reference } from './visit.reference.ts';

/** Qingxu's quotas: the patient's part to the yuan, the fund's fixed share, the rest the hospital's. */
export const settleQingxu2014: Reference = (input, bill) => {
  const { visit } = input;
  const { level, type } = visit.hospital;
  if (level !== 'county' && level !== 'township') {
    return { shares: { basic: 0n }, patient: bill.total, hospital: 0n };
  }
  const principal = visit.diagnoses.find((diagnosis) => diagnosis.principal)?.code ?? '';
  const listed = principal.startsWith('K35')
    ? 440000n
    : principal.startsWith('G45.9')
      ? 500000n
      : null;
  if (listed === null) {
    const basic = percentOf(bill.eligible, 75n);
    return { shares: { basic }, patient: bill.total - basic, hospital: 0n };
  }
  if (!hasQuotaDue(input, bill.total)) {
    return { shares: { basic: 0n }, patient: 0n, hospital: bill.total };
  }
  const quota = level === 'township' ? (listed * 80n) / 100n : listed;
  const percent = level === 'township' ? 85n : type === 'tcm' ? 80n : 78n;
  const basic = (quota * percent) / 100n;
  const counted = smaller(bill.total, quota);
  const toTheYuan = halfUp(counted * (100n - percent), 10_000n) * 100n;
  const patient = smaller(toTheYuan, counted);
  return { shares: { basic }, patient, hospital: bill.total - patient - basic };
};
