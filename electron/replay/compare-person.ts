import type { Share, TraceNode } from '../../shared/domain/settlement-result.ts';
import { decide } from '../../shared/policy/decide.ts';
import type { ReplayedPerson, ReplayedVisit, SkippedVisit } from './replay-person.ts';
import type { StatedResults, StatedRow } from './stated-results.ts';

/** A line of our explanation. */
export type TraceLine = Pick<TraceNode, 'id' | 'step' | 'text' | 'source'>;

/** What we and the payer have of one payer on one visit, where the two differ. */
export type StepDifference = {
  readonly visitId: string;
  readonly payer: string;
  /** null: the file does not say which, and the payer has several. */
  readonly step: string | null;
  readonly oursFen: number;
  readonly theirsFen: number;
  /** The first line of our explanation that comes out otherwise; null where we have no such step. */
  readonly line: TraceLine | null;
  /** Where in the file it stands; null: the file names the visit and not this payer. */
  readonly row: number | null;
};

export type StepSums = {
  readonly payer: string;
  readonly step: string | null;
  visits: number;
  differing: number;
  oursFen: number;
  theirsFen: number;
};

/** What came out of comparing some persons; two are added up in any order. */
export type Comparison = {
  persons: number;
  /** Visits that were compared. */
  readonly visits: string[];
  readonly steps: Record<string, StepSums>;
  readonly differences: StepDifference[];
  /** Stored visits of the period that the file does not name. */
  readonly onlyHere: string[];
  readonly skipped: { readonly visitId: string; readonly code: SkippedVisit['code'] | 'no-pack' }[];
};

export const emptyComparison = (): Comparison => ({
  ...{ persons: 0, visits: [], steps: {}, differences: [], onlyHere: [], skipped: [] },
});

/** Compares what the draft pays on a person's visits with what the payers' file says. */
export function comparePerson(
  comparison: Comparison,
  { visits, skipped }: ReplayedPerson,
  stated: StatedResults,
  isIn: (dischargedOn: string) => boolean,
): void {
  const payers = new Set(stated.payers);
  let compared = 0;
  for (const { visitId, dischargedOn, code } of skipped) {
    if (isIn(dischargedOn)) comparison.skipped.push({ visitId, code });
  }
  for (const replayed of visits) {
    const { id: visitId, dischargedOn } = replayed.visit.input.visit;
    if (!isIn(dischargedOn)) continue;
    const rows = stated.rows[visitId];
    if (rows === undefined) {
      if (replayed.ways.isReached) comparison.onlyHere.push(visitId);
      continue;
    }
    if (!replayed.ways.isReached) {
      comparison.skipped.push({ visitId, code: 'no-pack' });
      continue;
    }
    compared += 1;
    comparison.visits.push(visitId);
    compareVisit(comparison, replayed, rows, payers);
  }
  if (compared > 0) comparison.persons += 1;
}

/** What is compared of a visit: one payer, or one step of it. */
type Pair = {
  readonly payer: string;
  readonly step: string | null;
  readonly ours: readonly Share[];
  readonly theirs: StatedRow | null;
};

function compareVisit(
  comparison: Comparison,
  replayed: ReplayedVisit,
  rows: readonly StatedRow[],
  payers: ReadonlySet<string>,
): void {
  const pairs = pairsOf(replayed.after.shares, rows, payers);
  let trace: readonly TraceNode[] | null = null;
  const { id: visitId } = replayed.visit.input.visit;
  for (const { payer, step, ours, theirs } of pairs) {
    const oursFen = ours.reduce((sum, { amountFen }) => sum + amountFen, 0);
    const theirsFen = theirs?.amountFen ?? 0;
    const sums = (comparison.steps[`${payer} ${step ?? ''}`] ??= {
      ...{ payer, step, visits: 0, differing: 0, oursFen: 0, theirsFen: 0 },
    });
    sums.visits += 1;
    sums.oursFen += oursFen;
    sums.theirsFen += theirsFen;
    if (oursFen === theirsFen) continue;
    sums.differing += 1;
    trace ??= traceOf(replayed);
    const line = lineOf(trace, replayed.after.shares, ours);
    comparison.differences.push({
      ...{ visitId, payer, step, oursFen, theirsFen, line, row: theirs?.row ?? null },
    });
  }
}

/**
 * Our steps in their order against the file's rows. A row that names a step stands for that step; one that does not, for
 * all steps of its payer that no row names. A payer that the file never speaks of is not compared at all.
 */
function pairsOf(
  shares: readonly Share[],
  rows: readonly StatedRow[],
  payers: ReadonlySet<string>,
): readonly Pair[] {
  const pairs: Pair[] = [];
  const named = new Set<string>();
  for (const row of rows) {
    if (row.step === null) continue;
    named.add(row.step);
    const ours = shares.filter(({ step, payer }) => step === row.step && payer === row.payer);
    pairs.push({ payer: row.payer, step: row.step, ours, theirs: row });
  }
  for (const payer of payers) {
    const theirs = rows.find((row) => row.payer === payer && row.step === null) ?? null;
    const ours = shares.filter((share) => share.payer === payer && !named.has(share.step));
    if (theirs === null && ours.length === 0) continue;
    const [only, ...more] = ours;
    const step = only !== undefined && more.length === 0 ? only.step : null;
    pairs.push({ payer, step, ours, theirs });
  }
  const placeOf = ({ ours: [first] }: Pair) =>
    first === undefined ? shares.length : shares.indexOf(first);
  return pairs.sort((one, other) => placeOf(one) - placeOf(other));
}

function traceOf({ ways: { now }, inputAfter, after }: ReplayedVisit): readonly TraceNode[] {
  return 'document' in now ? decide(now, inputAfter).trace : after.trace;
}

/** The first line that adds to one of our shares. */
function lineOf(
  trace: readonly TraceNode[],
  shares: readonly Share[],
  ours: readonly Share[],
): TraceLine | null {
  for (const share of ours) {
    const pointer = `/shares/${String(shares.indexOf(share))}/amount`;
    const node =
      trace.find(({ adds }) => adds.some(({ to }) => to === pointer)) ??
      trace.find(({ step }) => step === share.step);
    if (node === undefined) continue;
    const { id, step, text, source } = node;
    return { id, step, text, source };
  }
  return null;
}

/** Adds one comparison to another. */
export function addComparison(to: Comparison, from: Comparison): void {
  to.persons += from.persons;
  to.visits.push(...from.visits);
  to.differences.push(...from.differences);
  to.onlyHere.push(...from.onlyHere);
  to.skipped.push(...from.skipped);
  for (const [key, { payer, step, ...sums }] of Object.entries(from.steps)) {
    const own = (to.steps[key] ??= {
      ...{ payer, step, visits: 0, differing: 0, oursFen: 0, theirsFen: 0 },
    });
    own.visits += sums.visits;
    own.differing += sums.differing;
    own.oursFen += sums.oursFen;
    own.theirsFen += sums.theirsFen;
  }
}
