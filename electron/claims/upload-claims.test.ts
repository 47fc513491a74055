import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { shanghaiDay, type Clock } from '../base/clock.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { manualTimer } from '../base/timer.test-support.ts';
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
import { fen } from '../../shared/money/fen.ts';
import type { ClaimChannel, ClaimChannels, SendOutcome } from './channel.ts';
import { ownChannels } from './channels/channels.ts';
import { listClaims } from './list-claims.ts';
import { startPayers } from './payers.test-support.ts';
import { uploadClaims, type UploadCall } from './upload-claims.ts';

const packs = await ownPacks();
const input = await colonCancer();
const runs = Number(process.env['TEST_DEPTH'] ?? '1');
let payers: Awaited<ReturnType<typeof startPayers>>;
let store: TestStore;
const deadlines = manualTimer();
/** How long another process may take on a busy machine before a test gives up. */
const patience = { timeout: 300_000 };

/** Every test has a second of its own: a new store counts its message ids anew, and the payers remember all. */
let clock: Clock;
let tests = 0;

beforeAll(async () => {
  payers = await startPayers();
});
beforeEach(async () => {
  store = await createTestStore();
  await payers.faults({ faults: [] });
  tests += 1;
  const at = testClock.now().getTime() + tests * 1000;
  clock = { ...testClock, now: () => new Date(at) };
});
afterEach(() => store.remove());
afterAll(() => payers.end());

async function settle(visitId: string): Promise<string> {
  const visit = { ...input.visit, id: visitId };
  await keepVisit(store, { ...input, visit, yearToDate: null });
  const call = { visitId, by: 'cashier1' };
  const dependencies = { ...dependenciesOn(store, packs), clock };
  return valueOf(await settleVisit(dependencies, call)).settlement.settlementId;
}

const upload = (
  call: Partial<UploadCall> = {},
  channels: ClaimChannels = ownChannels(),
  ids = timeOrderedIds(),
) =>
  uploadClaims(
    {
      store,
      clock,
      ids,
      folder: { home: store.folder, databaseFile: store.file },
      channels,
      timer: deadlines.timer,
    },
    { payersUrl: payers.url(), who: 'clerk1', ...call },
  );
const statesOf = async (settlementId: string) =>
  (await store.read(({ claims }) => claims.ofSettlement(settlementId))).map(({ state }) => state);
const acceptedOf = async (settlementId: string) =>
  (await payers.ledger()).accepted.filter((each) => each.settlementId === settlementId);

/** What trying to take the claims of a settlement back came to. */
const takenBack = async (settlementId: string): Promise<string> => {
  const at = '2017-11-28T08:00:00.000+08:00';
  const back = await store.transact(({ claims }) =>
    claims.withdrawForCancellation(settlementId, at, (to) => ownChannels().of(to).isOwnBook),
  );
  return back.ok ? 'taken back' : back.refusal.code;
};
const silence: SendOutcome & { readonly kind: 'unknown' } = {
  kind: 'unknown',
  isSilent: true,
  problem: { code: 'no-answer', words: 'headers-timeout' },
};

const bookedOf = async (settlementId: string) =>
  (await acceptedOf(settlementId))
    .map(({ payer, amountFen }) => `${payer} ${String(amountFen)}`)
    .sort();
const claimedOf = async (settlementId: string) =>
  (await store.read(({ claims }) => claims.ofSettlement(settlementId)))
    .filter(({ destination }) => destination !== 'hospital-reduction')
    .map(({ destination, claimedFen }) => `${destination} ${String(claimedFen)}`)
    .sort();

describe('uploading the claims of a settlement', () => {
  it('has each payer accept its claim once, and the hospital its own', async () => {
    const id = await settle('ZY1');
    const answer = valueOf(await upload());
    expect(answer.payers.map(({ payer, accepted }) => [payer, accepted])).toEqual([
      ['basic-medical-insurance', 1],
      ['hospital-reduction', 1],
      ['medical-assistance', 1],
    ]);
    const amounts = (await acceptedOf(id)).map(({ payer, amountFen }) => [payer, amountFen]);
    expect(amounts).toEqual([
      ['basic-medical-insurance', 1092200],
      ['medical-assistance', 126400],
    ]);
    expect(valueOf(await upload()).payers).toEqual([]);
    const listed = valueOf(await listClaims({ store }, { state: 'accepted' }));
    expect(listed.map(({ approved }) => approved).sort()).toEqual([
      '10922.00',
      '1264.00',
      '1360.00',
    ]);
  });

  it('hands claims over together where their channel takes several, and keeps what came of each', async () => {
    for (const visitId of ['ZY1', 'ZY2', 'ZY3', 'ZY4', 'ZY5']) await settle(visitId);
    const handed: number[] = [];
    const problem = { code: 'BUSY', words: '忙' };
    const several: ClaimChannel = {
      claimsAtOnce: 2,
      undoing: null,
      isOwnBook: false,
      ...{ address: null, nameTogether: null, returns: null },
      write: ({ claim }) => ({ kind: 'written', body: claim.id }),
      send(claims) {
        handed.push(claims.length);
        const outcomes = claims.map(({ claim: { id, claimedFen } }, index) => {
          const outcome: SendOutcome =
            index === 0
              ? { kind: 'accepted', reference: id, approvedFen: claimedFen }
              : { kind: 'not-sent', problem };
          return [id, outcome] as const;
        });
        return Promise.resolve(new Map(outcomes));
      },
    };
    const call = { payer: 'medical-assistance' };
    const answer = valueOf(await upload(call, { returning: [], of: () => several }));
    expect(handed).toEqual([2, 2, 1]);
    expect(answer.payers).toMatchObject([{ batches: 1, claims: 5, accepted: 3, unknown: 2 }]);
    const unknown = valueOf(await listClaims({ store }, { state: 'unknown' }));
    expect(unknown.map((claim) => claim.problem)).toEqual([problem, problem]);
  });

  it('sends nothing in a dry run', async () => {
    const id = await settle('ZY1');
    valueOf(await upload({ dryRun: true }));
    expect(await statesOf(id)).toEqual(['waiting', 'waiting', 'waiting']);
    expect(await acceptedOf(id)).toEqual([]);
  });

  it.each([
    'lost-request',
    'lost-answer',
    'delay=600000',
    '5xx-after-commit',
    'reorder',
    'wrong-total',
    'malformed',
    'sign-in-expired',
    'certificate-expired',
    'disk-full',
    'cut-at=0',
    'cut-at=40',
    'busy',
    'busy-after-commit',
  ])('keeps %s unknown and sends the same bytes again until accepted once', async (fault) => {
    const before = await settle('ZY0');
    valueOf(await upload({ payer: 'medical-assistance' }));
    const id = await settle('ZY1');
    await payers.faults({ faults: [`${fault}*1`] });
    const running = upload({ payer: 'basic-medical-insurance' });
    if (fault.startsWith('delay')) {
      await vi.waitFor(async () => {
        expect(await acceptedOf(before)).toHaveLength(2);
      }, patience);
      deadlines.expire();
    }
    const first = valueOf(await running);
    expect(first.payers[0]).toMatchObject({ claims: 2, unknown: 1, accepted: 1 });
    valueOf(await upload());
    for (const settlementId of [before, id]) {
      expect(new Set(await statesOf(settlementId))).toEqual(new Set(['accepted']));
      expect(await acceptedOf(settlementId)).toHaveLength(2);
    }
    expect((await payers.ledger()).duplicates).toEqual([]);
  });

  it('does not count a claim accepted in part as accepted', async () => {
    const id = await settle('ZY1');
    await payers.faults({ faults: ['partial*1'] });
    valueOf(await upload({ payer: 'basic-medical-insurance' }));
    valueOf(await upload({ payer: 'basic-medical-insurance' }));
    const [claim] = valueOf(await listClaims({ store }, { state: 'unknown' }));
    expect(claim).toMatchObject({ settlementId: id, problem: { code: 'partially-accepted' } });
  });

  it('takes code 0 with an error for a rejection, and raises an acceptance that comes late', async () => {
    const id = await settle('ZY1');
    await payers.faults({ faults: ['code-0-with-error*1'] });
    valueOf(await upload({ payer: 'basic-medical-insurance' }));
    const [claim] = valueOf(await listClaims({ store }, { state: 'rejected' }));
    expect(claim?.problem).toMatchObject({ code: 'NOT_BOOKED' });
    const late = { kind: 'accepted', reference: 'x', approvedFen: fen(1092200) } as const;
    await store.transact(({ claims }) =>
      claims.keepOutcome(claim?.id ?? '', '2017-11-28T01:00:00.000+08:00', late),
    );
    const [raised] = valueOf(await listClaims({ store }, { state: 'rejected' }));
    expect(raised?.problem).toMatchObject({ code: 'accepted-after-rejection' });
    expect(await takenBack(id)).toBe('claim-already-sent');
  });

  it('does not take "busy" after a lost answer for a rejection, so nobody pays twice', async () => {
    const id = await settle('ZY1');
    const basic = { payer: 'basic-medical-insurance' };
    await payers.faults({ faults: ['lost-answer*1', 'busy*1'] });
    for (const night of [1, 2]) {
      expect(valueOf(await upload(basic)).payers, String(night)).toMatchObject([{ unknown: 1 }]);
      expect(await takenBack(id)).toBe('outcome-unknown');
    }
    expect(valueOf(await upload(basic)).payers).toMatchObject([{ accepted: 1 }]);
    expect(await takenBack(id)).toBe('claim-already-sent');
    const booked = (await acceptedOf(id)).map(({ payer }) => payer);
    expect(booked).toEqual(['basic-medical-insurance']);
    expect((await payers.ledger()).duplicates).toEqual([]);
  });

  it('does not take back what an earlier release took for rejected by such an answer', async () => {
    const id = await settle('ZY1');
    await payers.faults({ faults: ['lost-answer*1'] });
    valueOf(await upload({ payer: 'basic-medical-insurance' }));
    const [claim] = valueOf(await listClaims({ store }, { state: 'unknown' }));
    const at = '2017-11-28T01:00:00.000+08:00';
    // What its second run kept: the attempt, and "busy" read as a refusal, which named no claim.
    const problem = { code: '-1', words: '系统繁忙' };
    await store.transact(async ({ claims }) => {
      await claims.markSent(claim?.id ?? '', at, '');
      await claims.keepOutcome(claim?.id ?? '', at, { kind: 'rejected', problem, namesIt: false });
    });
    expect(await takenBack(id)).toBe('outcome-unknown');
  });

  it('takes a claim that was refused at once back, and what the hospital itself accepted', async () => {
    const id = await settle('ZY1');
    await payers.faults({ faults: ['code-0-with-error*2'] });
    valueOf(await upload());
    const states = valueOf(await listClaims({ store }, {})).map((each) => [
      each.destination,
      each.state,
    ]);
    expect(Object.fromEntries(states)).toEqual({
      'basic-medical-insurance': 'rejected',
      'hospital-reduction': 'accepted',
      'medical-assistance': 'rejected',
    });
    expect(await takenBack(id)).toBe('taken back');
    expect(new Set(await statesOf(id))).toEqual(new Set(['withdrawn']));
  });

  it('accepts by a complete echo whatever words of success stand beside it', async () => {
    const id = await settle('ZY1');
    await payers.faults({ faults: ['success-words'] });
    valueOf(await upload());
    expect(new Set(await statesOf(id))).toEqual(new Set(['accepted']));
  });

  it('sends the rest of a payer’s claims though some of them are never answered', async () => {
    const settled: string[] = [];
    for (let each = 1; each <= 6; each += 1) settled.push(await settle(`ZY${String(each)}`));
    const silentFor = new Set(settled.slice(0, 4));
    const tried: string[][] = [];
    const own = ownChannels().of('basic-medical-insurance');
    const channels: ClaimChannels = {
      returning: [],
      of: () => ({
        ...own,
        send(claims, line) {
          tried.at(-1)?.push(...claims.map(({ claim }) => claim.settlementId));
          const [first] = claims;
          return first !== undefined && silentFor.has(first.claim.settlementId)
            ? Promise.resolve(new Map([[first.claim.id, silence]]))
            : own.send(claims, line);
        },
      }),
    };
    const call = { payer: 'basic-medical-insurance' };
    tried.push([]);
    expect(valueOf(await upload(call, channels)).payers).toMatchObject([
      { claims: 6, accepted: 2, unknown: 4, waiting: 0 },
    ]);
    const later = await settle('ZY7');
    tried.push([]);
    valueOf(await upload(call, channels));
    // What has never been tried goes first; the silent ones follow.
    expect(tried[1]?.[0]).toBe(later);
    expect(tried[1]).toHaveLength(5);
    expect((await acceptedOf(later)).length).toBe(1);
  });

  it('leaves a payer alone whose line does not stand, and one that answers nothing in the end', async () => {
    for (let each = 1; each <= 22; each += 1) await settle(`ZY${String(each)}`);
    const saying = (outcome: SendOutcome): ClaimChannels => ({
      returning: [],
      of: () => ({
        ...ownChannels().of('basic-medical-insurance'),
        send: (claims) => Promise.resolve(new Map(claims.map(({ claim }) => [claim.id, outcome]))),
      }),
    });
    const call = { payer: 'medical-assistance' };
    const down: SendOutcome = { kind: 'not-sent', problem: silence.problem };
    expect(valueOf(await upload(call, saying(down))).payers).toMatchObject([
      { unknown: 3, waiting: 19 },
    ]);
    expect(valueOf(await upload(call, saying(silence))).payers).toMatchObject([
      { unknown: 20, waiting: 2 },
    ]);
    expect(valueOf(await upload(call)).payers).toMatchObject([{ accepted: 22 }]);
  });

  it('may reject by a general refusal what never reached the payer before', async () => {
    const id = await settle('ZY1');
    const call = { payer: 'basic-medical-insurance' };
    valueOf(await upload({ ...call, payersUrl: 'http://127.0.0.1:1' }));
    await payers.faults({ faults: ['code-0-with-error*1'] });
    expect(valueOf(await upload(call)).payers).toMatchObject([{ rejected: 1 }]);
    expect(await takenBack(id)).toBe('taken back');
  });

  it(
    'loses and doubles nothing under random faults and restarts of the payers',
    async () => {
      const names = [
        'lost-request',
        'lost-answer',
        '5xx-after-commit',
        'duplicate',
        'reorder',
        'wrong-total',
        'malformed',
        'sign-in-expired',
        'disk-full',
        'cut-at',
      ];
      let round = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.nat(),
          fc.array(fc.boolean(), { maxLength: 4 }),
          async (seed, nights) => {
            round += 1;
            const ids = [
              await settle(`ZY-${String(round)}-a`),
              await settle(`ZY-${String(round)}-b`),
            ];
            for (const restarts of nights) {
              if (restarts) await payers.restart();
              await payers.faults({ seed, percent: 60, names });
              valueOf(await upload());
            }
            await payers.faults({ faults: [] });
            valueOf(await upload());
            for (const id of ids) {
              expect(new Set(await statesOf(id))).toEqual(new Set(['accepted']));
              expect(await bookedOf(id)).toEqual(await claimedOf(id));
            }
            expect((await payers.ledger()).duplicates).toEqual([]);
          },
        ),
        { numRuns: runs > 1 ? 8 * runs : 3 },
      );
    },
    300_000 * runs,
  );

  it.each([
    ['an hour on', 3600_000],
    ['a day back', -24 * 3600_000],
    ['over midnight', 14 * 3600_000],
  ])(
    'ends where the clock jumps %s in the middle: nothing is sent twice, nothing forgotten',
    async (_how, jumpMs) => {
      const settled = [await settle('ZY1'), await settle('ZY2')];
      const before = clock;
      let jumpedMs = 0;
      const moved = (): Date => new Date(before.now().getTime() + jumpedMs);
      clock = { now: moved, businessDate: () => shanghaiDay(moved()) };
      const ids = timeOrderedIds(() => moved().getTime());
      const own = ownChannels();
      const jumping: ClaimChannels = {
        returning: [],
        of(destination) {
          const channel = own.of(destination);
          return {
            ...channel,
            async send(claims, line) {
              const answered = await channel.send(claims, line);
              jumpedMs = jumpMs;
              return answered;
            },
          };
        },
      };
      // The very answer behind which the clock jumps is lost: that claim has to be asked for again.
      await payers.faults({ faults: ['lost-answer*1'] });
      const first = valueOf(await upload({}, jumping, ids));
      expect(first.businessDate).toBe('2017-11-27');
      const counted = first.payers.map(({ claims, accepted, rejected, unknown, waiting }) => [
        claims,
        accepted + rejected + unknown + waiting,
      ]);
      expect(counted).toEqual([
        [2, 2],
        [2, 2],
        [2, 2],
      ]);
      // By the clock as it is now; what is dated later is named, and goes with the date that is named.
      const second = valueOf(await upload({}, own, ids));
      const left = second.datedLater.reduce((sum, { claims }) => sum + claims, 0);
      const unknownBefore = first.payers.reduce((sum, { unknown }) => sum + unknown, 0);
      expect(unknownBefore).toBe(1);
      expect(left).toBe(jumpMs < 0 ? 1 : 0);
      const third = valueOf(await upload({ businessDate: '2017-11-28' }, own, ids));
      expect(new Set([first, second, third].map(({ runId }) => runId)).size).toBe(3);
      for (const settlementId of settled) {
        expect(new Set(await statesOf(settlementId))).toEqual(new Set(['accepted']));
        expect(await bookedOf(settlementId)).toEqual(await claimedOf(settlementId));
      }
      const { accepted, duplicates } = await payers.ledger();
      expect(duplicates).toEqual([]);
      const messageIds = accepted.map(({ messageId }) => messageId);
      expect(new Set(messageIds).size).toBe(messageIds.length);
    },
  );

  it('gives message ids of 30 characters, never twice, from two programs and a clock set back', async () => {
    const other = await store.another();
    const make = (from: TestStore | typeof other, at: string) =>
      from.transact(({ claims }) => claims.nextMessageId('H43062600001', at));
    const times = ['2017-11-27T10:00:01.000+08:00', '2017-11-27T10:00:00.000+08:00'];
    const made = await Promise.all(
      Array.from({ length: 40 }, (_, n) => make(n % 2 ? store : other, times[n % 3 ? 0 : 1] ?? '')),
    );
    expect(new Set(made).size).toBe(40);
    for (const id of made) expect(id).toMatch(/^H43062600001\d{18}$/);
  });
});
