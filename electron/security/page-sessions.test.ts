import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { timeOrderedIds } from '../base/ids.ts';
import type { OpenedStore } from '../database/open-store.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import {
  PageSessions,
  pageSessionLimits,
  replacedSecretMs,
  type FoundPage,
} from './page-sessions.ts';

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

/** Who acts where a page shows this: a user, `nobody` where it opens the way in alone, `refused` where it opens nothing. */
async function actsWith(secret: string, on: PageSessions = pages): Promise<string> {
  const found = await on.find(secret);
  return found.ok ? (found.session.userId ?? 'nobody') : 'refused';
}

/** Somebody signs in at the page; what it shows from now on. */
async function signIn(sessionId: string, userId: string, on: PageSessions = pages) {
  const seated = await on.signedIn(sessionId, userId);
  if (typeof seated?.secret !== 'string') throw new Error('nobody sat down');
  return seated.secret;
}

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

  it('is listed, left and ended however many pages there are', async () => {
    for (let other = 0; other < 401; other += 1) await pages.open('browser');
    const { session, secret } = await pages.open('browser');
    expect((await pages.list()).map(({ id }) => id)).toContain(session.id);
    expect(await actsWith(secret)).toBe('cashier1');
    await pages.leaveAll();
    expect(await actsWith(secret)).toBe('nobody');
    pass(idleMs + 1);
    await pages.endOld();
    expect((await pages.list()).filter(({ end }) => end === null)).toEqual([]);
    const { secret: last } = await pages.open('browser');
    await pages.endAll('stopped');
    expect(await actsWith(last)).toBe('refused');
  });

  it('begins with nobody where somebody must sign in', async () => {
    const live = desk(store, null);
    const { session, secret } = await live.open('browser');
    expect(await live.find(secret)).toMatchObject({ session: { userId: null } });
    const own = await signIn(session.id, 'supervisor1', live);
    expect(await live.find(own)).toMatchObject({ session: { userId: 'supervisor1' } });
    expect(await live.signedOut(session.id)).toBe(true);
    expect(await live.find(own)).toMatchObject({ ok: true, session: { userId: null } });
  });

  it('is not found by a tampered, foreign, empty or hashed secret, nor by that of a window', async () => {
    const { session, secret } = await pages.open('browser');
    const other = await createTestStore();
    try {
      const foreign = await desk(other).open('browser');
      const last = secret.endsWith('A') ? 'B' : 'A';
      const kept = await store.read(({ pageSessions }) =>
        pageSessions.live({ after: '', limit: 10 }),
      );
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

  it('outlives it in nobody’s name where whoever sat there is to sign in anew', async () => {
    const { session, secret } = await pages.open('browser');
    const next = await signIn(session.id, 'cashier1');
    restart();
    await pages.leaveAll();
    expect(await actsWith(next)).toBe('nobody');
    expect(await actsWith(secret)).toBe('refused');
    const own = await signIn(session.id, 'cashier1');
    expect([await actsWith(own), await actsWith(next)]).toEqual(['cashier1', 'refused']);
  });

  it('is of one window: another does not know it', async () => {
    const { secret } = await pages.open('browser');
    await store.tamper(`update page_sessions set window_id = 'another'`);
    restart();
    expect(await pages.find(secret)).toEqual({ ok: false, ended: null });
  });
});

describe('a page at which somebody signs in', () => {
  it('has another secret, and what it had before is none from the first use of that on', async () => {
    const { session, secret } = await pages.open('browser');
    const own = await signIn(session.id, 'supervisor1');
    expect(own).not.toBe(secret);
    expect(await actsWith(own)).toBe('supervisor1');
    expect(await actsWith(secret)).toBe('refused');
    // The next one who sits down, or the same one again, has one of their own.
    const next = await signIn(session.id, 'supervisor1');
    expect(await actsWith(next)).toBe('supervisor1');
    for (const before of [secret, own]) expect(await actsWith(before)).toBe('refused');
    restart();
    expect(await actsWith(next)).toBe('supervisor1');
    for (const before of [secret, own]) expect(await actsWith(before)).toBe('refused');
    const rows = await store.writer?.selectFrom('page_sessions').selectAll().execute();
    for (const each of [secret, own, next]) expect(JSON.stringify(rows)).not.toContain(each);
  });

  it('and never hears of it signs in again within a minute; in its name nothing is done meanwhile', async () => {
    const { session, secret } = await pages.open('browser');
    const lost = await signIn(session.id, 'supervisor1');
    pass(replacedSecretMs);
    expect(await actsWith(secret)).toBe('nobody');
    const own = await signIn(session.id, 'supervisor1');
    // What was lost on the way opens nothing, whoever has found it.
    expect(await actsWith(lost)).toBe('refused');
    expect(await actsWith(own)).toBe('supervisor1');
    expect(await actsWith(secret)).toBe('refused');
  });

  it.each([
    [
      'a minute later',
      () => {
        pass(replacedSecretMs + 1);
      },
    ],
    [
      'by the machine’s counter alone',
      () => {
        counterMs += replacedSecretMs + 1;
      },
    ],
    [
      'by a clock that was set back',
      () => {
        wallMs -= replacedSecretMs + 1;
      },
    ],
    [
      'after a restart',
      () => {
        wallMs += replacedSecretMs + 1;
        restart();
      },
    ],
  ])(
    'is not found by the secret of before: %s, also where the new one was never used',
    async (_, go) => {
      const { session, secret } = await pages.open('browser');
      const own = await signIn(session.id, 'supervisor1');
      go();
      expect(await actsWith(secret)).toBe('refused');
      expect(await actsWith(own)).toBe('supervisor1');
    },
  );

  it('gives whoever copied its secret before nothing, however often that one asks', async () => {
    const { session, secret } = await pages.open('browser');
    const race = Array.from({ length: 20 }, () => actsWith(secret));
    const own = await signIn(session.id, 'supervisor1');
    const after = Array.from({ length: 20 }, () => actsWith(secret));
    expect(await actsWith(own)).toBe('supervisor1');
    expect(await Promise.all(race)).not.toContain('supervisor1');
    expect(await Promise.all(after)).not.toContain('supervisor1');
    expect(await actsWith(secret)).toBe('refused');
  });

  it('lets one of two sit down who sign in at once, and that one has the page', async () => {
    const { session } = await pages.open('browser');
    const turn = pages.turnAt(session.id);
    const both = await Promise.all(
      ['cashier1', 'supervisor1'].map((userId) => pages.signedIn(session.id, userId, { turn })),
    );
    const [seated, ...more] = both.filter((each) => each !== null);
    expect(more).toEqual([]);
    expect(await actsWith(seated?.secret ?? '')).toBe(
      both[0] === null ? 'supervisor1' : 'cashier1',
    );
  });

  it('tells whoever listens when the new one is used, so that its line is proven anew', async () => {
    const { session, secret } = await pages.open('browser');
    const heard: string[] = [];
    const stop = pages.onNewSecret((id) => heard.push(id));
    const own = await signIn(session.id, 'supervisor1');
    await pages.find(secret);
    expect(heard).toEqual([]);
    await pages.find(own);
    await pages.find(own);
    expect(heard).toEqual([session.id]);
    stop();
  });

  it('is no page where it is a window of the program: that has no secret and gets none', async () => {
    const { session } = await pages.open('window');
    expect(await pages.signedIn(session.id, 'supervisor1')).toEqual({ secret: null });
    expect(await pages.findById(session.id)).toMatchObject({ session: { userId: 'supervisor1' } });
  });

  it('is another program’s on the data, too', async () => {
    const { session, secret } = await pages.open('browser');
    const other = desk(await store.another());
    expect(await actsWith(secret, other)).toBe('cashier1');
    const own = await signIn(session.id, 'supervisor1');
    expect(await actsWith(secret, other)).toBe('nobody');
    expect(await actsWith(own, other)).toBe('supervisor1');
    expect(await actsWith(secret)).toBe('refused');
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
    expect(await other.signedIn(session.id, 'supervisor1')).toBeNull();
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

  it('by its time or with the desk leaves an entry that says why, and one alone', async () => {
    const entries = async () =>
      (await store.read(({ audit }) => audit.list({ after: 0, limit: 100 })))
        .filter(({ act }) => act === 'end-page')
        .map(({ about, who, detail_json: text }) => ({
          about,
          who,
          ...(JSON.parse(text) as object),
        }));
    const { session, secret } = await pages.open('browser');
    pass(idleMs + 1);
    expect(await pages.find(secret)).toMatchObject({ ok: false, ended: 'idle' });
    await pages.find(secret);
    const who = 'program';
    const first = { about: session.id, who, reason: 'idle', userId: 'cashier1' };
    expect(await entries()).toEqual([first]);
    const other = await pages.open('browser');
    await pages.endAll('stopped');
    const second = { about: other.session.id, who, reason: 'stopped', userId: 'cashier1' };
    expect(await entries()).toEqual([first, second]);
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
    const own = await signIn(session.id, 'supervisor1', full);
    expect(await actsWith(own, full)).toBe('supervisor1');
    expect(await actsWith(secret, full)).toBe('refused');
    pass(idleMs + 1);
    expect(await full.find(own)).toMatchObject({ ok: false });
    expect(await desk().find(own)).toEqual({ ok: false, ended: null });
  });

  it('takes the secret of before no more, also where its row still has it', async () => {
    const { session, secret } = await pages.open('browser');
    const deaf = desk({ ...store, transact: () => Promise.reject(new Error('the disk is full')) });
    expect(await actsWith(secret, deaf)).toBe('cashier1');
    const own = await signIn(session.id, 'supervisor1', deaf);
    expect(await actsWith(secret, deaf)).toBe('nobody');
    expect(await actsWith(own, deaf)).toBe('supervisor1');
    expect(await actsWith(secret, deaf)).toBe('refused');
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
