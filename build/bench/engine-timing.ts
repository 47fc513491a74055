/** One of the things measured side by side; `run` does the whole work once. */
export type Timed = { readonly name: string; readonly run: () => unknown };

export type Timing = {
  readonly medianUs: number;
  readonly p95Us: number;
  readonly samples: number;
  /** Above 1 where one call is too short for the clock: then a sample is the mean of so many calls. */
  readonly callsPerSample: number;
};

const slices = 12;
/** A sample no shorter than this is well above what reading the clock costs. */
const sampleAtLeastUs = 3;

/**
 * Median and 95th percentile of single calls, in microseconds. All are warmed up first, then measured in
 * turn, a slice each, over and over: a machine that slows down for a while slows all of them.
 */
export async function timeInTurns(
  all: readonly Timed[],
  { warmUpMs, sliceMs } = { warmUpMs: 800, sliceMs: 150 },
): Promise<Record<string, Timing>> {
  const runs = [];
  for (const timed of all) runs.push(await prepare(timed, warmUpMs));
  for (let slice = 0; slice < slices; slice += 1) {
    for (const run of runs) await measure(run, sliceMs);
  }
  return Object.fromEntries(runs.map(({ name, samples, calls }) => [name, timing(samples, calls)]));
}

type Run = Timed & { readonly samples: number[]; readonly waits: boolean; readonly calls: number };

async function prepare(timed: Timed, warmUpMs: number): Promise<Run> {
  const waits = timed.run() instanceof Promise;
  const warming: Run = { ...timed, samples: [], waits, calls: 1 };
  await measure(warming, warmUpMs);
  const { medianUs } = timing(warming.samples.slice(-Math.ceil(warming.samples.length / 2)), 1);
  const calls = medianUs >= sampleAtLeastUs ? 1 : Math.ceil((10 * sampleAtLeastUs) / medianUs);
  return { ...warming, samples: [], calls };
}

async function measure({ run, samples, waits, calls }: Run, milliseconds: number): Promise<void> {
  const until = performance.now() + milliseconds;
  let from = performance.now();
  while (from < until) {
    // An await would cost those that need none a turn of the event loop.
    if (waits) await run();
    else for (let call = 0; call < calls; call += 1) run();
    const now = performance.now();
    samples.push(((now - from) * 1000) / calls);
    from = performance.now();
  }
}

function timing(samples: readonly number[], callsPerSample: number): Timing {
  const times = Float64Array.from(samples).sort();
  const at = (part: number) => rounded(times[Math.floor(times.length * part)] ?? 0);
  return { medianUs: at(0.5), p95Us: at(0.95), samples: times.length, callsPerSample };
}

/** Three figures that mean something. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
