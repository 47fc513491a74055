import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { SettlementInput } from '../../shared/domain/person.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { cancelSettlement } from '../settlement/cancel-settlement.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  refusalOf,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import {
  askSecondPerson,
  decideRequest,
  emergencyLimits,
  listSecondPerson,
  reviewEmergency,
  type Consent,
} from './second-person.ts';

const packs = await ownPacks();
const cashier = { userId: 'cashier1', page: 'page 1' };
const supervisor = { userId: 'supervisor1', page: 'page 2' };
const dayMs = 86_400_000;

let prepared: TestStore;
let store: TestStore;
let input: SettlementInput;
let settlementId: string;
let nowMs: number;

const dependencies = () => ({
  ...dependenciesOn(store, packs),
  clock: { now: () => new Date(nowMs), businessDate: () => '2017-11-27' as const },
});

beforeAll(async () => {
  input = await colonCancer();
  prepared = await createTestStore();
  await prepared.close();
});
afterAll(() => prepared.remove());
beforeEach(async () => {
  nowMs = Date.parse('2017-11-27T10:15:00+08:00');
  store = await createTestStore(prepared);
  settlementId = await settle(input.visit.id);
});
afterEach(() => store.remove());

/** A small bill, which one may cancel alone, or the whole of the published one. */
async function settle(visitId: string, isSmall = false): Promise<string> {
  const [charge] = input.visit.bill.kind === 'charges' ? input.visit.bill.charges : [];
  if (charge === undefined) throw new Error('the case has no charges');
  const bill = isSmall ? { kind: 'charges' as const, charges: [charge] } : input.visit.bill;
  const person = { ...input.person, insurance: 'none' as const, categories: [] };
  await keepVisit(store, {
    ...input,
    ...(isSmall ? { person } : {}),
    visit: { ...input.visit, id: visitId, bill },
    yearToDate: null,
  });
  const settled = valueOf(await settleVisit(dependencies(), { visitId, by: 'cashier1' }));
  return settled.settlement.settlementId;
}

const cancel = async (consent: Consent, by = 'cashier1', id = settlementId) =>
  refusalOf(
    await cancelSettlement(dependencies(), {
      ...{ settlementId: id, reason: '录入有误', by, page: 'page 1', consent },
    }),
  );
const ask = (about = settlementId, by = cashier) =>
  askSecondPerson(
    dependencies(),
    { act: 'cancel-settlement', about, visitId: input.visit.id, reason: '录入有误' },
    by,
  );
const decide = async (requestId: string, by = supervisor, isApproved = true) => {
  const reason = isApproved ? '' : '请先核对';
  return refusalOf(await decideRequest(dependencies(), { requestId, isApproved, reason }, by));
};
const stateOf = async () =>
  (await store.read(({ settlements }) => settlements.find(settlementId)))?.state;
const settlementIdOf = (): string => settlementId;
const rows = async () => store.writer?.selectFrom('second_person_requests').selectAll().execute();

describe('a second person who stands beside', () => {
  it('is a row in the books: what, for whom, by whom, from which page, used for what', async () => {
    expect(await cancel({ kind: 'present', approvedBy: 'supervisor1' })).toBeNull();
    const cancellation = await store.read(({ settlements }) =>
      settlements.cancellationOf(settlementId),
    );
    expect(await rows()).toEqual([
      expect.objectContaining({
        ...{ act: 'cancel-settlement', about: settlementId, visit_id: input.visit.id },
        ...{ asked_by: 'cashier1', asked_page: 'page 1', reason: '录入有误', state: 'used' },
        ...{ decided_by: 'supervisor1', decided_page: 'page 1', used_for: cancellation?.id },
      }),
    ]);
  });

  it.each([
    ['cashier1', 'cashier1', 'not-allowed'],
    ['supervisor1', 'supervisor1', 'second-person-needed'],
    ['cashier1', 'auditor1', 'not-allowed'],
    ['cashier1', 'nobody', 'user-unknown'],
    ['cashier1', '', 'user-unknown'],
  ])('is none: %s with %s', async (by, approvedBy, code) => {
    expect(await cancel({ kind: 'present', approvedBy }, by)).toBe(code);
    expect(await stateOf()).toBe('settled');
    expect(await rows()).toEqual([]);
  });
});

describe('a request', () => {
  it.each(['', 'tomorrow', '2017-11-31', '2017-11-27 ', '20171127', settlementIdOf])(
    'for a business date is for a day, and for nothing else: %s',
    async (about) => {
      const act = 'approve-business-date';
      const given = typeof about === 'string' ? about : about();
      const wanted = { act, about: given, visitId: null, reason: '核对过' } as const;
      expect(refusalOf(await askSecondPerson(dependencies(), wanted, cashier))).toBe(
        'request-for-no-day',
      );
      expect(await rows()).toEqual([]);
      const day = { ...wanted, about: '2017-11-27' };
      expect(valueOf(await askSecondPerson(dependencies(), day, cashier))).toMatchObject({
        already: false,
      });
    },
  );

  it('is asked at one page, approved at another, and used once', async () => {
    const { requestId } = valueOf(await ask());
    expect(valueOf(await ask())).toEqual({ requestId, already: true });
    expect(await cancel({ kind: 'request', requestId })).toBe('request-not-approved');
    expect(await decide(requestId)).toBeNull();
    expect(await cancel({ kind: 'request', requestId })).toBeNull();
    expect(await stateOf()).toBe('cancelled');
    const [row] = (await rows()) ?? [];
    expect(row).toMatchObject({ decided_page: 'page 2', asked_page: 'page 1', state: 'used' });
    // Settled again: what was used up cancels nothing more.
    const again = await settleVisit(dependencies(), { visitId: input.visit.id, by: 'cashier1' });
    const other = valueOf(again).settlement.settlementId;
    expect(await cancel({ kind: 'request', requestId }, 'cashier1', other)).toBe('request-unknown');
    expect(await decide(requestId)).toBe('request-decided');
  });

  it('is for the reason that was approved: what whoever uses it says then, nobody has consented to', async () => {
    const { requestId } = valueOf(await ask());
    await decide(requestId);
    const consent = { kind: 'request', requestId } as const;
    const told = { settlementId, by: 'cashier1', page: 'page 1', consent };
    valueOf(await cancelSettlement(dependencies(), { ...told, reason: '主管口头同意免收' }));
    const [cancellation, entry] = await store.read(
      async ({ settlements, audit }) =>
        [
          await settlements.cancellationOf(settlementId),
          (await audit.list({ after: 0, limit: 1000 })).findLast(
            ({ act }) => act === 'cancel-settlement',
          ),
        ] as const,
    );
    expect(cancellation?.reason).toBe('录入有误');
    expect(JSON.parse(entry?.detail_json ?? '{}')).toMatchObject({ reason: '录入有误', requestId });
  });

  it('stands behind none that is over, and what others have waiting counts for nobody', async () => {
    const old = { act: 'approve-business-date', about: 'x', visit_id: null, reason: 'x' };
    const asked = { asked_by: 'supervisor2', asked_page: 'page 3', state: 'pending' } as const;
    const at = { asked_at: '2017-11-27T10:00:00.000+08:00' };
    const none = { decided_at: null, decided_by: null, decided_page: null, used_at: null };
    const nothing = { used_for: null, reviewed_at: null, reviewed_by: null, decision_reason: null };
    const rest = { ...none, ...nothing, emergency_reason: null, taken_back_at: null };
    const leave = (name: string, expires_at: string) =>
      store.transact(async ({ secondPerson }) => {
        for (let each = 0; each < 200; each += 1) {
          const id = `${name} ${String(each)}`;
          await secondPerson.insert({ id, ...old, ...asked, ...at, expires_at, ...rest });
        }
      });
    await leave('over', '2017-11-27T10:10:00.000+08:00');
    const { requestId } = valueOf(await ask());
    expect((await listSecondPerson(dependencies())).map(({ id }) => id)).toEqual([requestId]);
    await leave('waits', '2017-12-07T10:00:00.000+08:00');
    expect(valueOf(await ask())).toEqual({ requestId, already: true });
    const codes = [];
    for (let day = 10; day < 31; day += 1) {
      const about = `2017-12-${String(day)}`;
      const one = { act: 'approve-business-date', visitId: null, about, reason: 'x' } as const;
      codes.push(refusalOf(await askSecondPerson(dependencies(), one, cashier)));
    }
    // One waits from before.
    expect(codes.filter((code) => code === null)).toHaveLength(19);
    expect(codes.at(-1)).toBe('too-many-requests');
  });

  it('is for one step, one thing and one person alone', async () => {
    const other = await settle('ZY-OTHER');
    const { requestId } = valueOf(await ask());
    await decide(requestId);
    const consent = { kind: 'request', requestId } as const;
    expect(await cancel(consent, 'cashier1', other)).toBe('request-unknown');
    expect(await cancel(consent, 'supervisor1')).toBe('request-unknown');
    expect(await cancel({ kind: 'request', requestId: 'invented' })).toBe('request-unknown');
    expect(await stateOf()).toBe('settled');
  });

  it('is approved by nobody who asked, nor by who is no supervisor', async () => {
    const own = valueOf(await ask(settlementId, supervisor)).requestId;
    // The same person at another page, too.
    expect(await decide(own, { ...supervisor, page: 'page 9' })).toBe('second-person-needed');
    expect(await decide(own, { userId: 'clerk1', page: 'page 2' })).toBe('not-allowed');
    expect(await decide(own, { userId: 'nobody', page: 'page 2' })).toBe('user-unknown');
    expect(await decide('invented')).toBe('request-unknown');
  });

  it('that nobody asked is told of to supervisors alone: others hear that they may not decide, whatever they name', async () => {
    const none = { requestId: 'no-such-request', isApproved: true, reason: '' };
    const tried = (by: typeof cashier) =>
      Promise.all([
        decideRequest(dependencies(), none, by),
        reviewEmergency(dependencies(), none.requestId, by),
      ]);
    expect((await tried(cashier)).map(refusalOf)).toEqual(['not-allowed', 'not-allowed']);
    expect((await tried(supervisor)).map(refusalOf)).toEqual([
      'request-unknown',
      'request-unknown',
    ]);
  });

  it('that was refused stays refused', async () => {
    const { requestId } = valueOf(await ask());
    expect(await decide(requestId, supervisor, false)).toBeNull();
    expect(await decide(requestId)).toBe('request-decided');
    expect(await cancel({ kind: 'request', requestId })).toBe('request-not-approved');
    expect(await listSecondPerson(dependencies())).toEqual([]);
  });

  it('expires, approved or not, and where the clock was set back before it was asked', async () => {
    const { requestId } = valueOf(await ask());
    expect(await listSecondPerson(dependencies())).toHaveLength(1);
    const began = nowMs;
    nowMs = began + 11 * dayMs;
    expect(await decide(requestId)).toBe('request-expired');
    nowMs = began - 2 * dayMs;
    expect(await decide(requestId)).toBe('request-expired');
    nowMs = began;
    expect(await decide(requestId)).toBeNull();
    nowMs = began + 11 * dayMs;
    expect(await cancel({ kind: 'request', requestId })).toBe('request-expired');
    expect(await listSecondPerson(dependencies())).toEqual([]);
  });

  it.each([
    ['cancel-settlement', 'clerk1', 'not-allowed'],
    ['cancel-settlement', 'auditor1', 'not-allowed'],
    ['cancel-settlement', 'cashier1', null],
    ['approve-business-date', 'clerk1', 'not-allowed'],
    ['claim-not-booked', 'cashier1', 'not-allowed'],
    ['claim-not-booked', 'clerk1', null],
    ['claim-not-booked', 'nobody', 'not-allowed'],
    ['take-back-remittance', 'cashier1', 'not-allowed'],
    ['take-back-remittance', 'clerk1', null],
    ['close-day', 'cashier1', 'not-allowed'],
    ['close-day', 'clerk1', null],
  ] as const)('to %s is asked for by whose act it is: %s, %s', async (act, userId, code) => {
    const wanted = { act, about: settlementId, visitId: null, reason: '查过了' };
    const asked = await askSecondPerson(dependencies(), wanted, { ...cashier, userId });
    expect(refusalOf(asked)).toBe(code);
  });

  it('needs its reason, and nobody leaves more than a desk can look at', async () => {
    const wanted = { act: 'approve-business-date', visitId: null } as const;
    const blank = { ...wanted, about: '2017-11-28', reason: ' \t\u3000' };
    const asked = await askSecondPerson(dependencies(), blank, cashier);
    expect(refusalOf(asked)).toBe('request-reason-missing');
    const codes = [];
    for (let day = 10; day < 31; day += 1) {
      const about = `2017-12-${String(day)}`;
      const one = { ...wanted, about, reason: 'x' };
      codes.push(refusalOf(await askSecondPerson(dependencies(), one, cashier)));
    }
    expect(codes.filter((code) => code === null)).toHaveLength(20);
    expect(codes.at(-1)).toBe('too-many-requests');
  });
});

describe('an emergency', () => {
  const alone = { kind: 'emergency', reason: '星期日只有一人' } as const;

  it('is done alone up to a limit, and listed until a supervisor has looked at it', async () => {
    const small = await settle('ZY-SMALL', true);
    const amount = await store.read(({ settlements }) => settlements.tendersOf(small));
    expect(amount.reduce((sum, each) => sum + each.amountFen, 0)).toBeLessThanOrEqual(
      emergencyLimits.amountFen,
    );
    expect(await cancel(alone, 'cashier1', small)).toBeNull();
    const [listed] = await listSecondPerson(dependencies());
    expect(listed).toMatchObject({
      about: small,
      emergency_reason: alone.reason,
      decided_by: null,
    });
    const requestId = listed?.id ?? '';
    const review = async (by: typeof cashier) =>
      refusalOf(await reviewEmergency(dependencies(), requestId, by));
    expect(await review(cashier)).toBe('not-allowed');
    expect(await listSecondPerson(dependencies())).toHaveLength(1);
    expect(await review(supervisor)).toBeNull();
    expect(await listSecondPerson(dependencies())).toEqual([]);
  });

  it('is none for much money, without a reason, or while too many were looked at by nobody', async () => {
    expect(await cancel(alone)).toBe('emergency-not-possible');
    expect(await cancel({ kind: 'emergency', reason: '  ' })).toBe('request-reason-missing');
    expect(await stateOf()).toBe('settled');
    const codes = [];
    for (let each = 0; each <= emergencyLimits.unseen; each += 1) {
      const small = await settle(`ZY-SMALL-${String(each)}`, true);
      codes.push(await cancel(alone, 'cashier1', small));
      // A clock that is moved on makes none of them seen.
      nowMs += 40 * dayMs;
    }
    expect(codes).toEqual([null, null, null, 'emergency-not-possible']);
  });

  it('is counted for each by itself, however many of others wait before', async () => {
    const at = '2017-11-20T10:00:00.000+08:00';
    const what = { act: 'cancel-settlement', about: 'x', visit_id: null, reason: 'x' };
    const asked = { asked_by: 'supervisor2', asked_page: 'page 3', asked_at: at, expires_at: at };
    const none = { decided_at: null, decided_by: null, decided_page: null, decision_reason: null };
    const used = { state: 'used', used_at: at, used_for: 'x', emergency_reason: 'x' } as const;
    const open = { reviewed_at: null, reviewed_by: null, taken_back_at: null };
    await store.transact(async ({ secondPerson }) => {
      for (let each = 0; each < 200; each += 1) {
        const id = `other ${String(each)}`;
        await secondPerson.insert({ id, ...what, ...asked, ...none, ...used, ...open });
      }
    });
    const codes = [];
    for (let each = 0; each <= emergencyLimits.unseen; each += 1)
      codes.push(await cancel(alone, 'cashier1', await settle(`ZY-SMALL-${String(each)}`, true)));
    expect(codes).toEqual([null, null, null, 'emergency-not-possible']);
  });
});
