import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cardEndingInX, residentCard, withCheckCharacter } from '../simulator/invented-cards.ts';
import { cardOfCode } from './card-of-code.ts';
import { classifyCode, type CodeContext, type CodeMeaning } from './classify-code.ts';
import { defaultCodeSettings, type CodeSettings, type PreferentialForm } from './code-settings.ts';

const depth = Number(process.env['TEST_DEPTH'] ?? 1);
const scan: CodeContext = { origin: 'scan', today: '2026-11-23' };
const typed: CodeContext = { ...scan, origin: 'typed' };
const stripe: CodeContext = { ...scan, origin: 'stripe' };
const voucher = '4243669509084040896099330000';

function withForms(...preferential: PreferentialForm[]): CodeSettings {
  return { ...defaultCodeSettings, preferential };
}

/** Kind and the word that tells kinds of one kind apart. */
function short(meaning: CodeMeaning): string {
  switch (meaning.kind) {
    case 'e-voucher':
    case 'own-number':
      return `${meaning.kind} ${meaning.of}`;
    case 'payment':
      return `${meaning.kind} ${meaning.means}`;
    case 'unknown':
      return `${meaning.kind} ${meaning.why}`;
    default:
      return meaning.kind;
  }
}

describe('what a scanned code is', () => {
  it.each([
    [voucher, 'e-voucher nation'],
    [`opc${voucher.slice(3)}`, 'e-voucher app'],
    [`OPC${voucher.slice(3)}`, 'unknown other'],
    [`${voucher}\r\n`, 'e-voucher nation'],
    [`]Q1${voucher}`, 'e-voucher nation'],
    [voucher.slice(1), 'unknown other'],
    [voucher.slice(0, 27), 'unknown cut-e-voucher'],
    [`${voucher}0`, 'unknown cut-e-voucher'],
    [`5${voucher.slice(1)}`, 'unknown other'],
    [residentCard.idNumber, 'citizen-number'],
    [cardEndingInX.idNumber, 'citizen-number'],
    [cardEndingInX.idNumber.toLowerCase(), 'citizen-number'],
    ['430626195001010017', 'unknown wrong-id-number'],
    [withCheckCharacter('43062619500230001'), 'unknown wrong-id-number'],
    [withCheckCharacter('43062620270101001'), 'unknown wrong-id-number'],
    [withCheckCharacter('43062618991231001'), 'unknown wrong-id-number'],
    ['100000000000000000', 'payment wechat'],
    ['134612345678901234', 'payment wechat'],
    ['159999999999999999', 'payment wechat'],
    ['169999999999999999', 'unknown wrong-id-number'],
    ['2512345678901234', 'payment alipay'],
    ['281234567890123456', 'payment alipay'],
    ['301234567890123456789012', 'payment alipay'],
    ['3012345678901234567890123', 'unknown other'],
    ['311234567890123456789', 'unknown other'],
    ['6212345678901234567', 'payment unionpay'],
    ['62123456789012345678', 'unknown other'],
    ['JS20171127-0001', 'own-number settlement'],
    ['JS20171127-12345', 'own-number settlement'],
    ['js20171127-0001', 'unknown other'],
    ['https://example.invalid/q?424', 'unknown other'],
    ['', 'unknown empty'],
    ['\r\n', 'unknown empty'],
    ['1'.repeat(513), 'unknown too-long'],
    [';1234567890123456=25121010000012300?', 'preferential'],
    [';1234567890123456=25121010000012300?;', 'preferential'],
    [';1234567890123456=25121010000012300?:', 'unknown damaged-stripe'],
    [';12', 'unknown damaged-stripe'],
    ['12345678', 'unknown other'],
  ])('%j is %s', (text, expected) => {
    expect(short(classifyCode(text, defaultCodeSettings, scan))).toBe(expected);
  });

  it('is a citizen number even where 微信 has codes of the same shape', () => {
    for (const province of [11, 12, 13, 14, 15]) {
      const number = withCheckCharacter(`${String(province)}010119900101123`);
      expect(classifyCode(number, defaultCodeSettings, scan)).toEqual({
        kind: 'citizen-number',
        idNumber: number,
      });
      // One digit off it is a payment code again.
      const last = number.endsWith('0') ? '1' : '0';
      const off = classifyCode(number.slice(0, 17) + last, defaultCodeSettings, scan);
      expect(short(off)).toBe('payment wechat');
    }
  });

  it('is never a payment code when typed or swiped', () => {
    expect(short(classifyCode('134612345678901234', defaultCodeSettings, typed))).toBe(
      'unknown wrong-id-number',
    );
    expect(short(classifyCode('134612345678901234', defaultCodeSettings, stripe))).toBe(
      'preferential',
    );
  });

  it('may be 28 digits of any beginning where the settings say so', () => {
    const tolerant = { ...defaultCodeSettings, tolerantEVoucher: true };
    const other = `5${voucher.slice(1)}`;
    expect(short(classifyCode(other, tolerant, scan))).toBe('e-voucher unconfirmed');
    expect(short(classifyCode(other.slice(1), tolerant, scan))).toBe('unknown other');
    expect(short(classifyCode(voucher, tolerant, scan))).toBe('e-voucher nation');
  });
});

describe('preferential cards in the forms of a hospital', () => {
  const uid = (writtenAs: 'hex-10' | 'hex-8' | 'decimal-10' | 'decimal-8' | '2h4h' | '4h4h') =>
    ({ form: 'uid', writtenAs, byteOrder: 'as-on-card' }) as const;

  it.each([
    ['01026F6C3A', uid('hex-10'), '01026F6C3A'],
    ['01026f6c3a', uid('hex-10'), '01026F6C3A'],
    ['026F6C3A', uid('hex-8'), '026F6C3A'],
    ['0040856634', uid('decimal-10'), '026F6C3A'],
    ['07302202', uid('decimal-8'), '6F6C3A'],
    ['111,27706', uid('2h4h'), '6F6C3A'],
    ['00623,27706', uid('4h4h'), '026F6C3A'],
    ['0040856634', { ...uid('decimal-10'), byteOrder: 'reversed' }, '3A6C6F02'],
    ['3A6C6F0201', { ...uid('hex-10'), byteOrder: 'reversed' }, '01026F6C3A'],
    ['4294967295', uid('decimal-10'), 'FFFFFFFF'],
    ['YH-00017', { form: 'barcode', prefix: 'YH-', length: 8 }, 'YH-00017'],
    ['139900001234567890', { form: 'barcode', prefix: '1399', length: 18 }, '139900001234567890'],
    ['880012345', { form: 'track-2', prefix: '88', shortest: 9, longest: 9 }, '880012345'],
    [';880012345?', { form: 'track-2', prefix: '', shortest: 4, longest: 10 }, '880012345'],
  ] satisfies [string, PreferentialForm, string][])('%s', (text, form, cardNumber) => {
    expect(classifyCode(text, withForms(form), scan)).toMatchObject({
      kind: 'preferential',
      cardNumber,
    });
  });

  it.each([
    ['4294967296', uid('decimal-10')],
    ['16777216', uid('decimal-8')],
    ['256,00000', uid('2h4h')],
    ['00623,65536', uid('4h4h')],
    ['62327706', uid('4h4h')],
    ['01026F6C3', uid('hex-10')],
    ['01026F6C3G', uid('hex-10')],
    ['YH-000170', { form: 'barcode', prefix: 'YH-', length: 8 }],
    ['YH-0001优', { form: 'barcode', prefix: 'YH-', length: 8 }],
    ['XH-00017', { form: 'barcode', prefix: 'YH-', length: 8 }],
    ['12345678', { form: 'track-2', prefix: '', shortest: 4, longest: 37 }],
    [';880012345?', { form: 'track-2', prefix: '99', shortest: 4, longest: 37 }],
  ] satisfies [string, PreferentialForm][])('%s is not one', (text, form) => {
    expect(classifyCode(text, withForms(form), scan).kind).toBe('unknown');
  });

  it('a payment code is one only if the hospital has set the prefix of its cards', () => {
    const payment = '134612345678901234';
    const byLength: PreferentialForm = { form: 'barcode', prefix: '', length: 18 };
    expect(classifyCode(payment, withForms(byLength), scan).kind).toBe('payment');
    const byPrefix: PreferentialForm = { form: 'barcode', prefix: '1346', length: 18 };
    expect(classifyCode(payment, withForms(byPrefix), scan).kind).toBe('preferential');
    expect(
      classifyCode(voucher, withForms({ ...byPrefix, length: 28, prefix: '4' }), scan).kind,
    ).toBe('e-voucher');
  });

  it('one that bears only the number of its owner gives the owner', () => {
    const form: PreferentialForm = { form: 'id-number', prefix: '' };
    const { idNumber } = residentCard;
    expect(classifyCode(idNumber, withForms(form), scan)).toEqual({
      kind: 'preferential',
      code: idNumber,
      idNumber,
    });
    expect(classifyCode(idNumber, withForms(form), typed).kind).toBe('citizen-number');
    const prefixed: PreferentialForm = { form: 'id-number', prefix: 'YH' };
    expect(classifyCode(`YH${idNumber}`, withForms(prefixed), scan)).toMatchObject({ idNumber });
    expect(classifyCode('YH430626195001010017', withForms(prefixed), scan).kind).toBe('unknown');
  });
});

describe('stripes', () => {
  it('of bank cards are refused, also as bare text', () => {
    const bankCard = ';6222020000000000000=25121010000012300?';
    const luhn = [...Array(10).keys()].map((digit) =>
      bankCard.replace('000=', `00${String(digit)}=`),
    );
    const kinds = luhn.map((text) => short(classifyCode(text, defaultCodeSettings, stripe)));
    expect(kinds.filter((kind) => kind === 'payment bank-card')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'preferential')).toHaveLength(9);
  });

  it('of social-security cards give their number where the settings say so', () => {
    const settings = { ...defaultCodeSettings, stripeIsSocialSecurity: true };
    expect(classifyCode(';430600012345?', settings, stripe)).toEqual({
      kind: 'social-security',
      cardNumber: '430600012345',
    });
  });

  it('keep nothing behind the number', () => {
    const meaning = classifyCode(
      '%B1234567890123456^ZHANG/SAN^25121010000012300?',
      defaultCodeSettings,
      stripe,
    );
    expect(meaning).toEqual({
      kind: 'preferential',
      code: '1234567890123456',
      cardNumber: '1234567890123456',
    });
  });
});

const digits = (length: number) =>
  fc.string({
    unit: fc.constantFrom(...Array.from('0123456789')),
    minLength: length,
    maxLength: length,
  });
const birthDay = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2026-11-23'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10).replaceAll('-', ''));
const idNumber = fc
  .tuple(
    fc.constantFrom('11', '12', '13', '14', '15', '43', '52', '81', '91'),
    digits(4),
    birthDay,
    digits(3),
  )
  .map((parts) => withCheckCharacter(parts.join('')));

describe('whatever is scanned', () => {
  it('a right citizen number is always one, and its neighbours never are', () => {
    fc.assert(
      fc.property(idNumber, fc.nat(16), fc.integer({ min: 1, max: 9 }), (number, at, by) => {
        const meaning = classifyCode(number, defaultCodeSettings, scan);
        expect(meaning).toEqual({ kind: 'citizen-number', idNumber: number });
        const changed = (Number(number[at]) + by) % 10;
        const neighbour = number.slice(0, at) + String(changed) + number.slice(at + 1);
        expect(classifyCode(neighbour, defaultCodeSettings, scan).kind).not.toBe('citizen-number');
      }),
      { numRuns: 1000 * depth },
    );
  });

  it('a payment code is nearly never taken for a citizen number', () => {
    let taken = 0;
    const runs = depth > 1 ? 20_000 * depth : 5_000;
    fc.assert(
      fc.property(
        fc.constantFrom('10', '11', '12', '13', '14', '15'),
        digits(16),
        (front, rest) => {
          const { kind } = classifyCode(front + rest, defaultCodeSettings, scan);
          expect(['payment', 'citizen-number']).toContain(kind);
          if (kind === 'citizen-number') taken += 1;
        },
      ),
      { numRuns: runs },
    );
    // 127 years of days in 10^8, one check in eleven: about one in 24,000 of those from 11 to 15.
    expect(taken).toBeLessThan(10 * depth);
  });

  it('gives a card or a refusal in words that hold nothing of the code', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: fc.constantFrom(...Array.from('0123456789;=?%^X,-')), maxLength: 40 }),
      fc.nat(40).chain(digits),
      digits(25).map((rest) => `424${rest}`),
    );
    const settings: CodeSettings = {
      ...defaultCodeSettings,
      tolerantEVoucher: true,
      preferential: [
        ...defaultCodeSettings.preferential,
        { form: 'uid', writtenAs: 'decimal-10', byteOrder: 'reversed' },
        { form: 'barcode', prefix: '', length: 12 },
      ],
    };
    const kinds = new Set<string>();
    const origin = fc.constantFrom('scan', 'stripe', 'typed' as const);
    fc.assert(
      fc.property(anyText, origin, (text, from) => {
        const meaning = classifyCode(text, settings, { origin: from, today: scan.today });
        kinds.add(short(meaning));
        const at = { reader: 'serial:///dev/x', now: new Date(0), elapsedMs: 1 };
        const card = cardOfCode(meaning, at);
        if (card.ok) {
          expect(text).toContain(card.value.code?.replace(/X$/, '') ?? 'no code');
          expect(['e-voucher', 'preferential', 'resident-id']).toContain(card.value.card);
          return;
        }
        expect(card.refusal.code).toBe('card-not-recognised');
        expect(card.refusal.remedy.zh).toMatch(/。$/);
        const code = text.trim();
        if (code.length > 3) expect(JSON.stringify(card.refusal)).not.toContain(code);
      }),
      { numRuns: 3000 * depth },
    );
    expect(kinds.size).toBeGreaterThan(6);
  });
});

describe('the card of a code', () => {
  const at = {
    reader: 'serial:///dev/x',
    now: new Date('2026-11-23T01:02:03.004Z'),
    elapsedMs: 12.4,
  };

  it('is the JSON of the contract, no more and no less', () => {
    const common = {
      reader: 'serial:///dev/x',
      readAt: '2026-11-23T09:02:03.004+08:00',
      elapsedMs: 12,
      validUntil: null,
      longTerm: false,
      warnings: [],
    };
    const cardOf = (text: string, settings = defaultCodeSettings) => {
      const card = cardOfCode(classifyCode(text, settings, scan), at);
      return card.ok ? card.value : card.refusal;
    };
    expect(cardOf(voucher)).toEqual({ ...common, card: 'e-voucher', code: voucher });
    expect(cardOf(cardEndingInX.idNumber)).toEqual({
      ...common,
      card: 'resident-id',
      kind: 'resident',
      idNumber: cardEndingInX.idNumber,
      birthDate: '1992-01-01',
      sex: 'female',
      code: cardEndingInX.idNumber,
      warnings: [{ code: 'number-without-card', text: expect.any(Object) as object }],
    });
    expect(cardOf(';880012345?')).toEqual({
      ...common,
      card: 'preferential',
      cardNumber: '880012345',
      code: '880012345',
    });
    const settings = { ...defaultCodeSettings, stripeIsSocialSecurity: true };
    expect(cardOf(';430600012345?', settings)).toEqual({
      ...common,
      card: 'social-security',
      cardNumber: '430600012345',
      code: '430600012345',
    });
  });

  it('of a payment code is a refusal that asks for the e-voucher', () => {
    const card = cardOfCode({ kind: 'payment', means: 'wechat' }, at);
    expect(card).toMatchObject({
      ok: false,
      refusal: {
        code: 'card-not-recognised',
        message: { zh: expect.stringContaining('付款码') as string },
        remedy: { zh: expect.stringContaining('请患者打开医保码') as string },
      },
    });
  });
});
