import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  eighteenOfFifteen,
  otherFormOf,
  readIdentityNumber,
  writtenNumber,
  type NumberContext,
} from './identity-number.ts';
import { inventedNumbers, withCheckDigit } from './invented-numbers.test-support.ts';

const number = '430626197008153019';
const endsInX = '43062619660606103X';

const read = (text: string, context: NumberContext = {}) => readIdentityNumber(text, context);
const numberIn = (text: string, context: NumberContext = {}) => {
  const reading = read(text, context);
  return reading.kind === 'read' ? reading.number : reading.kind;
};
const faultOf = (text: string, context: NumberContext = {}) => {
  const reading = read(text, context);
  return reading.kind === 'refused' ? reading.why : reading.kind;
};

describe('the number of a citizen is clear', () => {
  it.each([
    ['as it is', number],
    ['with spaces around', `  ${number}\t`],
    ['with marks of direction', `\u202d${number}\u202c`],
    ['with a mark of no width', `${number}\u200b`],
    ['with a byte order mark and a soft hyphen', `\ufeff43062619700815\u00ad3019`],
    ['after an apostrophe', `'${number}`],
    ['after a curled or full-width apostrophe', `\u2019${number}`],
    ['as a formula', `="${number}"`],
    ['as a formula in full-width signs', `\uff1d\uff02${number}\uff02`],
    ['in quotes', `"${number}"`],
    [
      'in full-width digits',
      '\uff14\uff13\uff10\uff16\uff12\uff16\uff11\uff19\uff17\uff10\uff10\uff18\uff11\uff15\uff13\uff10\uff11\uff19',
    ],
    ['in groups', '430626 19700815 3019'],
    ['in groups by wide and thin spaces', '430626\u300019700815\u20093019'],
    ['over two lines', '430626197008\r\n153019'],
    ['with control characters', '430626\u0000197008\u001f153019'],
  ])('%s', (_name, text) => {
    expect(read(text)).toEqual({
      kind: 'read',
      number,
      document: 'citizen',
      isOldForm: false,
      hasKnownDivision: true,
    });
  });

  it.each([
    'x',
    'X',
    '\uff58',
    '\uff38',
    '\u00d7',
    '\u0445',
    '\u0425',
    '\u03c7',
    '\u2179',
    '\u2169',
  ])('with %s as its last character', (last) => {
    expect(numberIn(endsInX.slice(0, 17) + last)).toBe(endsInX);
  });

  it('of a division nobody knows, which is said', () => {
    const unknown = withCheckDigit('00112219700815301');
    expect(read(unknown)).toMatchObject({ kind: 'read', hasKnownDivision: false });
  });

  it('of a resident of Hong Kong and of a foreigner since 2023', () => {
    expect(read(withCheckDigit('81000019700815301'))).toMatchObject({
      document: 'hk-macao-taiwan',
    });
    expect(read(withCheckDigit('83000019700815301'))).toMatchObject({
      document: 'hk-macao-taiwan',
    });
    expect(read(withCheckDigit('91184019700815301'))).toMatchObject({
      document: 'foreign-permanent',
    });
  });
});

describe('what is no number', () => {
  it.each([
    '',
    '  ',
    '0',
    '000000000000000000',
    '\uff10\uff10\uff10',
    '无',
    ' 无 ',
    '不详',
    '未知',
    '无名氏',
    '-',
    '—',
    '/',
    'null',
    'NULL',
    'N/A',
    'none',
    'unknown',
    "'",
    '=""',
  ])('%j is none', (text) => {
    expect(read(text)).toEqual({ kind: 'no-number' });
    expect(read(text, { document: 'passport' })).toEqual({ kind: 'no-number' });
  });
});

describe('what was damaged is refused', () => {
  it.each([
    ['4.30626E+17', 'spreadsheet-number'],
    ['4.30626197008153E+17', 'spreadsheet-number'],
    ['4.30626e17', 'spreadsheet-number'],
    ['4E+17', 'spreadsheet-number'],
    ['\uff14.\uff13\uff10\uff16\uff12\uff16\uff25+\uff11\uff17', 'spreadsheet-number'],
    ['430626197008153000.00', 'spreadsheet-number'],
    ['430,626,197,008,153,000', 'spreadsheet-number'],
    ['########', 'spreadsheet-number'],
    ['#N/A', 'spreadsheet-number'],
    ['#REF!', 'spreadsheet-number'],
    ['430626197008150000', 'digits-lost'],
    // Of 430626197008153019: by chance what was left has a right check digit.
    ['430626197008153000', 'perhaps-lost'],
    ['430626197008154000', 'digits-lost'],
    ['430626********3019', 'masked'],
    ['43062619700815301', 'length'],
    ['4306261970081530199', 'length'],
    ['430626197008153011', 'check-digit'],
    ['430626197008153091', 'check-digit'],
    [withCheckDigit('43062619700230301'), 'birth-date'],
    [withCheckDigit('43062618991231301'), 'birth-date'],
    [withCheckDigit('43062699990101301'), 'birth-date'],
    ['430626-19700815-3019', 'characters'],
    ['43062619700815301O', 'characters'],
    ['身份证430626197008153019', 'characters'],
    ['430626700815301', 'old-number-alone'],
  ])('%s: %s', (text, fault) => {
    expect(faultOf(text)).toBe(fault);
  });

  it('where it ends as if it had been cut and only chance made its check digit right', () => {
    const chance = Array.from('123456789')
      .map((each) => `43062619700815${each}000`)
      .find((each) => withCheckDigit(each.slice(0, 17)) === each);
    if (chance === undefined) throw new Error('no such number');
    expect(faultOf(chance)).toBe('perhaps-lost');
    // A spreadsheet writes no apostrophe before a number, and cuts no card.
    expect(numberIn(`'${chance}`)).toBe(chance);
    expect(numberIn(chance, { isFirstHand: true })).toBe(chance);
  });

  it('where it would be of somebody born after the day it is of', () => {
    expect(faultOf(number, { bornBy: '1970-08-14' })).toBe('birth-date');
    expect(numberIn(number, { bornBy: '1970-08-15' })).toBe(number);
  });
});

describe('a number of fifteen digits', () => {
  it('is taken with the day of birth it says', () => {
    expect(read('430626700815301', { birthDate: '1970-08-15' })).toMatchObject({
      kind: 'read',
      document: 'citizen',
      isOldForm: true,
    });
  });

  it('is none where it is the beginning of eighteen', () => {
    // 430626 2005-08-15 301 without its end would be of somebody born on 1920-05-08.
    expect(faultOf('430626200508153', { birthDate: '2005-08-15' })).toBe('length');
    expect(faultOf('430626197008153', { birthDate: '1970-08-15' })).toBe('length');
  });

  it('has another form of eighteen, and back', () => {
    expect(eighteenOfFifteen('430626700815301')).toBe(number);
    expect(otherFormOf('430626700815301')).toBe(number);
    expect(otherFormOf(number)).toBe('430626700815301');
    expect(otherFormOf('430626200508153019')).toBeNull();
    expect(otherFormOf('H1234567801')).toBeNull();
  });
});

describe('the number of another document', () => {
  it.each([
    ['CAN110175022801', undefined, 'foreign-permanent'],
    ['can 110175022801', 'foreign-permanent', 'foreign-permanent'],
    ['H1234567801', undefined, 'hk-macao-permit'],
    ['h1234567801', undefined, 'hk-macao-permit'],
    ['\uff2d12345678', 'hk-macao-permit', 'hk-macao-permit'],
    ['12345678', 'taiwan-permit', 'taiwan-permit'],
    ['0123456789(B)', 'taiwan-permit', 'taiwan-permit'],
    ['E12345678', 'passport', 'passport'],
    ['5E1234567', 'passport', 'passport'],
    ['K330123456', 'birth-certificate', 'birth-certificate'],
    [number, 'citizen', 'citizen'],
    [withCheckDigit('81000019700815301'), 'hk-macao-taiwan', 'hk-macao-taiwan'],
  ] as const)('%s named %s', (text, document, is) => {
    expect(read(text, { document })).toMatchObject({ kind: 'read', document: is });
  });

  it('is written without the brackets of its edition', () => {
    expect(writtenNumber(' 0123456789\uff08b\uff09 ')).toBe('0123456789B');
  });

  it.each(['E12345678', '12345678', '0123456789B', 'K330123456', 'EA1234567'])(
    '%s needs its document named',
    (text) => {
      expect(read(text)).toEqual({ kind: 'needs-document', number: text });
    },
  );

  it.each([
    ['E12345678', 'hk-macao-permit'],
    ['1234567', 'taiwan-permit'],
    ['PASSPORT', 'passport'],
    ['K33012345', 'birth-certificate'],
    [number, 'passport'],
    [number, 'none'],
    ['E12345678', 'none'],
    ['81000019700815', 'hk-macao-taiwan'],
  ] as const)('%s is none of %s', (text, document) => {
    expect(faultOf(text, { document })).toBe('not-of-document');
  });

  it.each(['4.30626E+17', '1.2E+08'])('%s is of no passport', (text) => {
    expect(faultOf(text, { document: 'passport' })).toBe('spreadsheet-number');
  });
});

/** What leaves a number clear. */
const wraps: readonly ((text: string) => string)[] = [
  (text) => `'${text}`,
  (text) => `="${text}"`,
  (text) => `\u202d${text}\u202c`,
  (text) => ` ${text}\u3000`,
  (text) => `${text}\u200b`,
  (text) => text.toLowerCase(),
  (text) => text.replace(/^(.{6})(.{8})/, '$1 $2 '),
  (text) => text.replace(/[!-~]/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0)),
];

/** What loses something of it. */
const damages: readonly ((text: string, at: number, digit: number) => string)[] = [
  (text) => Number(text.replace('X', '0')).toExponential(5).replace('e', 'E'),
  (text) => Number(text.replace('X', '0')).toExponential(14).replace('e', 'E'),
  (text) => `${text.slice(0, 15)}000`,
  (text) => `${text.slice(0, 15)}000.00`,
  (text) => text.slice(0, 15),
  (text) => text.slice(0, 14) + '0000',
  (text, at) => text.slice(0, at) + text.slice(at + 1),
  (text, at, digit) => text.slice(0, at) + String(digit) + text.slice(at),
  (text, at, digit) => text.slice(0, at) + String(digit) + text.slice(at + 1),
  (text, at) => text.slice(0, at) + (text[at + 1] ?? '') + (text[at] ?? '') + text.slice(at + 2),
  (text) => `${text.slice(0, 6)}********${text.slice(14)}`,
  (text) => '0'.repeat(text.length),
];

describe('any right number', () => {
  const place = fc.nat(17);
  const digit = fc.nat(9);
  const birthDateOf = (text: string) =>
    `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`;

  it('is the same one however it is wrapped', () => {
    fc.assert(
      fc.property(
        inventedNumbers,
        fc.array(fc.constantFrom(...wraps), { maxLength: 3 }),
        (right, how) => {
          // One that ends as a spreadsheet would have cut it is asked about unless it is marked as a text.
          fc.pre(!right.endsWith('000'));
          expect(numberIn(how.reduce((text, wrap) => wrap(text), right))).toBe(right);
        },
      ),
    );
  });

  it('is never another one, however it is damaged', () => {
    fc.assert(
      fc.property(
        inventedNumbers,
        fc.constantFrom(...damages),
        place,
        digit,
        (right, damage, at, by) => {
          const damaged = damage(right, at, by);
          const context = { birthDate: birthDateOf(right) };
          expect([right, 'refused', 'no-number', 'needs-document']).toContain(
            numberIn(damaged, context),
          );
          expect([right, 'refused', 'no-number', 'needs-document']).toContain(numberIn(damaged));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
