import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { timeOrderedIds } from '../base/ids.ts';
import type { OpenedStore } from '../database/open-store.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { PageSessions, pageSessionLimits, type FoundPage } from './page-sessions.ts';

const hourMs = 3_600_000;
const began = Date.parse('2017-11-27T08:00:00+08:00');
const { idleMs, absoluteMs } = pageSessionLimits;

let prepared: TestStore;
let store: TestStore;
/** What the clock on the wall says, and the machine's own counter. */
let wallMs: number;
let counterMs: number;
let faults: unknown[];
let pages: PageSessions;

beforeAll(async () => {
  prepared = await createTestStore();
  await prepared.close();
});
afterAll(async () => {
  await prepared.remove();
});
beforeEach(async () => {
  store = await createTestStore(prepared);
  wallMs = began;
  counterMs = 1000;
  faults = [];
  pages = desk();
});
afterEach(async () => {
  await store.remove();
});

/** A desk's pages, as its program knows them; another one is what they are after a restart. */
function desk(on: OpenedStore = store, firstUserId: string | null = 'cashier1'): PageSessions {
  return new PageSessions({
    store: on,
    clock: { now: () => new Date(wallMs) },
    monotonicMs: () => counterMs,
    ids: timeOrderedIds(() => wallMs),
    firstUserId,
    onFault: (problem) => faults.push(problem),
  });
}

/** Time goes on, as it does. */
function pass(ms: number): void {
  wallMs += ms;
  counterMs += ms;
}

/** The machine is off and on: its counter begins anew. */
function restart(): void {
  counterMs = 0;
  pages = desk();
}

const isIn = ({ ok }: FoundPage): boolean => ok;

/** A page that is used every hour for so long; when it was sent away. */
async function hoursUntilEnd(secret: string, betweenUses: () => void): Promise<number> {
  for (let hours = 0; hours < 100; hours += 1) {
    if (!isIn(await pages.find(secret))) return hours;
    betweenUses();
  }
  return Infinity;
}

describe('the session of a page', () => {
  it('is found by its secret alone, and says who sits there', async () => {
    const { session, secret } = await pages.open('browser');
    expect(await pages.find(secret)).toEqual({
      ok: true,
      session: { id: session.id, page: 'browser', userId: 'cashier1' },
    });
    expect(await desk(store, null).find(secret)).toMatchObject({ session: { userId: 'cashier1' } });
  });

  it('begins with nobody where somebody must sign in', async () => {
    const live = desk(store, null);
    const { session, secret } = await live.open('browser');
    expect(await live.find(secret)).toMatchObject({ session: { userId: null } });
    expect(await live.signedIn(session.id, 'supervisor1')).toBe(true);
    expect(await live.find(secret)).toMatchObject({ session: { userId: 'supervisor1' } });
    expect(await live.signedOut(session.id)).toBe(true);
    expect(await live.find(secret)).toMatchObject({ ok: true, session: { userId: null } });
  });

  it('is not found by a tampered, foreign, empty or hashed secret, nor by that of a window', async () => {
    const { session, secret } = await pages.open('browser');
    const other = await createTestStore();
    try {
      const foreign = await desk(other).open('browser');
      const last = secret.endsWith('A') ? 'B' : 'A';
      const kept = await store.read(({ pageSessions }) => pageSessions.live(10));
      await pages.open('window');
      for (const wrong of [
        secret.slice(0, -1) + last,
        secret.slice(0, -1),
        `${secret} `,
        secret.toUpperCase(),
        foreign.secret,
        '',
        session.id,
        ...kept.map(({ id }) => id),
      ]) {
        expect(await pages.find(wrong), wrong).toEqual({ ok: false, ended: null });
      }
    } finally {
      await other.remove();
    }
  });

  it('is kept as a hash: who reads the tables has no secret', async () => {
    const { secret } = await pages.open('browser');
    const { writer } = store;
    const rows = await writer?.selectFrom('page_sessions').selectAll().execute();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(await pages.find(rows?.[0]?.secret_sha256 ?? '')).toMatchObject({ ok: false });
  });

  it('outlives a restart of the desk', async () => {
    const { secret } = await pages.open('browser');
    pass(hourMs);
    restart();
    expect(isIn(await pages.find(secret))).toBe(true);
  });

  it('is of one window: another does not know it', async () => {
    const { secret } = await pages.open('browser');
    await store.tamper(`update page_sessions set window_id = 'another'`);
    restart();
    expect(await pages.find(secret)).toEqual({ ok: false, ended: null });
  });
});

describe('a page ends', () => {
  it('when nobody used it for long, and not before', async () => {
    const { secret } = await pages.open('browser');
    pass(idleMs - 1);
    expect(isIn(await pages.find(secret))).toBe(true);
    pass(idleMs + 1);
    expect(await pages.find(secret)).toEqual({ ok: false, ended: 'idle' });
    // Ended stays ended, whatever the clock says then.
    pass(-idleMs);
    restart();
    expect(await pages.find(secret)).toEqual({ ok: false, ended: 'idle' });
  });

  it('when the machine was off for long', async () => {
    const { secret } = await pages.open('browser');
    wallMs += idleMs + 1;
    restart();
    expect(await pages.find(secret)).toEqual({ ok: false, ended: 'idle' });
  });

  it('after the longest shift, however busy', async () => {
    const { secret } = await pages.open('browser');
    const hours = await hoursUntilEnd(secret, () => {
      pass(hourMs);
    });
    expect(hours * hourMs).toBe(absoluteMs + hourMs);
    expect(await pages.find(secret)).toMatchObject({ ended: 'too-old' });
  });

  it('after the longest shift, too, where the clock is set back again and again', async () => {
    const { secret } = await pages.open('browser');
    const hours = await hoursUntilEnd(secret, () => {
      // The machine's own counter goes on; the clock on the wall is where it was.
      counterMs += hourMs;
    });
    expect(hours * hourMs).toBe(absoluteMs + hourMs);
  });

  it('after the longest shift, too, where the clock is set back and the desk restarted', async () => {
    const { secret } = await pages.open('browser');
    const hours = await hoursUntilEnd(secret, () => {
      counterMs += hourMs;
    });
    expect(hours).toBeLessThan(Infinity);
    const again = await pages.open('browser');
    let restarts = 0;
    while (isIn(await pages.find(again.secret)) && restarts < 100) {
      counterMs += hourMs;
      await pages.find(again.secret);
      // What is noted beside a call is on the disk before the next.
      await store.transact(async () => Promise.resolve());
      restart();
      restarts += 1;
    }
    expect(restarts).toBeLessThanOrEqual(absoluteMs / hourMs + 1);
  });

  it('when the clock was set back by more than it may be idle', async () => {
    const { secret } = await pages.open('browser');
    wallMs -= idleMs + 1;
    restart();
    expect(await pages.find(secret)).toEqual({ ok: false, ended: 'idle' });
  });

  it('when it is ended, for every program on the data, and whoever listens hears it once', async () => {
    const { session, secret } = await pages.open('browser');
    const heard: string[] = [];
    pages.onEnd((id, reason) => heard.push(`${id} ${reason}`));
    const other = desk(await store.another());
    expect(isIn(await other.find(secret))).toBe(true);
    expect(await pages.end(session.id, 'by-administrator')).toBe(true);
    expect(await pages.end(session.id, 'signed-out')).toBe(false);
    expect(await other.find(secret)).toEqual({ ok: false, ended: 'by-administrator' });
    expect(await other.signedIn(session.id, 'supervisor1')).toBe(false);
    expect(heard).toEqual([`${session.id} by-administrator`]);
    expect(await pages.end('nobody', 'by-administrator')).toBe(false);
  });

  it('when another program on the data ended it', async () => {
    const { session, secret } = await pages.open('browser');
    const other = desk(await store.another());
    expect(isIn(await pages.find(secret))).toBe(true);
    await other.end(session.id, 'by-administrator');
    expect(await pages.find(secret)).toEqual({ ok: false, ended: 'by-administrator' });
  });

  it('with all others when the desk is stopped, and by itself when its time is up', async () => {
    const [first, second] = [await pages.open('browser'), await pages.open('window')];
    pass(idleMs + 1);
    const fresh = await pages.open('browser');
    await pages.endOld();
    expect((await pages.list()).map(({ id, end }) => [id, end?.reason ?? null])).toEqual([
      [fresh.session.id, null],
      [second.session.id, 'idle'],
      [first.session.id, 'idle'],
    ]);
    await pages.endAll('stopped');
    expect(await pages.find(fresh.secret)).toEqual({ ok: false, ended: 'stopped' });
  });
});

describe('data that takes nothing', () => {
  it('lets pages in all the same, for as long as the program runs', async () => {
    const deaf: OpenedStore = {
      ...store,
      transact: () => Promise.reject(new Error('the disk is full')),
    };
    const full = desk(deaf);
    const { session, secret } = await full.open('browser');
    expect(await full.find(secret)).toMatchObject({ ok: true, session: { id: session.id } });
    expect(await full.find(`${secret}x`)).toMatchObject({ ok: false });
    await full.signedIn(session.id, 'supervisor1');
    expect(await full.find(secret)).toMatchObject({ session: { userId: 'supervisor1' } });
    pass(idleMs + 1);
    expect(await full.find(secret)).toMatchObject({ ok: false });
    expect(await desk().find(secret)).toEqual({ ok: false, ended: null });
  });

  it('keeps ended what could not be written as ended', async () => {
    const { session, secret } = await pages.open('browser');
    await pages.find(secret);
    const deaf = desk({ ...store, transact: () => Promise.reject(new Error('the disk is full')) });
    await deaf.find(secret);
    await deaf.end(session.id, 'by-administrator');
    expect(await deaf.find(secret)).toEqual({ ok: false, ended: 'by-administrator' });
  });

  it('is no way in where it cannot be read, but for pages this program knows', async () => {
    let isDamaged = false;
    const read: OpenedStore['read'] = (work) =>
      isDamaged ? Promise.reject(new Error('damaged')) : store.read(work);
    const damaged = desk({ ...store, read });
    const { secret } = await damaged.open('browser');
    isDamaged = true;
    expect(isIn(await damaged.find(secret))).toBe(true);
    expect(isIn(await damaged.find('invented'))).toBe(false);
    expect(faults.length).toBeGreaterThan(0);
  });
});

describe('who guesses', () => {
  const turnedAway = async () => {
    const entries = await store.read(({ audit }) => audit.list({ after: 0, limit: 1000 }));
    return entries
      .filter(({ act }) => act === 'turn-away-page')
      .map(({ about, detail_json }) => [about, JSON.parse(detail_json) as unknown]);
  };

  it('is in the audit, and does not fill it', async () => {
    for (let guess = 0; guess < 50; guess += 1) await pages.find(`guess ${String(guess)}`);
    await expect.poll(turnedAway).toEqual([['page-secret', { proof: 'page-secret', times: 1 }]]);
    pass(60_000);
    await pages.endOld();
    expect(await turnedAway()).toEqual([
      ['page-secret', { proof: 'page-secret', times: 1 }],
      ['page-secret', { proof: 'page-secret', times: 49 }],
    ]);
  });
});
