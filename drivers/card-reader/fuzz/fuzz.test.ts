/**
 * Every parser of what readers send is fed good inputs that were damaged, and anything at all. Nothing it is given
 * may make it throw, hang, say anything aloud, or give half a person; and the inputs must get far enough in.
 * `npm run test:deep` feeds each a million. What failed once goes into `corpus/`.
 */
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { corpusNames, readCorpus } from './corpus.test-support.ts';
import {
  presentHead,
  type FuzzCounts,
  type FuzzOrder,
  type FuzzOutcome,
} from './fuzz-worker.test-support.ts';
import { fuzzTargets } from './targets.test-support.ts';

const depth = Number(process.env['TEST_DEPTH'] ?? '1');
const runs = depth > 1 ? 10_000 * depth ** 2 : 3_000;
/** A stage that fewer reached was not tried: the last ones see about a tenth of the inputs. */
const leastOfStage = runs / 20;
/** One input takes well under a millisecond; the machine may be busy with others. */
const hangAfterMs = 30_000;

const table: string[] = [];
afterAll(() => {
  console.warn(['inputs and how many reached each stage', ...table].join('\n'));
});

/** Feeds one parser in a thread, and stops it when it stands still at one input. */
async function feed(target: string): Promise<FuzzOutcome> {
  const present = new SharedArrayBuffer(presentHead + 4096);
  const head = new Int32Array(present, 0, 2);
  const seed = Math.floor(Math.random() * 0x7fff_ffff);
  const order: FuzzOrder = { target, runs, seed, present };
  const worker = new Worker(new URL('./fuzz-worker.test-support.ts', import.meta.url), {
    workerData: order,
  });
  let watch: NodeJS.Timeout | undefined;
  const stoodStill = new Promise<FuzzOutcome>((resolve) => {
    let seen = -1;
    let since = performance.now();
    watch = setInterval(() => {
      const inputs = head[0] ?? 0;
      if (inputs !== seen) [seen, since] = [inputs, performance.now()];
      else if (performance.now() - since > hangAfterMs) {
        const bytes = new Uint8Array(present, presentHead, Math.min(head[1] ?? 0, 4096));
        resolve({ kind: 'failed', why: 'it hangs', input: Buffer.from(bytes).toString('hex') });
      }
    }, 500);
  });
  const ended = new Promise<FuzzOutcome>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  try {
    return await Promise.race([ended, stoodStill]);
  } finally {
    clearInterval(watch);
    await worker.terminate();
  }
}

function line(name: string, { inputs, mended, stages }: FuzzCounts): string {
  const reached = Object.entries(stages).map(([stage, count]) => `${stage} ${String(count)}`);
  return `${name.padEnd(30)} ${String(inputs)} (${String(mended)} with right checks)  ${reached.join('  ')}`;
}

describe('parsers fed with damaged inputs', () => {
  it.each(fuzzTargets.map(({ name }) => name))(
    '%s neither throw nor hang nor give half a person',
    { timeout: 1_200_000 * depth },
    async (name) => {
      const outcome = await feed(name);
      if (outcome.kind === 'failed') {
        throw new Error(`${outcome.why}\na line for the corpus: ${outcome.input} # failed once`);
      }
      const { counts } = outcome;
      table.push(line(name, counts));
      expect(counts.inputs).toBeGreaterThanOrEqual(runs);
      expect(counts.mended).toBeGreaterThanOrEqual(counts.inputs / 2);
      for (const [stage, count] of Object.entries(counts.stages)) {
        expect(count, `inputs of ${name} that reached ${stage}`).toBeGreaterThanOrEqual(
          leastOfStage,
        );
      }
    },
  );

  it('every file of the corpus is used', () => {
    const used = new Set(fuzzTargets.flatMap(({ corpus }) => corpus));
    expect([...used].sort()).toEqual(corpusNames);
    for (const name of corpusNames) expect(readCorpus(name).length).toBeGreaterThan(0);
  });
});
