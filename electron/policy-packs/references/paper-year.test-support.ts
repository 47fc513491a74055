import fc from 'fast-check';
import { expect } from 'vitest';
import { settlementInputFromVisitJson } from '../../../shared/contracts/visit-json.ts';
import type { YearToDate } from '../../../shared/domain/person.ts';
import type { EarlierParts } from '../../../shared/domain/visit.ts';
import { compareVersions, whyNot } from '../../../shared/policy/choose-pack.ts';
import type { CompiledPack } from '../../../shared/policy/compile/compiled-pack.ts';
import { decideFigures } from '../../../shared/policy/decide.ts';
import {
  counterChanges,
  yearOfCounters,
  type CounterValues,
} from '../../database/year-counters.ts';
import { ownPacksReadOnce } from '../own-packs.test-support.ts';
import {
  reckon,
  type Act,
  type Charge,
  type Outcome,
  type Paper,
  type PaperPerson,
  type Rules,
} from './paper.reference.ts';
import { visitJsonOf } from './paper-visit.test-support.ts';

/** One of the program's own packs in its newest version; throws with the reader's words if it cannot be read. */
export async function ownPack(id: string): Promise<CompiledPack> {
  const [newest] = (await ownPacksReadOnce())
    .map(({ compiled }) => compiled)
    .filter((each) => each.id === id)
    .sort((one, other) => compareVersions(other.version, one.version));
  if (newest === undefined) throw new Error(`there is no pack ${id}`);
  return newest;
}

/** What the years of a place look like: what its source speaks of, and a little beside it. */
export type World = {
  readonly days: readonly [from: string, until: string];
  readonly insured: readonly string[];
  readonly insurance?: readonly string[];
  readonly employment?: readonly (string | null)[];
  readonly kinds?: readonly ('inpatient' | 'outpatient')[];
  readonly hospitals: readonly Paper['hospital'][];
  readonly diagnoses: readonly string[];
  readonly operations?: readonly string[];
  readonly categories: readonly string[];
  readonly born?: readonly [from: string, until: string];
  /** Charge categories with the beginning of the hospital's code. */
  readonly charges?: readonly (readonly [category: string, code: string])[];
  /** How many digits an amount in fen may have; without it seven. */
  readonly digits?: number;
  /** The step whose application somebody may grant. */
  readonly granted?: string;
};

/** A hospital as a world lists it. */
export function hospital(level: string, more: Partial<Paper['hospital']> = {}): Paper['hospital'] {
  return { code: 'H00000000001', place: null, type: null, grade: null, level, ...more };
}

/** Amounts from fen to a hundred thousand yuan, or to ten times as much with one digit more. */
const amountsOf = (digitsMax: number) =>
  fc
    .tuple(fc.integer({ min: 3, max: digitsMax }), fc.integer({ min: 1, max: 999_999 }))
    .map(([digits, part]) => BigInt(Math.max(1, Math.floor((10 ** digits * part) / 1_000_000))));

const amounts = amountsOf(7);

const dayMs = 86_400_000;

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

function dayIn([from, until]: readonly [string, string]): fc.Arbitrary<string> {
  const days = (Date.parse(until) - Date.parse(from)) / dayMs;
  return fc.integer({ min: 0, max: days }).map((after) => addDays(from, after));
}

const oneOf = <Value>(values: readonly Value[]) => fc.constantFrom(...values);

function chargeOf({ charges = [['western-drug', 'X']], digits = 7 }: World): fc.Arbitrary<Charge> {
  return fc
    .record({
      of: oneOf(charges),
      kind: fc.integer({ min: 0, max: 4 }),
      amount: amountsOf(digits),
      first: fc.integer({ min: 0, max: 40 }),
    })
    .map(({ of: [category, code], kind, amount, first }) => {
      const firstPaid = kind === 0 ? (amount * BigInt(first)) / 100n : 0n;
      const outside = kind === 1 ? amount : 0n;
      return { category, code, firstPaid, outside, inScope: amount - firstPaid - outside };
    });
}

function paperOf(world: World): fc.Arbitrary<Omit<Paper, 'id'>> {
  return fc
    .record({
      kind: oneOf<Paper['kind']>(world.kinds ?? ['inpatient']),
      discharged: dayIn(world.days),
      stayed: fc.integer({ min: 0, max: 30 }),
      hospital: oneOf(world.hospitals),
      diagnosis: oneOf(world.diagnoses),
      operation: fc.option(oneOf(world.operations ?? ['99.0']), { freq: 2 }),
      certificate: fc.option(
        fc.record({
          before: fc.integer({ min: -2, max: 5 }),
          from: oneOf(['township', 'county', 'city']),
          previous: fc.constantFrom(null, 'V0', 'SELF'),
          deductible: amounts.map((amount) => (amount > 100_000n ? 30_000n : amount)),
        }),
        { freq: 2 },
      ),
      emergency: fc.integer({ min: 0, max: 5 }).map((value) => value === 0),
      filed: fc.constantFrom(null, null, 'none', 'referral', 'long-term'),
      chronic: fc.option(
        fc.record({ code: oneOf(world.diagnoses), days: fc.integer({ min: -100, max: 2 }) }),
        { freq: 3 },
      ),
      granted: fc.option(amounts, { freq: 2 }),
      charges: fc.array(chargeOf(world), { minLength: 1, maxLength: 5 }),
    })
    .map(({ discharged, stayed, operation, certificate, chronic, ...paper }) => {
      const admitted = addDays(discharged, paper.kind === 'outpatient' ? 0 : -stayed);
      return {
        ...paper,
        admitted,
        discharged,
        granted: world.granted === undefined ? null : paper.granted,
        operations: operation === null ? [] : [operation],
        certificate:
          certificate === null
            ? null
            : {
                issued: addDays(admitted, -certificate.before),
                from: certificate.from,
                previous: certificate.previous,
                deductible: certificate.deductible,
              },
        chronic:
          chronic === null
            ? null
            : { code: chronic.code, from: addDays(discharged, chronic.days), until: null },
      };
    });
}

function personOf(world: World): fc.Arbitrary<PaperPerson> {
  return fc.record({
    born: dayIn(world.born ?? ['1930-01-01', '2016-06-01']),
    insured: oneOf(world.insured),
    insurance: oneOf(world.insurance ?? ['resident']),
    employment: oneOf(world.employment ?? [null]),
    categories: fc.uniqueArray(
      fc.record({
        name: oneOf(world.categories),
        from: fc.option(dayIn(world.days), { freq: 6 }).map((day) => day),
        until: fc.constant(null),
      }),
      { maxLength: 3, selector: ({ name }) => name },
    ),
  });
}

/** A person, and up to twelve visits in order of discharge, some in parts, some taken back. */
export function yearsIn(world: World) {
  return fc
    .record({
      person: personOf(world),
      papers: fc.array(paperOf(world), { minLength: 1, maxLength: 12 }),
      choices: fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 24, maxLength: 24 }),
    })
    .map(({ person, papers, choices }) => ({
      person: { ...person, born: bornBefore(person, papers) },
      acts: actsOf(
        papers.toSorted((a, b) => (a.discharged < b.discharged ? -1 : 1)),
        choices,
      ),
    }));
}

/** Nobody is at the hospital before he is born. */
function bornBefore({ born }: PaperPerson, papers: readonly Omit<Paper, 'id'>[]): string {
  const first = papers.reduce((day, { admitted }) => (admitted < day ? admitted : day), '9999');
  return born <= first ? born : first;
}

function actsOf(papers: readonly Omit<Paper, 'id'>[], choices: readonly number[]): readonly Act[] {
  const acts: Act[] = [];
  papers.forEach((each, index) => {
    const id = `V${String(index + 1)}`;
    const certificate =
      each.certificate === null
        ? null
        : {
            ...each.certificate,
            previous:
              each.certificate.previous === 'SELF'
                ? id
                : each.certificate.previous === null
                  ? null
                  : `V${String(index)}`,
          };
    const paper: Paper = { ...each, id, certificate };
    const choice = choices[index] ?? 0;
    const inParts = choice < 30 && paper.kind === 'inpatient' && paper.charges.length > 1;
    const parts = inParts ? partsOf(paper) : [paper];
    acts.push(...parts.map((settle): Act => ({ settle, isPart: inParts })));
    if (choice >= 85) acts.push({ takeBack: `V${String(1 + (choice % (index + 1)))}` });
  });
  return acts;
}

/** Each charge of a stay in one of two or three parts. */
function partsOf(paper: Paper): readonly Paper[] {
  const size = Math.ceil(paper.charges.length / (paper.charges.length > 3 ? 3 : 2));
  const parts: Paper[] = [];
  for (let from = 0; from < paper.charges.length; from += size) {
    parts.push({ ...paper, charges: paper.charges.slice(from, from + size) });
  }
  return parts;
}

/** What the program makes of the same acts, each on the year that its own results left. */
function settleByEngine(
  pack: CompiledPack,
  person: PaperPerson,
  acts: readonly Act[],
  granted: string | undefined,
): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  let live: { readonly id: string; readonly year: number; readonly changes: CounterValues }[] = [];
  const parts = new Map<string, EarlierParts>();
  for (const act of acts) {
    if ('takeBack' in act) {
      live = live.filter(({ id }) => id !== act.takeBack);
      parts.delete(act.takeBack);
      outcomes.push(null);
      continue;
    }
    const { settle } = act;
    const read = settlementInputFromVisitJson(visitJsonOf(settle, person, granted));
    if (!read.ok) throw new Error(JSON.stringify(read.refusal));
    const { input } = read.value;
    const number = Number(settle.discharged.slice(0, 4));
    const ofYear = live.filter(({ year }) => year === number);
    const yearToDate = ofYear.length === 0 ? null : yearOfLive(number, settle.admitted, ofYear);
    const earlier = parts.get(settle.id);
    const visit = { ...input.visit, ...(earlier === undefined ? {} : { earlierParts: earlier }) };
    const whole = { ...input, visit, yearToDate };
    if (whyNot(pack, whole) !== null) {
      outcomes.push(null);
      continue;
    }
    const { result } = decideFigures(pack, whole);
    const isStay = settle.kind === 'inpatient';
    const level = { level: settle.hospital.level, isStay };
    const changes = counterChanges(yearToDate, result.yearToDate, level);
    live.push({ id: settle.id, year: number, changes });
    if (act.isPart && result.earlierParts !== undefined) parts.set(settle.id, result.earlierParts);
    outcomes.push({
      shares: Object.fromEntries(
        result.shares.map(({ step, amountFen }) => [step, BigInt(amountFen)]),
      ),
      patient: BigInt(result.patientPaysFen),
      hospital: BigInt(result.hospitalBearsFen),
    });
  }
  return outcomes;
}

function yearOfLive(
  year: number,
  asOf: string,
  live: readonly { readonly id: string; readonly changes: CounterValues }[],
): YearToDate {
  const sums: Record<string, number> = {};
  for (const { changes } of live) {
    for (const [counter, change] of Object.entries(changes)) {
      sums[counter] = (sums[counter] ?? 0) + change;
    }
  }
  return yearOfCounters(
    { year, asOf, includesVisits: [...new Set(live.map(({ id }) => id))] },
    sums,
  );
}

/**
 * The program and a second calculation must agree to the fen over whole years: up to twelve visits, stays in parts,
 * visits taken back. Every step but those named must have paid often enough for the comparison to mean something, and
 * so must visits of which the source says nothing.
 */
export function expectSameYears(
  pack: CompiledPack,
  rules: Rules,
  world: World,
  { neverPays = [] }: { readonly neverPays?: readonly string[] } = {},
): void {
  const depth = Number(process.env['TEST_DEPTH'] ?? '1');
  const numRuns = depth > 1 ? 1_500 * depth : 250;
  const paid = new Map<string, number>(pack.steps.map(({ id }) => [id, 0]));
  const seen = { visits: 0, parts: 0, refused: 0, takenBack: 0 };
  fc.assert(
    fc.property(yearsIn(world), ({ person, acts }) => {
      const expected = reckon(rules, person, acts);
      const reckoned = acts.slice(0, expected.length);
      const actual = settleByEngine(pack, person, reckoned, world.granted);
      reckoned.forEach((act, index) => {
        if ('takeBack' in act) seen.takenBack += 1;
        else if (expected[index] === null) seen.refused += 1;
        else seen.visits += 1;
        if ('settle' in act && act.isPart) seen.parts += 1;
        for (const [step, amount] of Object.entries(expected[index]?.shares ?? {})) {
          if (amount > 0n) paid.set(step, (paid.get(step) ?? 0) + 1);
        }
      });
      if (!isSame(actual, expected)) expect(actual).toEqual(expected);
    }),
    { numRuns },
  );
  for (const [step, times] of paid) {
    if (neverPays.includes(step)) expect([step, times]).toEqual([step, 0]);
    else expect({ step, paidOften: times > numRuns / 50 }).toEqual({ step, paidOften: true });
  }
  expect(seen.visits).toBeGreaterThan(numRuns);
  expect(seen.parts).toBeGreaterThan(numRuns / 10);
  expect(seen.takenBack).toBeGreaterThan(numRuns / 10);
  expect(seen.refused).toBeGreaterThan(0);
}

/** Compared by hand first: asserting thousands of times over is most of the time. */
function isSame(actual: readonly Outcome[], expected: readonly Outcome[]): boolean {
  return (
    actual.length === expected.length &&
    actual.every((one, index) => {
      const other = expected[index] ?? null;
      if (one === null || other === null) return one === other;
      const steps = Object.keys(one.shares);
      return (
        one.patient === other.patient &&
        one.hospital === other.hospital &&
        steps.length === Object.keys(other.shares).length &&
        steps.every((step) => one.shares[step] === other.shares[step])
      );
    })
  );
}
