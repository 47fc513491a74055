import { percentOf, type Reference } from './visit.reference.ts';

/** The pilot city's rural cooperative insurance of 2015: one rate of the in-scope cost by level. */
export const settleTieredCareCity2015: Reference = ({ visit }, bill) => {
  const percent = {
    village: 0n,
    township: 90n,
    county: 80n,
    city: 55n,
    province: 40n,
    'outside-province': 40n,
  }[visit.hospital.level];
  const basic = percentOf(bill.eligible, percent);
  return { shares: { basic }, patient: bill.total - basic, hospital: 0n };
};
