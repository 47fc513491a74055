import {
  beyond,
  hasQuotaDue,
  percentOf,
  smaller,
  yearOf,
  yearsOld,
  type Reference,
} from './visit.reference.ts';

/** Baishan's nine diseases: quotas for children's hearts, 70 % for the others, at designated levels only. */
export const settleBaishan2017: Reference = (input, bill) => {
  const { visit } = input;
  const { level } = visit.hospital;
  const age = yearsOld(input, visit.admittedOn);
  const principal = visit.diagnoses.find((diagnosis) => diagnosis.principal)?.code ?? '';
  const isAdult = /^(C15|C16|C18|C20|N18\.0)/.test(principal);
  const isChild = age < 18 && /^(C91\.0|C92\.4|Q21\.0|Q21\.1)/.test(principal);
  const isDesignated =
    (isAdult && (level === 'county' || level === 'city')) || (isChild && level === 'province');
  if (!isDesignated) {
    const shares = { basic: 0n, 'critical-illness': 0n, 'medical-assistance': 0n };
    return { shares, patient: bill.total, hospital: 0n };
  }

  const quota = principal.startsWith('Q21.1')
    ? 2_200_000n
    : principal.startsWith('Q21.0')
      ? age < 1
        ? 3_800_000n
        : age < 4
          ? 2_800_000n
          : 2_200_000n
      : null;
  let basic: bigint;
  let inScope: bigint;
  let other: bigint;
  let hospital = 0n;
  if (quota === null) {
    basic = percentOf(bill.eligible, 70n);
    inScope = bill.eligible - basic;
    other = bill.firstSelfPay + bill.outside;
  } else {
    const isDue = hasQuotaDue(input, bill.total);
    basic = isDue ? percentOf(quota, 90n) : 0n;
    const own = isDue ? percentOf(smaller(bill.total, quota), 10n) : 0n;
    hospital = bill.total - own - basic;
    inScope = smaller(own, bill.eligible);
    other = own - inScope;
  }
  const year = yearOf(input);
  const carried = beyond(year.eligible, year.paidBy('basic'));
  const critical = percentOf(beyond(inScope, beyond(500000n, carried)), 60n);
  const assistance = percentOf(inScope - critical, 50n);
  return {
    shares: { basic, 'critical-illness': critical, 'medical-assistance': assistance },
    patient: inScope - critical - assistance + other,
    hospital,
  };
};
