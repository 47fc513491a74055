import { hasQuotaDue, holdsOn, percentOf, smaller, type Reference } from './visit.reference.ts';

const quotaDiseases = ['I67.8', 'I25.1', 'G45.9', 'G45.0', 'J18'];
const freeOperations = ['47.0', '53.0'];

/** A township hospital's measures: waived items, then the quota or 70 %, then what is wholly free. */
export const settleTieredCareTownship: Reference = (input, bill) => {
  const { visit } = input;
  let { eligible, firstSelfPay, outside } = bill;
  const shares: Record<string, bigint> = {};
  const waived = [
    ['registration-waived', 'registration'],
    ['ultrasound-subsidised', 'ultrasound'],
    ['ambulance-free', 'ambulance'],
  ] as const;
  for (const [step, category] of waived) {
    shares[step] = 0n;
    for (const line of bill.lines.filter((each) => each.category === category)) {
      eligible -= line.eligible;
      firstSelfPay -= line.firstSelfPay;
      outside -= line.outside;
      shares[step] += line.eligible + line.firstSelfPay + line.outside;
    }
  }
  const left = eligible + firstSelfPay + outside;
  if (visit.kind === 'outpatient') return { shares, patient: left, hospital: 0n };

  const principal = visit.diagnoses.find((diagnosis) => diagnosis.principal)?.code ?? '';
  let patient: bigint;
  let hospital = 0n;
  if (quotaDiseases.some((prefix) => principal.startsWith(prefix))) {
    const isDue = hasQuotaDue(input, left);
    shares['basic'] = isDue ? percentOf(156900n, 70n) : 0n;
    patient = isDue ? percentOf(smaller(left, 156900n), 30n) : 0n;
    hospital = left - patient - shares['basic'];
  } else {
    shares['basic'] = percentOf(eligible, 70n);
    patient = left - shares['basic'];
  }
  const isFree = visit.procedures.some(({ code }) =>
    freeOperations.some((prefix) => code.startsWith(prefix)),
  );
  shares['operation-free'] = isFree ? patient : 0n;
  patient -= shares['operation-free'];
  if (holdsOn(input, visit.admittedOn, 'extremely-poor')) {
    shares['extremely-poor-free'] = patient;
    patient = 0n;
  }
  return { shares, patient, hospital };
};
