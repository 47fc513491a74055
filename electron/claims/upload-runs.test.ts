import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Clock } from '../base/clock.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { takeLock } from '../database/named-lock.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import type { Refusal } from '../../shared/domain/result.ts';
import type { ClaimChannel, ClaimChannels } from './channel.ts';
import { ownChannels } from './channels/channels.ts';
import { claimsOverview } from './claims-overview.ts';
import { claimWorklist } from './claim-worklist.ts';
import { claimAnew, keepNotBooked } from './decide-claim.ts';
import { startPayers } from './payers.test-support.ts';
import { UploadRuns } from './upload-runs.ts';

const packs = await ownPacks();
const input = await colonCancer();
let payers: Awaited<ReturnType<typeof startPayers>>;
let store: TestStore;
let clock: Clock;
let tests = 0;
let url: string | null;
let changes: number;

beforeAll(async () => {
  payers = await startPayers();
});
beforeEach(async () => {
  store = await createTestStore();
  await payers.faults({ faults: [] });
  tests += 1;
  // Every test has a second of its own: a new store counts its message ids anew, and the payers remember all.
  const at = testClock.now().getTime() + tests * 1000;
  clock = { ...testClock, now: () => new Date(at) };
  url = payers.url();
  changes = 0;
});
afterEach(() => store.remove());
afterAll(() => payers.end());

async function settle(visitId: string): Promise<string> {
  const visit = { ...input.visit, id: visitId };
  await keepVisit(store, { ...input, visit, yearToDate: null });
  const dependencies = { ...dependenciesOn(store, packs), clock };
  return valueOf(await settleVisit(dependencies, { visitId, by: 'cashier1' })).settlement
    .settlementId;
}

const folder = () => ({ home: store.folder, databaseFile: store.file });
const broken: Refusal = {
  ...{ code: 'program-fault', message: { zh: '', en: 'broken' }, money: 'none' },
  remedy: { zh: '', en: '' },
};
const runsOver = (channels: ClaimChannels = ownChannels()) =>
  new UploadRuns({
    dependencies: { store, clock, ids: timeOrderedIds(), folder: folder(), channels },
    payersUrl: () => Promise.resolve(url),
    changed: () => {
      changes += 1;
    },
    inWords: () => broken,
    monotonicMs: () => changes * 1000,
  });
const code = (answer: { readonly ok: boolean; readonly refusal?: { readonly code: string } }) =>
  answer.ok ? 'ok' : answer.refusal?.code;

/** A channel to every payer that lets go of each claim when the test says so. */
function held(channel: ClaimChannel) {
  const waiting: (() => void)[] = [];
  const channels: ClaimChannels = {
    returning: [],
    of: () => ({
      ...channel,
      isOwnBook: false,
      async send(claims, sending) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
        return channel.send(claims, sending);
      },
    }),
  };
  return { channels, waiting };
}

describe('an upload that a page or the clock begins', () => {
  it('sends what waits, shows how far it is, and what came of each payer is kept for the morning', async () => {
    await settle('ZY1');
    const runs = runsOver();
    const begun = valueOf(await runs.start({ who: 'k001' }));
    await begun.ended;
    const state = runs.state();
    if (state.kind !== 'ended') throw new Error(state.kind);
    expect(state.payers.map(({ payer, accepted, waiting }) => [payer, accepted, waiting])).toEqual([
      ['basic-medical-insurance', 1, 0],
      ['hospital-reduction', 1, 0],
      ['medical-assistance', 1, 0],
    ]);
    expect(changes).toBeGreaterThan(0);
    const last = await store.read(({ uploads }) => uploads.last());
    expect(last).toMatchObject({ id: state.runId, startedBy: 'k001' });
    expect(last?.finishedAt).not.toBeNull();
    expect(
      last?.payers.map(({ destination, claims, accepted }) => [destination, claims, accepted]),
    ).toEqual([
      ['basic-medical-insurance', 1, 1],
      ['hospital-reduction', 1, 1],
      ['medical-assistance', 1, 1],
    ]);
  });

  it('is one at a time, here and beside a command', async () => {
    await settle('ZY1');
    const { channels, waiting } = held(ownChannels().of('basic-medical-insurance'));
    const runs = runsOver(channels);
    const begun = valueOf(await runs.start({ who: 'k001' }));
    expect(runs.state().kind).toBe('under-way');
    expect(code(await runs.start({ who: 's001' }))).toBe('upload-under-way');
    // Another program of the folder holds the same lock.
    expect(code(await runsOver().start({ who: 'command' }))).toBe('busy');
    const letGo = async (): Promise<void> => {
      await expect.poll(() => waiting.length).toBeGreaterThan(0);
      waiting.shift()?.();
    };
    for (let claim = 0; claim < 3; claim += 1) await letGo();
    await begun.ended;
    expect(runs.state().kind).toBe('ended');
  });

  it('stopped, ends after the claim that is on its way; the others go with the next', async () => {
    await settle('ZY1');
    await settle('ZY2');
    const { channels, waiting } = held(ownChannels().of('basic-medical-insurance'));
    const runs = runsOver(channels);
    const begun = valueOf(await runs.start({ who: 'k001' }));
    await expect.poll(() => waiting.length).toBe(1);
    runs.stop();
    expect(runs.state()).toMatchObject({ kind: 'under-way', isStopping: true });
    waiting.shift()?.();
    await begun.ended;
    const state = runs.state();
    if (state.kind !== 'ended') throw new Error(state.kind);
    expect(state.isStopped).toBe(true);
    expect(state.payers.reduce((sum, payer) => sum + payer.waiting, 0)).toBe(5);
    const { all } = await claimsOverview({ store, clock });
    expect([all['not-sent'].claims, all.unpaid.claims]).toEqual([5, 1]);
    await valueOf(await runsOver().start({ who: 'k001' })).ended;
    expect((await claimsOverview({ store, clock })).all.unpaid.claims).toBe(6);
  });

  it('does not begin without payers, and says so; what broke off is said, and goes on with the next', async () => {
    await settle('ZY1');
    url = null;
    expect(code(await runsOver().start({ who: 'k001' }))).toBe('payers-url-missing');
    url = payers.url();
    const channel = ownChannels().of('basic-medical-insurance');
    const runs = runsOver({
      returning: [],
      of: () => ({ ...channel, send: () => Promise.reject(new Error('a fault of the program')) }),
    });
    await valueOf(await runs.start({ who: 'k001' })).ended;
    expect(runs.state()).toMatchObject({ kind: 'broke-off', refusal: { code: 'program-fault' } });
    const last = await store.read(({ uploads }) => uploads.last());
    expect(last?.finishedAt).toBeNull();
    await valueOf(await runsOver().start({ who: 'k001' })).ended;
    expect((await claimsOverview({ store, clock })).all.unpaid.claims).toBe(3);
  });

  it('leaves the lock free whatever became of it', async () => {
    await settle('ZY1');
    await valueOf(await runsOver().start({ who: 'k001' })).ended;
    const lock = await takeLock(folder(), 'upload', '上传申报');
    expect(lock.ok).toBe(true);
    if (lock.ok) lock.value.release();
  });
});

describe('the queue as the clerk sees it', () => {
  it('says payer by payer what waits and how long, and never calls old what a clock set back made', async () => {
    await settle('ZY1');
    const at = (hours: number) => ({
      ...clock,
      now: () => new Date(clock.now().getTime() + hours * 3_600_000),
    });
    const alarms: string[] = [];
    for (const hours of [-48, 0, 11, 13, 25, 73])
      alarms.push((await claimsOverview({ store, clock: at(hours) })).all['not-sent'].alarm);
    expect(alarms).toEqual(['none', 'none', 'none', 'twelve-hours', 'a-day', 'three-days']);
    const { payers: listed, all } = await claimsOverview({ store, clock });
    expect(
      listed.map(({ destination, groups }) => [destination, groups['not-sent'].claimedFen]),
    ).toEqual([
      ['basic-medical-insurance', 1_092_200],
      ['hospital-reduction', 136_000],
      ['medical-assistance', 126_400],
    ]);
    expect(all['not-sent'].claimedFen).toBe(1_092_200 + 136_000 + 126_400);
    await valueOf(await runsOver().start({ who: 'k001' })).ended;
    // The payers have time to pay.
    const later = await claimsOverview({ store, clock: at(1000) });
    expect([later.all.unpaid.claims, later.all.unpaid.alarm]).toEqual([3, 'none']);
  });

  it('has a way out for a refusal: claimed anew, it is accepted, and the old one waits for nobody', async () => {
    await settle('ZY1');
    await payers.faults({ faults: ['code-0-with-error'] });
    await valueOf(await runsOver().start({ who: 'k001' })).ended;
    const refused = await claimWorklist(
      { store, claimChannels: ownChannels() },
      { group: 'refused' },
    );
    expect(refused.map(({ advice, acts }) => [advice, acts.anew])).toEqual([
      ['refused', true],
      ['refused', true],
    ]);
    await payers.faults({ faults: [] });
    const by = { userId: 'k001', page: 'p' };
    for (const { claim } of refused) {
      const decision = { claimId: claim.id, reason: '身份已更正' };
      valueOf(await claimAnew({ store, clock, ids: timeOrderedIds() }, decision, by));
    }
    expect(
      await claimWorklist({ store, claimChannels: ownChannels() }, { group: 'refused' }),
    ).toEqual([]);
    await valueOf(await runsOver().start({ who: 'k001' })).ended;
    expect((await claimsOverview({ store, clock })).all.unpaid.claims).toBe(3);
  });

  it('has a way out for a part that was accepted: the payer undoes it, says so, and it is claimed anew', async () => {
    await settle('ZY1');
    await payers.faults({ faults: ['partial'] });
    await valueOf(await runsOver().start({ who: 'k001' })).ended;
    const partly = await claimWorklist(
      { store, claimChannels: ownChannels() },
      { group: 'unanswered' },
    );
    expect(partly.map(({ advice, acts }) => [advice, acts])).toEqual(
      partly.map(() => [
        'partly-accepted',
        { askAgain: false, anew: false, notBooked: true, undo: true },
      ]),
    );
    expect(partly.length).toBeGreaterThan(0);
    const [first] = partly;
    if (first === undefined) throw new Error('nothing was accepted in part');
    const parts = { store, clock, ids: timeOrderedIds(), folder: folder() };
    const decision = { claimId: first.claim.id, reason: '医保局来电：已撤销入账' };
    const by = { userId: 'clerk1', page: 'p' };
    const alone = await keepNotBooked(parts, decision, by, {
      kind: 'present',
      approvedBy: 'clerk1',
    });
    expect(alone.ok).toBe(false);
    valueOf(
      await keepNotBooked(parts, decision, by, { kind: 'present', approvedBy: 'supervisor1' }),
    );
    const [now] = await claimWorklist(
      { store, claimChannels: ownChannels() },
      { group: 'refused' },
    );
    expect([now?.advice, now?.acts.anew]).toEqual(['refused', true]);
  });

  it('lists a hundred at a time and goes on after the last', async () => {
    for (let visit = 1; visit <= 3; visit += 1) await settle(`ZY${String(visit)}`);
    const first = await claimWorklist(
      { store, claimChannels: ownChannels() },
      { group: 'not-sent' },
    );
    const [, second] = first;
    if (second === undefined) throw new Error('too few claims');
    const rest = await claimWorklist(
      { store, claimChannels: ownChannels() },
      { group: 'not-sent', after: second.claim.id },
    );
    expect([...first.slice(0, 2), ...rest].map(({ claim }) => claim.id)).toEqual(
      first.map(({ claim }) => claim.id),
    );
    const own = await claimWorklist(
      { store, claimChannels: ownChannels() },
      { group: 'not-sent', destination: 'medical-assistance' },
    );
    expect(own.map(({ claim }) => claim.destination)).toEqual(
      Array.from({ length: 3 }, () => 'medical-assistance'),
    );
  });
});
