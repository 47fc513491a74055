/**
 * Feeds one parser in a thread of its own, so that a parser that never comes back can be stopped and named. What
 * it is fed at the moment is in shared memory for whoever watches.
 */
import { workerData, parentPort } from 'node:worker_threads';
import fc from 'fast-check';
import { readCorpus } from './corpus.test-support.ts';
import { anyDamage, applyChanges, type Damage } from './damage.test-support.ts';
import type { FuzzTarget } from './target.test-support.ts';
import { fuzzTargets } from './targets.test-support.ts';

export type FuzzOrder = {
  readonly target: string;
  readonly runs: number;
  readonly seed: number;
  /** Two numbers (inputs so far, bytes of the present one), then the present one. */
  readonly present: SharedArrayBuffer;
};

export type FuzzCounts = {
  readonly inputs: number;
  /** Good ones with one to eight changes and right checks. */
  readonly mended: number;
  readonly stages: Readonly<Record<string, number>>;
};

export type FuzzOutcome =
  | { readonly kind: 'done'; readonly counts: FuzzCounts }
  /** `input`: in hexadecimal, as a line of the corpus wants it. */
  | { readonly kind: 'failed'; readonly why: string; readonly input: string };

/** Where the present input begins in the shared memory. */
export const presentHead = 8;

async function fuzz(target: FuzzTarget, order: FuzzOrder): Promise<FuzzOutcome> {
  const files = target.corpus.map(readCorpus);
  const head = new Int32Array(order.present, 0, 2);
  const held = new Uint8Array(order.present, presentHead);
  const stages = Object.fromEntries(target.stages.map((stage) => [stage, 0]));
  let inputs = 0;
  let mended = 0;
  /** The last that failed; while it is made smaller, the smallest. */
  let failed: Uint8Array = new Uint8Array();
  let reached = new Set<string>();
  const reach = (stage: string): void => void reached.add(stage);

  const feed = async (input: Uint8Array): Promise<void> => {
    held.set(input.subarray(0, held.length));
    head[1] = input.length;
    head[0] = inputs;
    reached = new Set();
    try {
      const done = target.feed(input, reach, inputs);
      if (done !== undefined) await done;
    } catch (problem) {
      failed = input;
      throw problem;
    }
    for (const stage of target.stages)
      if (reached.has(stage)) stages[stage] = (stages[stage] ?? 0) + 1;
    inputs += 1;
  };
  const inputOf = (damage: Damage): Uint8Array => {
    if (damage.kind === 'anything') return damage.bytes;
    const file = files[damage.file % files.length] ?? [];
    const good = file[damage.entry % file.length]?.bytes ?? new Uint8Array();
    const input = applyChanges(good, damage.changes, target);
    if (!damage.isMended) return input;
    mended += 1;
    target.mend(input);
    return input;
  };
  try {
    // What is kept has failed once, or is the beginning of everything else.
    for (const { bytes } of files.flat()) await feed(bytes);
    await fc.assert(
      fc.asyncProperty(anyDamage, (damage) => feed(inputOf(damage))),
      { numRuns: order.runs, seed: order.seed },
    );
  } catch (problem) {
    const why = problem instanceof Error ? `${problem.message}\n${problem.stack ?? ''}` : 'thrown';
    return { kind: 'failed', why, input: Buffer.from(failed).toString('hex') };
  }
  return { kind: 'done', counts: { inputs, mended, stages } };
}

/** No parser has anything to say aloud: what it is given is somebody's. */
function forbidSaying(): void {
  const say = (): never => {
    throw new Error('a parser wrote to the log');
  };
  for (const how of ['log', 'info', 'warn', 'error', 'debug']) Reflect.set(console, how, say);
  process.stdout.write = say;
  process.stderr.write = say;
}

const order = workerData as FuzzOrder | null;
if (parentPort !== null && order !== null) {
  const target = fuzzTargets.find(({ name }) => name === order.target);
  if (target === undefined) throw new Error(`no such target: ${order.target}`);
  forbidSaying();
  parentPort.postMessage(await fuzz(target, order));
}
