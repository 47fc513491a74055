import { readdir } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { settledClaims } from '../settled-claim.test-support.ts';
import { claimChannels, ownChannels, ownProfiles } from './channels.ts';

const [national, own] = ownProfiles.map(({ content }) => content as Record<string, unknown>);
const withNational = (change: object) => [
  { file: 'a.json', content: { ...national, ...change } },
  { file: 'b.json', content: own },
];
const nextClaim = await settledClaims('basic-medical-insurance');

function problemsOf(files: Parameters<typeof claimChannels>[0]): readonly unknown[] {
  const channels = claimChannels(files);
  if (channels.ok) return [];
  expect(channels.refusal.code).toBe('payer-profile-wrong');
  return channels.refusal.details ?? [];
}

describe('the profiles of the payers', () => {
  it('are all read that the program comes with', async () => {
    const folder = await readdir(new URL('../profiles/', import.meta.url));
    expect(folder.sort()).toEqual(ownProfiles.map(({ file }) => file).sort());
    expect(problemsOf(ownProfiles)).toEqual([]);
  });

  it('give the hospital its own ledger, and every payer without a profile of its own the common one', () => {
    const channels = ownChannels();
    const common = channels.of('basic-medical-insurance');
    expect(channels.of('a-payer-of-some-pack')).toBe(common);
    expect(channels.of('hospital-reduction')).not.toBe(common);
  });

  it.each([
    ['a fund code of five digits', { fundCodes: { charity: '63010' } }, '/fundCodes/charity'],
    ['a transaction beyond its field', { transaction: 'Y5010' }, '/transaction'],
    [
      'a length of a field there is not',
      { fieldLengths: { fixmedins: 9 } },
      '/fieldLengths/fixmedins',
    ],
    [
      'a deadline of nothing',
      { deadlines: { connect: 0, headers: 1, body: 1 } },
      '/deadlines/connect',
    ],
    ['no words list', { successWords: undefined }, '/successWords'],
    ['a path that is an address', { path: 'http://x/' }, '/path'],
    ['a protocol nobody speaks', { protocol: 'telex' }, '/protocol'],
    ['a setting nobody reads', { colour: 'red' }, '/colour'],
    [
      'a destination of another profile',
      { destinations: ['hospital-reduction'] },
      '/destinations/0',
    ],
    ['the name of another profile', { profile: 'own-ledger' }, '/profile'],
  ])('are refused with the file and the place of %s', (_what, change, place) => {
    const [problem] = problemsOf(withNational(change)) as { file: string; place: string }[];
    expect(problem?.place).toBe(place);
    expect(['a.json', 'b.json']).toContain(problem?.file);
  });

  it('are refused where none or two are for all other destinations', () => {
    expect(problemsOf(withNational({ destinations: ['one'] }))).toMatchObject([
      { what: 'no profile is for all-others' },
    ]);
    const second = { file: 'c.json', content: { ...national, profile: 'second' } };
    expect(problemsOf([...withNational({}), second])).toEqual([
      { file: 'c.json', place: '/destinations', what: 'all-others already stands in a.json' },
    ]);
  });

  it('say in both languages what is wrong and that nothing was sent', () => {
    const channels = claimChannels(withNational({ transaction: 'Y5010' }));
    expect(channels.ok ? null : channels.refusal.message).toEqual({
      zh: expect.stringContaining('没有发送任何申报') as string,
      en: expect.stringMatching(/a\.json.*\/transaction.*No claim was sent/) as string,
    });
  });

  it('change what is written without a change of code', () => {
    const files = withNational({
      transaction: 'Y777',
      receiverSystem: 'CHANGSHA',
      fundCodes: { 'basic-medical-insurance': '001001' },
    });
    const channels = claimChannels(files);
    if (!channels.ok) throw new Error(channels.refusal.message.en);
    const message = channels.value.of('basic-medical-insurance').write(nextClaim());
    if (message.kind !== 'written') throw new Error(message.problems.join());
    expect(JSON.parse(message.body)).toMatchObject({
      infno: 'Y777',
      recer_sys_code: 'CHANGSHA',
      input: { items: [{ fund_pay_type: '001001' }] },
    });
  });

  it('say which field is too long for the payer', () => {
    const channels = claimChannels(withNational({ fieldLengths: { fixmedins_name: 3 } }));
    if (!channels.ok) throw new Error(channels.refusal.message.en);
    expect(channels.value.of('basic-medical-insurance').write(nextClaim())).toEqual({
      kind: 'not-sendable',
      problems: ['fixmedins_name: longer than 3'],
    });
  });
});
