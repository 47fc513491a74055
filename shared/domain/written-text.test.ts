import { describe, expect, it } from 'vitest';

import { allAsShown, asShown, readReason, steersLine } from './written-text.ts';

describe('a text of somebody else that is shown among ours', () => {
  it.each([
    '\u061C',
    '\u200E',
    '\u200F',
    '\u202A',
    '\u202B',
    '\u202C',
    '\u202D',
    '\u202E',
    '\u2066',
    '\u2067',
    '\u2068',
    '\u2069',
    '\u206A',
    '\u206F',
    '\u0000',
    '\u0007',
    '\u001B',
    '\u007F',
    '\u009B',
    '\u{E0001}',
    '\u{E0041}',
  ])('turns and steers no line: %j', (sign) => {
    expect(asShown(`12${sign}床`)).toBe('12床');
    expect(steersLine(`12${sign}床`)).toBe(true);
  });

  it.each([
    '结肠恶性肿瘤',
    '一\n二\t三',
    '𠮷田',
    'e\u0301',
    '👨\u200D👩\u200D👧',
    'تشخيص',
    '床\uFE0F',
  ])('stays as it is where it does neither: %j', (text) => {
    expect(asShown(text)).toBe(text);
    expect(steersLine(text)).toBe(false);
  });

  it('is shown so wherever it stands in a value, which stays as it is', () => {
    const at = new Date(0);
    const value = { a: ['x', { b: 'y\u202Ez', at }], n: 1, nothing: null };
    expect(allAsShown(value)).toEqual({ a: ['x', { b: 'yz', at }], n: 1, nothing: null });
    expect(value.a[1]).toEqual({ b: 'y\u202Ez', at });
    const plain = { a: ['x'], b: { c: 'd' } };
    expect(allAsShown(plain)).toBe(plain);
  });
});

describe('a reason', () => {
  it.each([
    '',
    ' \u3000',
    '\u200B',
    '\u2800',
    '\u3164',
    '\uFE0F',
    '\u{1D159}',
    '\u0300',
    '.',
    '——',
    '\uFFFD',
  ])('that nobody can read says nothing: %j', (text) => {
    expect(readReason(text)).toBe('');
  });

  it('is kept as others read it', () => {
    expect(readReason(' 票据\u202E卡纸\n 第2次。')).toBe('票据 卡纸 第2次。');
    expect(readReason('7')).toBe('7');
  });
});
