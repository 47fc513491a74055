import { availableParallelism } from 'node:os';
import { Worker, type ResourceLimits } from 'node:worker_threads';

import type { DischargePeriod, StoredPerson } from '../database/replay-repository.ts';
import { refused, type Result } from '../../shared/domain/result.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { ThreadRequests } from '../../shared/threads/thread-requests.ts';
import { partPath } from '../base/part-path.ts';
import { packName } from '../settlement/pack-texts.ts';
import type { Comparison } from './compare-person.ts';
import type { CalculatorAnswer, CalculatorOrder } from './replay-worker.ts';
import { replayRefusal } from './replay-refusals.ts';
import type { StatedResults, StatedRow } from './stated-results.ts';
import type { Tally } from './tally.ts';

/** Some threads that settle persons again; each batch goes to the one that has the least to do. */
export type Calculators = {
  readonly threads: number;
  settleAgain(persons: readonly StoredPerson[]): Promise<Tally>;
  compare(persons: readonly StoredPerson[], stated: StatedResults): Promise<Comparison>;
  close(): Promise<void>;
};

/** More would wait for the one thread that reads the database. */
const threadsMax = 4;

/** As many threads as there are cores; a desk leaves one to who works at it. */
export function usualThreads({ leavesOne }: { readonly leavesOne: boolean }): number {
  const cores = availableParallelism() - (leavesOne ? 1 : 0);
  return Math.max(1, Math.min(threadsMax, cores));
}

/** Starts the threads and hands them the packs. */
export async function startCalculators({
  threads: count,
  draft,
  packs,
  inUse,
  period,
}: {
  readonly threads: number;
  readonly draft: readonly CompiledPack[];
  readonly packs: readonly CompiledPack[];
  readonly inUse: readonly CompiledPack[];
  readonly period: DischargePeriod;
}): Promise<Calculators> {
  const threads = Array.from({ length: count }, () => ({ requests: startThread(), underWay: 0 }));
  const close = async (): Promise<void> => {
    const reason = new Error('the calculating threads were closed');
    await Promise.all(threads.map(({ requests }) => requests.close(reason)));
  };
  const begin: CalculatorOrder = {
    kind: 'begin',
    draft: draft.map(({ document }) => document),
    packs: packs.map(({ document }) => document),
    inUse: inUse.map(packName),
    period,
  };
  try {
    await Promise.all(threads.map(({ requests }) => requests.ask(begin)));
  } catch (problem) {
    await close();
    throw problem;
  }
  const ask = async (order: CalculatorOrder): Promise<CalculatorAnswer> => {
    const [free] = [...threads].sort((one, other) => one.underWay - other.underWay);
    if (free === undefined) throw new Error('no thread to calculate in');
    free.underWay += 1;
    try {
      return await free.requests.ask(order);
    } finally {
      free.underWay -= 1;
    }
  };
  return {
    threads: count,
    settleAgain: async (persons) => (await ask({ kind: 'settle-again', persons })) as Tally,
    compare: async (persons, stated) =>
      (await ask({ kind: 'compare', persons, stated })) as Comparison,
    close,
  };
}

/**
 * Reads a payer's results in a thread of its own: a file that is more than it says ends that thread and nothing else.
 */
export async function readResultsApart(
  file: string,
  packs: readonly CompiledPack[],
): Promise<Result<readonly StatedRow[], 'results-refused' | 'results-too-much'>> {
  const thread = startThread({ maxOldGenerationSizeMb: readingMemoryMb });
  const documents = packs.map(({ document }) => document);
  try {
    const answer = await thread.ask({ kind: 'read-results', file, documents });
    return answer as Result<readonly StatedRow[], 'results-refused'>;
  } catch (problem) {
    if (!(problem instanceof ThreadEndedError)) throw problem;
    return refused(replayRefusal('results-too-much', { file }));
  } finally {
    await thread.close(new ThreadEndedError('the reading thread was closed'));
  }
}

/** The largest workbook unpacked, its text and its rows. */
const readingMemoryMb = 1024;

class ThreadEndedError extends Error {
  override readonly name = 'ThreadEndedError';
}

function startThread(
  resourceLimits: ResourceLimits = {},
): ThreadRequests<CalculatorOrder, CalculatorAnswer> {
  return new ThreadRequests<CalculatorOrder, CalculatorAnswer>({
    start: () => new Worker(partPath('replay-worker'), { resourceLimits }),
    startsAgain: false,
    keepsProgramAlive: true,
    failed: ({ stack }) => new Error(`settling again failed: ${stack}`),
    ended: (end) =>
      new ThreadEndedError(end.kind === 'exit' ? `exit ${String(end.code)}` : String(end.error)),
  });
}
