import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Clock } from '../base/clock.ts';
import {
  armCrashPoint,
  crashPoints,
  ownCrashPoints,
  type CrashPoint,
} from '../base/crash-points.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { undoableStates } from '../database/claim-undoing.ts';
import type { Claim } from '../database/claims-repository.ts';
import type { Store } from '../database/store.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
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
import { wholeVisit } from '../settlement/settlement-dependencies.ts';
import { verifyFolder } from '../settlement/verify-folder.ts';
import { ownChannels } from './channels/channels.ts';
import { askAgain, claimAnew, keepNotBooked } from './decide-claim.ts';
import { startPayers } from './payers.test-support.ts';
import { undoClaim } from './undo-claim.ts';
import { uploadClaims } from './upload-claims.ts';

/**
 * What cashiers, the clerk, the line, the payers and the power do to claims, in any order, and what must be true of the
 * payers' own ledgers and of our books afterwards, whatever it was. `TEST_DEPTH` is 10 in the deep run.
 */
const depth = Number(process.env['TEST_DEPTH'] ?? '1');
const plansTried = depth > 1 ? 200 * depth : 100;
/** The same plans every time: what is reported at the end is reported of these. */
const seed = Number(process.env['FAULT_PLAN_SEED'] ?? '20261130');

/** Of the simulator's faults those that need no waiting: a late answer is one that comes to the wrong asker. */
const faultNames = [
  ...['lost-request', 'lost-answer', '5xx-after-commit', 'duplicate', 'reorder', 'partial'],
  ...['wrong-total', 'code-0-with-error', 'malformed', 'sign-in-expired', 'certificate-expired'],
  ...['disk-full', 'cut-at', 'busy', 'busy-after-commit', 'success-words', 'refused-without-name'],
];
const settling = crashPoints.filter((point) => point.startsWith('settle:'));
const cancelling = crashPoints.filter((point) => point.startsWith('cancel:'));
const uploading = crashPoints.filter((point) => point.startsWith('upload:'));
const undoing = ownCrashPoints.filter((point) => point.startsWith('undo:'));

const visitNumber = fc.nat({ max: 2 });
/** Which faults befall how many messages: any, or one of them alone. */
type Line = { readonly seed: number; readonly percent: number; readonly only?: string };
const line: fc.Arbitrary<Line> = fc.record({
  seed: fc.nat({ max: 2 ** 31 }),
  percent: fc.constantFrom(0, 40, 80, 100),
});
const faultsOf = ({ seed: from, percent, only }: Line) => ({
  ...{ seed: from, percent },
  names: only === undefined ? faultNames : [only],
});
/** A third of the acts end in the middle. */
const endsAt = (points: readonly CrashPoint[]) =>
  fc.option(fc.constantFrom(...points), { freq: 2, nil: null });
const act = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('settle' as const),
      visit: visitNumber,
      crash: endsAt(settling),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('cancel' as const),
      visit: visitNumber,
      crash: endsAt(cancelling),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('upload' as const), line, crash: endsAt(uploading) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('beside' as const),
      line,
      visit: visitNumber,
      crash: endsAt([...cancelling, ...settling, ...uploading]),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('undo' as const),
      line,
      chance: fc.nat(),
      crash: endsAt(undoing),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('clerk' as const), chance: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clock-back' as const) }) },
);
type Act = ReturnType<typeof act.generate>['value'];

/** How often each crash point was passed for the last time, over all plans. */
const crashes = new Map<CrashPoint, number>();
let payers: Awaited<ReturnType<typeof startPayers>>;
const packs = await ownPacks();
const input = await colonCancer();
const own = 'hospital-reduction';
const by = { userId: 'clerk1', page: 'claims' };

beforeAll(async () => {
  payers = await startPayers();
});
afterAll(() => payers.end());

/** Everything of one plan: a hospital of its own, for the payers remember every message of the others. */
class Hospital {
  readonly #store: TestStore;
  readonly #code: string;
  readonly #ids = timeOrderedIds();
  #now = testClock.now().getTime();
  #isWithoutPower = false;
  /** Settlements of each visit, cancelled ones included: what each payer may have booked at most one of. */
  readonly settlements = new Map<string, Set<string>>();

  constructor(store: TestStore, number: number) {
    this.#store = store;
    this.#code = `H${String(number).padStart(11, '0')}`;
  }

  get clock(): Clock {
    return { ...testClock, now: () => new Date(this.#now) };
  }

  get store(): TestStore {
    return this.#store;
  }

  async open(): Promise<void> {
    for (const visit of [0, 1, 2]) {
      const id = this.#visitId(visit);
      const hospital = { ...input.visit.hospital, code: this.#code };
      await keepVisit(this.#store, {
        ...input,
        visit: { ...input.visit, id, hospital },
        yearToDate: null,
      });
      this.settlements.set(id, new Set());
    }
  }

  async play(each: Act): Promise<void> {
    this.#now += 7_000;
    if (each.kind === 'clock-back') this.#now -= 600_000;
    else if (each.kind === 'clerk') await this.clearWorklist(each.chance);
    else await this.#untilPowerGoes(each.crash, () => this.#work(each));
    await this.#noteSettlements();
  }

  async #work(each: Exclude<Act, { kind: 'clock-back' | 'clerk' }>): Promise<void> {
    if (each.kind === 'settle') await this.#settle(each.visit);
    else if (each.kind === 'cancel') await this.#cancel(each.visit);
    else if (each.kind === 'upload') await this.upload(each.line);
    else if (each.kind === 'undo') await this.#undo(each.chance, each.line);
    else {
      const window = async (): Promise<void> => {
        await this.#cancel(each.visit);
        await this.#settle(each.visit);
      };
      // Both must have ended before the next act, also where the power went in one of them.
      const ended = await Promise.allSettled([this.upload(each.line), window()]);
      const failed = ended.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    }
  }

  async upload(given?: Line): Promise<void> {
    await payers.faults(given === undefined ? { faults: [] } : faultsOf(given));
    valueOf(
      await uploadClaims(
        { ...this.#parts(), channels: ownChannels() },
        { payersUrl: payers.url(), who: 'clerk1' },
      ),
    );
  }

  /**
   * What the clerk does about claims that need a hand, by the payer's word, which is its ledger here: whoever is told that
   * nothing is booked says so and claims anew; a part that is booked is undone by the payer first.
   */
  async clearWorklist(chance: number): Promise<void> {
    const present = { kind: 'present', approvedBy: 'supervisor1' } as const;
    const open = await this.#store.read(({ claims }) =>
      claims.list({ states: ['unknown', 'sent', 'rejected'], limit: 100 }),
    );
    for (const [index, claim] of open.entries()) {
      const decision = { claimId: claim.id, reason: '医保中心电话答复' };
      if (claim.state === 'rejected') {
        const isAskedAgain = (chance + index) % 3 === 0;
        const anew = isAskedAgain ? null : await claimAnew(this.#parts(), decision, by);
        if (anew?.ok !== true) valueOf(await askAgain(this.#parts(), decision, by));
        continue;
      }
      const booked = (await payers.ledger()).accepted.find(
        ({ messageId }) => messageId === claim.messageId,
      );
      if (booked?.amountFen === claim.claimedFen) continue;
      if (booked !== undefined) await payers.undo(claim.messageId);
      valueOf(await keepNotBooked(this.#parts(), decision, by, present));
      valueOf(await claimAnew(this.#parts(), decision, by));
    }
  }

  /** Any claim that its payer has or may have is to be taken back. */
  async #undo(chance: number, given: Line) {
    await payers.faults(faultsOf(given));
    const all = await this.#store.read(({ claims }) =>
      claims.list({ states: undoableStates, limit: 100 }),
    );
    const asked = all.filter(({ destination }) => destination !== own);
    const claim = asked[chance % Math.max(1, asked.length)];
    if (claim === undefined) return;
    const parts = { ...this.#parts(), channels: ownChannels(), payersUrl: payers.url() };
    const decision = { claimId: claim.id, reason: '重新结算' };
    valueOf(await undoClaim(parts, decision, by, { kind: 'present', approvedBy: 'supervisor1' }));
  }

  async claims(): Promise<readonly Claim[]> {
    return this.#store.read(({ claims }) => claims.list({ limit: 1000 }));
  }

  #visitId(visit: number): string {
    return `${this.#code}-${String(visit)}`;
  }

  async #settle(visit: number): Promise<void> {
    const parts = { ...dependenciesOn(this.#mortal(), packs), clock: this.clock };
    valueOf(await settleVisit(parts, { visitId: this.#visitId(visit), by: 'cashier1' }));
  }

  async #cancel(visit: number): Promise<void> {
    const found = await this.#mortal().read(({ settlements }) =>
      settlements.findLive(this.#visitId(visit), wholeVisit),
    );
    if (found === null) return;
    const people = { by: 'cashier1', approvedBy: 'supervisor1' };
    const done = await cancelSettlement(
      { ...dependenciesOn(this.#mortal(), packs), clock: this.clock },
      { settlementId: found.settlementId, reason: '重算', ...people },
    );
    expect([null, 'claim-already-sent', 'outcome-unknown']).toContain(refusalOf(done));
  }

  #parts() {
    const folder = { home: this.#store.folder, databaseFile: this.#store.file };
    return { store: this.#mortal(), clock: this.clock, ids: this.#ids, folder };
  }

  /** The store as a process has it: nothing reaches it any more once the power is gone. */
  #mortal(): Store {
    const alive = <T>(work: () => Promise<T>): Promise<T> =>
      this.#isWithoutPower ? Promise.reject(new Error('no power')) : work();
    const store = this.#store;
    return {
      ...store,
      read: (work) => alive(() => store.read(work)),
      readApart: (work) => alive(() => store.readApart(work)),
      transact: (work, scope) => alive(() => store.transact(work, scope)),
    };
  }

  async #untilPowerGoes(crash: CrashPoint | null, work: () => Promise<void>): Promise<void> {
    armCrashPoint(crash, () => {
      if (crash === null || this.#isWithoutPower) return;
      this.#isWithoutPower = true;
      crashes.set(crash, (crashes.get(crash) ?? 0) + 1);
      // The line calls this one, and it is no part of the act that ends.
      if (crash !== 'upload:after-request') throw new Error(`no power at ${crash}`);
    });
    try {
      await work();
    } catch (problem) {
      if (!this.#isWithoutPower) throw problem;
    } finally {
      armCrashPoint(null, () => undefined);
      this.#isWithoutPower = false;
    }
  }

  async #noteSettlements(): Promise<void> {
    for (const [visitId, known] of this.settlements) {
      const found = await this.#store.read(({ settlements }) =>
        settlements.findLive(visitId, wholeVisit),
      );
      if (found !== null) known.add(found.settlementId);
    }
  }
}

/** What each payer's own ledger has of a visit, over all its settlements, cancelled ones included. */
async function bookedOf(hospital: Hospital): Promise<Map<string, number[]>> {
  const { accepted, duplicates } = await payers.ledger();
  expect(duplicates.filter(({ kind }) => kind === 'other-body')).toEqual([]);
  const booked = new Map<string, number[]>();
  for (const [visitId, ids] of hospital.settlements)
    for (const { payer, settlementId, amountFen } of accepted)
      if (ids.has(settlementId)) {
        const key = `${visitId} ${payer}`;
        booked.set(key, [...(booked.get(key) ?? []), amountFen]);
      }
  return booked;
}

/** One plan for each crash and each fault, so that no chance decides whether it is met; the others are drawn. */
const clean: Line = { seed: 1, percent: 0 };
const settled = { kind: 'settle', visit: 0, crash: null } as const;
const uploaded = { kind: 'upload', line: clean, crash: null } as const;
const plainPlans: readonly Act[][] = [
  ...settling.map((crash): Act[] => [{ ...settled, crash }]),
  ...cancelling.map((crash): Act[] => [settled, { kind: 'cancel', visit: 0, crash }]),
  ...uploading.map((crash): Act[] => [settled, { ...uploaded, crash }]),
  ...undoing.map((crash): Act[] => [
    settled,
    uploaded,
    { kind: 'undo', line: clean, chance: 0, crash },
  ]),
  ...faultNames.map((only): Act[] => [
    settled,
    { ...uploaded, line: { seed: 1, percent: 100, only } },
  ]),
];

let plans = 0;
async function playPlan(acts: readonly Act[]): Promise<void> {
  plans += 1;
  const store = await createTestStore();
  try {
    const hospital = new Hospital(store, plans);
    await hospital.open();
    for (const each of acts) {
      await hospital.play(each);
      for (const amounts of (await bookedOf(hospital)).values()) expect(amounts).toHaveLength(1);
    }
    await clearAll(hospital);
    await expectAgreement(hospital);
  } finally {
    await store.remove();
  }
}

/** The line stands again and the clerk goes through what is left, as the morning after. */
async function clearAll(hospital: Hospital): Promise<void> {
  for (let night = 0; night < 3; night += 1) {
    await hospital.upload();
    await hospital.clearWorklist(1);
  }
  await hospital.upload();
}

async function expectAgreement(hospital: Hospital): Promise<void> {
  const claims = await hospital.claims();
  const over: readonly string[] = ['withdrawn', 'corrected'];
  const live = claims.filter(({ state }) => !over.includes(state));
  // Nothing waits, and every share of a settlement that stands is an item of one claim that lives.
  expect(live.filter(({ state }) => state !== 'accepted')).toEqual([]);
  const shares = new Map<string, number>();
  for (const visitId of hospital.settlements.keys()) {
    const standing = await hospital.store.read(({ settlements }) =>
      settlements.findLive(visitId, wholeVisit),
    );
    for (const { step, payer, amountFen: amount } of standing?.result.shares ?? [])
      if (amount > 0) shares.set(`${standing?.settlementId ?? ''} ${step} ${payer}`, amount);
  }
  const items = live.flatMap(({ settlementId, items: all }) =>
    all.map(
      ({ step, payer, amountFen }) => [`${settlementId} ${step} ${payer}`, amountFen] as const,
    ),
  );
  expect([...items].sort()).toEqual([...shares].sort());
  const booked = [...(await bookedOf(hospital))].map(
    ([key, amounts]) => `${key} ${amounts.join()}`,
  );
  const claimed = live
    .filter(({ destination }) => destination !== own)
    .map(
      ({ visitId, destination, claimedFen }) => `${visitId} ${destination} ${String(claimedFen)}`,
    );
  expect(booked.sort()).toEqual(claimed.sort());
  const { checks } = await verifyFolder({ store: hospital.store });
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
}

describe('claims under a plan of faults', () => {
  it(
    'are booked by each payer once and agree with its ledger, whatever happened',
    async () => {
      await fc.assert(fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 12 }), playPlan), {
        numRuns: plansTried,
        examples: plainPlans.map((acts): [Act[]] => [acts]),
        seed,
        endOnFailure: true,
      });
    },
    3_000_000 * depth,
  );

  it('met every crash and every fault of the line', async () => {
    const faults = await payers.faultsMet();
    const met = { ...Object.fromEntries(crashes), ...faults };
    const wanted = [...settling, ...cancelling, ...uploading, ...undoing, ...faultNames];
    expect(wanted.filter((name) => (met[name] ?? 0) === 0)).toEqual([]);
    process.stderr.write(`${String(plans)} plans: ${JSON.stringify(met)}\n`);
  });
});
