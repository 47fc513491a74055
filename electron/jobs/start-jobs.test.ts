import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { movableClock } from '../base/clock.test-support.ts';
import { manualTimer } from '../base/timer.test-support.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import type { Job } from './job.ts';
import {
  attemptsMax,
  lookEveryMs,
  retryAfterMs,
  startJobs,
  type RunningJobs,
} from './start-jobs.ts';

const nightly = '30 2 * * *';
let store: TestStore;
let clock: ReturnType<typeof movableClock>;
let timer: ReturnType<typeof manualTimer>;
let desk: RunningJobs | null = null;
/** When it ran, by the clock. */
let runs: string[];
let faults: unknown[];
let name = 0;

beforeAll(async () => {
  store = await createTestStore();
});
afterAll(async () => {
  await store.remove();
});
beforeEach(() => {
  clock = movableClock('2026-11-29T12:00:00+08:00');
  runs = [];
  faults = [];
  // A job of its own for each test, so that all of them can share the books.
  name += 1;
});
afterEach(async () => {
  await desk?.close();
  desk = null;
});

const noted: Job['run'] = () => {
  runs.push(clock.now().toISOString());
  return Promise.resolve();
};

/** Starts the desk, as after a start of the program. */
async function start(run: Job['run'] = noted, when = nightly): Promise<void> {
  await desk?.close();
  timer = manualTimer();
  const jobs = [{ name: `job ${String(name)}`, when, run }];
  const onFault = (fault: unknown) => faults.push(fault);
  desk = startJobs({ store, clock, jobs, onFault, timer: timer.timer });
  await desk.settled();
}
/** The next look at the clock, which now shows `instant`. */
async function lookAt(instant: string): Promise<void> {
  clock.set(instant);
  timer.expire();
  await desk?.settled();
}
const kept = () => store.read(({ scheduledJobs }) => scheduledJobs.find(`job ${String(name)}`));

describe('a nightly job', () => {
  it('runs once each night, at its time in Shanghai, and not because it is new', async () => {
    await start();
    expect(timer.waiting()).toEqual([lookEveryMs]);
    await lookAt('2026-11-30T02:29:59+08:00');
    expect(runs).toEqual([]);
    for (const second of ['00', '30', '59']) await lookAt(`2026-11-30T02:30:${second}+08:00`);
    await lookAt('2026-12-01T02:30:10+08:00');
    expect(runs).toEqual(['2026-11-29T18:30:00.000Z', '2026-11-30T18:30:10.000Z']);
  });

  it.each(['UTC', 'America/New_York', 'Asia/Shanghai'])(
    'keeps to Shanghai on a machine whose time zone is %s, also where that changes its hour',
    async (zone) => {
      const before = process.env['TZ'];
      process.env['TZ'] = zone;
      try {
        // New York leaves summer time on 1 November 2026.
        clock.set('2026-10-31T12:00:00+08:00');
        await start();
        for (const day of ['01', '02', '03']) {
          await lookAt(`2026-11-${day}T02:29:00+08:00`);
          await lookAt(`2026-11-${day}T02:30:00+08:00`);
          await lookAt(`2026-11-${day}T03:31:00+08:00`);
        }
        expect(runs.map((at) => at.slice(5, 16))).toEqual([
          '10-31T18:30',
          '11-01T18:30',
          '11-02T18:30',
        ]);
      } finally {
        if (before === undefined) delete process.env['TZ'];
        else process.env['TZ'] = before;
      }
    },
  );

  it.each([
    ['slept through the night', '2026-11-30T08:00:00+08:00'],
    ['slept for a week, over seven nights', '2026-12-06T08:00:00+08:00'],
    ['had its clock set ahead a year', '2027-11-29T12:00:00+08:00'],
    ['slept over New Year', '2027-01-01T00:00:01+08:00'],
  ])('is caught up with once by a machine that %s', async (_, woken) => {
    await start();
    await lookAt(woken);
    await lookAt(woken);
    expect(runs).toHaveLength(1);
  });

  it('is caught up with by a machine that is switched off every evening', async () => {
    await start();
    clock.set('2026-11-30T08:00:00+08:00');
    await start();
    expect(runs).toHaveLength(1);
    await start();
    expect(runs).toHaveLength(1);
  });

  it('is not repeated by a clock set back an hour', async () => {
    await start();
    await lookAt('2026-11-30T02:45:00+08:00');
    await lookAt('2026-11-30T01:45:00+08:00');
    await lookAt('2026-11-30T02:30:00+08:00');
    await lookAt('2026-11-30T02:46:00+08:00');
    expect(runs).toHaveLength(1);
    await lookAt('2026-12-01T02:30:00+08:00');
    expect(runs).toHaveLength(2);
  });

  it.each([
    ['a day', '2026-11-29T12:00:00+08:00', '2026-11-30T02:30:00+08:00'],
    ['a year', '2025-11-30T12:00:00+08:00', '2025-12-01T02:30:00+08:00'],
    ['to an empty battery', '1970-01-01T08:00:00+08:00', '1970-01-02T02:30:00+08:00'],
  ])('does not wait for the future after a clock set back %s', async (_, back, night) => {
    await start();
    await lookAt('2026-11-30T12:00:00+08:00');
    expect(runs).toHaveLength(1);
    await lookAt(back);
    expect(runs).toHaveLength(1);
    await lookAt(night);
    expect(runs).toHaveLength(2);
    // Put right again: one run, for the night that was passed over.
    await lookAt('2026-12-02T12:00:00+08:00');
    await lookAt('2026-12-02T12:00:30+08:00');
    expect(runs).toHaveLength(3);
  });
});

describe('a run that takes longer than its interval', () => {
  it('is never joined by a second, and what came due meanwhile is not piled up', async () => {
    let end = (): void => undefined;
    let most = 0;
    let running = 0;
    const slow: Job['run'] = async () => {
      running += 1;
      most = Math.max(most, running);
      runs.push(clock.now().toISOString());
      await new Promise<void>((resolve) => {
        end = resolve;
      });
      running -= 1;
    };
    await start(slow, '* * * * *');
    clock.set('2026-11-29T12:01:00+08:00');
    timer.expire();
    await expect.poll(() => running).toBe(1);
    for (let minute = 2; minute < 10; minute += 1) {
      clock.set(`2026-11-29T12:0${String(minute)}:00+08:00`);
      timer.expire();
    }
    end();
    await desk?.settled();
    await lookAt('2026-11-29T12:09:30+08:00');
    expect([most, runs.length]).toEqual([1, 1]);
    clock.set('2026-11-29T12:10:00+08:00');
    timer.expire();
    await expect.poll(() => runs.length).toBe(2);
    end();
    await desk?.settled();
  });

  it('is not begun again because the clock went back while it ran', async () => {
    await start(() => {
      runs.push('run');
      clock.set('2026-11-30T02:00:00+08:00');
      return Promise.resolve();
    });
    await lookAt('2026-11-30T02:30:00+08:00');
    await lookAt('2026-11-30T02:31:00+08:00');
    expect(runs).toHaveLength(1);
  });

  it('is asked to end with the desk, and the desk waits for it', async () => {
    const ended: string[] = [];
    const obedient: Job['run'] = (signal) =>
      new Promise((_resolve, reject) => {
        runs.push('begun');
        signal.addEventListener('abort', () => {
          ended.push('the job');
          reject(new Error('the desk ends'));
        });
      });
    await start(obedient);
    clock.set('2026-11-30T02:30:00+08:00');
    timer.expire();
    await expect.poll(() => runs.length).toBe(1);
    await desk?.close();
    expect(ended).toEqual(['the job']);
    expect(timer.waiting()).toEqual([]);
  });
});

describe('a run that fails', () => {
  const fails: Job['run'] = () => {
    runs.push('failed');
    return Promise.reject(new Error('the stick is full'));
  };

  it('is tried again by the uptime, whatever the clock does, and given up until the next night', async () => {
    await start(fails);
    await lookAt('2026-11-30T02:30:00+08:00');
    expect([...timer.waiting()].sort()).toEqual([lookEveryMs, retryAfterMs].sort());
    expect((await kept())?.lastProblem).toBe('the stick is full');
    for (let again = 0; again < 5; again += 1) await lookAt('2026-11-30T02:30:30+08:00');
    expect(runs).toHaveLength(attemptsMax);
    expect(faults).toHaveLength(attemptsMax);
    await lookAt('2026-12-01T02:30:00+08:00');
    expect(runs).toHaveLength(attemptsMax + 1);
  });

  it('counts as done once it succeeds', async () => {
    let broken = true;
    await start((signal) => (broken ? fails(signal) : noted(signal)));
    await lookAt('2026-11-30T02:30:00+08:00');
    broken = false;
    await lookAt('2026-11-30T02:40:00+08:00');
    await lookAt('2026-11-30T02:50:00+08:00');
    expect(runs).toEqual(['failed', '2026-11-29T18:40:00.000Z']);
    expect(await kept()).toMatchObject({ attempts: 0, lastProblem: null });
  });

  it('is given up where it has killed the program each time', async () => {
    await start();
    clock.set('2026-11-30T08:00:00+08:00');
    const record = await kept();
    if (record === null) throw new Error('the job is not in the books');
    // What is left of a run that never came back.
    await store.transact((all) => all.scheduledJobs.keep({ ...record, attempts: attemptsMax }));
    await start();
    expect(runs).toEqual([]);
    expect((await kept())?.lastProblem).toContain('given up');
    await lookAt('2026-12-01T02:30:00+08:00');
    expect(runs).toHaveLength(1);
  });
});
