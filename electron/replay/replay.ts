import { createHash } from 'node:crypto';

import type { DischargePeriod, StoredPerson } from '../database/replay-repository.ts';
import type { Repositories, Store } from '../database/store.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { packsThatCount, type PacksHere } from '../settlement/packs-that-count.ts';
import { startCalculators, type Calculators } from './calculators.ts';
import { addComparison, emptyComparison, type Comparison } from './compare-person.ts';
import { replayRefusal } from './replay-refusals.ts';
import { byVisit, type StatedRow } from './stated-results.ts';
import { addTally, emptyTally, type Tally } from './tally.ts';

export type ReplayDependencies = {
  readonly store: Store;
  /** The packs that are here: by them was settled what is settled again. */
  readonly here: PacksHere;
  /** How many threads calculate. */
  readonly threads: number;
};

/** What is settled again under which draft. */
export type ReplayOrder = {
  readonly draft: readonly CompiledPack[];
  readonly period: DischargePeriod;
  /** So many persons with all their visits, always the same; null: everyone. */
  readonly sample: number | null;
  /** Visits that nobody settled, too; as they would be by the packs in use, and under the draft. */
  readonly withUnsettled: boolean;
};

/** How far it is. */
export type ReplayProgress = {
  readonly persons: number;
  readonly of: number;
  /** Settlements and visits read so far, those before the period included. */
  readonly visits: number;
};

/** How it is followed and stopped. */
export type ReplayRun = {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ReplayProgress) => void;
};

/** What would have been paid under the draft, and who it makes better and worse off. */
export type Replay = { readonly order: ReplayOrder; readonly tally: Tally };

/** What the draft pays against a payer's own results. */
export type ShadowRun = {
  readonly order: ReplayOrder;
  readonly comparison: Comparison;
  /** Rows of visits that are not among those stored of the period. */
  readonly unknown: readonly StatedRow[];
};

/**
 * Settles all stored visits of a period again under a draft, on paper: reads one moment of the data on a connection of
 * its own, calculates in threads, writes nothing. Refused only where it is stopped.
 */
export async function replay(
  dependencies: ReplayDependencies,
  order: ReplayOrder,
  run: ReplayRun,
): Promise<Result<Replay, 'replay-stopped'>> {
  const tally = emptyTally();
  const stopped = await goThrough(dependencies, order, run, {
    async begin({ replay: visits }) {
      if (order.withUnsettled || order.sample !== null) return;
      for (const visitId of await visits.unsettledBetween(order.period)) {
        tally.skipped.push({ visitId, code: 'not-settled' });
      }
    },
    async take(calculators, persons) {
      addTally(tally, await calculators.settleAgain(persons));
    },
  });
  if (stopped !== null) return refused(replayRefusal('replay-stopped', stopped));
  tally.skipped.sort(byVisitId);
  return accepted({ order, tally });
}

/** The same against what payers say they owe: which steps differ, where, and by how much. Nothing is settled. */
export async function shadowRun(
  dependencies: ReplayDependencies,
  order: ReplayOrder,
  stated: readonly StatedRow[],
  run: ReplayRun,
): Promise<Result<ShadowRun, 'replay-stopped'>> {
  const comparison = emptyComparison();
  const rowsOf = byVisit(stated);
  const payers = [...new Set(stated.map(({ payer }) => payer))];
  const stopped = await goThrough(dependencies, order, run, {
    begin: () => Promise.resolve(),
    async take(calculators, persons) {
      const rows: Record<string, readonly StatedRow[]> = {};
      for (const visitId of persons.flatMap(visitsOf)) {
        const own = rowsOf.get(visitId);
        if (own !== undefined) rows[visitId] = own;
      }
      addComparison(comparison, await calculators.compare(persons, { payers, rows }));
    },
  });
  if (stopped !== null) return refused(replayRefusal('replay-stopped', stopped));
  const known = new Set([
    ...comparison.visits,
    ...comparison.skipped.map(({ visitId }) => visitId),
  ]);
  const unknown = stated.filter(({ visitId }) => !known.has(visitId));
  comparison.differences.sort(
    (a, b) => byVisitId(a, b) || compare(a.payer, b.payer) || compare(a.step ?? '', b.step ?? ''),
  );
  comparison.visits.sort();
  comparison.onlyHere.sort();
  comparison.skipped.sort(byVisitId);
  return accepted({ order, comparison, unknown });
}

/** So many persons are read at once: some hundred bills are in memory, and it can be stopped between. */
const personsAtOnce = 40;

/** Batches under way for each thread: one is calculated while the next is handed over. */
const batchesPerThread = 2;

/** What is done with the persons of a moment of the data: once at its beginning, then batch by batch. */
type WorkOnPersons = {
  readonly begin: (repositories: Repositories) => Promise<void>;
  readonly take: (calculators: Calculators, persons: readonly StoredPerson[]) => Promise<void>;
};

/** Hands everyone to the threads, batch by batch; answers with how far it was where it was stopped. */
async function goThrough(
  { store, here, threads }: ReplayDependencies,
  { draft, period, sample, withUnsettled }: ReplayOrder,
  { signal, onProgress }: ReplayRun,
  { begin, take }: WorkOnPersons,
): Promise<{ readonly persons: number; readonly of: number } | null> {
  return store.readApart(async (repositories) => {
    const { all: packs, chosenAmong: inUse } = await packsThatCount(repositories, here);
    const calculators = await startCalculators({ threads, draft, packs, inUse, period });
    try {
      const everyone = await repositories.replay.personsBetween({ ...period, withUnsettled });
      const chosen = sample === null ? everyone : sampleOf(everyone, sample);
      const whole = { ...period, from: sinceOf(period), withUnsettled };
      const progress = { persons: 0, of: chosen.length, visits: 0 };
      const underWay = new Set<Promise<void>>();
      onProgress({ ...progress });
      await begin(repositories);
      for (let at = 0; at < chosen.length; at += personsAtOnce) {
        if (signal.aborted) return progress;
        const persons = await personsFrom(repositories, chosen, at, whole);
        const taking = take(calculators, persons).then(() => {
          underWay.delete(taking);
          progress.persons += persons.length;
          for (const each of persons) progress.visits += visitsOf(each).length;
          onProgress({ ...progress });
        });
        underWay.add(taking);
        // One that fails is heard of below, whichever is waited for first.
        taking.catch(() => undefined);
        if (underWay.size >= threads * batchesPerThread) await Promise.race(underWay);
      }
      await Promise.all(underWay);
      return signal.aborted ? progress : null;
    } finally {
      await calculators.close();
    }
  });
}

const personsFrom = (
  { replay: visits }: Repositories,
  chosen: readonly string[],
  at: number,
  whole: DischargePeriod & { readonly withUnsettled: boolean },
): Promise<readonly StoredPerson[]> =>
  visits.ofPersons(chosen.slice(at, at + personsAtOnce), whole);

/**
 * From when on visits are read: the year of a stay over the turn of the year may be that of its admission, so all of the
 * year before the period's first is read as well.
 */
const sinceOf = ({ from }: DischargePeriod): string =>
  `${String(Number(from.slice(0, 4)) - 1)}-01-01`;

/** Some of many, the same ones every time: those whose ids hash lowest. */
export function sampleOf(personIds: readonly string[], size: number): readonly string[] {
  const hashed = personIds.map((id) => ({
    id,
    hash: createHash('sha256').update(id).digest('hex'),
  }));
  hashed.sort((one, other) => compare(one.hash, other.hash));
  return hashed.slice(0, size).map(({ id }) => id);
}

const visitsOf = ({ settlements, unsettled }: StoredPerson): readonly string[] =>
  [...settlements, ...unsettled].map(({ visitId }) => visitId);

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const byVisitId = (
  one: { readonly visitId: string },
  other: { readonly visitId: string },
): number => compare(one.visitId, other.visitId);
