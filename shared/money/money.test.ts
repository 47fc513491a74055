import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capitalAmountFromFen } from './capital-amount.ts';
import { fen, fenMax, sumFen } from './fen.ts';
import {
  millionthsFromText,
  multiplyQuantityByPrice,
  textFromMillionths,
} from './multiply-quantity-by-price.ts';
import {
  multiplyRates,
  percentTextFromRate,
  rate,
  exactTextFromRate,
  inLowestTerms,
  rateFromExactText,
  rateFromPercentText,
  rateFromText,
} from './rate.ts';
import { fenHalfUp, fenPerUnit, roundingModes, roundingUnits } from './rounding.ts';
import { divideProduct } from './divide.ts';
import { roundFen, shareBeyond, shareOf } from './share-of.ts';
import { split } from './split.ts';
import { fenFromYuanText, formatFen, yuanTextFromFen } from './yuan-text.ts';

const depth = Number(process.env['TEST_DEPTH'] ?? '1');
const numRuns = depth > 1 ? 1000 * depth : 300;
const anyFen = fc.integer({ min: -fenMax, max: fenMax }).map(fen);
const anyAmount = fc.integer({ min: 0, max: fenMax }).map(fen);

describe('taking a share of an amount', () => {
  it('gives 20,513.00 for 15 % of 136,753.30, where a float gives 20,512.99', () => {
    const amount = fenFromYuanText('136753.30');
    expect(yuanTextFromFen(shareOf(amount, rateFromPercentText('15'), fenHalfUp))).toBe('20513.00');
    expect((136753.3 * 0.15).toFixed(2)).toBe('20512.99');
  });

  it('rounds half of 2,718.00 to 1,360.00 in tens of yuan and to 1,359.00 in fen', () => {
    const residual = fenFromYuanText('2718.00');
    const half = rateFromText('0.50');
    expect(shareOf(residual, half, { unit: 'ten-yuan', mode: 'half-up' })).toBe(136000);
    expect(shareOf(residual, half, fenHalfUp)).toBe(135900);
  });

  it.each([
    ['fen', 'half-up', 3, 2],
    ['fen', 'half-even', 3, 2],
    ['fen', 'half-even', 5, 2],
    ['fen', 'up', 1, 1],
    ['fen', 'down', 3, 1],
    ['jiao', 'half-up', 9, 0],
    ['jiao', 'half-up', 10, 10],
    ['jiao', 'half-even', 10, 0],
    ['jiao', 'half-even', 30, 20],
    ['yuan', 'up', 1, 100],
    ['ten-yuan', 'down', 3999, 1000],
  ] as const)('rounds to the %s, %s: half of %i is %i', (unit, mode, amount, expected) => {
    expect(shareOf(fen(amount), rate(1, 2), { unit, mode })).toBe(expected);
  });

  it('agrees with exact arithmetic for every unit and mode', () => {
    fc.assert(
      fc.property(
        anyAmount,
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.constantFrom(...roundingUnits),
        fc.constantFrom(...roundingModes),
        (amount, millionths, unit, mode) => {
          const divisor = 1_000_000n * BigInt(fenPerUnit[unit]);
          const exact = BigInt(amount) * BigInt(millionths);
          const rounded = BigInt(shareOf(amount, rate(millionths, 1_000_000), { unit, mode }));
          const error = rounded * 1_000_000n - exact;
          expect(rounded % BigInt(fenPerUnit[unit])).toBe(0n);
          if (mode === 'down') expect(error <= 0n && -error < divisor).toBe(true);
          else if (mode === 'up') expect(error >= 0n && error < divisor).toBe(true);
          else expect(2n * (error < 0n ? -error : error) <= divisor).toBe(true);
          if (mode === 'half-up') expect(2n * -error === divisor).toBe(false);
        },
      ),
      { numRuns },
    );
  });

  it('gives what is missing to a share of an amount, also where nothing plain is exact any more', () => {
    fc.assert(
      fc.property(
        anyAmount,
        anyFen,
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.constantFrom(100, 10_000, 1_000_000, 8_000_000_000_000),
        fc.constantFrom(...roundingUnits),
        (amount, already, numerator, denominator, unit) => {
          const divisor = BigInt(denominator) * BigInt(fenPerUnit[unit]);
          const missing =
            BigInt(amount) * BigInt(numerator) - BigInt(already) * BigInt(denominator);
          const exact = missing <= 0n ? 0n : (2n * missing + divisor) / (2n * divisor);
          const rounded = Number(exact) * fenPerUnit[unit];
          fc.pre(rounded <= fenMax);
          const rounding = { unit, mode: 'half-up' } as const;
          expect(shareBeyond(amount, rate(numerator, denominator), already, rounding)).toBe(
            rounded,
          );
        },
      ),
      { numRuns },
    );
  });

  it('divides exactly on either side of where plain numbers end', () => {
    const near = fc.integer({ min: -1000, max: 1000 }).map((offset) => 2 ** 52 + offset);
    const product = fc.oneof(near, fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
    fc.assert(
      fc.property(product, fc.integer({ min: 1, max: 10_000_000 }), (amount, denominator) => {
        const { whole, rest } = divideProduct(amount, 1, denominator);
        expect(BigInt(whole) * BigInt(denominator) + BigInt(rest)).toBe(BigInt(amount));
        expect(rest).toBeGreaterThanOrEqual(0);
        expect(rest).toBeLessThan(denominator);
      }),
      { numRuns: 10 * numRuns },
    );
  });

  it('refuses a share of a negative amount', () => {
    expect(() => shareOf(fen(-1), rate(1, 2), fenHalfUp)).toThrow(RangeError);
    expect(() => roundFen(fen(-1), fenHalfUp)).toThrow(RangeError);
  });
});

describe('stating a rate', () => {
  it('reads decimals and percentages exactly', () => {
    expect(rateFromText('0.10')).toEqual({ numerator: 10, denominator: 100 });
    expect(rateFromPercentText('85.5')).toEqual({ numerator: 855, denominator: 1000 });
    for (const text of ['', '.5', '1.', '-0.1', '1e-2', '０.5', '00.1']) {
      expect(() => rateFromText(text)).toThrow(RangeError);
    }
  });

  it('keeps a modified rate a fraction and writes it as a percentage', () => {
    const modified = multiplyRates(rateFromPercentText('85.5'), rateFromText('0.95'));
    expect(exactTextFromRate(modified)).toBe('0.81225');
    expect(rateFromExactText('0.81225')).toEqual(modified);
    expect(exactTextFromRate(rateFromPercentText('86'))).toBe('0.8600');
    expect(exactTextFromRate({ numerator: 1, denominator: 3 })).toBe('0.333333333333333');
    expect(rateFromExactText('0.8600')).toEqual(inLowestTerms(rateFromPercentText('86')));
    expect(() => rateFromExactText('0.86')).toThrow(RangeError);
    expect(percentTextFromRate(modified)).toBe('81.225%');
    expect(percentTextFromRate(rate(1, 3))).toBe('≈33.333333%');
    expect(percentTextFromRate(rate(1, 1))).toBe('100%');
  });
});

describe('multiplying a quantity by a price', () => {
  it('takes decimal texts and rounds half-up to the fen', () => {
    expect(multiplyQuantityByPrice('6', '620.00')).toBe(372000);
    expect(multiplyQuantityByPrice('0.5', '0.01')).toBe(1);
    expect(multiplyQuantityByPrice('-0.5', '0.01')).toBe(-1);
    expect(multiplyQuantityByPrice('1.005', '1')).toBe(101);
    // Half a fen exactly, with digits whose product passes 2^53.
    expect(multiplyQuantityByPrice('1233.146875', '4308.800000')).toBe(531338326);
    expect(multiplyQuantityByPrice('-1233.146875', '4308.800000')).toBe(-531338326);
    expect(multiplyQuantityByPrice('0', '9.99')).toBe(0);
    expect(Object.is(multiplyQuantityByPrice('-0', '9.99'), 0)).toBe(true);
  });

  it('agrees with exact arithmetic', () => {
    const millionths = fc.integer({ min: -99_999_999_999, max: 99_999_999_999 });
    const price = fc.integer({ min: 0, max: 999_999_999_999 });
    fc.assert(
      fc.property(millionths, price, (quantity, unitPrice) => {
        const texts = [textFromMillionths(quantity), textFromMillionths(unitPrice)] as const;
        const product = BigInt(Math.abs(quantity)) * BigInt(unitPrice) * 100n;
        const whole = (2n * product + 10n ** 12n) / (2n * 10n ** 12n);
        if (whole > BigInt(fenMax)) {
          expect(() => multiplyQuantityByPrice(...texts)).toThrow(RangeError);
        } else {
          const expected = Number(whole) * (quantity < 0 ? -1 : 1);
          expect(multiplyQuantityByPrice(...texts)).toBe(expected === 0 ? 0 : expected);
        }
      }),
      { numRuns },
    );
  });

  it('reads millionths back from their text', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 14), max: 10 ** 14 }), (millionths) => {
        expect(millionthsFromText(textFromMillionths(millionths))).toBe(
          millionths === 0 ? 0 : millionths,
        );
      }),
      { numRuns },
    );
  });

  it('takes the texts of one pattern and no others', () => {
    const pattern = /^-?(?:0|[1-9]\d{0,8})(?:\.\d{1,6})?$/;
    const pieces = fc.array(
      fc.constantFrom('0', '1', '9', '00', '1234567', '.', '-', ' ', 'e', '٣'),
    );
    fc.assert(
      fc.property(
        pieces.map((texts) => texts.join('')),
        (text) => {
          if (pattern.test(text)) {
            expect(millionthsFromText(text)).toBe(Math.round(Number(text) * 1_000_000));
          } else expect(() => millionthsFromText(text)).toThrow(RangeError);
        },
      ),
      { numRuns: 5 * numRuns },
    );
  });

  it('refuses texts with more than six decimals or other signs', () => {
    for (const text of ['1.0000000', '1e3', '+1', ' 1', '１', '', '1,000']) {
      expect(() => multiplyQuantityByPrice(text, '1')).toThrow(RangeError);
    }
  });
});

describe('yuan texts', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(anyFen, (amount) => {
        expect(fenFromYuanText(yuanTextFromFen(amount))).toBe(amount);
      }),
      { numRuns },
    );
  });

  it('are read with none, one or two decimals and nothing else', () => {
    expect(fenFromYuanText('14904')).toBe(1490400);
    expect(fenFromYuanText('0.5')).toBe(50);
    expect(Object.is(fenFromYuanText('-0.00'), 0)).toBe(true);
    expect(fenFromYuanText('1000000000.00')).toBe(fenMax);
    for (const text of [
      '1000000000.01',
      '2000000000',
      '1.234',
      '1,000.00',
      '01',
      '.5',
      '5.',
      '+1',
      '1e2',
      '￥1',
      '',
      'NaN',
    ]) {
      expect(() => fenFromYuanText(text)).toThrow(RangeError);
    }
  });

  it('are shown with thousands separators', () => {
    expect(formatFen(fen(1490400))).toBe('14,904.00');
    expect(formatFen(fen(-123456789))).toBe('-1,234,567.89');
    expect(formatFen(fen(99900))).toBe('999.00');
    expect(formatFen(fen(100000))).toBe('1,000.00');
    expect(formatFen(fen(-100000))).toBe('-1,000.00');
    fc.assert(
      fc.property(anyFen, (amount) => {
        const text = yuanTextFromFen(amount);
        expect(formatFen(amount)).toBe(text.replace(/\B(?=(\d{3})+(?=\.))/g, ','));
      }),
      { numRuns },
    );
  });
});

describe('adding amounts', () => {
  it('counts equal amounts as often as they stand there', () => {
    const shares = ['10922.00', '1264.00', '1264.00'].map(fenFromYuanText);
    expect(yuanTextFromFen(sumFen(shares))).toBe('13450.00');
    expect(sumFen([])).toBe(0);
  });

  it('refuses fractions, what is no number, and amounts beyond the largest', () => {
    for (const amount of [0.1, NaN, Infinity, fenMax + 1, -fenMax - 1]) {
      expect(() => fen(amount)).toThrow(RangeError);
    }
    expect(() => sumFen([fen(fenMax), fen(1)])).toThrow(RangeError);
    expect(Object.is(fen(-0), 0)).toBe(true);
  });
});

describe('splitting an amount', () => {
  it('gives the fen left over to the largest remainders, the earlier first', () => {
    expect(split(fen(100), [1, 1, 1])).toEqual([34, 33, 33]);
    expect(split(fen(1), [1, 2])).toEqual([0, 1]);
  });

  it('always adds up and stays within a fen of the exact part', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 1_000_000 }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(anyAmount, weights, (amount, list) => {
        const sum = list.reduce((total, weight) => total + weight, 0);
        fc.pre(sum > 0);
        const parts = split(amount, list);
        expect(sumFen(parts)).toBe(amount);
        parts.forEach((part, index) => {
          const exact = BigInt(amount) * BigInt(list[index] ?? 0);
          const error = BigInt(part) * BigInt(sum) - exact;
          expect((error < 0n ? -error : error) < BigInt(sum)).toBe(true);
        });
      }),
      { numRuns },
    );
  });
});

describe('writing an amount in capitals', () => {
  it.each([
    ['0.00', '零元整'],
    ['1358.00', '壹仟叁佰伍拾捌元整'],
    ['14904.00', '壹万肆仟玖佰零肆元整'],
    ['10000.00', '壹万元整'],
    ['100000000.00', '壹亿元整'],
    ['100010000.00', '壹亿零壹万元整'],
    ['100000001.00', '壹亿零壹元整'],
    ['10203.05', '壹万零贰佰零叁元零伍分'],
    ['0.05', '伍分'],
    ['0.50', '伍角整'],
    ['100.50', '壹佰元伍角整'],
    ['1000010.01', '壹佰万零壹拾元零壹分'],
    ['-20.10', '负贰拾元壹角整'],
    ['136753.30', '壹拾叁万陆仟柒佰伍拾叁元叁角整'],
  ])('%s is %s', (yuan, capitals) => {
    expect(capitalAmountFromFen(fenFromYuanText(yuan))).toBe(capitals);
  });
});
