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

/** The table of 2023, from the best terms to the least; `chronic`: for chronic outpatients, too. */
const table = [
  { names: ['extremely-poor'], deductible: 0, rate: 100, ceiling: null, chronic: true },
  {
    names: ['subsistence-allowance', 'returned-to-poverty'],
    ...{ deductible: 0, rate: 75, ceiling: 50_000, chronic: true },
  },
  {
    names: ['unstable-lifted', 'edge-vulnerable', 'low-income-edge'],
    ...{ deductible: 2875.3, rate: 60, ceiling: 30_000, chronic: false },
  },
  {
    names: ['sudden-hardship', 'illness-expense'],
    ...{ deductible: 7188.25, rate: 50, ceiling: 20_000, chronic: false },
  },
] as const;

/** Stays and "门慢" after the insurance (60 %, assumed); of several groups the best alone. */
export const settleJiujiang2023: Rules = (paper, person, year) => {
  if (paper.discharged < '2023-01-01' || paper.discharged >= '2024-01-01') return null;
  const isStay = paper.kind === 'inpatient';
  if (!isStay && !hasCertificate(paper)) return null;
  const bill = billOf(paper);
  const basic = percent(bill.inScope, 60);
  const left = bill.inScope - basic;
  const terms = table.find(
    ({ names, chronic }) => (isStay || chronic) && isOne(person, paper.discharged, ...names),
  );
  const shares = { basic, 'critical-illness': 0n };
  const others = bill.firstPaid + bill.outside;
  if (terms === undefined) return { shares, patient: left + others, hospital: 0n, notes: {} };
  const deductible = above(yuan(terms.deductible), noted(year, 'borne'));
  const due = percent(above(left, deductible), terms.rate);
  const paid = noted(year, 'assistance');
  const assistance = terms.ceiling === null ? due : least(due, above(yuan(terms.ceiling), paid));
  return {
    shares: { ...shares, 'medical-assistance': assistance },
    patient: left - assistance + others,
    hospital: 0n,
    notes: { borne: least(left, deductible), assistance },
  };
};

function hasCertificate({ chronic, discharged }: Paper): boolean {
  return chronic !== null && /^(N18|E11)/.test(chronic.code) && chronic.from <= discharged;
}
