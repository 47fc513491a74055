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
const read = (text: string, attempts = 0, status = 200) =>
  readAnswer(profile, { ...claim, attempts }, status, text);

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

  it('rejects with the code in its words, else with its number', () => {
    const refusal = { infcode: '-1', err_msg: '[SUM_ITEMS] 明细合计不等于申报金额', output: {} };
    expect(read(answer(refusal))).toEqual({
      kind: 'rejected',
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

  it('decides nothing by code 0 with an error once an earlier attempt may have been booked', () => {
    const text = answer({ err_msg: '[NOT_BOOKED] 未入账', output: {} });
    expect(read(text, 0)).toMatchObject({ kind: 'rejected', problem: { code: 'NOT_BOOKED' } });
    expect(read(text, 1)).toMatchObject({ kind: 'unknown' });
  });

  it('takes the words of success of a payer whose profile has them for no error', () => {
    const text = answer({ err_msg: '成功' });
    expect(read(text).kind).toBe('rejected');
    const known = { ...profile, successWords: ['成功'] };
    expect(readAnswer(known, claim, 200, text)).toMatchObject({ kind: 'accepted' });
  });

  it('decides nothing by any status but 200', () => {
    for (const status of [201, 302, 404, 500, 502]) {
      expect(read(answer(), 0, status)).toMatchObject({ kind: 'unknown' });
    }
  });
});
