import { Cron } from 'croner';

import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { systemTimer, type Timer } from '../base/timer.ts';
import type { ScheduledJobRecord } from '../database/scheduled-jobs-repository.ts';
import type { Store } from '../database/store.ts';
import type { Job } from './job.ts';

export type JobsOptions = {
  readonly store: Store;
  readonly clock: Clock;
  readonly jobs: readonly Job[];
  /** What a job threw, and what was not expected. */
  readonly onFault: (fault: unknown, job: string) => void;
  readonly timer?: Timer;
};

export type RunningJobs = {
  /** Resolves when nothing that is due is left undone. For tests. */
  settled(): Promise<void>;
  /** Asks what is running to end, waits for it, and begins nothing more. */
  close(): Promise<void>;
};

/** Between two looks at the clock: what the clock says is due begins at most this much later. */
export const lookEveryMs = 30_000;
/** A run that failed is begun again after this; measured by the machine's uptime, not by its clock. */
export const retryAfterMs = 10 * 60_000;
/** After so many attempts, a crash counting as one, a time is given up until the next. */
export const attemptsMax = 3;
/** A clock set back by no more than this repeats nothing; one set back further was wrong before. */
const setBackMs = 2 * 3_600_000;

/**
 * Begins each job when the clock says so. Only the clock's reading counts, looked at again and again: a machine that
 * slept, was off or had its clock set ahead catches up with one run; one set back by hours goes on from where it now
 * stands, so that nothing waits for a day that lies in the future. A job never runs twice at once, and what it
 * missed while running is not made up for. It is kept with the books how far each has come.
 */
export function startJobs(options: JobsOptions): RunningJobs {
  const { timer = systemTimer } = options;
  const ending = new AbortController();
  const lanes = options.jobs.map((job) => startLane(options, job, timer, ending.signal));
  let cancelLook = (): void => undefined;

  function look(): void {
    if (ending.signal.aborted) return;
    for (const lane of lanes) lane.look();
    cancelLook = timer(lookEveryMs, look);
  }
  look();

  return {
    settled: async () => {
      await Promise.all(lanes.map((lane) => lane.settled()));
    },
    close: async () => {
      ending.abort();
      cancelLook();
      for (const lane of lanes) lane.cancelRetry();
      await Promise.all(lanes.map((lane) => lane.settled()));
    },
  };
}

/** One job: at most one look or run of it at a time. */
function startLane(options: JobsOptions, job: Job, timer: Timer, signal: AbortSignal) {
  const { store, clock, onFault } = options;
  const cron = new Cron(job.when, { timezone: 'Asia/Shanghai', paused: true });
  let busy: Promise<void> | null = null;
  let waitsForRetry = false;
  let cancelRetry = (): void => undefined;

  const keep = async (record: ScheduledJobRecord): Promise<ScheduledJobRecord> => {
    await store.transact(({ scheduledJobs }) => scheduledJobs.keep(record));
    return record;
  };

  async function step(): Promise<void> {
    const now = clock.now();
    const known = await store.read(({ scheduledJobs }) => scheduledJobs.find(job.name));
    // A new job waits for its first time; it does not begin because it is new.
    const record = known ?? (await keep(newRecord(job.name, now)));
    const aheadMs = Date.parse(record.doneUntil) - now.getTime();
    if (aheadMs > Math.min(setBackMs, periodMs(cron, now))) {
      await keep({ ...record, doneUntil: shanghaiInstant(now), attempts: 0 });
      return;
    }
    const due = cron.nextRun(new Date(record.doneUntil));
    if (due === null || due > now) return;
    if (record.attempts >= attemptsMax) {
      await keep(doneWith(record, due, `given up after ${String(record.attempts)} attempts`));
      return;
    }
    // Written before it begins: a run that kills the program is counted, too.
    const begun = await keep({
      ...record,
      attempts: record.attempts + 1,
      lastBeganAt: shanghaiInstant(now),
    });
    const problem = await runOnce();
    if (problem === null) {
      await keep({ ...doneWith(begun, due, null), lastEndedAt: shanghaiInstant(clock.now()) });
    } else if (begun.attempts >= attemptsMax) {
      await keep(doneWith(begun, due, problem));
    } else if (!signal.aborted) {
      await keep({ ...begun, lastProblem: problem });
      waitsForRetry = true;
      cancelRetry = timer(retryAfterMs, () => {
        waitsForRetry = false;
        look();
      });
    }
  }

  async function runOnce(): Promise<string | null> {
    try {
      await job.run(signal);
      return null;
    } catch (fault) {
      onFault(fault, job.name);
      return fault instanceof Error ? fault.message : String(fault);
    }
  }

  /** What came due while it ran is not made up for; a clock set back meanwhile does not begin it again. */
  function doneWith(
    record: ScheduledJobRecord,
    due: Date,
    lastProblem: string | null,
  ): ScheduledJobRecord {
    const until = Math.max(due.getTime(), clock.now().getTime());
    return { ...record, doneUntil: shanghaiInstant(new Date(until)), attempts: 0, lastProblem };
  }

  function look(): void {
    // Where nothing may be written nothing is begun: it could not be kept that it was.
    if (busy !== null || waitsForRetry || signal.aborted || store.readingOnly() !== null) return;
    busy = step()
      // A busy or full database passes; the next look tries again.
      .catch((fault: unknown) => {
        onFault(fault, job.name);
      })
      .finally(() => {
        busy = null;
      });
  }

  return {
    look,
    settled: async () => {
      await busy;
    },
    cancelRetry: () => {
      cancelRetry();
    },
  };
}

function newRecord(name: string, now: Date): ScheduledJobRecord {
  const none = { lastBeganAt: null, lastEndedAt: null, lastProblem: null };
  return { name, doneUntil: shanghaiInstant(now), attempts: 0, ...none };
}

function periodMs(cron: Cron, from: Date): number {
  const [first, second] = cron.nextRuns(2, from);
  return first === undefined || second === undefined
    ? Infinity
    : second.getTime() - first.getTime();
}
