import type { BenchShares, BenchVisit } from './bench-visit.ts';

/**
 * Pingjiang's six steps of 2017 written out by hand in integer fen: no pack, no dates, no explanation. How
 * fast it can be at best; nothing of it is shared with the engine.
 */
export function settleStraight(visit: BenchVisit): BenchShares {
  let total = 0;
  let eligible = 0;
  for (const { class: classOf, amount, percent, quantity, price, ceiling } of visit.lines) {
    total += amount;
    if (classOf === 'C') continue;
    let allowed = amount;
    if (ceiling !== null && price > ceiling) allowed = Math.min(allowed, quantity * ceiling);
    eligible += classOf === 'A' ? allowed : allowed - half(allowed * percent, 100);
  }
  const { deductible, percent } = ofLevel[visit.level];
  const basic = half(Math.max(0, eligible - deductible) * percent, 100);
  const afterBasic = eligible - basic;
  const carried = Math.max(0, visit.yearEligible - visit.yearBasic);
  const from = Math.max(0, carried - 1_000_000);
  const to = Math.max(0, carried + afterBasic - 1_000_000);
  const banded =
    half(inside(from, to, 0, 3_000_000) * 50, 100) +
    half(inside(from, to, 3_000_000, 8_000_000) * 60, 100) +
    half(inside(from, to, 8_000_000, 15_000_000) * 70, 100) +
    half(inside(from, to, 15_000_000, Infinity) * 80, 100);
  const ceilingLeft = Math.max(0, 20_000_000 - visit.yearCritical);
  const critical = Math.min(banded, ceilingLeft, afterBasic);
  const assistance = half((afterBasic - critical) * 50, 100);
  const left = total - basic - critical - assistance;
  const reduction = isListed(visit) ? Math.min(left, half(left * 50, 100_000) * 1000) : 0;
  return [basic, critical, 0, assistance, reduction, 0, left - reduction];
}

const ofLevel: Readonly<
  Record<BenchVisit['level'], { readonly deductible: number; readonly percent: number }>
> = {
  village: { deductible: 20_000, percent: 90 },
  township: { deductible: 20_000, percent: 90 },
  county: { deductible: 75_000, percent: 86 },
  city: { deductible: 120_000, percent: 70 },
  province: { deductible: 200_000, percent: 60 },
  'outside-province': { deductible: 200_000, percent: 50 },
};

const listed = ['C15', 'C16', 'C18', 'C20', 'N18.0'];
const listedOfChildren = ['C91.0', 'C92.4', 'Q21.0', 'Q21.1'];

function isListed({ disease, age }: BenchVisit): boolean {
  for (const prefix of listed) if (disease.startsWith(prefix)) return true;
  if (age >= 18) return false;
  for (const prefix of listedOfChildren) if (disease.startsWith(prefix)) return true;
  return false;
}

const half = (numerator: number, denominator: number): number =>
  Math.floor((2 * numerator + denominator) / (2 * denominator));

const inside = (from: number, to: number, low: number, high: number): number =>
  Math.max(0, Math.min(to, high) - Math.max(from, low));
