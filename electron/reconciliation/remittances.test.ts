import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { workbookBytes } from '../workbooks/write-workbook.ts';
import { verifyFolder } from '../settlement/verify-folder.ts';
import { refusalOf, testClock, valueOf } from '../settlement/settlement.test-support.ts';
import { bookRemittanceLine, explainDifference } from './close-difference.ts';
import { listDifferences } from './list-reconciliation.ts';
import { readRemittance, remittanceLinesMax } from './read-remittance.ts';
import { takeBackRemittance } from './take-back-remittance.ts';
import { takeInRemittance } from './take-in-remittance.ts';
import { problemsOfRemittances } from './verify-remittances.ts';
import {
  assistance,
  clerk,
  insurance,
  reconcilingStore,
  remittanceCsv,
  supervisor,
  type TestLine,
} from './reconciliation.test-support.ts';

let held: Awaited<ReturnType<typeof reconcilingStore>>;
beforeEach(async () => {
  held = await reconcilingStore();
});
afterEach(() => held.store.remove());

const take = (bytes: Buffer, payer = insurance) =>
  takeInRemittance(held.parts, { name: '拨付.csv', bytes, payer }, clerk);
const takeLines = async (lines: readonly TestLine[], number = 'BF-1') =>
  valueOf(await take(remittanceCsv(lines, { number })));
const differences = () => listDifferences(held.parts, {});
const open = async () =>
  (await listDifferences(held.parts, { states: ['open'] })).map((row) => row.class);
const back = (remittanceId: string, reason = '支付方作废') =>
  takeBackRemittance(held.parts, { remittanceId, reason }, clerk, supervisor);
/** The books add up again, read without the code that wrote them. */
async function verified(): Promise<void> {
  const { checks } = await verifyFolder({ store: held.store });
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(await problemsOfRemittances(held.store)).toEqual([]);
}

describe('a payer that pays', () => {
  it('pays in full, short, or nothing: four figures each, and the claim says which', async () => {
    const full = await held.acceptedClaim('ZY1');
    const short = await held.acceptedClaim('ZY2');
    const denied = await held.acceptedClaim('ZY3');
    const taken = await takeLines([
      { claim: full.id, claimed: 1_092_200, paid: 1_092_200 },
      { claim: short.messageId, claimed: 1_092_200, paid: 1_000_000, reason: '超限用药' },
      { claim: denied.payerReference ?? '', claimed: 1_092_200, approved: 0, paid: 0 },
    ]);
    expect(taken).toMatchObject({ booked: 3, inDoubt: [] });
    expect(taken.claims).toEqual({ paid: 1, shortPaid: 1, denied: 1, waiting: 0 });
    expect(await held.stateOf(full)).toMatchObject({
      ...{ state: 'paid', approvedFen: 1_092_200, adjustedFen: 0, paidFen: 1_092_200 },
    });
    expect(await held.stateOf(short)).toMatchObject({
      ...{ state: 'short-paid', approvedFen: 1_092_200, adjustedFen: 92_200, paidFen: 1_000_000 },
    });
    expect(await held.stateOf(denied)).toMatchObject({
      ...{ state: 'denied', claimedFen: 1_092_200, approvedFen: 0, adjustedFen: 0, paidFen: 0 },
    });
    expect(await differences()).toEqual([]);
    await verified();
  });

  it('sends the same file again: nothing is changed, and it is said', async () => {
    const claim = await held.acceptedClaim('ZY1');
    const bytes = remittanceCsv([{ claim: claim.id, claimed: 1_092_200, paid: 1_092_200 }]);
    const first = valueOf(await take(bytes));
    const before = await held.store.dataVersion();
    const again = valueOf(await take(bytes));
    expect(again).toMatchObject({ already: true, remittance: { id: first.remittance.id } });
    expect(await held.store.dataVersion()).toBe(before);
  });

  it('sends other content under a number: refused, kept, and nothing is changed', async () => {
    const claim = await held.acceptedClaim('ZY1');
    await takeLines([{ claim: claim.id, claimed: 1_092_200, paid: 500_000 }]);
    const other = remittanceCsv([{ claim: claim.id, claimed: 1_092_200, paid: 592_200 }], {
      number: 'BF-1',
    });
    expect(refusalOf(await take(other))).toBe('remittance-number-used');
    expect((await held.stateOf(claim)).paidFen).toBe(500_000);
    const { store } = held;
    const entries = await store.read(({ audit }) => audit.list({ after: 0, limit: 1000 }));
    const refused = entries.find(({ act }) => act === 'refuse-remittance');
    const file = await store.read(({ remittances }) =>
      remittances.file(insurance, refused?.about ?? ''),
    );
    expect(Buffer.from(file?.content_base64 ?? '', 'base64')).toEqual(other);
    await verified();
  });

  it('pays item by item: short-paid when money came, paid with the rest, and an item once', async () => {
    const claim = await held.acceptedClaim('ZY1');
    const [item] = claim.items;
    if (item === undefined) throw new Error('no item');
    const part = { claim: claim.id, item: item.step, claimed: item.amountFen };
    await takeLines([{ ...part, paid: item.amountFen - 100 }]);
    expect(await held.stateOf(claim)).toMatchObject({ state: 'short-paid', adjustedFen: 100 });
    await takeLines([{ ...part, paid: 100 }], 'BF-2');
    expect(await open()).toEqual(['paid-twice']);
    expect((await held.stateOf(claim)).paidFen).toBe(item.amountFen - 100);
    await verified();
  });

  it('is read from a workbook, GB18030 and JSON alike', async () => {
    const claim = await held.acceptedClaim('ZY1');
    const csv = remittanceCsv([
      { claim: claim.id, claimed: 1_092_200, paid: 1_000_000, reason: '扣款' },
    ]);
    const asCsv = readRemittance(csv);
    const rows = csv
      .toString('utf8')
      .split('\r\n')
      .map((row) => row.split(','));
    const [headers = [], ...body] = rows;
    const workbook = Buffer.from(
      await workbookBytes([{ name: '拨付', headers, rows: body, widths: [] }]),
    );
    const { remittance } = asCsv as Extract<typeof asCsv, { remittance: unknown }>;
    expect(readRemittance(workbook)).toEqual(asCsv);
    expect(readRemittance(iconv.encode(csv.toString('utf8'), 'gb18030'))).toEqual(asCsv);
    const figures = {
      claimed: '10922.00',
      approved: '10922.00',
      adjusted: '922.00',
      paid: '10000',
    };
    const json = {
      ...{ remittance: remittance.number, paidOn: remittance.paidOn },
      lines: [{ claim: claim.id, ...figures, reason: '扣款' }],
      trailer: { lines: 1, ...figures },
    };
    expect(readRemittance(Buffer.from(JSON.stringify(json)))).toEqual(asCsv);
  });
});

describe('money that fits no claim', () => {
  const paid = { claimed: 1_092_200, paid: 1_092_200 };
  it.each([
    ['nobody claimed', () => Promise.resolve({ claim: 'nothing', ...paid }), 'paid-unknown-claim'],
    [
      'another payer owes',
      async () => ({ claim: (await held.acceptedClaim('ZY1', assistance)).id, ...paid }),
      'paid-unknown-claim',
    ],
    [
      'was not sent yet',
      async () => ({ claim: (await held.claimOf('ZY1')).id, ...paid }),
      'paid-unclaimed',
    ],
    [
      'was claimed with another amount',
      async () => ({ claim: (await held.acceptedClaim('ZY1')).id, claimed: 1_092_201, paid: 1 }),
      'claimed-differs',
    ],
    [
      'was claimed with less',
      async () => ({
        ...{ claim: (await held.acceptedClaim('ZY1')).id, claimed: 1_092_200 },
        ...{ approved: 1_092_200, adjusted: -1, paid: 1_092_201 },
      }),
      'paid-too-much',
    ],
    [
      'is taken back',
      async () => ({
        claim: (await held.acceptedClaim('ZY1')).id,
        claimed: 1_092_200,
        approved: -5,
        paid: -5,
      }),
      'paid-back',
    ],
  ])('because it %s is kept as a difference and flips no claim', async (_, lineOf, of) => {
    const before = await held.claimOf('ZY1');
    const line = await lineOf();
    const state = (await held.stateOf(before)).state;
    const taken = await takeLines([line]);
    expect(taken).toMatchObject({ booked: 0, inDoubt: [{ position: 1, class: of }] });
    expect(taken.remittance.paid_fen).toBe(line.paid);
    expect(await held.stateOf(before)).toMatchObject({ state, paidFen: null, adjustedFen: null });
    expect(await differences()).toMatchObject([
      { class: of, state: 'open', theirs_fen: line.paid, business_date: '2017-11-27' },
    ]);
    await verified();
  });

  it.each(['rejected', 'withdrawn'] as const)('for a claim that is %s', async (state) => {
    const claim = await held.claimOf('ZY1');
    const at = '2017-11-27T10:00:00.000+08:00';
    await held.store.transact(async ({ claims }) => {
      if (state === 'withdrawn') {
        await claims.withdrawForCancellation(claim.settlementId, at, () => true);
        return;
      }
      await claims.markSent(claim.id, at, '{}');
      const problem = { code: 'x', words: 'x' };
      await claims.keepOutcome(claim.id, at, { kind: 'rejected', problem, namesIt: true });
    });
    await takeLines([{ claim: claim.id, ...paid }]);
    expect(await open()).toEqual(['paid-unclaimed']);
    expect((await held.stateOf(claim)).state).toBe(state);
  });

  it('comes twice in one file, and the second time is the difference', async () => {
    const claim = await held.acceptedClaim('ZY1');
    const taken = await takeLines([
      { claim: claim.id, ...paid },
      { claim: claim.messageId, ...paid },
    ]);
    expect(taken).toMatchObject({ booked: 1, inDoubt: [{ position: 2, class: 'paid-twice' }] });
    expect(await held.stateOf(claim)).toMatchObject({ state: 'paid', paidFen: 1_092_200 });
    await verified();
  });

  it('is booked by a person once its claim can take it, and never past what was claimed', async () => {
    const claim = await held.claimOf('ZY1');
    await takeLines([{ claim: claim.id, ...paid }]);
    const [difference] = await differences();
    const decision = { differenceId: difference?.id ?? '', reason: '支付方已确认入账' };
    expect(refusalOf(await bookRemittanceLine(held.parts, decision, clerk))).toBe(
      'line-not-bookable',
    );
    await held.acceptedClaim('ZY1');
    valueOf(await bookRemittanceLine(held.parts, decision, clerk));
    expect(await held.stateOf(claim)).toMatchObject({ state: 'paid', paidFen: 1_092_200 });
    expect(refusalOf(await bookRemittanceLine(held.parts, decision, clerk))).toBe(
      'difference-closed',
    );
    await takeLines([{ claim: claim.id, claimed: 1, approved: 1, paid: 1 }], 'BF-2');
    const [, second] = await differences();
    const more = { ...decision, differenceId: second?.id ?? '' };
    expect(refusalOf(await bookRemittanceLine(held.parts, more, clerk))).toBe('line-not-bookable');
    await verified();
  });

  it('is the rest of a short payment: booked by a person, it is paid', async () => {
    const claim = await held.acceptedClaim('ZY1');
    await takeLines([{ claim: claim.id, claimed: 1_092_200, paid: 1_000_000 }]);
    await takeLines([{ claim: claim.id, claimed: 92_200, paid: 92_200 }], 'BF-2');
    expect((await held.stateOf(claim)).state).toBe('short-paid');
    const [difference] = await differences();
    const decision = { differenceId: difference?.id ?? '', reason: '补拨' };
    valueOf(await bookRemittanceLine(held.parts, decision, clerk));
    expect(await held.stateOf(claim)).toMatchObject({ state: 'paid', paidFen: 1_092_200 });
    await verified();
  });

  it('is explained with a reason, once, by name', async () => {
    await held.acceptedClaim('ZY1');
    await takeLines([{ claim: 'nothing', ...paid }]);
    const [difference] = await differences();
    const decision = { differenceId: difference?.id ?? '', reason: ' \u3000' };
    expect(refusalOf(await explainDifference(held.parts, decision, clerk))).toBe(
      'difference-reason-missing',
    );
    const said = { ...decision, reason: '别的医院的，已退回' };
    valueOf(await explainDifference(held.parts, said, clerk));
    expect(await differences()).toMatchObject([
      { state: 'explained', closed_by: 'clerk1', reason: '别的医院的，已退回' },
    ]);
    expect(refusalOf(await explainDifference(held.parts, said, clerk))).toBe('difference-closed');
    const unknown = { ...said, differenceId: 'none' };
    expect(refusalOf(await explainDifference(held.parts, unknown, clerk))).toBe(
      'difference-unknown',
    );
    await verified();
  });
});

describe('a file that does not fit', () => {
  const good = () => remittanceCsv([{ claim: 'a', claimed: 100, paid: 100 }]).toString('utf8');
  const codesOf = (text: string | Buffer) => {
    const read = readRemittance(Buffer.from(text));
    return 'problems' in read
      ? read.problems.map(({ code, row, column }) => [code, row, column])
      : [];
  };

  it.each([
    [
      'a trailer with another sum',
      (t: string) => t.replace(/1\.00,1\.00,0\.00,1\.00,$/, '1.00,1.00,0.00,1.01,'),
      [['trailer-differs', 3, 'paid']],
    ],
    [
      'a trailer that counts more',
      (t: string) => t.replace('合计,,1,', '合计,,2,'),
      [['trailer-differs', 3, 'lines']],
    ],
    [
      'no trailer',
      (t: string) => t.split('\r\n').slice(0, 2).join('\r\n'),
      [['trailer-missing', 2, 'claim']],
    ],
    [
      'rows behind the trailer',
      (t: string) => `${t}\r\n${t.split('\r\n')[1] ?? ''}`,
      [
        ['trailer-missing', 4, 'claim'],
        ['trailer-not-last', 3, 'claim'],
      ],
    ],
    [
      'an amount that is none',
      (t: string) => t.replace('1.00', '1.005'),
      [['amount-wrong', 2, 'claimed']],
    ],
    [
      'an amount with separators',
      (t: string) => t.replace('1.00', '１.00'),
      [['amount-wrong', 2, 'claimed']],
    ],
    [
      'a line whose figures contradict',
      (t: string) => t.replace('1.00,1.00,0.00,1.00,', '1.00,1.00,0.50,1.00,'),
      [['figures-contradict', 2, 'paid']],
    ],
    [
      'a day that is none',
      (t: string) => t.replaceAll('2017-12-15', '2017-02-30'),
      [['day-wrong', 2, 'paidOn']],
    ],
    [
      'a column that is missing',
      (t: string) => t.replace('拨付金额', '金额'),
      [['unknown-column', 1, '金额']],
    ],
    [
      'a claim that is not named',
      (t: string) => t.replace(',a,', ',,'),
      [['field-missing', 2, 'claim']],
    ],
    ['nothing', () => '', [['no-rows', undefined, undefined]]],
  ])('with %s is refused by row and column', (_, change, codes) => {
    const found = codesOf(change(good()));
    expect(found).toEqual(codes);
  });

  it('with two remittances in it is refused', () => {
    const two = remittanceCsv([
      { claim: 'a', claimed: 100, paid: 100 },
      { claim: 'b', claimed: 100, paid: 100 },
    ]).toString('utf8');
    const other = two.replace('BF-2017-12,2017-12-15,b', 'BF-X,2017-12-15,b');
    expect(codesOf(other)).toEqual([['header-differs', 3, 'remittance']]);
  });

  it('of more lines than are booked at once is refused before it is read to its end', () => {
    const line = { claim: 'a', claimed: 0, paid: 0 };
    const lines = Array.from({ length: remittanceLinesMax + 1 }, () => line);
    expect(codesOf(remittanceCsv(lines)).map(([code]) => code)).toEqual(['remittance-too-long']);
  });

  it('is kept whole and changes nothing, also where only one line is wrong', async () => {
    const claim = await held.acceptedClaim('ZY1');
    const text = remittanceCsv([{ claim: claim.id, claimed: 1_092_200, paid: 1_092_200 }]);
    const cut = Buffer.from(text.toString('utf8').replace('合计,,1,', '合计,,2,'));
    expect(refusalOf(await take(cut))).toBe('remittance-refused');
    expect((await held.stateOf(claim)).state).toBe('accepted');
    expect(refusalOf(await take(cut))).toBe('remittance-refused');
    expect(refusalOf(await take(text, 'no-such-payer'))).toBe('payer-never-claimed-from');
    valueOf(await take(text));
    await verified();
  });
});

describe('a remittance that is taken back', () => {
  it('leaves its claims as they were, is known by whom, and its mended file may come', async () => {
    const claim = await held.acceptedClaim('ZY1');
    const lines = [
      { claim: claim.id, claimed: 1_092_200, paid: 1_000_000 },
      { claim: 'nothing', claimed: 1, paid: 1 },
    ];
    const { remittance } = await takeLines(lines);
    expect(refusalOf(await back(remittance.id, ''))).toBe('difference-reason-missing');
    const alone = await takeBackRemittance(
      held.parts,
      { remittanceId: remittance.id, reason: 'x' },
      { ...clerk, userId: 'supervisor1' },
      supervisor,
    );
    expect(refusalOf(alone)).toBe('second-person-needed');
    expect(valueOf(await back(remittance.id))).toMatchObject({ claims: 1 });
    expect(await held.stateOf(claim)).toMatchObject({
      ...{ state: 'accepted', approvedFen: 1_092_200, adjustedFen: null, paidFen: null },
    });
    expect(await open()).toEqual([]);
    expect(refusalOf(await back(remittance.id))).toBe('remittance-taken-back');
    expect(refusalOf(await back('none'))).toBe('remittance-unknown');
    await verified();
    await takeLines([{ claim: claim.id, claimed: 1_092_200, paid: 1_092_200 }]);
    expect((await held.stateOf(claim)).state).toBe('paid');
    await verified();
  });

  it('leaves what another remittance paid', async () => {
    const claim = await held.acceptedClaim('ZY1');
    const first = await takeLines([{ claim: claim.id, claimed: 1_092_200, paid: 1_000_000 }]);
    await takeLines([{ claim: claim.id, claimed: 92_200, paid: 92_200 }], 'BF-2');
    const [difference] = await differences();
    const decision = { differenceId: difference?.id ?? '', reason: '补拨' };
    valueOf(await bookRemittanceLine(held.parts, decision, clerk));
    valueOf(await back(first.remittance.id));
    expect(await held.stateOf(claim)).toMatchObject({ state: 'short-paid', paidFen: 92_200 });
    await verified();
  });
});

describe('verify', () => {
  it.each([
    [
      'a claim that says it was paid more',
      'update claims set paid_fen = paid_fen + 1',
      'remittances',
    ],
    ['a claim that was made paid by hand', `update claims set state = 'paid'`, 'remittances'],
    ['a line that is gone', 'delete from remittance_lines', 'remittances'],
    ['a sum that was changed', 'update remittances set paid_fen = paid_fen + 1', 'remittances'],
    ['a difference that is gone', 'delete from differences', 'remittances'],
    [
      'a difference that was closed by hand',
      `update differences set state = 'explained', reason = 'x', closed_at = 'x', closed_by = 'x'`,
      'remittances',
    ],
    ['another who took it in', `update remittances set taken_by = 'x'`, 'remittances'],
  ])('finds %s', async (_, statement, check) => {
    const claim = await held.acceptedClaim('ZY1');
    await takeLines([
      { claim: claim.id, claimed: 1_092_200, paid: 1_000_000 },
      { claim: 'nothing', claimed: 1, paid: 1 },
    ]);
    await verified();
    await held.store.tamper(statement);
    const { checks } = await verifyFolder({ store: held.store });
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toContain(check);
  });

  it.each([
    ['its file', `update remittance_files set content_base64 = 'eA=='`],
    ['what a line names', `update remittance_lines set reference = 'other' where position = 2`],
    ['the day it was paid on', `update remittances set paid_on = '2017-12-16'`],
  ])('finds that of a remittance somebody changed %s', async (_, statement) => {
    await held.acceptedClaim('ZY1');
    await takeLines([
      { claim: 'nothing', claimed: 1, paid: 1 },
      { claim: 'neither', claimed: 1, paid: 1 },
    ]);
    expect(await problemsOfRemittances(held.store)).toEqual([]);
    await held.store.tamper(statement);
    expect(await problemsOfRemittances(held.store)).not.toEqual([]);
  });
});

it('is taken in on the business date of this desk', async () => {
  await held.acceptedClaim('ZY1');
  const { remittance } = await takeLines([{ claim: 'nothing', claimed: 1, paid: 1 }]);
  expect(remittance.business_date).toBe(testClock.businessDate());
});
