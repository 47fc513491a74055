/**
 * What Pingjiang's one-stop settlement of 2017 comes to, written straight from the source and from the
 * figures the pack assumes, without the engine: a second opinion for the tests. Amounts are bigint fen.
 */
export type ReferenceVisit = {
  readonly level: 'village' | 'township' | 'county' | 'city' | 'province' | 'outside-province';
  readonly disease: string;
  readonly age: number;
  readonly eligible: bigint;
  readonly firstSelfPay: bigint;
  readonly outside: bigint;
  /** In-scope cost and the basic insurance's payments of this year before the visit. */
  readonly yearEligible: bigint;
  readonly yearBasic: bigint;
  readonly yearCritical: bigint;
};

export type ReferenceResult = {
  readonly basic: bigint;
  readonly critical: bigint;
  readonly assistance: bigint;
  readonly reduction: bigint;
  readonly patient: bigint;
  readonly patientOutside: bigint;
};

export function settlePingjiang2017(visit: ReferenceVisit): ReferenceResult {
  const deductible = {
    village: 20000n,
    township: 20000n,
    county: 75000n,
    city: 120000n,
    province: 200000n,
    'outside-province': 200000n,
  }[visit.level];
  const percent = {
    village: 90n,
    township: 90n,
    county: 86n,
    city: 70n,
    province: 60n,
    'outside-province': 50n,
  }[visit.level];

  // Basic insurance: the rate of what lies above the deductible of the stay.
  const basic =
    visit.eligible > deductible ? halfUp((visit.eligible - deductible) * percent, 100n) : 0n;
  const afterBasic = visit.eligible - basic;

  // Critical illness: what the year's in-scope cost after the basic insurance passes 10,000 by, in bands.
  const carried = visit.yearEligible > visit.yearBasic ? visit.yearEligible - visit.yearBasic : 0n;
  const from = carried > 1000000n ? carried - 1000000n : 0n;
  const to = carried + afterBasic > 1000000n ? carried + afterBasic - 1000000n : 0n;
  let critical =
    halfUp(between(from, to, 0n, 3000000n) * 50n, 100n) +
    halfUp(between(from, to, 3000000n, 8000000n) * 60n, 100n) +
    halfUp(between(from, to, 8000000n, 15000000n) * 70n, 100n) +
    halfUp(between(from, to, 15000000n, 10n ** 12n) * 80n, 100n);
  const ceilingLeft = visit.yearCritical < 20000000n ? 20000000n - visit.yearCritical : 0n;
  if (critical > ceilingLeft) critical = ceilingLeft;
  if (critical > afterBasic) critical = afterBasic;
  const afterCritical = afterBasic - critical;

  // The preferential insurance states no rate. Medical assistance: half of what is left in scope.
  const assistance = halfUp(afterCritical * 50n, 100n);
  const eligibleLeft = afterCritical - assistance;

  // The hospital takes half of everything left, to ten yuan, for the nine diseases.
  const left = eligibleLeft + visit.firstSelfPay + visit.outside;
  let reduction = isOneOfTheNine(visit) ? halfUp(left * 50n, 100n * 1000n) * 1000n : 0n;
  if (reduction > left) reduction = left;

  const beyondCatalogue = reduction - eligibleLeft - visit.firstSelfPay;
  return {
    basic,
    critical,
    assistance,
    reduction,
    patient: left - reduction,
    patientOutside: visit.outside - (beyondCatalogue > 0n ? beyondCatalogue : 0n),
  };
}

function isOneOfTheNine({ disease, age }: ReferenceVisit): boolean {
  if (/^(C15|C16|C18|C20|N18\.0)/.test(disease)) return true;
  return age < 18 && /^(C91\.0|C92\.4|Q21\.0|Q21\.1)/.test(disease);
}

function between(from: bigint, to: bigint, low: bigint, high: bigint): bigint {
  const start = from > low ? from : low;
  const end = to < high ? to : high;
  return end > start ? end - start : 0n;
}

function halfUp(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}

/** One charge line as the contract writes it, and what has come back of it. */
export type ReferenceLine = {
  readonly catalogueClass: 'A' | 'B' | 'C';
  readonly firstSelfPayRatio: string;
  readonly priceCeiling: string | null;
  readonly unitPrice: string;
  readonly quantity: string;
  readonly amount: bigint;
  readonly refundedQuantity: string;
  readonly refundedAmount: bigint;
};

/** The in-scope cost, the first self-pay and the rest of a bill, line by line. */
export function splitReferenceBill(lines: readonly ReferenceLine[]): {
  eligible: bigint;
  firstSelfPay: bigint;
  outside: bigint;
} {
  let eligible = 0n;
  let firstSelfPay = 0n;
  let outside = 0n;
  for (const line of lines) {
    const net = line.amount + line.refundedAmount;
    if (line.catalogueClass === 'C') {
      outside += net;
      continue;
    }
    let allowed = net;
    if (line.priceCeiling !== null && millionths(line.unitPrice) > millionths(line.priceCeiling)) {
      const quantity = millionths(line.quantity) + millionths(line.refundedQuantity);
      const most = halfUp(quantity * millionths(line.priceCeiling), 10n ** 10n);
      if (most < allowed) allowed = most;
    }
    const first =
      line.catalogueClass === 'B'
        ? halfUp(allowed * millionths(line.firstSelfPayRatio), 10n ** 6n)
        : 0n;
    outside += net - allowed;
    firstSelfPay += first;
    eligible += allowed - first;
  }
  return { eligible, firstSelfPay, outside };
}

function millionths(text: string): bigint {
  const [whole = '0', decimals = ''] = text.split('.');
  return BigInt(whole + decimals.padEnd(6, '0'));
}
