import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

import { installLeapingClock } from './leaping-clock.ts';

// Loaded into the desk's program ahead of its own (`--import`): answers what it holds, lets its time leap, and for the
// proof that a loss of memory is seen, holds on to every request.

/** What the soak asks of the program, over the channel between the two. */
export type ProbeOrder =
  | { readonly kind: 'look' }
  | { readonly kind: 'leap'; readonly ms: number }
  | { readonly kind: 'leak'; readonly bytesOfEachRequest: number };

export type ProbeAnswer = {
  /** What is left of the main thread's objects once everything that can go is gone, in KB. */
  readonly heapKb: number;
  /** Processor time of all threads since the program began. */
  readonly processorMs: number;
};

const held: unknown[] = [];

if (isMainThread && process.channel !== undefined) {
  const clock = installLeapingClock();
  syncBuiltinESMExports();
  process.on('message', (order: ProbeOrder) => {
    void answer(order).then((found) => process.send?.(found));
  });
  process.channel.unref();

  const answer = async (order: ProbeOrder): Promise<ProbeAnswer> => {
    if (order.kind === 'leap') await clock.leap(order.ms);
    if (order.kind === 'leak') holdOnToRequests(order.bytesOfEachRequest);
    if (order.kind === 'look') collect();
    const { user, system } = process.cpuUsage();
    return {
      heapKb: process.memoryUsage().heapUsed / 1024,
      processorMs: (user + system) / 1000,
    };
  };
}

function collect(): void {
  if (global.gc === undefined) throw new Error('the soak starts the program with --expose-gc');
  // What a first collection sets free (finalizers, weak entries) goes with a second one.
  for (let turn = 0; turn < 3; turn += 1) global.gc();
}

/** Every text that is read as JSON stands for one more request that nothing lets go of. */
function holdOnToRequests(bytes: number): void {
  const parse = JSON.parse.bind(JSON);
  JSON.parse = (text, reviver) => {
    held.push(Array.from({ length: bytes / 8 }, (_, at) => at + 0.5));
    return parse(text, reviver) as unknown;
  };
}
