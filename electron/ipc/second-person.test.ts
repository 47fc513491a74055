import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Role } from '../../shared/contracts/contract.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import {
  cheapHasher,
  firstAdministrator,
  goodPassword,
  movableClock,
  partsOn,
  worker,
} from '../security/users.test-support.ts';
import { refusalOf, valueOf } from '../settlement/settlement.test-support.ts';
import type { DeskParts } from './desk-parts.ts';
import type { Caller } from './handle-call.ts';
import { secondPersonCalls } from './second-person.ts';
import { settlementCalls } from './settlement.ts';

const today = '2026-11-30';
let store: TestStore;
let desk: ReturnType<typeof startDesk>;
let wall: ReturnType<typeof movableClock>;
/** Which topics the pages were told. */
let told: string[];

/** The calls of a live desk whose clock stands a year after the last day money counted for. */
function startDesk() {
  wall = movableClock();
  told = [];
  const clock = { ...wall, businessDate: () => today };
  const services = {
    store,
    clock,
    ids: timeOrderedIds(),
    packs: [],
    approvedOnly: null,
    folder: { kind: 'live' },
  };
  const tellPages = (topic: string): void => {
    told.push(topic);
  };
  const parts = { services, hasher: cheapHasher, tellPages } as unknown as DeskParts;
  return { ...settlementCalls(parts), ...secondPersonCalls(parts) };
}

beforeEach(async () => {
  store = await createTestStore();
  const users = partsOn(store);
  const boss = await firstAdministrator(users);
  await worker(users, boss, { userId: 'wang', name: '王一', role: 'cashier' });
  await worker(users, boss, { userId: 'zhao', name: '赵四', role: 'supervisor' });
  await worker(users, boss, { userId: 'chen', name: '陈五', role: 'supervisor' });
  await store.transact(({ businessDay }) => businessDay.enter('2025-11-30'));
  desk = startDesk();
});
afterEach(() => store.remove());

const at = (userId: string, role: Role, sessionId: string): Caller => ({
  ...{ userId, name: userId, role, sessionId },
});
const wang = at('wang', 'cashier', 'page 1');
const zhao = at('zhao', 'supervisor', 'page 2');
type Given = { approvedBy?: string; password?: string; requestId?: string };
const approve = async (given: Given, by: Caller = wang) =>
  refusalOf(await desk['settlement:approve-business-date']({ businessDate: today, ...given }, by));
const ask = async (by: Caller = wang) =>
  valueOf(
    await desk['second-person:ask'](
      { act: 'approve-business-date', about: today, reason: '春节后第一天' },
      by,
    ),
  ).requestId;

describe('a second person at the same page of a live folder', () => {
  it('proves who it is: a name alone approves nothing', async () => {
    expect(await approve({})).toBe('second-person-needed');
    expect(await approve({ approvedBy: 'zhao' })).toBe('sign-in-refused');
    expect(await approve({ approvedBy: 'zhao', password: 'guessed' })).toBe('sign-in-refused');
    expect(await approve({ approvedBy: 'supervisor1', password: '' })).toBe('sign-in-refused');
    expect(await approve({ approvedBy: 'zhao', password: goodPassword })).toBeNull();
  });

  it('is not the cashier, nor the same supervisor once more', async () => {
    const own = { password: goodPassword };
    expect(await approve({ approvedBy: 'wang', ...own })).toBe('not-allowed');
    expect(await approve({ approvedBy: 'zhao', ...own }, zhao)).toBe('second-person-needed');
    expect(await approve({ approvedBy: 'chen', ...own }, zhao)).toBeNull();
  });
});

describe('a second person at another page', () => {
  it('sees what waits, says yes, and the first goes on', async () => {
    const requestId = await ask();
    expect(await approve({ requestId })).toBe('request-not-approved');
    const seen = valueOf(await desk['second-person:list']({}, zhao)).requests;
    expect(seen).toMatchObject([
      { requestId, about: today, reason: '春节后第一天', askedBy: { name: '王一' }, isOwn: false },
    ]);
    const yes = { requestId, isApproved: true, reason: '' };
    expect(refusalOf(await desk['second-person:decide'](yes, zhao))).toBeNull();
    // The approver, who did not ask, does not use it either.
    expect(await approve({ requestId }, zhao)).toBe('request-unknown');
    expect(await approve({ requestId })).toBeNull();
    expect(valueOf(await desk['second-person:list']({}, zhao)).requests).toEqual([]);
  });

  it('who has left by the time approved nothing', async () => {
    const requestId = await ask();
    const yes = { requestId, isApproved: true, reason: '' };
    expect(refusalOf(await desk['second-person:decide'](yes, zhao))).toBeNull();
    await store.transact(({ users }) => users.change('zhao', { role: 'cashier' }));
    expect(await approve({ requestId })).toBe('not-allowed');
    const row = await store.read(({ secondPerson }) => secondPerson.find(requestId));
    expect(row?.state).toBe('approved');
  });

  it('is no trainee, who may give nothing back alone', async () => {
    const training = { is_trainee: 1, trainee_limit_fen: 100, mentor: 'chen' } as const;
    await store.transact(({ users }) => users.change('zhao', training));
    expect(await approve({ approvedBy: 'zhao', password: goodPassword })).toBe('not-allowed');
    const yes = { requestId: await ask(), isApproved: true, reason: '' };
    expect(refusalOf(await desk['second-person:decide'](yes, zhao))).toBe('not-allowed');
  });

  it('is asked for a cancellation of what is there alone', async () => {
    for (const act of ['cancel-settlement', 'claim-not-booked'] as const) {
      const nothing = { act, about: 'nothing', reason: 'x' };
      const asked = await desk['second-person:ask'](nothing, wang);
      expect(refusalOf(asked)).toBe('settlement-not-found');
    }
  });
});

describe('the list of what takes a second person', () => {
  const requestsOf = async (by: Caller) =>
    valueOf(await desk['second-person:list']({}, by)).requests;
  const decide = async (requestId: string, isApproved: boolean, by: Caller, reason = '') =>
    refusalOf(await desk['second-person:decide']({ requestId, isApproved, reason }, by));
  const takeBack = async (requestId: string, by: Caller) =>
    refusalOf(await desk['second-person:take-back']({ requestId }, by));
  const li = at('li', 'cashier', 'page 3');

  it('shows a cashier the own ones alone, a supervisor what waits, an auditor what waits', async () => {
    const requestId = await ask();
    expect(await requestsOf(wang)).toMatchObject([{ requestId, isOwn: true, state: 'pending' }]);
    expect(await requestsOf(li)).toEqual([]);
    expect(await requestsOf(zhao)).toMatchObject([
      { requestId, isOwn: false, settlement: null, askedAtPage: null },
    ]);
    expect(await requestsOf(at('audit', 'auditor', 'page 4'))).toHaveLength(1);
  });

  it('says what became of the own ones, and why; nobody decides twice', async () => {
    const requestId = await ask();
    expect(await decide(requestId, false, zhao, ' \u200b\t ')).toBe('request-reason-missing');
    expect((await requestsOf(wang))[0]?.state).toBe('pending');
    expect(await decide(requestId, false, zhao, '日期不对')).toBeNull();
    expect(await requestsOf(wang)).toMatchObject([
      { state: 'refused', decisionReason: '日期不对', decidedBy: { name: '赵四' } },
    ]);
    expect(await decide(requestId, true, at('chen', 'supervisor', 'page 5'))).toBe(
      'request-decided',
    );
    expect(await requestsOf(zhao)).toEqual([]);
  });

  it('is decided once where two supervisors, or one and who asked, press at once', async () => {
    const requestId = await ask();
    const chen = at('chen', 'supervisor', 'page 5');
    const both = await Promise.all([
      decide(requestId, true, zhao),
      decide(requestId, false, chen, '再核对'),
    ]);
    expect(both.filter((code) => code === null)).toHaveLength(1);
    expect(both).toContain('request-decided');
    const next = await ask();
    const race = await Promise.all([takeBack(next, wang), decide(next, true, zhao)]);
    expect(race).toEqual([null, 'request-decided']);
    expect(await approve({ requestId: next })).toBe('request-not-approved');
  });

  it('loses what was taken back, approved or not, and by nobody else', async () => {
    const requestId = await ask();
    expect(await decide(requestId, true, zhao)).toBeNull();
    expect(await takeBack(requestId, li)).toBe('request-unknown');
    expect(await takeBack(requestId, zhao)).toBe('request-unknown');
    expect(await takeBack(requestId, wang)).toBeNull();
    expect(await takeBack(requestId, wang)).toBe('request-decided');
    expect(await approve({ requestId })).toBe('request-not-approved');
    expect((await requestsOf(wang))[0]?.state).toBe('taken-back');
    expect(await requestsOf(zhao)).toEqual([]);
    const entries = await store.read(({ audit }) => audit.list({ after: 0, limit: 1000 }));
    expect(entries.at(-1)).toMatchObject({ act: 'take-back-request', who: 'wang' });
  });

  it('is not decided by who asked, at whatever page, nor by a cashier', async () => {
    const own = await ask(zhao);
    expect(await decide(own, true, { ...zhao, sessionId: 'page 9' })).toBe('second-person-needed');
    // The door refuses a cashier by the role; behind it the act refuses, too.
    expect(await decide(own, true, wang)).toBe('not-allowed');
    expect((await requestsOf(zhao))[0]).toMatchObject({ isOwn: true, state: 'pending' });
  });

  it('keeps a reason as others may read it: on one line, in its direction, with nothing unseen', async () => {
    const reason = '金额\u202e00.1\u202c <b onclick="x">小</b>\n\u200b重复\u0000录入';
    const asked = { act: 'approve-business-date', about: today, reason } as const;
    valueOf(await desk['second-person:ask'](asked, wang));
    expect((await requestsOf(zhao))[0]?.reason).toBe('金额 00.1 <b onclick="x">小</b> 重复 录入');
    const blank = { ...asked, about: '2026-12-01', reason: '\u202e\u200b\u3164\u2800' };
    expect(refusalOf(await desk['second-person:ask'](blank, wang))).toBe('request-reason-missing');
  });

  it('lists the own ones as expired when nobody came, and tells the pages of every change', async () => {
    const requestId = await ask();
    wall.moveBy(11 * 86_400);
    expect((await requestsOf(wang))[0]?.state).toBe('expired');
    expect(await requestsOf(zhao)).toEqual([]);
    expect(told).toEqual(['second-person']);
    expect(await decide(requestId, true, zhao)).toBe('request-expired');
    expect(told).toEqual(['second-person']);
  });
});
