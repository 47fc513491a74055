import { describe, expect, it } from 'vitest';

import { settledClaims } from '../../settled-claim.test-support.ts';
import { ownProfiles } from '../channels.ts';
import { nationalProfile } from './national-profile.ts';
import { readAnswer } from './read-answer.ts';

const profile = nationalProfile.parse(ownProfiles[0]?.content);
const { claim } = (await settledClaims('basic-medical-insurance'))();
const output = {
  msgid: claim.messageId,
  claim_id: claim.id,
  payer: claim.destination,
  setl_id: claim.settlementId,
  clm_sumamt: '10922.00',
  items: [{ seq_no: '1', fund_pay_amt: '10922.00', accp_flag: '1' }],
};
const answer = (change: object = {}, changedOutput: object = {}) =>
  JSON.stringify({
    infcode: '0',
    inf_refmsgid: '430626201711271015000000000001',
    err_msg: '',
    output: { ...output, ...changedOutput },
    ...change,
  });
const read = (text: string, isInDoubt = false, status = 200) =>
  readAnswer(profile, { claim, isInDoubt }, { status, text });
const named = { msgid: claim.messageId, claim_id: claim.id };

describe('an answer of the national interface', () => {
  it('accepts a claim by its complete echo, its amounts as text or as numbers', () => {
    const accepted = { kind: 'accepted', approvedFen: 1_092_200 };
    expect(read(answer())).toMatchObject(accepted);
    const items = [{ seq_no: '1', fund_pay_amt: 10922, accp_flag: '1' }];
    expect(read(answer({ infcode: 0 }, { clm_sumamt: 10922.0, items }))).toMatchObject(accepted);
  });

  it.each([
    ['another message', { msgid: 'x' }],
    ['another claim', { claim_id: 'x' }],
    ['another payer', { payer: 'x' }],
    ['another settlement', { setl_id: 'x' }],
    ['another total', { clm_sumamt: '10922.01' }],
    ['no items', { items: [] }],
    ['another amount', { items: [{ ...output.items[0], fund_pay_amt: '10922.01' }] }],
    ['an item it refuses', { items: [{ ...output.items[0], accp_flag: '0' }] }],
    ['a total beyond all amounts', { clm_sumamt: '999999999999.99' }],
    ['a total with three decimals', { clm_sumamt: '10922.001' }],
    ['a number with three decimals', { clm_sumamt: 10922.001 }],
    ['a number beyond all numbers', { clm_sumamt: 1e300 }],
    ['a total that is negative', { clm_sumamt: '-10922.00' }],
    ['a total with a zero before it', { clm_sumamt: '010922.00' }],
    ['a total that is no amount', { clm_sumamt: 'NaN' }],
  ])('decides nothing where it echoes %s', (_what, change) => {
    expect(read(answer({}, change))).toMatchObject({ kind: 'unknown', isSilent: false });
  });

  it.each([
    '',
    'null',
    '[]',
    '"0"',
    '{}',
    '<html>',
    '{"infcode":"0"}',
    '{"infcode":"0","inf_refmsgid":"1","output":null}',
    '{"infcode":{},"inf_refmsgid":"1"}',
    answer({ inf_refmsgid: '1'.repeat(31) }),
    answer({ infcode: '999' }),
    answer({ infcode: '-100', err_msg: '[X] 中间层' }),
  ])('decides nothing where it is %s', (text) => {
    expect(read(text)).toMatchObject({ kind: 'unknown', isSilent: false });
  });

  it('keeps of its words and numbers what a list can show: no control characters, nothing without end', () => {
    const hostile = '\u001b[2J\u202e\n{"level":50}' + '退'.repeat(500_000);
    const answers = [
      read(answer({ infcode: '-1', err_msg: hostile, output: null })),
      read(answer({ infcode: '-1', err_msg: hostile, output: null }), true),
      read(answer({ infcode: '-1', err_msg: `[${'A'.repeat(500_000)}]`, output: null })),
      read(answer({ infcode: hostile, output: null })),
      read(answer({ inf_refmsgid: '\u001b[2J\u202e\n1' })),
    ];
    expect(answers.map(({ kind }) => kind)).toEqual([
      'rejected',
      'unknown',
      'rejected',
      'unknown',
      'accepted',
    ]);
    for (const kept of answers) {
      const text = JSON.stringify(kept);
      expect(text.length).toBeLessThan(1000);
      expect(text).not.toMatch(/\\u001b|\\n|\u202e/);
    }
  });

  it('rejects with the code in its words, else with its number', () => {
    const refusal = { infcode: '-1', err_msg: '[SUM_ITEMS] 明细合计不等于申报金额', output: {} };
    expect(read(answer(refusal))).toEqual({
      kind: 'rejected',
      namesIt: false,
      mayBeOfAnother: true,
      problem: { code: 'SUM_ITEMS', words: '[SUM_ITEMS] 明细合计不等于申报金额' },
    });
    const bare = { ...refusal, err_msg: '参数错误' };
    expect(read(answer(bare))).toMatchObject({ kind: 'rejected', problem: { code: '-1' } });
  });

  it.each([
    'SIGN_IN_EXPIRED',
    'CERTIFICATE_EXPIRED',
    'DISK_FULL',
    'DUPLICATE_CLAIM',
    'MSGID_REUSED',
  ])('decides nothing where it says %s', (code) => {
    const said = read(answer({ infcode: '-1', err_msg: `[${code}] 稍后再试`, output: {} }));
    expect(said).toMatchObject({ kind: 'unknown', problem: { code } });
  });

  it.each([
    '系统繁忙，请稍后再试',
    '[BUSY] 系统繁忙',
    '交易超时',
    '该交易正在处理，请勿重复提交',
    '接口维护中',
  ])('decides nothing where it is busy: %s', (err_msg) => {
    for (const infcode of ['-1', '0']) {
      expect(read(answer({ infcode, err_msg, output: {} })).kind).toBe('unknown');
    }
  });

  it.each([
    [
      'the plain refusal of a claim',
      { infcode: '-1', err_msg: '[SUM_ITEMS] 明细合计不等于申报金额' },
    ],
    ['a refusal without a code', { infcode: '-1', err_msg: '参数错误' }],
    ['code 0 with an error', { err_msg: '[NOT_BOOKED] 未入账' }],
    [
      'words that nothing was booked, of no message',
      { infcode: '-1', err_msg: '[NOT_BOOKED] 未入账' },
    ],
  ])('takes %s for a refusal only while no earlier attempt may have been booked', (_what, said) => {
    const text = answer({ ...said, output: {} });
    expect(read(text, false)).toMatchObject({ kind: 'rejected', namesIt: false });
    expect(read(text, true)).toMatchObject({ kind: 'unknown', isSilent: false });
  });

  it('takes a refusal that names no claim for this one’s own only where this payer’s refusals never name any', () => {
    const refusal = { infcode: '-1', err_msg: '[LIMIT_REACHED] 超过年度限额' };
    expect(read(answer({ ...refusal, output: {} }))).toMatchObject({ mayBeOfAnother: true });
    expect(read(answer({ ...refusal, output: named }))).not.toHaveProperty('mayBeOfAnother');
    const nameless = { ...profile, refusalsNameTheirClaim: false };
    const text = answer({ ...refusal, output: {} });
    expect(readAnswer(nameless, { claim, isInDoubt: false }, { status: 200, text })).toEqual({
      ...{ kind: 'rejected', namesIt: false },
      problem: { code: 'LIMIT_REACHED', words: refusal.err_msg },
    });
  });

  it('rejects after doubt by an answer that names this claim as not booked, and by no other', () => {
    const said = { infcode: '-1', err_msg: '[NOT_BOOKED] 未入账' };
    expect(read(answer({ ...said, output: named }), true)).toMatchObject({
      kind: 'rejected',
      namesIt: true,
      problem: { code: 'NOT_BOOKED' },
    });
    for (const other of [
      { ...named, msgid: 'x' },
      { ...named, claim_id: 'x' },
    ]) {
      for (const isInDoubt of [true, false]) {
        expect(read(answer({ ...said, output: other }), isInDoubt)).toMatchObject({
          kind: 'unknown',
          problem: { code: 'another-answer' },
        });
      }
    }
    const general = { infcode: '-1', err_msg: '[SUM_ITEMS] 明细合计不等于申报金额' };
    expect(read(answer({ ...general, output: named }), true).kind).toBe('unknown');
  });

  it('decides by the echo, not by the words beside it', () => {
    for (const err_msg of ['成功', '交易成功', 'SUCCESS', '处理完成']) {
      expect(read(answer({ err_msg }))).toMatchObject({ kind: 'accepted', approvedFen: 1_092_200 });
      expect(read(answer({ err_msg }), true)).toMatchObject({ kind: 'accepted' });
      // The same words without the echo say nothing: not that it was taken, not that it was refused.
      expect(read(answer({ err_msg, output: {} }))).toMatchObject({ kind: 'unknown' });
      expect(
        read(answer({ err_msg, output: { ...named, setl_id: claim.settlementId } })),
      ).toMatchObject({
        kind: 'unknown',
      });
    }
  });

  it.each(['[NOT_BOOKED] 未入账', '[LIMIT_REACHED] 超过年度限额'])(
    'decides nothing where a complete echo stands beside the code of an error: %s',
    (err_msg) => {
      expect(read(answer({ err_msg }))).toMatchObject({ kind: 'unknown' });
    },
  );

  it('decides nothing by any status but 200', () => {
    for (const status of [201, 302, 404, 500, 502]) {
      expect(read(answer(), false, status)).toMatchObject({ kind: 'unknown' });
    }
  });
});
