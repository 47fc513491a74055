import { describe, expect, it } from 'vitest';
import { classifyCode } from './classify-code.ts';
import { defaultCodeSettings } from './code-settings.ts';
import { parseCodeSettings } from './parse-code-settings.ts';

const meaning = (settings: string, code: string, origin: 'scan' | 'stripe' = 'scan') => {
  const parsed = parseCodeSettings(settings);
  if (!parsed.ok) throw new Error(parsed.refusal.message.en);
  return classifyCode(code, parsed.value, { origin, today: '2026-11-23' });
};

describe('what codes mean, as a hospital writes it', () => {
  it('is the usual where nothing is written', () => {
    expect(parseCodeSettings('  ')).toEqual({ ok: true, value: defaultCodeSettings });
  });

  it.each([
    ['barcode:8:YH', 'YH123456', { kind: 'preferential', cardNumber: 'YH123456' }],
    [
      'id-number:YH',
      'YH430626195001010016',
      { kind: 'preferential', idNumber: '430626195001010016' },
    ],
    ['uid:decimal-10:reversed', '0040856634', { kind: 'preferential', cardNumber: '3A6C6F02' }],
    ['visit:ZY', 'ZY2017-0001', { kind: 'own-number', of: 'visit', number: 'ZY2017-0001' }],
    ['any-28-digits', '1234567890123456789012345678', { kind: 'e-voucher', of: 'unconfirmed' }],
    ['', 'JS20171127-00001', { kind: 'own-number', of: 'settlement' }],
  ])('%s makes %s what it is', (settings, code, expected) => {
    expect(meaning(settings, code)).toMatchObject(expected);
  });

  it('tells stripes of preferential and of social-security cards apart', () => {
    expect(meaning('track-2:8-10:66', ';6612345678?', 'stripe')).toMatchObject({
      kind: 'preferential',
      cardNumber: '6612345678',
    });
    const both = 'track-2:8-10:66 stripe-is-social-security';
    expect(meaning(both, ';7712345678?', 'stripe')).toEqual({
      kind: 'social-security',
      cardNumber: '7712345678',
    });
  });

  it.each([
    'track-2:9-8',
    'track-2:4-38',
    'track-2:x',
    'uid:decimal-11',
    'uid:hex-8:backwards',
    'barcode:2:YH',
    'barcode:12:YH:more',
    'id-number:',
    'id-number:YH:x',
    'visit:(a+)+',
    'something',
  ])('refuses %s and says which word', (word) => {
    expect(parseCodeSettings(`any-28-digits ${word}`)).toMatchObject({
      ok: false,
      refusal: { code: 'bad-code-setting', place: word },
    });
  });
});
