import { beyond, holdsOn, percentOf, smaller, yearOf, type Reference } from './visit.reference.ts';

/** Jiujiang's assistance table of 2023 on what a plain basic insurance leaves in scope. */
export const settleJiujiang2023: Reference = (input, bill) => {
  const { visit } = input;
  const day = visit.dischargedOn;
  const year = yearOf(input);
  const basic = percentOf(bill.eligible, 60n);
  const left = bill.eligible - basic;
  const shares: Record<string, bigint> = { basic, 'critical-illness': 0n };

  const extremelyPoor = holdsOn(input, day, 'extremely-poor');
  const allowance = holdsOn(input, day, 'subsistence-allowance', 'returned-to-poverty');
  const edge = holdsOn(input, day, 'unstable-lifted', 'edge-vulnerable', 'low-income-edge');
  const hardship = holdsOn(input, day, 'sudden-hardship', 'illness-expense');
  const isAssisted =
    visit.kind === 'inpatient'
      ? extremelyPoor || allowance || edge || hardship
      : (extremelyPoor || allowance) && hasChronicCertificate(visit);
  let assistance = 0n;
  if (isAssisted) {
    const before = year.paidBy('basic') + year.paidBy('critical-illness');
    const carried = beyond(year.eligible, before);
    const used = year.paidBy('medical-assistance');
    const above = (deductible: bigint) => beyond(left, beyond(deductible, carried));
    assistance = extremelyPoor
      ? left
      : allowance
        ? smaller(percentOf(left, 75n), beyond(5000000n, used))
        : edge
          ? smaller(percentOf(above(287530n), 60n), beyond(3000000n, used))
          : smaller(percentOf(above(718825n), 50n), beyond(2000000n, used));
    shares['medical-assistance'] = assistance;
  }
  const patient = left - assistance + bill.firstSelfPay + bill.outside;
  return { shares, patient, hospital: 0n };
};

function hasChronicCertificate({
  chronicDisease,
  dischargedOn,
}: Parameters<Reference>[0]['visit']): boolean {
  if (chronicDisease === undefined) return false;
  const { code, certificateFrom, until } = chronicDisease;
  const isListed = code.startsWith('N18') || code.startsWith('E11');
  return isListed && certificateFrom <= dischargedOn && dischargedOn <= (until ?? dischargedOn);
}
