import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Clock } from '../base/clock.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { manualTimer } from '../base/timer.test-support.ts';
import type { Claim, LateAnswer } from '../database/claims-repository.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { fen } from '../../shared/money/fen.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import { verifyFolder } from '../settlement/verify-folder.ts';
import type { ClaimChannel, ClaimChannels, SendOutcome } from './channel.ts';
import { claimWorklist } from './claim-worklist.ts';
import { claimAnew, keepNotBooked } from './decide-claim.ts';
import type { FoundReturn, ReadReturn, ReturnLine } from './returns.ts';
import { uploadClaims } from './upload-claims.ts';

const packs = await ownPacks();
const input = await colonCancer();
const destination = 'medical-assistance';
let store: TestStore;
let clock: Clock;
/** What lies ready at the payer, and what it was handed, file by file. */
let ready: FoundReturn[];
let handed: { readonly name: string; readonly claimIds: readonly string[] }[];
let cameOf: SendOutcome;
let isDown = false;

beforeEach(async () => {
  store = await createTestStore();
  [ready, handed, isDown] = [[], [], false];
  cameOf = { kind: 'acknowledged', reference: 'in the inbox' };
  clock = testClock;
});

/** A payer that takes claims in files and answers later; a return is the lines it says, in JSON. */
const channel: ClaimChannel = {
  claimsAtOnce: 2,
  undoing: null,
  isOwnBook: false,
  address: null,
  nameTogether: (claims) => claims.map(({ claim }) => claim.id).join('+'),
  write: ({ claim }) => ({ kind: 'written', body: claim.id }),
  send(claims) {
    const claimIds = claims.map(({ claim }) => claim.id);
    handed.push({ name: claimIds.join('+'), claimIds });
    return Promise.resolve(new Map(claimIds.map((id) => [id, cameOf])));
  },
  returns: {
    async collect({ keep }) {
      const lying = ready;
      for (const found of lying) {
        await keep(found);
        ready = ready.filter((each) => each !== found);
      }
      return isDown
        ? { kind: 'not-reached', returns: 0, problem: { code: 'no-line', words: '断线' } }
        : { kind: 'collected', returns: lying.length };
    },
    read: ({ content }) =>
      Promise.resolve(JSON.parse(Buffer.from(content).toString()) as ReadReturn),
  },
};
const { returns } = channel;
if (returns === null) throw new Error('it answers later');
const channels: ClaimChannels = {
  of: () => channel,
  returning: [
    { profile: 'charity', address: null, returns, answersFor: (to) => to === destination },
  ],
};

const parts = () => ({ store, clock, ids: timeOrderedIds() });
const place = () => ({ home: store.folder, databaseFile: store.file });
const upload = async () =>
  valueOf(
    await uploadClaims(
      { ...parts(), channels, folder: place(), timer: manualTimer().timer },
      { payersUrl: 'http://127.0.0.1:1', payer: destination, who: 'clerk1' },
    ),
  );

/** Settles a visit and answers its claim on the payer. */
async function settle(visitId: string): Promise<Claim> {
  await keepVisit(store, { ...input, visit: { ...input.visit, id: visitId }, yearToDate: null });
  const call = { visitId, by: 'cashier1' };
  const { settlement } = valueOf(await settleVisit(dependenciesOn(store, packs), call));
  return claimOn(settlement.settlementId, destination);
}

async function claimOn(settlementId: string, to: string): Promise<Claim> {
  const claims = await store.read((all) => all.claims.ofSettlement(settlementId));
  const claim = claims.find((each) => each.destination === to && each.state !== 'corrected');
  if (claim === undefined) throw new Error(`no claim on ${to}`);
  return claim;
}

const now = async (claim: Claim): Promise<Claim> => {
  const found = await store.read(({ claims }) => claims.find(claim.id));
  if (found === null) throw new Error('the claim is gone');
  return found;
};
const about = (claim: Claim, answer: LateAnswer, change: object = {}): ReturnLine => ({
  ...{ line: 1, about: 'claim', claimId: claim.id, messageId: claim.messageId },
  ...{ claimedFen: claim.claimedFen, answer, ...change },
});
const acceptance = (claim: Claim): LateAnswer => ({
  ...{ kind: 'accepted', reference: `R-${claim.id.slice(-6)}`, approvedFen: claim.claimedFen },
});
const refusal: LateAnswer = {
  ...{ kind: 'rejected', problem: { code: 'E17', words: '不在保障期' }, namesIt: true },
};
let names = 0;
function leave(...lines: readonly ReturnLine[]): void {
  names += 1;
  const content = Buffer.from(JSON.stringify({ kind: 'answers', lines, unfit: [] }));
  ready.push({ name: `R${String(names)}.json`, content });
}
const findings = () =>
  store.read(async ({ payerReturns }) => {
    const all = [];
    for (const { id } of await payerReturns.latest(100))
      all.push(...(await payerReturns.findingsOf(id)));
    return all;
  });

/** Whatever came, the books hold together: each claim is what became of it by its record. */
afterEach(async () => {
  const { checks } = await verifyFolder({ store });
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  await store.remove();
});

describe('a payer that answers later', () => {
  it('has the claim, which is not sent again, and decides by a return', async () => {
    const claim = await settle('ZY1');
    expect((await upload()).payers).toMatchObject([{ acknowledged: 1, accepted: 0, waiting: 0 }]);
    expect((await now(claim)).state).toBe('acknowledged');
    await upload();
    expect(handed).toHaveLength(1);
    leave(about(claim, acceptance(claim)));
    expect((await upload()).returns).toEqual([
      { profile: 'charity', returns: 1, answered: 1, findings: 0, problem: null },
    ]);
    expect(await now(claim)).toMatchObject({
      ...{ state: 'accepted', approvedFen: claim.claimedFen, problem: null },
      payerReference: `R-${claim.id.slice(-6)}`,
    });
    expect(handed).toHaveLength(1);
  });

  it('has its answers taken in before anything is sent, so that nothing that has one goes out again', async () => {
    const claim = await settle('ZY1');
    cameOf = { kind: 'unknown', isSilent: true, problem: { code: 'cut', words: '断' } };
    await upload();
    expect((await now(claim)).state).toBe('unknown');
    leave(about(claim, acceptance(claim)));
    await upload();
    expect((await now(claim)).state).toBe('accepted');
    expect(handed).toHaveLength(1);
  });

  it('refuses by name: the claim may be claimed anew, or its settlement cancelled', async () => {
    const claim = await settle('ZY1');
    await upload();
    leave(about(claim, refusal));
    await upload();
    expect(await now(claim)).toMatchObject({
      ...{ state: 'rejected', problem: { code: 'E17', words: '不在保障期' } },
    });
    const by = { userId: 'clerk1', page: 'a test' };
    const anew = await claimAnew(parts(), { claimId: claim.id, reason: '已更正' }, by);
    expect(valueOf(anew).state).toBe('corrected');
  });

  it('is taken in once by name and content, and kept as it came, whatever it is', async () => {
    const claim = await settle('ZY1');
    await upload();
    leave(about(claim, acceptance(claim)));
    const [found] = ready;
    if (found === undefined) throw new Error('none lies ready');
    await upload();
    ready = [found];
    expect((await upload()).returns).toMatchObject([{ returns: 0, answered: 0 }]);
    ready = [{ name: 'money.txt', content: Buffer.from('{"kind":"remittance"}') }];
    await upload();
    const kept = await store.read(({ payerReturns }) => payerReturns.latest(10));
    expect(kept.map(({ name, kind }) => [name, kind])).toEqual([
      ['money.txt', 'remittance'],
      [found.name, 'answers'],
    ]);
    const bytes = await store.read(({ payerReturns }) => payerReturns.contentOf(kept[1]?.id ?? ''));
    expect(Buffer.from(bytes).equals(Buffer.from(found.content))).toBe(true);
  });

  it('that takes a part of it is neither accepted nor sent again; its word undoes it', async () => {
    const claim = await settle('ZY1');
    await upload();
    const partial: LateAnswer = {
      ...{ kind: 'partial', reference: 'R', approvedFen: fen(0) },
      problem: { code: 'partially-accepted', words: '只接受了一部分' },
      refusedItems: [{ position: 0, problem: { code: 'E2', words: '超限额' } }],
    };
    leave(about(claim, partial));
    await upload();
    expect((await now(claim)).state).toBe('unknown');
    await upload();
    expect(handed).toHaveLength(1);
    expect((await now(claim)).problem).toMatchObject({ code: 'file-answered-in-part' });
  });
});

describe('an answer that contradicts what is final', () => {
  const rows = async (group: 'unpaid' | 'refused') => {
    const [row] = await claimWorklist({ store, claimChannels: channels }, { group, destination });
    return [row?.claim.state, row?.problem?.code, row?.advice];
  };

  it('leaves an accepted claim accepted, and stands on record', async () => {
    const claim = await settle('ZY1');
    await upload();
    leave(about(claim, acceptance(claim)));
    await upload();
    leave(about(claim, refusal));
    await upload();
    expect(await rows('unpaid')).toEqual(['accepted', 'contradicting-answer', 'ask-payer']);
    expect(await store.read((all) => all.payerReturns.contradictions(claim.id))).toMatchObject([
      { code: 'contradiction', said: 'rejected E17 不在保障期', ours: 'accepted' },
    ]);
    // Said once more in another return: a second row, the same state.
    leave(about(claim, refusal));
    await upload();
    expect(await rows('unpaid')).toEqual(['accepted', 'contradicting-answer', 'ask-payer']);
  });

  it('leaves a refused claim refused, and then no new claim takes its place: it could be paid twice', async () => {
    const claim = await settle('ZY1');
    await upload();
    leave(about(claim, refusal));
    await upload();
    leave(about(claim, acceptance(claim)));
    await upload();
    expect(await rows('refused')).toEqual(['rejected', 'contradicting-answer', 'ask-payer']);
    const by = { userId: 'clerk1', page: 'a test' };
    const anew = await claimAnew(parts(), { claimId: claim.id, reason: '再报' }, by);
    expect(anew.ok ? null : anew.refusal.code).toBe('claim-in-doubt');
    const back = await store.transact(({ claims }) =>
      claims.withdrawForCancellation(claim.settlementId, claim.createdAt, () => true),
    );
    expect(back.ok ? null : back.refusal.code).toBe('claim-already-sent');
  });

  it('is no acknowledgement that comes after the decision, nor the same decision once more', async () => {
    const claim = await settle('ZY1');
    await upload();
    leave(about(claim, acceptance(claim)));
    await upload();
    leave(about(claim, acceptance(claim)));
    leave(about(claim, { kind: 'acknowledged', reference: 'x' }));
    await upload();
    expect(await findings()).toEqual([]);
    expect(await now(claim)).toMatchObject({ state: 'accepted', problem: null });
  });
});

describe('a line of a return that does not fit', () => {
  const cases: readonly (readonly [string, (mine: Claim, other: Claim) => ReturnLine[], string])[] =
    [
      [
        'speaks of a claim nobody knows',
        (mine) => [about(mine, refusal, { claimId: 'nobody' })],
        'unknown-claim',
      ],
      ['speaks of another payer’s claim', (_, other) => [about(other, refusal)], 'not-its-claim'],
      [
        'has another message id',
        (mine) => [about(mine, refusal, { messageId: 'H'.repeat(30) })],
        'differs',
      ],
      ['has another amount', (mine) => [about(mine, refusal, { claimedFen: fen(1) })], 'differs'],
      [
        'accepts less than was claimed',
        (mine) => [about(mine, { kind: 'accepted', reference: 'R', approvedFen: fen(1) })],
        'differs',
      ],
      [
        'takes a part, and the items do not add up to it',
        (mine) => [
          about(mine, {
            ...{ kind: 'partial', reference: 'R', approvedFen: fen(7) },
            problem: { code: 'x', words: 'x' },
            refusedItems: [{ position: 0, problem: { code: 'x', words: 'x' } }],
          }),
        ],
        'differs',
      ],
      [
        'names a claim a second time',
        (mine) => [about(mine, refusal), about(mine, acceptance(mine), { line: 2 })],
        'named-twice',
      ],
      [
        'acknowledges a file that was never sent',
        (mine) => [
          {
            ...{ line: 1, about: 'file', sentWith: 'nothing', claims: 1 },
            ...{ claimedFen: mine.claimedFen, answer: { kind: 'acknowledged', reference: 'R' } },
          },
        ],
        'unknown-file',
      ],
      [
        'acknowledges a file with another number of claims',
        (mine) => [
          {
            ...{ line: 1, about: 'file', sentWith: mine.id, claims: 2 },
            ...{ claimedFen: mine.claimedFen, answer: { kind: 'acknowledged', reference: 'R' } },
          },
        ],
        'differs',
      ],
    ];
  it.each(cases)('because it %s, changes nothing and is shown', async (_what, linesOf, code) => {
    const claim = await settle('ZY1');
    await upload();
    const other = await claimOn(claim.settlementId, 'basic-medical-insurance');
    leave(...linesOf(claim, other));
    const answer = await upload();
    const found = await findings();
    expect(new Set(found.map((each) => each.code))).toEqual(new Set([code]));
    expect(answer.returns).toMatchObject([{ answered: 0, findings: found.length }]);
    expect((await now(claim)).state).toBe('acknowledged');
    expect((await now(other)).state).toBe('waiting');
  });

  it('because the claim was never sent, changes nothing', async () => {
    const claim = await settle('ZY1');
    leave(about(claim, acceptance(claim)));
    await upload();
    expect((await findings()).map(({ code }) => code)).toEqual(['never-sent']);
    expect((await now(claim)).state).toBe('acknowledged');
  });
});

describe('claims that went out in one file', () => {
  const lost: SendOutcome = {
    ...{ kind: 'unknown', isSilent: true },
    problem: { code: 'cut', words: '断' },
  };

  it('go out again whole and under its name while nobody knows, and new ones in a file of their own', async () => {
    await settle('ZY1');
    await settle('ZY2');
    cameOf = lost;
    await upload();
    await settle('ZY3');
    cameOf = { kind: 'acknowledged', reference: 'x' };
    await upload();
    expect(handed.map(({ claimIds }) => claimIds.length)).toEqual([2, 2, 1]);
    expect(handed[1]).toEqual(handed[0]);
    expect(handed[2]?.claimIds.some((id) => handed[0]?.claimIds.includes(id))).toBe(false);
  });

  it('do not go out again once their payer has answered of one of them', async () => {
    const [one, other] = [await settle('ZY1'), await settle('ZY2')];
    cameOf = lost;
    await upload();
    leave(about(one, acceptance(one)));
    await upload();
    expect(handed).toHaveLength(1);
    expect(await now(other)).toMatchObject({
      ...{ state: 'unknown', problem: { code: 'file-answered-in-part' } },
    });
    leave(about(other, acceptance(other)));
    await upload();
    expect((await now(other)).state).toBe('accepted');
  });

  it('are acknowledged, and refused, by a word about their file', async () => {
    const [one, other] = [await settle('ZY1'), await settle('ZY2')];
    cameOf = lost;
    await upload();
    const file = {
      ...{ line: 1, about: 'file' as const, sentWith: handed[0]?.name ?? '', claims: 2 },
      claimedFen: fen(one.claimedFen + other.claimedFen),
    };
    leave({ ...file, answer: { kind: 'acknowledged', reference: 'A' } });
    await upload();
    expect([(await now(one)).state, (await now(other)).state]).toEqual([
      'acknowledged',
      'acknowledged',
    ]);
    const problem = { code: 'TRAILER', words: '合计不符' };
    leave({ ...file, answer: { kind: 'rejected', problem, namesIt: true } });
    await upload();
    expect([(await now(one)).state, (await now(other)).state]).toEqual(['rejected', 'rejected']);
  });
});

describe('a payer that cannot be reached', () => {
  it('stops nothing: what was fetched counts, the rest comes next time, and claims go out', async () => {
    const claim = await settle('ZY1');
    await upload();
    leave(about(claim, acceptance(claim)));
    await settle('ZY2');
    isDown = true;
    const answer = await upload();
    expect(answer.returns).toMatchObject([{ answered: 1, problem: { code: 'no-line' } }]);
    expect((await now(claim)).state).toBe('accepted');
    expect(handed).toHaveLength(2);
  });
});

describe('the payer’s own word about a claim that it has', () => {
  it('takes a second person', async () => {
    const claim = await settle('ZY1');
    await upload();
    const consent = { kind: 'present', approvedBy: 'nobody' } as const;
    const word = await keepNotBooked(
      { ...parts(), folder: place() },
      { claimId: claim.id, reason: '电话答复没有收到' },
      { userId: 'clerk1', page: 'a test' },
      consent,
    );
    expect(word.ok ? null : word.refusal.code).not.toBe('claim-state-wrong');
    expect((await now(claim)).state).toBe('acknowledged');
  });
});
