import {
  above,
  billOf,
  borneOf,
  isReferred,
  most,
  noted,
  percent,
  yuan,
  type Paper,
  type Settled,
} from './paper.reference.ts';

/**
 * What everybody insured in Guyuan has: "urban and rural residents medical insurance", the major disease insurance and
 * its "Guyuan tilt". The report gives no rate: 80 % above a deductible by level, or 60 % of all where that is more; 50 %
 * above 8,000 a year; 10 % of what is then left above 3,000 a year. "Patients up and down the referral of duplicate
 * threshold fee" is named as a fault: referred on, only the difference is borne.
 */
export function insuredInGuyuan(paper: Paper, year: readonly Settled[]) {
  const deductibles: Readonly<Record<string, number>> = {
    township: 100,
    county: 300,
    city: 600,
    province: 1000,
  };
  const deductible = deductibles[paper.hospital.level];
  if (deductible === undefined) return null;
  const bill = billOf(paper);
  const borneBefore = comesFromStay(paper, year) ? (paper.certificate?.deductible ?? 0n) : 0n;
  const basic = most(
    percent(above(bill.inScope, above(yuan(deductible), borneBefore)), 80),
    percent(bill.inScope, 60),
  );
  const afterBasic = bill.inScope - basic;
  const borne = borneOf(afterBasic, yuan(8000), noted(year, 'borneOfCritical'));
  const critical = percent(afterBasic - borne, 50);
  const afterCritical = afterBasic - critical;
  const borneOfTilt = borneOf(afterCritical, yuan(3000), noted(year, 'borneOfTilt'));
  const tilt = percent(afterCritical - borneOfTilt, 10);
  return {
    bill,
    shares: { basic, 'critical-illness': critical, 'critical-illness-tilt': tilt },
    left: afterCritical - tilt,
    notes: { borneOfCritical: borne, borneOfTilt },
  };
}

/** Whether the patient was sent on from another stay; where no stay of the year is known it is believed. */
function comesFromStay(paper: Paper, year: readonly Settled[]): boolean {
  const { certificate } = paper;
  if (certificate === null || certificate.previous === null || !isReferred(paper)) return false;
  if (certificate.issued.slice(0, 4) < paper.discharged.slice(0, 4)) return true;
  return year.length === 0 || year.some((each) => each.paper.id === certificate.previous);
}
