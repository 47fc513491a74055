import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Clock } from '../base/clock.ts';
import { startPayers } from '../claims/payers.test-support.ts';
import { ownChannels } from '../claims/channels/channels.ts';
import { undoClaim } from '../claims/undo-claim.ts';
import { uploadClaims } from '../claims/upload-claims.ts';
import type { Claim } from '../database/claims-repository.ts';
import { approveBusinessDate } from '../settlement/business-day.ts';
import { cancelSettlement } from '../settlement/cancel-settlement.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import { verifyFolder } from '../settlement/verify-folder.ts';
import {
  dependenciesOn,
  ownPacks,
  refusalOf,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { closeDay } from './close-day.ts';
import { explainDifference } from './close-difference.ts';
import { compareDay } from './compare-day.ts';
import { listDifferences } from './list-reconciliation.ts';
import { oneStopLedger } from './one-stop-ledger.ts';
import type { LedgerAnswer } from './payer-ledger.ts';
import { reconcileDay } from './reconcile-day.ts';
import { takeBackRemittance } from './take-back-remittance.ts';
import { takeInRemittance } from './take-in-remittance.ts';
import { verifyPayers } from './verify-payers.ts';
import {
  assistance,
  clerk,
  insurance,
  reconcilingStore,
  remittanceCsv,
  supervisor,
} from './reconciliation.test-support.ts';

const day = testClock.businessDate();
const packs = await ownPacks();
const claimChannels = ownChannels();
let payers: Awaited<ReturnType<typeof startPayers>>;
let held: Awaited<ReturnType<typeof reconcilingStore>>;
/** Each test has a second of its own: the payers remember every message id. */
let tests = 0;
let clock: Clock;
let today = day;

beforeAll(async () => {
  payers = await startPayers();
});
afterAll(() => payers.end());
beforeEach(async () => {
  tests += 1;
  const at = testClock.now().getTime() + tests * 1000;
  today = day;
  clock = { now: () => new Date(at), businessDate: () => today };
  held = await reconcilingStore(clock);
  await payers.faults({ faults: [] });
});
afterEach(() => held.store.remove());

const folder = () => ({ home: held.store.folder, databaseFile: held.store.file });
const upload = async () =>
  valueOf(
    await uploadClaims(
      { ...held.parts, folder: folder(), channels: claimChannels },
      { payersUrl: payers.url(), who: 'clerk1' },
    ),
  );
const reconcile = (payersUrl = payers.url()) =>
  reconcileDay(
    { ...held.parts, folder: folder(), claimChannels },
    { businessDate: day, payersUrl },
    clerk,
  );
const byHand = async (asked: object): Promise<void> => {
  const response = await fetch(`${payers.url()}/ledger/by-hand`, {
    method: 'POST',
    body: JSON.stringify(asked),
  });
  if (!response.ok) throw new Error('the payer did not do it');
};
/** What is open, of this test's visits: the payers remember those of others on the same day. */
const openOf = async (...claims: readonly Claim[]) => {
  const rows = await listDifferences(held.parts, { businessDate: day, states: ['open'] });
  const subjects = claims.map(({ messageId }) => messageId);
  return rows
    .filter(({ subject }) => subjects.some((own) => subject.startsWith(own)))
    .map((row) => [row.class, row.claim_state, row.ours_fen, row.theirs_fen]);
};
/** Explains what other tests left with the payers. */
async function explainAll(): Promise<void> {
  for (const { id: differenceId } of await listDifferences(held.parts, { states: ['open'] }))
    valueOf(await explainDifference(held.parts, { differenceId, reason: '已问清' }, clerk));
}
const close = (by = clerk) => closeDay(held.parts, day, by, supervisor);

describe('a day beside its payers', () => {
  it('agrees to the fen where everything went through', async () => {
    const claim = await held.claimOf('ZY1');
    await upload();
    const compared = valueOf(await reconcile());
    expect(await openOf(claim, await held.claimOf('ZY1', assistance))).toEqual([]);
    expect(compared.comparisons).toMatchObject([
      { payer: insurance, ledger: 'asked', claims_here: 1, claimed_fen: 1_092_200 },
      { payer: 'hospital-reduction', ledger: 'own', claims_here: 1 },
      { payer: assistance, ledger: 'asked', claims_here: 1, claimed_fen: 126_400 },
    ]);
    expect(compared.cash).toMatchObject({ expectedFen: 135_800, returned: [] });
    expect(compared.cash.taken).toEqual([{ kind: 'cash', amountFen: 135_800 }]);
  });

  it('has only here what was never sent', async () => {
    const claim = await held.claimOf('ZY1');
    valueOf(await reconcile());
    expect(await openOf(claim)).toEqual([['only-here', 'waiting', 1_092_200, null]]);
  });

  it('has only here what the payer has forgotten', async () => {
    const claim = await held.acceptedClaim('ZY1');
    valueOf(await reconcile());
    expect(await openOf(claim)).toEqual([['only-here', 'accepted', 1_092_200, null]]);
  });

  it('has only there what was booked and never answered, until the answer is taken in', async () => {
    const claim = await held.claimOf('ZY1');
    await payers.faults({ faults: ['lost-answer*1'] });
    await upload();
    valueOf(await reconcile());
    expect(await openOf(claim)).toEqual([['only-there', 'unknown', 1_092_200, 1_092_200]]);
    await upload();
    valueOf(await reconcile());
    expect(await openOf(claim)).toEqual([]);
    const gone = await listDifferences(held.parts, { businessDate: day, states: ['gone'] });
    expect(gone.map(({ subject }) => subject)).toContain(claim.messageId);
  });

  it('has only there what somebody at the payer booked', async () => {
    await held.claimOf('ZY1');
    await upload();
    const messageId = `H43062600001201711270000${String(tests).padStart(4, '0')}01`;
    await byHand({
      ...{ payer: insurance, setl_date: day, msgid: messageId, setl_id: 'no such settlement' },
      amountFen: 500,
    });
    valueOf(await reconcile());
    const rows = await listDifferences(held.parts, { businessDate: day, states: ['open'] });
    expect(rows.filter(({ subject }) => subject === messageId)).toMatchObject([
      { class: 'only-there', claim_id: null, ours_fen: null, theirs_fen: 500 },
    ]);
  });

  it('has a duplicate where the settlement was booked once more under another number', async () => {
    const claim = await held.claimOf('ZY1');
    await upload();
    const messageId = `H43062600001201711270001${String(tests).padStart(4, '0')}01`;
    const again = { payer: insurance, setl_date: day, msgid: messageId };
    await byHand({ ...again, setl_id: claim.settlementId, amountFen: 1_092_200 });
    valueOf(await reconcile());
    const rows = await listDifferences(held.parts, { businessDate: day, states: ['open'] });
    expect(rows.filter(({ subject }) => subject === messageId)).toMatchObject([
      { class: 'duplicate', claim_id: claim.id, theirs_fen: 1_092_200 },
    ]);
  });

  it('misses the refund of what the payer took back', async () => {
    const claim = await held.claimOf('ZY1');
    await upload();
    const undone = await fetch(`${payers.url()}/undo`, {
      method: 'POST',
      body: JSON.stringify({ messageId: claim.messageId }),
    });
    expect(undone.ok).toBe(true);
    valueOf(await reconcile());
    expect(await openOf(claim)).toEqual([['refund-missing', 'accepted', 1_092_200, 0]]);
  });

  it('misses the refund of what was withdrawn here and is held there', async () => {
    const claim = await held.claimOf('ZY1');
    await payers.faults({ faults: ['lost-answer*1'] });
    await upload();
    await held.store.tamper(`update claims set state = 'withdrawn' where id = '${claim.id}'`);
    valueOf(await reconcile());
    expect(await openOf(claim)).toEqual([['refund-missing', 'withdrawn', 1_092_200, 1_092_200]]);
  });

  it('contradicts itself where the payer refused a claim and holds it', async () => {
    const claim = await held.claimOf('ZY1');
    await upload();
    await held.store.tamper(`update claims set state = 'rejected' where id = '${claim.id}'`);
    valueOf(await reconcile());
    expect(await openOf(claim)).toEqual([
      ['contradicting-answer', 'rejected', 1_092_200, 1_092_200],
    ]);
  });

  it('differs by the share, not by the sum alone', async () => {
    const claim = await held.claimOf('ZY1');
    await upload();
    await held.store.tamper(
      `update claim_items set amount_fen = amount_fen + 100 where claim_id = '${claim.id}' and position = 0`,
    );
    valueOf(await reconcile());
    const [item] = claim.items;
    const rows = await listDifferences(held.parts, { businessDate: day, states: ['open'] });
    expect(rows.filter(({ claim_id: id }) => id === claim.id)).toMatchObject([
      {
        ...{ class: 'amount-differs', step: item?.step },
        ...{ ours_fen: (item?.amountFen ?? 0) + 100, theirs_fen: item?.amountFen },
      },
    ]);
  });

  it('finds the cash that is not what the patients owed', async () => {
    const { settlementId } = await held.claimOf('ZY1');
    await upload();
    await held.store.tamper('update settlement_tenders set amount_fen = amount_fen - 1');
    valueOf(await reconcile());
    const rows = await listDifferences(held.parts, { payer: 'cash' });
    expect(rows).toMatchObject([
      {
        class: 'amount-differs',
        settlement_id: settlementId,
        ours_fen: 135_800,
        theirs_fen: 135_799,
      },
    ]);
  });

  it('keeps what is known where a payer is not reached, and says so', async () => {
    const claim = await held.acceptedClaim('ZY1');
    valueOf(await reconcile());
    const [before] = await listDifferences(held.parts, { payer: insurance, states: ['open'] });
    const compared = valueOf(await reconcile('http://127.0.0.1:9'));
    expect(compared.comparisons[0]).toMatchObject({
      ledger: 'not-reached',
      problem: 'ECONNREFUSED',
    });
    expect(await openOf(claim)).toHaveLength(1);
    valueOf(await reconcile());
    const [after] = await listDifferences(held.parts, { payer: insurance, states: ['open'] });
    expect(after?.opened_at).toBe(before?.opened_at);
  });

  it('is asked of each payer where that payer is', async () => {
    await held.claimOf('ZY1');
    const nowhere = new URL('http://127.0.0.1:9');
    const places = {
      of: (payer: string) => ({
        isOwnBook: payer === 'hospital-reduction',
        address: payer === assistance ? nowhere : null,
      }),
    };
    const compared = valueOf(
      await reconcileDay(
        { ...held.parts, folder: folder(), claimChannels: places },
        { businessDate: day, payersUrl: payers.url() },
        clerk,
      ),
    );
    expect(compared.comparisons.map(({ payer, ledger }) => [payer, ledger])).toEqual([
      [insurance, 'asked'],
      ['hospital-reduction', 'own'],
      [assistance, 'not-reached'],
    ]);
  });

  it('stays explained while it is what was explained, and is open again when it changes', async () => {
    const claim = await held.claimOf('ZY1');
    valueOf(await reconcile());
    await explainAll();
    valueOf(await reconcile());
    expect(await openOf(claim)).toEqual([]);
    await payers.faults({ faults: ['lost-request*1'] });
    await upload();
    valueOf(await reconcile());
    expect(await openOf(claim)).toEqual([['only-here', 'unknown', 1_092_200, null]]);
  });
});

describe('a payer whose answer is no ledger', () => {
  const answers = (answer: LedgerAnswer) => ({ entries: () => Promise.resolve(answer) });
  it('has none to ask: what it did not take is a difference all the same', async () => {
    const claim = await held.claimOf('ZY1');
    const found: string[] = [];
    const compared = await compareDay(
      { store: held.store, ledger: answers({ kind: 'none' }) },
      { businessDate: day, payer: insurance },
      (rows) => {
        found.push(...rows.map(({ class: of, subject }) => `${of} ${subject}`));
        return Promise.resolve();
      },
    );
    expect(compared).toMatchObject({ ledger: 'none', claimsHere: 1 });
    expect(found).toEqual([`only-here ${claim.messageId}`]);
  });

  it.each([
    ['breaks off', { kind: 'not-reached', why: 'headers-timeout' }, 'headers-timeout'],
    ['has no ledger half way through', { kind: 'none' }, 'none'],
  ] as const)('that %s after the first page was not reached', async (_, second, why) => {
    await held.claimOf('ZY1');
    let asked = 0;
    const entry = { messageId: '0', settlementId: 'x', amountFen: 1, items: [], isUndone: false };
    const ledger = {
      entries: (): Promise<LedgerAnswer> => {
        asked += 1;
        return Promise.resolve(
          asked === 1
            ? ({ kind: 'page', entries: [entry], hasMore: true } as unknown as LedgerAnswer)
            : second,
        );
      },
    };
    const compared = await compareDay(
      { store: held.store, ledger },
      { businessDate: day, payer: insurance },
      () => Promise.resolve(),
    );
    expect(compared).toMatchObject({ ledger: 'not-reached', problem: why });
  });

  it.each([
    ['of another day', { setl_date: '2017-01-01' }, 'another-answer'],
    ['of another payer', { payer: 'x' }, 'another-answer'],
    ['with a field more', { more: 1 }, 'malformed-answer'],
    ['that promises more and has nothing', { has_more: true }, 'not-in-order'],
    ['that is not in order', { entries: ['2', '1'] }, 'not-in-order'],
    ['with an amount that is none', { entries: ['1'], amount: '1.005' }, 'malformed-answer'],
  ])(
    '%s is not read',
    async (_, { amount = '1.00', entries = [], ...more }: Record<string, unknown>, why) => {
      const { createServer } = await import('node:http');
      const server = createServer((_request, response) => {
        const rows = (entries as string[]).map((msgid) => ({
          ...{ msgid, setl_id: 'x', clm_sumamt: amount, items: [], undone: false },
        }));
        const answer = {
          payer: insurance,
          setl_date: day,
          entries: rows,
          has_more: false,
          ...more,
        };
        response.end(JSON.stringify(answer));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const at = server.address();
      const port = typeof at === 'object' && at !== null ? at.port : 0;
      const ledger = oneStopLedger(new URL(`http://127.0.0.1:${String(port)}`));
      const answer = await ledger.entries({ payer: insurance, businessDate: day, after: '' });
      expect(answer).toEqual({ kind: 'not-reached', why });
      await new Promise((resolve) => server.close(resolve));
    },
  );
});

describe('a day', () => {
  it('is closed when it is over, compared with all and explained, by two', async () => {
    await held.claimOf('ZY1');
    expect(refusalOf(await close())).toBe('day-not-over');
    today = '2017-11-28';
    expect(refusalOf(await close())).toBe('day-not-compared');
    valueOf(await reconcile('http://127.0.0.1:9'));
    await explainAll();
    expect(refusalOf(await close())).toBe('day-not-compared');
    valueOf(await reconcile());
    const open = (await listDifferences(held.parts, { states: ['open'] })).length;
    if (open > 0) expect(refusalOf(await close())).toBe('day-has-differences');
    await explainAll();
    expect(refusalOf(await close({ ...clerk, userId: 'supervisor1' }))).toBe(
      'second-person-needed',
    );
    valueOf(await close());
    expect(refusalOf(await close())).toBe('day-closed');
    const { checks } = await verifyFolder({ store: held.store });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('is not closed on a comparison that something happened after', async () => {
    await held.claimOf('ZY1');
    await upload();
    valueOf(await reconcile());
    await held.claimOf('ZY2');
    today = '2017-11-28';
    await explainAll();
    expect(refusalOf(await close())).toBe('day-not-compared');
  });

  it('that is closed refuses every later act on it, and says where the correction goes', async () => {
    const claim = await held.acceptedClaim('ZY1');
    const file = (number: string) => ({
      name: 'a.csv',
      payer: insurance,
      bytes: remittanceCsv([{ claim: 'nothing', claimed: 1, paid: 1 }], { number }),
    });
    const { remittance } = valueOf(await takeInRemittance(held.parts, file('1'), clerk));
    today = '2017-11-28';
    valueOf(await reconcile());
    await explainAll();
    valueOf(await close());
    const dependencies = { ...dependenciesOn(held.store, packs), clock };
    const cancel = await cancelSettlement(dependencies, {
      ...{ settlementId: claim.settlementId, reason: 'x', by: 'cashier1' },
      approvedBy: 'supervisor1',
    });
    expect(refusalOf(cancel)).toBe('day-closed');
    expect(cancel.ok ? '' : cancel.refusal.remedy.zh).toContain('当前业务日');
    expect(refusalOf(await reconcile())).toBe('day-closed');
    const undone = await undoClaim(
      { ...held.parts, folder: folder(), channels: claimChannels, payersUrl: payers.url() },
      { claimId: claim.id, reason: 'x' },
      clerk,
      supervisor,
    );
    expect(refusalOf(undone)).toBe('day-closed');
    const back = await takeBackRemittance(
      ...([held.parts, { remittanceId: remittance.id, reason: 'x' }, clerk, supervisor] as const),
    );
    expect(refusalOf(back)).toBe('day-closed');
    // The clock is set back to it, and a supervisor says that it is right.
    await held.store.transact(({ businessDay }) => businessDay.enter('2017-11-28'));
    today = day;
    const approved = { businessDate: day, by: 'cashier1', approvedBy: 'supervisor1' };
    valueOf(await approveBusinessDate(dependencies, approved));
    expect(refusalOf(await takeInRemittance(held.parts, file('2'), clerk))).toBe('day-closed');
    await expect(held.claimOf('ZY2')).rejects.toThrow('day-closed');
    const settled = await settleVisit(dependencies, { visitId: 'ZY2', by: 'cashier1' });
    expect(refusalOf(settled)).toBe('day-closed');
    today = '2017-11-28';
    valueOf(await takeInRemittance(held.parts, file('2'), clerk));
  });

  it.each([
    [
      'a difference of it that is open again',
      `update differences set state = 'open', closed_at = null, closed_by = null`,
    ],
    ['a claim of it that is gone', `update claims set state = 'withdrawn'`],
    ['who closed it', `update day_closes set closed_by = 'x'`],
    ['that it was closed', 'delete from day_closes'],
  ])('that is closed is verified: %s', async (_, statement) => {
    await held.claimOf('ZY1');
    today = '2017-11-28';
    valueOf(await reconcile());
    await explainAll();
    valueOf(await close());
    await held.store.tamper(statement);
    const { checks } = await verifyFolder({ store: held.store });
    expect(checks.find(({ name }) => name === 'closed-days')?.ok).toBe(false);
  });
});

describe('verify --payers', () => {
  it('finds what a payer does not hold, and knows what was explained', async () => {
    const verify = async (url = payers.url()) =>
      valueOf(await verifyPayers({ store: held.store, claimChannels }, url));
    const claim = await held.acceptedClaim('ZY1');
    const of = async () => (await verify()).problems.filter(({ about }) => about === claim.id);
    expect(await of()).toHaveLength(1);
    valueOf(await reconcile());
    await explainAll();
    expect(await of()).toEqual([]);
    const { problems } = await verify('http://127.0.0.1:9');
    expect(problems.map(({ problem }) => problem)).toContain('was not reached (ECONNREFUSED)');
  });
});
