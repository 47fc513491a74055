import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SettlementInput } from '../../../shared/domain/person.ts';
import type { SettlementResult } from '../../../shared/domain/settlement-result.ts';
import type { Visit } from '../../../shared/domain/visit.ts';
import { fen } from '../../../shared/money/fen.ts';
import type { CompiledPack } from '../../../shared/policy/compile/compiled-pack.ts';
import { decideFigures } from '../../../shared/policy/decide.ts';
import { visitsFor } from '../../../shared/policy/pack-visits.test-support.ts';
import { ownPack } from './paper-year.test-support.ts';

const ids = [
  'anhui-351',
  'baishan-2017',
  'guyuan-2017',
  'guyuan-general-2017',
  'jiujiang-2023',
  'liangdang',
  'luzhou-2017',
  'nanchang-2025',
  'national-2022',
  'pingjiang-2017',
  'qingxu-2014',
  'tiered-care-city-2015',
  'tiered-care-township',
];

const numRuns = 150 * Number(process.env['TEST_DEPTH'] ?? '1');

/** The stay as if none of it was settled yet. */
function wholeOf(input: SettlementInput): SettlementInput {
  const visit = Object.fromEntries(
    Object.entries(input.visit).filter(([name]) => name !== 'earlierParts'),
  ) as SettlementInput['visit'];
  const { yearToDate } = input;
  const includesVisits = (yearToDate?.includesVisits ?? []).filter((id) => id !== visit.id);
  return {
    ...input,
    visit,
    yearToDate: yearToDate === null ? null : { ...yearToDate, includesVisits },
  };
}

/** The bill in two, each line with what refunds it, or each total cut at a share of it. */
function split(bill: Visit['bill'], cut: number): readonly Visit['bill'][] {
  if (bill.kind === 'totals') {
    const { eligibleFen, classBFirstSelfPayFen, classCFen, aboveCeilingFen } = bill.totals;
    const parts = [eligibleFen, classBFirstSelfPayFen, classCFen, aboveCeilingFen];
    const first = parts.map((part, index) =>
      Math.floor((part * ((cut * (index + 3)) % 101)) / 100),
    );
    return [first, parts.map((part, index) => part - (first[index] ?? 0))].map(totalsOf);
  }
  const isFirst = (line: number) => (line * 7 + cut) % 3 === 0;
  const of = (inFirst: boolean) =>
    bill.charges.filter(({ line, refundsLine }) => isFirst(refundsLine ?? line) === inFirst);
  return [of(true), of(false)]
    .filter((charges) => charges.length > 0)
    .map((charges) => ({ kind: 'charges', charges }));
}

function totalsOf([
  eligible = 0,
  first = 0,
  classC = 0,
  above = 0,
]: readonly number[]): Visit['bill'] {
  return {
    kind: 'totals',
    totals: {
      totalFen: fen(eligible + first + classC + above),
      eligibleFen: fen(eligible),
      classBFirstSelfPayFen: fen(first),
      classCFen: fen(classC),
      aboveCeilingFen: fen(above),
    },
  };
}

/** Settles the parts one after another, each on the year and the parts before it. */
function settledInParts(
  pack: CompiledPack,
  whole: SettlementInput,
  bills: readonly Visit['bill'][],
): readonly SettlementResult[] {
  const results: SettlementResult[] = [];
  for (const bill of bills) {
    const last = results.at(-1);
    const earlier = last?.earlierParts === undefined ? {} : { earlierParts: last.earlierParts };
    const yearToDate = last === undefined ? whole.yearToDate : last.yearToDate;
    const visit = { ...whole.visit, bill, ...earlier };
    results.push(decideFigures(pack, { ...whole, visit, yearToDate }).result);
  }
  return results;
}

const sumOf = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0);

function together(results: readonly SettlementResult[], opening: SettlementInput['yearToDate']) {
  const patient = sumOf(results.map(({ patientPaysFen }) => patientPaysFen));
  const shares: Record<string, number> = {};
  for (const { step, amountFen } of results.flatMap((result) => result.shares)) {
    shares[step] = (shares[step] ?? 0) + amountFen;
  }
  return {
    shares,
    patient,
    /** What of it is not in scope: paid first, or outside the catalogue. */
    outside: patient - inScopeSince(opening, results),
    hospital: sumOf(results.map(({ hospitalBearsFen }) => hospitalBearsFen)),
    deductible: sumOf(results.map(({ deductibleFen }) => deductibleFen)),
  };
}

/** What of the patient's part is in scope, by what the year says more of it than it opened with. */
function inScopeSince(
  opening: SettlementInput['yearToDate'],
  results: readonly SettlementResult[],
): number {
  const year = results.at(-1)?.yearToDate;
  if (year === undefined) return 0;
  const before = opening?.year === year.year ? opening.eligibleSelfPayFen : 0;
  return year.eligibleSelfPayFen - before;
}

/**
 * The parts as if each payer had paid no more than of the whole: what a part paid too much the hospital holds for him,
 * so it is in what the hospital bears, below zero.
 */
function withoutOverpaid(parts: Sums, once: Sums): Sums {
  const shares = { ...parts.shares };
  let { hospital } = parts;
  for (const [step, paid] of Object.entries(parts.shares)) {
    const overpaid = Math.max(0, paid - (once.shares[step] ?? 0));
    shares[step] = paid - overpaid;
    hospital += overpaid;
  }
  return { ...parts, shares, hospital };
}

type Sums = ReturnType<typeof together>;

/** The coarsest unit a pack rounds an amount to: ten yuan. */
const coarsestUnit = 1000;

/**
 * What the whole leaves to the patient or to a payer, and finds no room in a last part that costs less, for an earlier
 * one was rounded down: the hospital's to bear. Nothing where the last part had room.
 */
function keptByHospital(results: readonly SettlementResult[], parts: Sums, once: Sums): number {
  const last = results.at(-1);
  if (results.length < 2 || last === undefined) return 0;
  if (last.patientPaysFen === last.totalFen) return once.patient - parts.patient;
  if (last.patientPaysFen !== 0) return 0;
  const missing = ([step, due]: [string, number]) => due - (parts.shares[step] ?? 0);
  return sumOf(Object.entries(once.shares).map(missing));
}

describe('a stay settled in parts', () => {
  it.each(ids)('comes to the whole, whatever the parts: %s', async (id) => {
    const pack = await ownPack(id);
    let compared = 0;
    fc.assert(
      fc.property(visitsFor(pack), fc.integer({ min: 1, max: 100 }), (input, cut) => {
        const whole = wholeOf(input);
        if (whole.visit.kind !== 'inpatient') return;
        const results = settledInParts(pack, whole, split(whole.visit.bill, cut));
        const once = together([decideFigures(pack, whole).result], whole.yearToDate);
        const parts = together(results, whole.yearToDate);
        const total = sumOf(results.map(({ totalFen }) => totalFen));
        expect(sumOf(Object.values(parts.shares)) + parts.patient + parts.hospital).toBe(total);
        const first = together(results.slice(0, 1), whole.yearToDate);
        if (first.patient > once.patient) {
          // Nobody is given money back by a later part: it takes nothing more from him.
          expect(parts.patient).toBe(first.patient);
          return;
        }
        const rest = withoutOverpaid(parts, once);
        const kept = keptByHospital(results, rest, once);
        if (kept > 0) {
          expect(kept).toBeLessThan(coarsestUnit);
          expect(rest.hospital).toBe(once.hospital + kept);
          return;
        }
        compared += 1;
        const notCompared = { deductible: 0, outside: 0 };
        expect({ ...rest, ...notCompared }).toEqual({
          ...once,
          ...notCompared,
        });
      }),
      { numRuns },
    );
    expect(compared).toBeGreaterThan(numRuns / 4);
  });
});
