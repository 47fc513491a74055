import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Role } from '../../shared/contracts/contract.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { PageSessions } from '../security/page-sessions.ts';
import { refusalOf, testClock, valueOf } from '../settlement/settlement.test-support.ts';
import type { DeskParts } from './desk-parts.ts';
import type { Caller } from './handle-call.ts';
import { sessionCalls } from './sessions.ts';

let store: TestStore;
let pageSessions: PageSessions;
let desk: ReturnType<typeof sessionCalls>;

beforeEach(async () => {
  store = await createTestStore();
  pageSessions = new PageSessions({
    ...{ store, clock: testClock, ids: timeOrderedIds(), monotonicMs: () => 0 },
    firstUserId: null,
    onFault: (problem) => {
      throw problem;
    },
  });
  desk = sessionCalls({
    pageSessions,
    services: { store, clock: testClock },
  } as unknown as DeskParts);
});
afterEach(() => store.remove());

/** A page at which somebody sits, as its calls come in. */
async function pageOf(userId: string, role: Role): Promise<Caller> {
  const { session } = await pageSessions.open('browser');
  await pageSessions.signedIn(session.id, userId);
  return { sessionId: session.id, userId, name: userId, role };
}
const listed = async (by: Caller) =>
  valueOf(await desk['sessions:list']({}, by))
    .sessions.map(({ sessionId }) => sessionId)
    .sort();
const end = async (sessionId: string, by: Caller) =>
  refusalOf(await desk['sessions:end']({ sessionId }, by));
const isOpen = async ({ sessionId }: Caller) => (await pageSessions.findById(sessionId)).ok;
const entriesOf = async (act: string) => {
  const entries = await store.read(({ audit }) => audit.list({ after: 0, limit: 1000 }));
  return entries.filter((entry) => entry.act === act).map(({ who, about }) => [who, about]);
};

describe('the pages of a desk', () => {
  it('are everybody’s for the administrator and the IT clerk, and for anybody else the own ones', async () => {
    const boss = await pageOf('boss', 'administrator');
    const [one, two] = [await pageOf('cashier1', 'cashier'), await pageOf('cashier1', 'cashier')];
    const clerk = await pageOf('clerk1', 'it-clerk');
    const all = [boss, one, two, clerk].map(({ sessionId }) => sessionId).sort();
    expect(await listed(boss)).toEqual(all);
    expect(await listed(clerk)).toEqual(all);
    expect(await listed(one)).toEqual([one.sessionId, two.sessionId].sort());
    const sessions = valueOf(await desk['sessions:list']({}, one)).sessions;
    expect(sessions.find(({ isOwn }) => isOwn)).toMatchObject({
      ...{ sessionId: one.sessionId, page: 'browser', user: { name: '收费员一' }, end: null },
    });
    for (const role of ['supervisor', 'policy-officer', 'auditor'] as const) {
      expect(await listed({ ...one, userId: 'x', role })).toEqual([]);
    }
  });

  it('are ended by their own user, and another’s by who looks after them; both are in the audit', async () => {
    const boss = await pageOf('boss', 'administrator');
    const [one, two] = [await pageOf('cashier1', 'cashier'), await pageOf('cashier1', 'cashier')];
    const ends: string[] = [];
    pageSessions.onEnd((_, reason) => ends.push(reason));
    expect(await end(two.sessionId, one)).toBeNull();
    expect(await end(two.sessionId, one)).toBe('session-unknown');
    expect(await end(one.sessionId, boss)).toBeNull();
    expect(ends).toEqual(['signed-out', 'by-administrator']);
    expect([await isOpen(one), await isOpen(two), await isOpen(boss)]).toEqual([
      false,
      false,
      true,
    ]);
    expect(await entriesOf('end-page')).toEqual([
      ['cashier1', two.sessionId],
      ['boss', one.sessionId],
    ]);
  });

  it('are not ended by a cashier who calls the contract with another’s, which is in the audit', async () => {
    const boss = await pageOf('boss', 'administrator');
    const cashier = await pageOf('cashier1', 'cashier');
    const { session: nobodys } = await pageSessions.open('browser');
    const codes = [];
    for (const id of [boss.sessionId, nobodys.id, 'invented']) codes.push(await end(id, cashier));
    expect(codes).toEqual(['session-unknown', 'session-unknown', 'session-unknown']);
    expect(await isOpen(boss)).toBe(true);
    expect(await entriesOf('not-let-in')).toEqual(Array(3).fill(['cashier1', 'cashier1']));
  });
});
