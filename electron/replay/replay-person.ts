import type { SettlementInput, YearToDate } from '../../shared/domain/person.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import type { EarlierParts } from '../../shared/domain/visit.ts';
import { CannotDecide, type CannotDecideCode } from '../../shared/policy/cannot-decide.ts';
import { decide, decideFigures } from '../../shared/policy/decide.ts';
import { decideSelfPay, selfPayPack } from '../../shared/policy/decide-self-pay.ts';
import { settlementYearOf } from '../../shared/policy/facts/visit-facts.ts';
import { decideAsReceived, type ReceivedCode } from '../../shared/policy/received-figures.ts';
import { splitBill, type BillSplit } from '../../shared/policy/rules/split-bill.ts';
import { paysOtherwise, type Way } from '../settlement/decide-again.ts';
import { ReplayYears } from './replay-years.ts';
import { onYearOf, type NoWayCode, type WayFinder, type Ways, type YearsBefore } from './ways.ts';

/** What everyone had by a settlement, as the books have it. */
export type SettledFigures = {
  readonly pack: string;
  readonly packVersion: string;
  readonly paid: ReadonlyMap<string, number>;
  readonly patientPaysFen: number;
  readonly hospitalBearsFen: number;
};

/** A visit to be settled again. */
export type ReplayVisit = {
  readonly input: SettlementInput;
  /** Its place among all settlements; 0 for one that is not settled. */
  readonly entry: number;
  /** null: nobody settled it. */
  readonly settled: SettledFigures | null;
};

/** A visit that is not settled again, and why. */
export type SkippedVisit = {
  readonly visitId: string;
  readonly dischargedOn: string;
  readonly code: SkippedCode;
};

/**
 * Why: a stored document cannot be read; a visit before it in the same year could not be decided, so nobody knows on
 * which year it would be; it is not settled, and only what is settled was asked for; or what settling itself refuses.
 */
export type SkippedCode =
  | 'document-unreadable'
  | 'document-newer'
  | 'year-incomplete'
  | 'not-settled'
  | NoWayCode
  | CannotDecideCode
  | ReceivedCode;

/** A visit that cannot be read: which years have a gap by it. */
export type UnreadVisit = SkippedVisit & { readonly admittedOn: string };

/** Somebody's visits and years, read. */
export type ReplayPerson = {
  readonly personId: string;
  readonly visits: readonly ReplayVisit[];
  readonly unread: readonly UnreadVisit[];
  readonly openings: ReadonlyMap<number, YearToDate>;
  /** Years whose opening cannot be read. */
  readonly unreadYears: readonly number[];
};

/** A visit settled again, as things are and under the draft. */
export type ReplayedVisit = {
  readonly visit: ReplayVisit;
  readonly ways: Ways;
  readonly before: SettlementResult;
  readonly after: SettlementResult;
  /** What the draft decided on. */
  readonly inputAfter: SettlementInput;
};

export type ReplayedPerson = {
  readonly visits: readonly ReplayedVisit[];
  readonly skipped: readonly SkippedVisit[];
};

/**
 * Settles all visits of a person again in the order of discharge, on years that are rebuilt from their openings: once
 * by the ways that settled them, once under the draft. The two differ by the draft and by nothing else, whatever was
 * cancelled or settled out of order.
 */
export function replayPerson(waysOf: WayFinder, person: ReplayPerson): ReplayedPerson {
  const visits: ReplayedVisit[] = [];
  const skipped: SkippedVisit[] = [...person.unread];
  const years = { was: new ReplayYears(person.openings), now: new ReplayYears(person.openings) };
  const yearsBefore: YearsBefore = {
    was: (year) => years.was.before(year),
    now: (year) => years.now.before(year),
  };
  const parts = new HandedOnParts(person.visits);
  // The first day of a gap in a year: what was discharged before it is not touched by it.
  const gaps = new Map<number, string>(person.unreadYears.map((year) => [year, '']));
  for (const unread of person.unread) openGap(gaps, unread);
  for (const visit of [...person.visits].sort(byDischarge)) {
    const { input } = visit;
    const { id: visitId, dischargedOn } = input.visit;
    const skip = (code: SkippedCode): void => {
      skipped.push({ visitId, dischargedOn, code });
      openGap(gaps, input.visit);
    };
    const ways = waysOf(input, visit.settled, yearsBefore);
    if (typeof ways === 'string') {
      skip(ways);
      continue;
    }
    const inGap = [ways.was, ways.now].some(
      (way) => (gaps.get(settlementYearOf(way, input)) ?? '9999') <= dischargedOn,
    );
    if (inGap) {
      skip('year-incomplete');
      continue;
    }
    const replayed = replayVisit(visit, ways, years, parts);
    if (typeof replayed === 'string') skip(replayed);
    else visits.push(replayed);
  }
  return { visits, skipped };
}

function replayVisit(
  visit: ReplayVisit,
  ways: Ways,
  years: Readonly<Record<'was' | 'now', ReplayYears>>,
  parts: HandedOnParts,
): ReplayedVisit | CannotDecideCode | ReceivedCode {
  const { input } = visit;
  const inputBefore = onYearOf(ways.was, input, (year) => years.was.before(year));
  const inputAfter = onYearOf(ways.now, parts.under(input), (year) => years.now.before(year));
  const bill = splitBill(input.visit.bill);
  const before = decideBy(ways.was, inputBefore, bill, years.was);
  if (typeof before === 'string') return before;
  const isSame =
    ways.was === ways.now &&
    inputBefore.yearToDate === inputAfter.yearToDate &&
    inputBefore.visit === inputAfter.visit;
  const after = isSame ? before : decideBy(ways.now, inputAfter, bill, years.now);
  if (typeof after === 'string') return after;
  years.was.enter(inputBefore, before);
  years.now.enter(inputAfter, after);
  parts.handOn(before, after);
  return { visit, ways, before, after, inputAfter };
}

/** Decides a visit by a way; explained only where the year asks for it. */
function decideBy(
  way: Way,
  input: SettlementInput,
  bill: BillSplit,
  years: ReplayYears,
): SettlementResult | CannotDecideCode | ReceivedCode {
  if ('document' in way) {
    const isExplained = years.needsTrace(settlementYearOf(way, input));
    try {
      return isExplained ? decide(way, input) : decideFigures(way, input, bill).result;
    } catch (problem) {
      if (!(problem instanceof CannotDecide)) throw problem;
      return problem.code;
    }
  }
  const { payerFigures } = input.visit;
  if (way.id === selfPayPack.id || payerFigures === undefined) return decideSelfPay(input);
  const received = decideAsReceived(input, payerFigures);
  return received.ok ? received.value : received.refusal.code;
}

/** Whether anyone pays another amount. */
export function isChanged({ before, after }: Pick<ReplayedVisit, 'before' | 'after'>): boolean {
  return before !== after && paysOtherwise(before, after);
}

/**
 * What earlier parts of a stay came to is in the visit of the next part, as the part before it handed it on. Under the
 * draft that part may have come to something else: the next one is given that in its place.
 */
class HandedOnParts {
  readonly #under = new Map<string, EarlierParts>();
  /** Most people have no stay in parts, and nothing is kept of theirs. */
  readonly #isWanted: boolean;

  constructor(visits: readonly ReplayVisit[]) {
    this.#isWanted = visits.some(({ input }) => input.visit.earlierParts !== undefined);
  }

  handOn(before: SettlementResult, after: SettlementResult): void {
    if (!this.#isWanted || before === after || before.earlierParts === undefined) return;
    if (after.earlierParts === undefined) return;
    this.#under.set(textOf(before.visitId, before.earlierParts), after.earlierParts);
  }

  /** The input under the draft; as it is where no part of the same stay was settled here before it. */
  under(input: SettlementInput): SettlementInput {
    const { earlierParts, id } = input.visit;
    if (earlierParts === undefined || this.#under.size === 0) return input;
    const instead = this.#under.get(textOf(id, earlierParts));
    if (instead === undefined) return input;
    return { ...input, visit: { ...input.visit, earlierParts: instead } };
  }
}

function textOf(visitId: string, { byStep, ...sums }: EarlierParts): string {
  const steps = Object.entries(byStep ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
  const figures = steps.map(([step, { baseFen, deductibleFen, paidFen, selfPayFen }]) => [
    ...[step, baseFen, deductibleFen, paidFen, selfPayFen],
  ]);
  const { parts, totalFen, eligibleFen, deductiblePaidFen, patientPaysFen, hospitalBearsFen } =
    sums;
  const own = [parts, totalFen, eligibleFen, deductiblePaidFen, patientPaysFen, hospitalBearsFen];
  return JSON.stringify([visitId, own, figures]);
}

function openGap(
  gaps: Map<number, string>,
  { admittedOn, dischargedOn }: { readonly admittedOn: string; readonly dischargedOn: string },
): void {
  for (const day of [admittedOn, dischargedOn]) {
    const year = Number(day.slice(0, 4));
    const since = gaps.get(year);
    if (since === undefined || dischargedOn < since) gaps.set(year, dischargedOn);
  }
}

/** By discharge; of one day in the order they were settled in, and then what is not settled by admission. */
function byDischarge(one: ReplayVisit, other: ReplayVisit): number {
  const [a, b] = [one.input.visit, other.input.visit];
  return (
    compare(a.dischargedOn, b.dischargedOn) ||
    Number(one.settled === null) - Number(other.settled === null) ||
    one.entry - other.entry ||
    compare(a.admittedOn, b.admittedOn) ||
    compare(a.id, b.id)
  );
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
