import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countersOfYear, counterChanges } from '../../electron/database/year-counters.ts';
import { loadPacks, ownPacksFolder } from '../../electron/policy-packs/load-packs.ts';
import { resultJsonFromResult } from '../contracts/result-json.ts';
import type { SettlementInput, YearToDate } from '../domain/person.ts';
import type { SettlementResult } from '../domain/settlement-result.ts';
import type { ChargeLine } from '../domain/visit.ts';
import { fen } from '../money/fen.ts';
import { multiplyQuantityByPrice } from '../money/multiply-quantity-by-price.ts';
import { fenFromYuanText } from '../money/yuan-text.ts';
import { freshYear } from './rules/advance-year.ts';
import { compilePack } from './compile/compile-pack.ts';
import type { CompiledPack } from './compile/compiled-pack.ts';
import { decide, decideFigures } from './decide.ts';
import { decideSelfPay } from './decide-self-pay.ts';
import { visitsFor } from './pack-visits.test-support.ts';
import { richPack, togetherPack } from './packs.test-support.ts';

/**
 * What must hold for every pack and every visit it covers: all packs of the program, and one made up of
 * every kind of step. Some 15,000 runs together, shared out evenly among the packs; eighty
 * times as many in the deep run.
 */
const { packs: loaded, problems } = await loadPacks({ folders: [ownPacksFolder()] });
const packs = [...loaded.map(({ compiled }) => compiled), richPack, togetherPack];
const named = packs.map((pack) => ({ name: `${pack.id}@${pack.version}`, pack }));
const depth = Number(process.env['TEST_DEPTH'] ?? '1');
const timeout = 300_000 * depth;

function assertFor<Values extends [unknown, ...unknown[]]>(
  runs: number,
  property: fc.IProperty<Values>,
): void {
  fc.assert(property, { numRuns: Math.ceil((runs * (depth > 1 ? depth : 0.125)) / packs.length) });
}

it('reads every pack of the program', () => {
  expect(problems).toEqual([]);
  expect(loaded.length).toBeGreaterThan(0);
});

describe.each(named)('deciding under $name', ({ pack }) => {
  const visits = visitsFor(pack);
  const withLines = visits.filter(({ visit }) => visit.bill.kind === 'charges');

  it('adds up to the fen, with nothing negative and no share above its base', { timeout }, () => {
    assertFor(
      40_000,
      fc.property(visits, (input) => {
        mustAddUp(pack, input);
      }),
    );
  });

  it('gives the same figures in whatever order the charge lines stand', { timeout }, () => {
    assertFor(
      20_000,
      fc.property(withLines, fc.nat(), (input, chance) => {
        const shuffled = withCharges(input, inOtherOrder(chargesOf(input), chance));
        const decideIt = chance % 20 === 0 ? decide : figuresOf;
        mustBeSame(decideIt(pack, shuffled), decideIt(pack, input));
      }),
    );
  });

  it('gives the same figures when a class A line is split in two', { timeout }, () => {
    assertFor(
      20_000,
      fc.property(withLines, fc.nat(), (input, chance) => {
        const split = withSplitLine(input, chance);
        fc.pre(split !== null);
        mustBeSame(figuresOf(pack, split), figuresOf(pack, input));
      }),
    );
  });

  it('adds a visit to the year so that taking it out again restores the year', { timeout }, () => {
    assertFor(
      20_000,
      fc.property(visits, visits, fc.boolean(), (first, second, firstIsCancelled) => {
        mustComeBack(pack, first, second, firstIsCancelled);
      }),
    );
  });

  it('gives the same bytes for the same input, whatever came between', { timeout }, () => {
    const compiledAgain = compilePack(pack.document);
    let between: SettlementInput | null = null;
    assertFor(
      6_000,
      fc.property(visits, (input) => {
        const bytes = JSON.stringify(decide(pack, input));
        if (between !== null) decide(pack, between);
        between = input;
        mustBeEqual(JSON.stringify(decide(pack, structuredClone(input))), bytes);
        mustBeEqual(JSON.stringify(decide(compiledAgain, input)), bytes);
      }),
    );
  });

  it('explains every amount: the trace alone re-adds to the result', { timeout }, () => {
    assertFor(
      14_000,
      fc.property(visits, (input) => {
        mustReAdd(decide(pack, input));
        mustReAdd(decideSelfPay(input));
      }),
    );
  });
});

/** Cheaper than an expectation, of which there would be a million. */
function must(holds: boolean, promise: string): void {
  if (!holds) throw new Error(promise);
}

/** Says what differs only where something does: comparing texts is cheap, comparing trees is not. */
function mustBeSame(actual: SettlementResult, expected: SettlementResult): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual).toEqual(expected);
  must(JSON.stringify(actual) === JSON.stringify(expected), 'the same, but not in the same bytes');
}

function mustBeEqual(actual: string, expected: string): void {
  if (actual !== expected) expect(actual).toBe(expected);
}

const figuresOf = (pack: CompiledPack, input: SettlementInput): SettlementResult =>
  decideFigures(pack, input).result;

function mustAddUp(pack: CompiledPack, input: SettlementInput): void {
  const { result, outcomes } = decideFigures(pack, input);
  const { totalFen, eligibleFen, excluded, patientPart, patientPaysFen, hospitalBearsFen } = result;
  let shares = 0;
  for (const { amountFen } of result.shares) {
    must(Number.isSafeInteger(amountFen) && amountFen >= 0, 'a share is negative');
    shares += amountFen;
  }
  must(shares + patientPaysFen + hospitalBearsFen === totalFen, 'the shares do not add up');
  const { classCFen, classBFirstSelfPayFen, aboveCeilingFen } = excluded;
  must(
    eligibleFen + classCFen + classBFirstSelfPayFen + aboveCeilingFen === totalFen,
    'in scope and excluded do not add up',
  );
  must(totalFen === billedFen(input), 'the total is not what was charged');
  const { withinCatalogueFen, outsideCatalogueFen } = patientPart;
  must(withinCatalogueFen + outsideCatalogueFen === patientPaysFen, 'the parts do not add up');
  const amounts = [eligibleFen, classCFen, classBFirstSelfPayFen, aboveCeilingFen];
  amounts.push(withinCatalogueFen, outsideCatalogueFen, result.deductibleFen);
  must(Math.min(...amounts) >= 0, 'an amount is negative');
  must(result.deductibleFen <= totalFen, 'the deductible is more than the bill');
  const byQuota = outcomes.some(({ course }) => course?.kind === 'quota');
  must(byQuota || hospitalBearsFen === 0, 'the hospital bears something without a quota');
  for (const { step, shareFen, baseFen, boundFen, course } of outcomes) {
    const most = course?.kind === 'quota' ? boundFen : Math.min(baseFen, boundFen);
    must(shareFen <= most, `the share of ${step.id} is above its base`);
  }
}

function billedFen({ visit: { bill } }: SettlementInput): number {
  if (bill.kind === 'totals') return bill.totals.totalFen;
  return bill.charges.reduce((sum, { amountFen }) => sum + amountFen, 0);
}

function chargesOf({ visit: { bill } }: SettlementInput): readonly ChargeLine[] {
  return bill.kind === 'charges' ? bill.charges : [];
}

function withCharges(input: SettlementInput, charges: readonly ChargeLine[]): SettlementInput {
  return { ...input, visit: { ...input.visit, bill: { kind: 'charges', charges } } };
}

/** One of all orders, chosen by a number. */
function inOtherOrder(charges: readonly ChargeLine[], chance: number): readonly ChargeLine[] {
  const shuffled = [...charges];
  let state = chance;
  for (let left = shuffled.length; left > 1; left -= 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const [taken] = shuffled.splice((state >>> 8) % left, 1);
    if (taken !== undefined) shuffled.push(taken);
  }
  return shuffled;
}

/** A bill with one class A line as two; null where no such line can be split. */
function withSplitLine(input: SettlementInput, chance: number): SettlementInput | null {
  const charges = chargesOf(input);
  const refunded = new Set(charges.map(({ refundsLine }) => refundsLine));
  const splittable = charges.filter(
    ({ line, catalogueClass, quantity, refundsLine }) =>
      catalogueClass === 'A' &&
      refundsLine === undefined &&
      !refunded.has(line) &&
      Number(quantity) > 1,
  );
  const line = splittable[chance % splittable.length];
  if (line === undefined) return null;
  const first = 1 + (chance % (Number(line.quantity) - 1));
  const part = (number: number, count: number): ChargeLine => {
    const quantity = String(count);
    const amountFen = multiplyQuantityByPrice(quantity, line.unitPrice);
    return { ...line, line: number, quantity, amountFen };
  };
  const parts = [part(line.line, first), part(5000, Number(line.quantity) - first)];
  return withCharges(
    input,
    charges.flatMap((each) => (each === line ? parts : [each])),
  );
}

/**
 * Two visits of one year, the second decided on the year after the first; then one of them is taken back,
 * the first also, out of order. What each changed must be what its result states, never below zero, and the
 * year without both must be the year before.
 */
function mustComeBack(
  pack: CompiledPack,
  first: SettlementInput,
  second: SettlementInput,
  firstIsCancelled: boolean,
): void {
  const opening = first.yearToDate;
  const year = opening ?? freshYear(pack, first);
  const changes = [first, second].reduce<{ after: YearToDate | null; all: Counters[] }>(
    ({ after, all }, { visit, person }, index) => {
      const before = index === 0 ? opening : after;
      const sameYear = { ...first, visit: { ...visit, id: `ZY${String(index + 1)}` }, person };
      const input = { ...inYearOf(pack, first, sameYear), yearToDate: before };
      const { result, firstPays } = decideFigures(pack, input);
      const known = inForce(pack, input) ? before : null;
      const level = { level: visit.hospital.level, isStay: visit.kind === 'inpatient' };
      const changed = counterChanges(known, result.yearToDate, level);
      const paidFirst = firstPays.reduce((sum, { amountFen }) => sum + amountFen, 0);
      mustBeWhatTheResultStates(changed, input, result, paidFirst);
      return { after: result.yearToDate, all: [...all, changed] };
    },
    { after: null, all: [] },
  );
  const { after, all } = changes;
  const [ofFirst = {}, ofSecond = {}] = all;
  if (after === null || !inForce(pack, first)) return;
  const [earlier, later] = firstIsCancelled ? [ofFirst, ofSecond] : [ofSecond, ofFirst];
  const counters = withoutLevels(countersOfYear(after));
  const between = minus(counters, earlier);
  must(Math.min(0, ...Object.values(between)) === 0, 'a counter falls below zero');
  const restored = minus(between, later);
  const before = withoutLevels(countersOfYear(year));
  for (const counter of new Set([...Object.keys(restored), ...Object.keys(before)])) {
    must((restored[counter] ?? 0) === (before[counter] ?? 0), `${counter} does not come back`);
  }
}

type Counters = Readonly<Record<string, number>>;

function withoutLevels(counters: Counters): Counters {
  return Object.fromEntries(
    // A step known by what it paid alone stays marked so.
    Object.entries(counters).filter(([counter]) => !/^(level|step-paid-only):/.test(counter)),
  );
}

function minus(counters: Counters, changes: Counters): Counters {
  const left = { ...counters };
  for (const [counter, change] of Object.entries(withoutLevels(changes))) {
    left[counter] = (left[counter] ?? 0) - change;
  }
  return left;
}

/** The days of another visit moved into the year of the first, by taking the first's days. */
function inYearOf(
  pack: CompiledPack,
  { visit }: SettlementInput,
  other: SettlementInput,
): SettlementInput {
  const { admittedOn, dischargedOn, kind } = visit;
  must(pack.appliesTo.kinds.includes(kind), 'a visit of a kind the pack is not for');
  return { ...other, visit: { ...other.visit, admittedOn, dischargedOn } };
}

/** Whether the year given is the one the pack reckons the visit by. */
function inForce(pack: CompiledPack, { visit, yearToDate }: SettlementInput): boolean {
  const day = pack.year === 'admission' ? visit.admittedOn : visit.dischargedOn;
  return yearToDate === null || yearToDate.year === Number(day.slice(0, 4));
}

function mustBeWhatTheResultStates(
  changed: Counters,
  { visit }: SettlementInput,
  result: SettlementResult,
  paidFirst: number,
): void {
  const stated: Record<string, number> = {
    admissions: visit.kind === 'inpatient' && visit.earlierParts === undefined ? 1 : 0,
    'deductible-paid': result.deductibleFen,
    eligible: result.eligibleFen - paidFirst,
    'self-pay': result.patientPaysFen,
  };
  for (const { step, payer, amountFen } of result.shares) {
    stated[`paid:${payer}`] = (stated[`paid:${payer}`] ?? 0) + amountFen;
    stated[`by-step:${step}`] = amountFen;
  }
  const { 'eligible-self-pay': inScope = -1, ...all } = withoutLevels(changed);
  // What a step's own base is, only the engine says.
  const others = Object.fromEntries(
    Object.entries(all).filter(([counter]) => !counter.startsWith('step-')),
  );
  must(
    inScope >= 0 && inScope <= result.patientPart.withinCatalogueFen,
    'more in-scope self-pay than the patient pays within the catalogue',
  );
  for (const counter of new Set([...Object.keys(others), ...Object.keys(stated)])) {
    must((others[counter] ?? 0) === (stated[counter] ?? 0), `${counter} is not what was decided`);
  }
}

/** Reads the Result JSON only: every amount in it is what the trace adds to its pointer, and no more. */
function mustReAdd(result: SettlementResult): void {
  const { trace, ...figures } = resultJsonFromResult(result);
  const stated = new Map<string, number>();
  // Ratios have four decimals and warnings are words: neither is taken for an amount.
  collectAmounts(figures, '', stated);
  const added = new Map<string, number>();
  const ids = new Set<string>();
  for (const { id, parent, adds } of trace) {
    must(!ids.has(id), `two nodes ${id}`);
    must(parent === null || ids.has(parent), `${id} stands before its parent`);
    ids.add(id);
    for (const { to, amount } of adds) {
      must(stated.has(to), `${id} adds to ${to}, which is not there`);
      added.set(to, fen((added.get(to) ?? 0) + fenFromYuanText(amount)));
    }
  }
  for (const [pointer, amount] of stated) {
    must((added.get(pointer) ?? 0) === amount, `${pointer} is not what the trace adds up to`);
  }
}

function collectAmounts(value: unknown, pointer: string, into: Map<string, number>): void {
  if (typeof value === 'string') {
    if (/^-?\d+\.\d\d$/.test(value)) into.set(pointer, fenFromYuanText(value));
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) collectAmounts(part, `${pointer}/${key}`, into);
}
