import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { timeOrderedIds } from '../base/ids.ts';
import { takeLock } from '../database/named-lock.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { askSecondPerson, decideRequest } from '../security/second-person.ts';
import { cancelSettlement } from '../settlement/cancel-settlement.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  refusalOf,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { verifyFolder } from '../settlement/verify-folder.ts';
import type { Claim } from '../database/claims-repository.ts';
import { ownChannels } from './channels/channels.ts';
import { claimWorklist } from './claim-worklist.ts';
import { claimAnew, keepNotBooked } from './decide-claim.ts';
import { startPayers } from './payers.test-support.ts';
import { undoClaim } from './undo-claim.ts';
import { uploadClaims } from './upload-claims.ts';

const packs = await ownPacks();
const input = await colonCancer();
const payer = 'basic-medical-insurance';
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
afterEach(async () => {
  // Whatever was tried, the books are as they say of themselves.
  const { checks } = await verifyFolder({ store });
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  await store.remove();
});

const by = { userId: 'clerk1', page: 'command claim' };
const present = { kind: 'present', approvedBy: 'supervisor1' } as const;
const reason = '患者补办转诊，重新结算';
const place = () => ({ home: store.folder, databaseFile: store.file });
const parts = () => ({ store, clock, ids: timeOrderedIds(), folder: place() });
const upload = () =>
  uploadClaims(
    { ...parts(), channels: ownChannels() },
    { payersUrl: payers.url(), payer, who: 'clerk1' },
  );
const theClaim = async (): Promise<Claim> => {
  const all = await store.read(({ claims }) => claims.ofSettlement(settlementId));
  const live = all.filter((each) => each.destination === payer && each.state !== 'corrected');
  const [claim] = live;
  if (claim === undefined || live.length > 1) throw new Error('not one live claim');
  return claim;
};
const undo = async (consent: Parameters<typeof undoClaim>[3] = present) =>
  undoClaim(
    { ...parts(), channels: ownChannels(), payersUrl: payers.url() },
    { claimId: (await theClaim()).id, reason },
    by,
    consent,
  );
const openUndo = async () => {
  const { id } = await theClaim();
  return store.read(({ claims }) => claims.openUndo(id));
};
const booked = async () =>
  (await payers.ledger()).accepted.filter(
    (each) => each.settlementId === settlementId && each.payer === payer,
  );
const cancel = () =>
  cancelSettlement(
    { ...dependenciesOn(store, packs), clock },
    { settlementId, reason: '重算', by: 'cashier1', approvedBy: 'supervisor1' },
  );
const row = async (group: 'unpaid' | 'unanswered' | 'refused') => {
  const [first] = await claimWorklist(
    { store, claimChannels: ownChannels() },
    { group, destination: payer },
  );
  return first;
};

describe('a claim that its payer accepted', () => {
  beforeEach(async () => {
    valueOf(await upload());
    expect((await theClaim()).state).toBe('accepted');
    expect(refusalOf(await cancel())).toBe('claim-already-sent');
  });

  it('is undone by its payer, and then its settlement is cancelled and nothing is booked', async () => {
    expect((await row('unpaid'))?.acts).toMatchObject({ undo: true });
    expect(valueOf(await undo())).toMatchObject({ state: 'rejected', outcome: 'undone' });
    expect(await booked()).toEqual([]);
    expect((await row('refused'))?.problem).toMatchObject({ code: 'undone-by-payer' });
    expect(refusalOf(await cancel())).toBe(null);
  });

  it('is claimed anew under another number after it was undone, and is booked once', async () => {
    const old = await theClaim();
    valueOf(await undo());
    valueOf(await claimAnew(parts(), { claimId: old.id, reason }, by));
    valueOf(await upload());
    expect((await theClaim()).state).toBe('accepted');
    expect((await booked()).map(({ messageId }) => messageId)).toEqual([
      (await theClaim()).messageId,
    ]);
  });

  it.each(['lost-request', 'lost-answer', 'malformed', '5xx-after-commit', 'busy'])(
    'stays as it is while nobody knows whether it was undone (%s); each run asks again with the same bytes',
    async (fault) => {
      await payers.faults({ faults: [`${fault}*1`] });
      expect(valueOf(await undo())).toMatchObject({ state: 'accepted', outcome: 'unknown' });
      expect((await row('unpaid'))?.advice).toBe('undo-unanswered');
      expect(refusalOf(await cancel())).toBe('claim-already-sent');
      await payers.faults({ faults: [`${fault}*1`] });
      valueOf(await upload());
      expect((await row('unpaid'))?.advice).toBe('undo-unanswered');
      valueOf(await upload());
      expect((await theClaim()).state).toBe('rejected');
      expect(await booked()).toEqual([]);
      const kept = await openUndo();
      expect(kept).toBe(null);
      expect(refusalOf(await cancel())).toBe(null);
    },
  );

  it('is asked for once more by the act itself, under the same message id', async () => {
    await payers.faults({ faults: ['lost-answer*1'] });
    valueOf(await undo());
    const first = await openUndo();
    await payers.faults({ faults: ['lost-answer*1'] });
    valueOf(await undo());
    expect(await openUndo()).toEqual(first);
    expect(valueOf(await undo())).toMatchObject({ outcome: 'undone' });
  });

  it('needs a reason, a second person who is another one, and that no run is under way', async () => {
    const { id: claimId } = await theClaim();
    const undoParts = { ...parts(), channels: ownChannels(), payersUrl: payers.url() };
    const blank = await undoClaim(undoParts, { claimId, reason: ' \u200b' }, by, present);
    expect(refusalOf(blank)).toBe('claim-reason-missing');
    expect(refusalOf(await undo({ kind: 'present', approvedBy: 'clerk1' }))).not.toBe(null);
    expect(refusalOf(await undo({ kind: 'present', approvedBy: 'cashier1' }))).toBe('not-allowed');
    // What was approved for another act counts for nothing here.
    const security = { store, clock, ids: timeOrderedIds() };
    const wanted = { act: 'claim-not-booked', about: claimId, visitId: input.visit.id, reason };
    const asked = valueOf(await askSecondPerson(security, wanted as never, by));
    const supervisor = { userId: 'supervisor1', page: 'p' };
    const decision = { requestId: asked.requestId, isApproved: true, reason: '' };
    valueOf(await decideRequest(security, decision, supervisor));
    const other = { kind: 'request', requestId: asked.requestId } as const;
    expect(refusalOf(await undo(other))).not.toBe(null);
    const lock = valueOf(await takeLock(place(), 'upload', '上传', '2017-11-27T10:00:00+08:00'));
    expect(refusalOf(await undo())).toBe('busy');
    lock.release();
    expect(await booked()).toHaveLength(1);
    expect((await theClaim()).state).toBe('accepted');
  });

  it('is not undone where the payer has no message for it', async () => {
    const channels = ownChannels();
    const without = {
      ...channels,
      of: (destination: string) => ({ ...channels.of(destination), undoing: null }),
    };
    const { id: claimId } = await theClaim();
    const undoParts = { ...parts(), channels: without, payersUrl: payers.url() };
    const answer = await undoClaim(undoParts, { claimId, reason }, by, present);
    expect(refusalOf(answer)).toBe('claim-undo-by-office');
  });
});

describe('a claim of which nobody knows', () => {
  it('is not booked however late it arrives, once its payer has undone it', async () => {
    await payers.faults({ faults: ['lost-request*1'] });
    valueOf(await upload());
    const { id } = await theClaim();
    const late = await store.read(({ claims }) => claims.keptBody(id));
    expect(valueOf(await undo())).toMatchObject({ state: 'rejected', outcome: 'undone' });
    // The message that was lost on the way arrives after all.
    expect(await payers.post(late ?? '')).toContain('NOT_BOOKED');
    expect(await booked()).toEqual([]);
    expect(refusalOf(await cancel())).toBe(null);
  });

  it('is not sent again while it is to be undone', async () => {
    await payers.faults({ faults: ['lost-request*1'] });
    valueOf(await upload());
    await payers.faults({ faults: ['lost-request*2'] });
    expect(valueOf(await undo())).toMatchObject({ state: 'unknown', outcome: 'unknown' });
    // The run asks for the undoing, which is lost once more, and sends the claim itself not.
    expect(valueOf(await upload()).payers).toEqual([]);
    expect(await booked()).toEqual([]);
    expect((await row('unanswered'))?.advice).toBe('undo-unanswered');
  });

  it('has its part that was accepted taken back, and is claimed anew whole', async () => {
    await payers.faults({ faults: ['partial*1'] });
    valueOf(await upload());
    expect((await row('unanswered'))?.advice).toBe('partly-accepted');
    valueOf(await undo());
    const { id: claimId } = await theClaim();
    valueOf(await claimAnew(parts(), { claimId, reason }, by));
    valueOf(await upload());
    expect((await booked()).map(({ amountFen }) => amountFen)).toEqual([1_092_200]);
  });

  it('is asked for no more once its payer has said by another way that nothing is booked', async () => {
    await payers.faults({ faults: ['lost-request*2'] });
    valueOf(await upload());
    valueOf(await undo());
    const { id: claimId } = await theClaim();
    valueOf(await keepNotBooked(parts(), { claimId, reason }, by, present));
    valueOf(await claimAnew(parts(), { claimId, reason }, by));
    valueOf(await upload());
    expect((await theClaim()).state).toBe('accepted');
    expect(await store.read(({ claims }) => claims.withOpenUndo())).toEqual([]);
  });
});
