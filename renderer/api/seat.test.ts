import { afterEach, describe, expect, it, vi } from 'vitest';

import { eventTopics, type DeskEvent } from '../../shared/contracts/contract-names.ts';
import type { Role } from '../../shared/contracts/contract.ts';
import type { DeskBridge } from './bridge.ts';
import type { Call } from './call.ts';
import { seatedOver } from './seat.ts';
import { lockOwedByTab, tabStorage, type OwedLock } from './tab-storage.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const words = { zh: '', en: '' };
const notSignedIn = {
  ok: false,
  refusal: { code: 'not-signed-in', message: words, remedy: words },
} as const;

/** A program at whose page somebody sits, or nobody; it answers as the real one does. */
function program(owedLock?: OwedLock) {
  let user: { id: string; name: string; role: Role } | null = null;
  const asked: string[] = [];
  /** What the answers to the next questions who sits here wait for; each says what was when it was asked. */
  const late: Promise<unknown>[] = [];
  /** Whom the next questions who sits here are answered with, as if they had been asked later. */
  const overtaken: string[] = [];
  /** What the next locks wait for before they are done. */
  const slowLocks: Promise<unknown>[] = [];
  let [isGone, back] = [false, (): void => undefined];
  /** A lock does not come through, all else does. */
  let isDeaf = false;
  let end: (ended: string) => void = () => undefined;
  let hear: (event: DeskEvent) => void = () => undefined;
  const bridge: DeskBridge = {
    call: () => Promise.reject(new Error('calls go over `call`')),
    subscribe(listener) {
      hear = listener;
      return () => undefined;
    },
    onLink(listener) {
      back = () => {
        listener('open', null);
      };
      end = (ended) => {
        listener('no-session', ended);
      };
      return () => undefined;
    },
  };
  const call = ((name: string, input: unknown) => {
    if (isGone || (isDeaf && name === 'people:lock'))
      return Promise.resolve({
        ...notSignedIn,
        refusal: { ...notSignedIn.refusal, code: 'connection-lost' },
      });
    asked.push(`${name} by ${user?.id ?? 'nobody'}`);
    if (name === 'people:who') {
      const id = overtaken.shift();
      const said = id === undefined ? user : { id, name: id, role: 'cashier' };
      const answer = {
        ok: true,
        value: {
          user: said,
          isFirstStart: false,
          demoUsers: [],
          idleMinutes: 10,
          readingOnly: null,
        },
      };
      const wait = late.shift();
      return wait === undefined ? Promise.resolve(answer) : wait.then(() => answer);
    }
    const wait = name === 'people:lock' ? slowLocks.shift() : undefined;
    if (wait !== undefined) {
      return wait.then(() => {
        user = null;
        return { ok: true, value: {} };
      });
    }
    if (name === 'people:sign-in') {
      const { userId } = input as { readonly userId: string };
      user = { id: userId, name: userId, role: 'cashier' };
    } else if (name === 'people:lock') user = null;
    else if (user === null) return Promise.resolve(notSignedIn);
    return Promise.resolve({ ok: true, value: {} });
  }) as unknown as Call;
  // Every answer is a sign of life, which the page hears of before the answer.
  const opening = (async (name: never, input: never) => {
    const answer: unknown = await call(name, input);
    if (!isGone) back();
    return answer;
  }) as unknown as Call;
  return {
    asked,
    late,
    slowLocks,
    overtaken,
    seated: seatedOver(bridge, opening, owedLock),
    tell: (event: DeskEvent) => {
      hear(event);
    },
    lose: () => {
      isGone = true;
    },
    end: (ended: string) => {
      end(ended);
    },
    deaf: () => {
      isDeaf = true;
    },
    hears: () => {
      isDeaf = false;
      back();
    },
    comeBack: () => {
      isGone = false;
      back();
    },
    sitDown: (id: string | null, role: Role = 'cashier') => {
      user = id === null ? null : { id, name: id, role };
    },
  };
}

const settle = { visitId: 'V', billVersion: 1, patientPaysFen: 1, tenders: [] } as never;

/** A tab that remembers that its page owes a lock. */
function owingTab() {
  let owed = true;
  const set = (next: boolean): void => {
    owed = next;
  };
  return { get: () => owed, set };
}

describe('a page at which nobody sits', () => {
  it('waits with what only looks, until somebody sits who may look', async () => {
    const { seated, sitDown, asked } = program();
    await seated.ask();
    const looked = seated.call('visits:find', { text: '张' });
    sitDown('boss', 'administrator');
    await seated.ask();
    expect(asked).not.toContain('visits:find by boss');
    sitDown('c001');
    await seated.ask();
    expect((await looked).ok).toBe(true);
    expect(asked.filter((each) => each.startsWith('visits:find'))).toEqual(['visits:find by c001']);
  });

  it('does no act later in the name of the next one who sits down', async () => {
    const { seated, sitDown, asked } = program();
    sitDown('c001');
    await seated.ask();
    // The program has sent the cashier away; the page does not know yet.
    sitDown(null);
    const answer = await seated.call('settlement:settle-visit', settle);
    expect(answer.ok ? 'ok' : answer.refusal.code).toBe('not-signed-in');
    expect(seated.get()?.user).toBeNull();
    sitDown('c002');
    await seated.ask();
    expect(asked.filter((each) => each.includes('settle-visit'))).toEqual([
      'settlement:settle-visit by nobody',
    ]);
  });

  it('hears of nothing, and of everything once somebody sits down', async () => {
    const { seated, sitDown, tell } = program();
    const heard: string[] = [];
    seated.bridge.subscribe(({ topic }) => heard.push(topic));
    await seated.ask();
    tell({ topic: 'card', version: 1 });
    expect(heard).toEqual([]);
    sitDown('c001');
    await seated.ask();
    expect(heard).toEqual([...eventTopics]);
    tell({ topic: 'card', version: 2 });
    expect(heard.at(-1)).toBe('card');
  });

  it('stays locked when the line was gone, and the program hears of it once it is back', async () => {
    const { seated, sitDown, lose, comeBack, asked } = program();
    sitDown('c001');
    await seated.ask();
    lose();
    await seated.lock();
    expect(seated.get()?.user).toBeNull();
    comeBack();
    await expect.poll(() => asked.at(-1)).toBe('people:who by nobody');
    expect(asked).toContain('people:lock by c001');
    expect(seated.get()?.user).toBeNull();
  });

  it('loaded anew before the program has heard of its lock, tells it first and seats nobody', async () => {
    const tab = owingTab();
    const { seated, sitDown, asked, lose, comeBack } = program(tab);
    sitDown('c001');
    lose();
    await seated.ask();
    expect([seated.get(), tab.get()]).toEqual([null, true]);
    comeBack();
    await expect.poll(() => seated.get()?.user).toBeNull();
    expect(asked).toEqual(['people:lock by c001', 'people:who by nobody']);
    expect(tab.get()).toBe(false);
  });

  it('loaded anew while the program hears of no lock, but of all else: shows and does nothing in the name of who has left', async () => {
    const { seated, sitDown, asked, deaf, hears } = program(owingTab());
    sitDown('c001');
    deaf();
    await seated.ask();
    const looked = seated.call('visits:find', { text: '张' });
    const done = await seated.call('settlement:settle-visit', settle);
    expect(done.ok ? 'ok' : done.refusal.code).toBe('page-locked');
    expect(asked.filter((each) => !each.startsWith('people:'))).toEqual([]);
    // The way in is open; it tells the program of the lock before anybody else sits down.
    expect(seated.get()?.user).toBeNull();
    hears();
    await seated.call('people:sign-in', { userId: 'c002', password: '' });
    await seated.ask();
    expect((await looked).ok).toBe(true);
    expect(asked.at(-1)).toBe('visits:find by c002');
    expect(asked.filter((each) => each.endsWith('by c001'))).toEqual([
      'people:who by c001',
      'people:lock by c001',
    ]);
  });

  it('locked where its tab keeps nothing more: the program hears of it, and until then the tab keeps no secret either', async () => {
    const kept = new Map([['settlement-window-secret', 'of c001']]);
    vi.stubGlobal('sessionStorage', {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, text: string) => {
        if (name !== 'settlement-window-secret') throw new Error('QuotaExceededError');
        kept.set(name, text);
      },
      removeItem: (name: string) => kept.delete(name),
    });
    const { seated, sitDown, asked, lose, comeBack } = program(lockOwedByTab(tabStorage()));
    sitDown('c001');
    await seated.ask();
    lose();
    await seated.lock();
    expect([...kept]).toEqual([]);
    comeBack();
    await expect.poll(() => asked.at(-1)).toBe('people:who by nobody');
    expect(asked).toContain('people:lock by c001');
    expect([...kept]).toEqual([['settlement-window-secret', 'of c001']]);
    expect(seated.get()?.user).toBeNull();
  });

  it('is locked at once, before the program has answered', async () => {
    const { seated, sitDown } = program();
    sitDown('c001');
    await seated.ask();
    const locking = seated.lock();
    expect(seated.get()?.user).toBeNull();
    await locking;
    expect(seated.get()?.user).toBeNull();
  });

  it('goes on with who sat down, whatever an answer says that was asked before and comes late', async () => {
    const { seated, sitDown, late } = program();
    sitDown('c001');
    await seated.ask();
    const answersLate = Promise.withResolvers<null>();
    late.push(answersLate.promise);
    // The question that follows the lock is under way while the next one sits down.
    const locked = seated.lock();
    await new Promise((resolve) => setImmediate(resolve));
    sitDown('p001', 'policy-officer');
    await seated.ask();
    expect(seated.get()?.user?.id).toBe('p001');
    answersLate.resolve(null);
    await locked;
    expect(seated.get()?.user?.id).toBe('p001');
  });

  it('lets nobody sit down before a lock asked for earlier is done: it would send the next one away', async () => {
    const { seated, sitDown, slowLocks } = program();
    sitDown('c001');
    await seated.ask();
    const lockArrives = Promise.withResolvers<null>();
    slowLocks.push(lockArrives.promise);
    const locked = seated.lock();
    const signedIn = seated.call('people:sign-in', { userId: 'c002', password: '' });
    await new Promise((resolve) => setImmediate(resolve));
    lockArrives.resolve(null);
    await Promise.all([locked, signedIn]);
    await seated.ask();
    expect(seated.get()?.user?.id).toBe('c002');
  });

  it('seats who signed in before the lock was answered, whichever question is answered first', async () => {
    const { seated, sitDown, slowLocks, late, asked } = program();
    sitDown('c001');
    await seated.ask();
    const lockArrives = Promise.withResolvers<null>();
    slowLocks.push(lockArrives.promise);
    const locked = seated.lock();
    const signedIn = seated.call('people:sign-in', { userId: 'c002', password: '' });
    await new Promise((resolve) => setImmediate(resolve));
    const before = asked.length;
    lockArrives.resolve(null);
    await signedIn;
    await locked;
    // The lock is told once, however often its own answer says that the line is open.
    expect(asked.slice(before)).toEqual(['people:who by nobody', 'people:sign-in by nobody']);
    const answersLate = Promise.withResolvers<null>();
    late.push(answersLate.promise);
    const asking = seated.ask();
    // Refused by the program meanwhile, another call asks, too, and is answered first.
    sitDown(null);
    const refused = seated.call('settlement:settle-visit', settle);
    sitDown('c002');
    await refused;
    expect(seated.get()?.user?.id).toBe('c002');
    answersLate.resolve(null);
    await asking;
    expect(seated.get()?.user?.id).toBe('c002');
  });

  it('asks again who sits here where the line broke after somebody had signed in', async () => {
    const { seated, lose, comeBack } = program();
    await seated.ask();
    await seated.call('people:sign-in', { userId: 'c002', password: '' });
    lose();
    await seated.ask();
    expect(seated.get()?.user).toBeNull();
    comeBack();
    await expect.poll(() => seated.get()?.user?.id).toBe('c002');
  });

  it('seats nobody who is still signing in, whatever the question after the lock is answered', async () => {
    const { seated, sitDown, overtaken } = program();
    sitDown('c001');
    await seated.ask();
    // The question that follows the lock reaches the program after the next one has signed in.
    overtaken.push('c002');
    const locked = seated.lock();
    await seated.call('people:sign-in', { userId: 'c002', password: '' });
    await locked;
    // The program knows c002; the way in may still have something to say.
    expect(seated.get()?.user).toBeNull();
    await seated.ask();
    expect(seated.get()?.user?.id).toBe('c002');
  });

  it('tells the lock the program did not hear of before anybody sits down, and says why when it cannot', async () => {
    const { seated, sitDown, lose, comeBack, asked } = program();
    sitDown('c001');
    await seated.ask();
    lose();
    await seated.lock();
    const refused = await seated.call('people:sign-in', { userId: 'c002', password: '' });
    expect(refused.ok ? 'ok' : refused.refusal.code).toBe('connection-lost');
    comeBack();
    await seated.call('people:sign-in', { userId: 'c002', password: '' });
    const seats = asked.filter((each) => /people:(lock|sign-in)/.test(each));
    expect(seats).toEqual(['people:lock by c001', 'people:sign-in by nobody']);
    await seated.ask();
    expect(seated.get()?.user?.id).toBe('c002');
  });

  it('is looked at again when a page was changed elsewhere, and locks at once where somebody was sent away', async () => {
    const { seated, sitDown, tell, asked } = program();
    sitDown('c001');
    await seated.ask();
    sitDown(null);
    tell({ topic: 'sessions', version: 1 });
    await expect.poll(() => seated.get()?.user).toBeNull();
    // Nobody sits here: what happens at other pages is not asked about, and lets nobody in.
    const before = asked.length;
    sitDown('c002');
    tell({ topic: 'sessions', version: 2 });
    await Promise.resolve();
    expect(asked).toHaveLength(before);
    expect(seated.get()?.user).toBeNull();
  });

  it('stays locked whatever an answer says that was asked for before the lock', async () => {
    const { seated, sitDown, tell } = program();
    sitDown('c001');
    await seated.ask();
    const seen: (string | null)[] = [];
    seated.subscribe(() => seen.push(seated.get()?.user?.id ?? null));
    tell({ topic: 'sessions', version: 1 });
    await seated.lock();
    expect(seen).not.toContain('c001');
  });
});

describe('a page that has ended', () => {
  it('stays so, whatever an answer says that was still under way', async () => {
    const { seated, end, comeBack } = program();
    expect(seated.getLink()).toEqual({ link: 'open', ended: null });
    end('by-administrator');
    comeBack();
    expect(seated.getLink()).toEqual({ link: 'no-session', ended: 'by-administrator' });
    await seated.ask();
    expect(seated.getLink().link).toBe('no-session');
  });
});
