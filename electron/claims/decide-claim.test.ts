import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { timeOrderedIds } from '../base/ids.ts';
import { takeLock } from '../database/named-lock.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { askSecondPerson, decideRequest } from '../security/second-person.ts';
import { cancelSettlement } from '../settlement/cancel-settlement.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import { verifyFolder } from '../settlement/verify-folder.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  refusalOf,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import type { Claim } from '../database/claims-repository.ts';
import { ownChannels } from './channels/channels.ts';
import { askAgain, claimAnew, keepNotBooked } from './decide-claim.ts';
import { startPayers } from './payers.test-support.ts';
import { uploadClaims } from './upload-claims.ts';

const packs = await ownPacks();
const input = await colonCancer();
let payers: Awaited<ReturnType<typeof startPayers>>;
let store: TestStore;
let settlementId = '';
/** A second of its own for each test: the payers remember every message id. */
let tests = 0;
let clock = testClock;

beforeAll(async () => {
  payers = await startPayers();
});
afterAll(() => payers.end());
beforeEach(async () => {
  store = await createTestStore();
  await payers.faults({ faults: [] });
  tests += 1;
  const at = testClock.now().getTime() + tests * 1000;
  clock = { ...testClock, now: () => new Date(at) };
  await keepVisit(store, { ...input, yearToDate: null });
  const call = { visitId: input.visit.id, by: 'cashier1' };
  const settled = await settleVisit({ ...dependenciesOn(store, packs), clock }, call);
  ({ settlementId } = valueOf(settled).settlement);
});
afterEach(() => store.remove());

const payer = 'basic-medical-insurance';
const parts = () => ({
  store,
  clock,
  ids: timeOrderedIds(),
  folder: { home: store.folder, databaseFile: store.file },
});
const upload = (payersUrl = payers.url()) =>
  uploadClaims({ ...parts(), channels: ownChannels() }, { payersUrl, payer, who: 'clerk1' });
const claims = async (): Promise<readonly Claim[]> =>
  (await store.read((all) => all.claims.ofSettlement(settlementId))).filter(
    ({ destination }) => destination === payer,
  );
const theClaim = async (): Promise<Claim> => {
  const live = (await claims()).filter(({ state }) => state !== 'corrected');
  const [claim] = live;
  if (claim === undefined || live.length > 1) throw new Error('not one live claim');
  return claim;
};
const booked = async () =>
  (await payers.ledger()).accepted.filter((each) => each.settlementId === settlementId);
const by = { userId: 'clerk1', page: 'command claim' };
const present = { kind: 'present', approvedBy: 'supervisor1' } as const;
const decision = async (reason = '城区医保中心陈科长电话答复：未入账') => ({
  claimId: (await theClaim()).id,
  reason,
});
const cancel = () =>
  cancelSettlement(
    { ...dependenciesOn(store, packs), clock },
    { settlementId, reason: '重算', by: 'cashier1', approvedBy: 'supervisor1' },
  );
async function expectSoundBooks(): Promise<void> {
  const { checks } = await verifyFolder({ store });
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
}

describe('a refusal that names no claim', () => {
  it('may have been another’s: nothing takes the place of the claim until its payer is asked again', async () => {
    await payers.faults({ faults: ['refused-without-name*1'] });
    valueOf(await upload());
    expect((await theClaim()).state).toBe('rejected');
    expect(refusalOf(await claimAnew(parts(), await decision(), by))).toBe('claim-in-doubt');
    expect(refusalOf(await cancel())).toBe('outcome-unknown');
    valueOf(await askAgain(parts(), await decision(), by));
    valueOf(await upload());
    expect((await theClaim()).state).toBe('accepted');
    expect(await booked()).toHaveLength(1);
    await expectSoundBooks();
  });
});

describe('a claim that its payer refused', () => {
  beforeEach(async () => {
    await payers.faults({ faults: ['code-0-with-error*1'] });
    valueOf(await upload());
    expect((await theClaim()).state).toBe('rejected');
  });

  it('is claimed anew under another number, once, and the old one stays in the books', async () => {
    const old = await theClaim();
    const { newClaimId } = valueOf(await claimAnew(parts(), await decision(), by));
    const [first, second] = await claims();
    expect(first).toMatchObject({ id: old.id, state: 'corrected', messageId: old.messageId });
    expect(second).toMatchObject({
      ...{ id: newClaimId, state: 'waiting', attempts: 0, problem: null },
      ...{ claimedFen: old.claimedFen, businessDate: old.businessDate, items: old.items },
    });
    expect(second?.messageId).not.toBe(old.messageId);
    await expectSoundBooks();
    valueOf(await upload());
    expect((await theClaim()).state).toBe('accepted');
    expect((await booked()).map(({ messageId }) => messageId)).toEqual([second?.messageId]);
    await expectSoundBooks();
  });

  it('is not claimed anew twice, nor by two at once', async () => {
    const decided = await decision();
    const answers = await Promise.all([
      claimAnew(parts(), decided, by),
      claimAnew(parts(), decided, by),
    ]);
    expect(answers.map((each) => (each.ok ? 'done' : each.refusal.code)).sort()).toEqual([
      'claim-state-wrong',
      'done',
    ]);
    expect(await claims()).toHaveLength(2);
  });

  it('is asked for again under the same number, and taken by its payer once', async () => {
    const before = await theClaim();
    valueOf(await askAgain(parts(), await decision(), by));
    expect(await theClaim()).toMatchObject({ id: before.id, state: 'unknown' });
    // Until it is answered nobody knows, so nothing is taken back.
    valueOf(await upload());
    expect(await theClaim()).toMatchObject({ state: 'accepted', messageId: before.messageId });
    expect(await booked()).toHaveLength(1);
  });

  it('needs a reason, and is found', async () => {
    const blank = await decision('  ');
    expect(refusalOf(await claimAnew(parts(), blank, by))).toBe('claim-reason-missing');
    expect(refusalOf(await askAgain(parts(), blank, by))).toBe('claim-reason-missing');
    const nobody = { claimId: 'x', reason: '重报' };
    expect(refusalOf(await askAgain(parts(), nobody, by))).toBe('claim-not-found');
    expect(refusalOf(await keepNotBooked(parts(), await decision(), by, present))).toBe(
      'claim-state-wrong',
    );
  });

  it('and whose settlement was cancelled is neither claimed anew nor asked for again', async () => {
    const decided = await decision();
    valueOf(await cancel());
    expect(refusalOf(await claimAnew(parts(), decided, by))).toBe('claim-state-wrong');
    expect(refusalOf(await askAgain(parts(), decided, by))).toBe('claim-state-wrong');
  });
});

describe('a claim of which nobody knows whether its payer has it', () => {
  beforeEach(async () => {
    await payers.faults({ faults: ['lost-request*1', 'busy'] });
    for (const night of [1, 2]) {
      valueOf(await upload());
      expect((await theClaim()).state, String(night)).toBe('unknown');
    }
  });

  it('is neither claimed anew nor taken back', async () => {
    expect(refusalOf(await claimAnew(parts(), await decision(), by))).toBe('claim-state-wrong');
    expect(refusalOf(await cancel())).toBe('outcome-unknown');
    expect(await claims()).toHaveLength(1);
  });

  it('is free once the payer’s own word is kept, with a second person', async () => {
    valueOf(await keepNotBooked(parts(), await decision(), by, present));
    expect(await theClaim()).toMatchObject({
      state: 'rejected',
      problem: { code: 'not-booked-by-word' },
    });
    await payers.faults({ faults: [] });
    const { newClaimId } = valueOf(await claimAnew(parts(), await decision(), by));
    valueOf(await upload());
    expect(await theClaim()).toMatchObject({ id: newClaimId, state: 'accepted' });
    expect(await booked()).toHaveLength(1);
    await expectSoundBooks();
  });

  it('lets its settlement be cancelled once the payer’s own word is kept', async () => {
    valueOf(await keepNotBooked(parts(), await decision(), by, present));
    expect(valueOf(await cancel()).already).toBe(false);
    await expectSoundBooks();
  });

  it('is in doubt again where the payer takes it after all: nothing is taken back then', async () => {
    const { id, claimedFen } = await theClaim();
    valueOf(await keepNotBooked(parts(), await decision(), by, present));
    const late = { kind: 'accepted', reference: 'x', approvedFen: claimedFen } as const;
    await store.transact((all) =>
      all.claims.keepOutcome(id, '2017-11-28T01:00:00.000+08:00', late),
    );
    expect(refusalOf(await claimAnew(parts(), await decision(), by))).toBe('claim-in-doubt');
    expect(refusalOf(await cancel())).toBe('claim-already-sent');
  });

  it('takes a supervisor who is another person, or a request that one has approved', async () => {
    const decided = await decision();
    const alone = { ...by, userId: 'supervisor1' };
    expect(refusalOf(await keepNotBooked(parts(), decided, alone, present))).toBe(
      'second-person-needed',
    );
    const cashier = { kind: 'present', approvedBy: 'cashier1' } as const;
    expect(refusalOf(await keepNotBooked(parts(), decided, by, cashier))).toBe('not-allowed');
    const { claimId: about, reason } = decided;
    const wanted = { act: 'claim-not-booked', about, visitId: input.visit.id, reason } as const;
    const { requestId } = valueOf(await askSecondPerson(parts(), wanted, by));
    const request = { kind: 'request', requestId } as const;
    expect(refusalOf(await keepNotBooked(parts(), decided, by, request))).toBe(
      'request-not-approved',
    );
    const supervisor = { userId: 'supervisor1', page: 'another' };
    const yes = { requestId, isApproved: true, reason: '' };
    valueOf(await decideRequest(parts(), yes, supervisor));
    const otherwise = { ...decided, reason: '另一个说法' };
    valueOf(await keepNotBooked(parts(), otherwise, by, request));
    // What was approved is kept, not what is said when it is used.
    expect(await theClaim()).toMatchObject({ state: 'rejected', problem: { words: reason } });
  });

  it('is left alone while a run may have it in its hands', async () => {
    const held = valueOf(await takeLock(parts().folder, 'upload', '上传申报', '2017-11-27'));
    expect(refusalOf(await keepNotBooked(parts(), await decision(), by, present))).toBe('busy');
    held.release();
    valueOf(await keepNotBooked(parts(), await decision(), by, present));
  });
});
