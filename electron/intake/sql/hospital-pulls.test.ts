import { describe, expect, it, vi } from 'vitest';

import { accepted, refused, type Result } from '../../../shared/domain/result.ts';
import { manualTimer } from '../../base/timer.test-support.ts';
import { betweenPullsMs, startHospitalPulls } from './hospital-pulls.ts';
import type { PullCode, PullReport, PullWanted } from './pull-visits.ts';
import { sqlRefusal } from './sql-refusals.ts';

type Outcome = Result<PullReport, PullCode>;

const visit = { visitId: 'ZY1' } as unknown as PullReport['accepted'][number];
const report = (taken: number): Outcome =>
  accepted({
    ...{ source: 'postgresql://his:5432/his', upTo: '1', more: false, refused: [] },
    accepted: Array.from({ length: taken }, () => visit),
  });
const away = (): Outcome => refused(sqlRefusal('sql-unreachable', { host: 'his', said: 'away' }));

/** A desk whose pulls end when the test says so. */
function desk(where: string | null = 'postgresql://reader@his/his') {
  const time = manualTimer();
  const under: { readonly wanted: PullWanted; readonly end: (outcome: Outcome) => void }[] = [];
  const parts = { onTaken: vi.fn(), onLooked: vi.fn(), onFault: vi.fn() };
  const fail = { next: null as Error | null };
  const pulls = startHospitalPulls({
    ...parts,
    where,
    timer: time.timer,
    now: () => '2017-11-27T09:00:00.000+08:00',
    pull: (wanted) =>
      fail.next === null
        ? new Promise((end) => {
            under.push({ wanted, end });
          })
        : Promise.reject(fail.next),
  });
  /** Ends the pull under way, and lets what follows it begin. */
  const end = async (outcome: Outcome): Promise<void> => {
    under.at(-1)?.end(outcome);
    await new Promise(setImmediate);
  };
  return { pulls, time, under, end, fail, ...parts };
}

describe('the pulls of an open desk', () => {
  it('begin with the desk, and again a minute after each has ended, however it ended', async () => {
    const { time, under, end, onTaken, onLooked, pulls } = desk();
    expect(under).toHaveLength(1);
    expect(time.waiting()).toEqual([]);
    await end(report(2));
    expect(onTaken).toHaveBeenCalledTimes(1);
    expect(time.waiting()).toEqual([betweenPullsMs]);
    time.expire();
    expect(under).toHaveLength(2);
    await end(away());
    expect(pulls.source()).toMatchObject({
      state: 'trouble',
      problem: { code: 'sql-unreachable' },
    });
    expect(onLooked).toHaveBeenCalledTimes(1);
    time.expire();
    await end(away());
    // The same trouble is no news.
    expect(onLooked).toHaveBeenCalledTimes(1);
    time.expire();
    await end(report(0));
    expect(pulls.source()).toMatchObject({ state: 'working', problem: null, last: { taken: 2 } });
    expect(onLooked).toHaveBeenCalledTimes(2);
    expect(onTaken).toHaveBeenCalledTimes(1);
  });

  it('come with a card: one that is over in time, and one that is not and goes on', async () => {
    const { time, under, end, pulls } = desk();
    await end(report(0));
    const quick = pulls.takeInNow();
    expect(under).toHaveLength(2);
    await end(report(1));
    expect(await quick).toBe('taken');
    const slow = pulls.takeInNow();
    expect(time.waiting()).toContain(300);
    time.expire();
    expect(await slow).toBe('late');
    await end(report(1));
    expect(pulls.source().last?.taken).toBe(1);
  });

  it('are one at a time; whoever asks while one is under way has one more behind it', async () => {
    const { under, end, pulls } = desk();
    const [one, other] = [pulls.takeInNow(), pulls.takeInNow()];
    expect(under).toHaveLength(1);
    await end(report(0));
    expect(under).toHaveLength(2);
    await end(report(1));
    expect(await Promise.all([one, other])).toEqual(['taken', 'taken']);
    expect(under).toHaveLength(2);
  });

  it('show no trouble where somebody pulls by hand, and a fault ends none of them', async () => {
    const { time, under, end, fail, onFault, pulls } = desk();
    await end(refused({ ...sqlRefusal('sql-no-encoding'), code: 'busy' }));
    expect(pulls.source()).toMatchObject({ state: 'working', askedAt: null });
    fail.next = new Error('the disk is full');
    time.expire();
    await new Promise(setImmediate);
    expect(onFault).toHaveBeenCalledWith(fail.next);
    fail.next = null;
    time.expire();
    expect(under).toHaveLength(2);
  });

  it('of one visit come behind the one under way, and are told from one that was refused', async () => {
    const { under, end, pulls, onTaken } = desk();
    const taking = pulls.takeVisit('ZY7');
    expect(under).toHaveLength(1);
    await end(report(0));
    expect(under.at(-1)?.wanted).toEqual({ kind: 'visit', visitId: 'ZY7' });
    await end(report(1));
    expect(await taking).toBe('taken');
    expect(onTaken).toHaveBeenCalledTimes(1);
    const unknown = pulls.takeVisit('ZY8');
    await end(refused(sqlRefusal('sql-visit-unknown', { visitId: 'ZY8' })));
    expect(await unknown).toMatchObject({ code: 'sql-visit-unknown' });
    await pulls.close();
    expect(await pulls.takeVisit('ZY9')).toBeNull();
  });

  it('name a visit without its marker once', () => {
    const { under } = desk();
    expect(under[0]?.wanted).toEqual({ kind: 'changed', told: new Set() });
  });

  it('end with the desk, which waits for the one under way a moment and for nothing else', async () => {
    const { time, under, end, pulls } = desk();
    const closing = pulls.close();
    expect(time.waiting()).toEqual([2000]);
    await end(report(1));
    await closing;
    expect(time.waiting()).toEqual([]);
    expect(await pulls.takeInNow()).toBe('late');
    expect(under).toHaveLength(1);
  });

  it('are none where no database is set: a card waits for nothing', async () => {
    const { under, pulls } = desk(null);
    expect(await pulls.takeInNow()).toBe('taken');
    expect(under).toHaveLength(0);
    expect(pulls.source()).toMatchObject({ state: 'not-set', where: null });
  });
});
