import { isReferred, percentOf, type Reference, type ReferenceLine } from './visit.reference.ts';

/** Luzhou 2017: waived items, 80 % of what is left in scope, and the rest of it by the assistance. */
export const settleLuzhou2017: Reference = (input, bill) => {
  const { visit } = input;
  let { eligible, firstSelfPay, outside } = bill;
  const waive = (isWaived: (line: ReferenceLine) => boolean): bigint => {
    let waived = 0n;
    for (const line of bill.lines.filter(isWaived)) {
      eligible -= line.eligible;
      firstSelfPay -= line.firstSelfPay;
      outside -= line.outside;
      waived += line.eligible + line.firstSelfPay + line.outside;
    }
    return waived;
  };
  const isCataract = visit.procedures.some(({ code }) => /^13\.[1457]/.test(code));
  const cataract = isCataract
    ? waive(({ category }) => category === 'surgery' || category === 'anaesthesia')
    : 0n;
  const consultations = waive(
    // The daily fee of the ward is no consultation.
    ({ category, code }) =>
      category === 'consultation-general' ||
      (code.startsWith('HZ') && !(isCataract && /^(surgery|anaesthesia)$/.test(category))),
  );
  const basic = percentOf(eligible, 80n);
  const left = eligible - basic;
  const isOutside = ['city', 'province', 'outside-province'].includes(visit.hospital.level);
  const inOrder = !isOutside || isReferred(input) || visit.emergency === true;
  const zeroPayment = inOrder ? left : 0n;
  return {
    shares: {
      'cataract-free': cataract,
      'consultations-waived': consultations,
      basic,
      'zero-payment': zeroPayment,
    },
    patient: left - zeroPayment + firstSelfPay + outside,
    hospital: 0n,
  };
};
