import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  compare,
  divide,
  multiply,
  negate,
  rational,
  rationalFromDecimal,
  round,
  roundingSteps,
  textOfRational,
  type Rational,
} from './case-arithmetic-rational.ts';
import { readArithmetic } from './case-arithmetic.ts';

const numRuns = 300 * Number(process.env['TEST_DEPTH'] ?? '1');

/** What a text comes to, or the code of what is wrong with it. */
function outcome(text: string): string {
  const reading = readArithmetic(text);
  if (!reading.ok) return reading.problem.code;
  const { comesTo, endsInComparison } = reading;
  return `${comesTo === null ? 'nothing' : textOfRational(comesTo)}${endsInComparison ? ' bounded' : ''}`;
}

describe('the arithmetic of a case', () => {
  it.each([
    ['(13450.00 - 750.00) * 0.86 = 10922.00', '10922.00'],
    ['13450.00 - 10922.00 = 2528.00 <= 10000.00', '2528.00 bounded'],
    ['round(2718.00 * 0.50, ten-yuan) = 1360.00', '1360.00'],
    ['136753.3 * 0.15 = 20512.995; round(20512.995, fen) = 20513.00', '20513.00'],
    ['180.40 < 200.00', 'nothing bounded'],
    ['min(4400, 2799, 3000) = 2799; max(1, 2 + 3, -4) = 5', '5.00'],
    ['1 / 3 * 3 = 1;', '1.00'],
    ['2 + 3 * 4 = 14 = 7 + 7', '14.00'],
    ['10 - 2 - 3 = 5; 100 / 5 / 2 = 10', '10.00'],
    ['-(2 - 5) = 3; - 2 * - 3 = 6', '6.00'],
    ['round(-1.005, fen) = -1.01', '-1.01'],
    ['round(615.78, yuan, half-up) = 616; round(0.5, yuan, half-even) = 0', '0.00'],
    [
      'round(1.5, yuan, half-even) = 2; round(2.01, yuan, up) = 3; round(2.99, yuan, down) = 2',
      '2.00',
    ],
    ['round(534.864, jiao) = 534.9', '534.90'],
    ['（13450.00 － 750.00）×0.86＝10922.00；1 ≤ 2', '10922.00 bounded'],
    ['3 >= 3 > 2 < 4', 'nothing bounded'],
  ])('works out %s', (text, expected) => {
    expect(outcome(text)).toBe(expected);
  });

  it.each([
    ['1 + 1 = 3', 'arithmetic-wrong', 6],
    ['1 = 1; 2 = 3', 'arithmetic-wrong', 9],
    ['2 < 2', 'arithmetic-wrong', 2],
    ['2 <= 1', 'arithmetic-wrong', 2],
    ['1 > 1', 'arithmetic-wrong', 2],
    ['1 >= 2', 'arithmetic-wrong', 2],
    ['13450.00 - 750.00', 'nothing-stated', 0],
    ['1 = 1; 5', 'nothing-stated', 7],
    ['86% * 2 = 1.72', 'percent-sign', 2],
    ['13,450.00 = 13450.00', 'arithmetic-not-readable', 2],
    ['(1 + 2 = 3', 'arithmetic-not-readable', 7],
    ['1 + = 3', 'arithmetic-not-readable', 4],
    ['1 2 = 3', 'arithmetic-not-readable', 2],
    ['1 = 1 ;; 2 = 2', 'arithmetic-not-readable', 7],
    ['1 =', 'arithmetic-not-readable', 3],
    ['', 'arithmetic-not-readable', 0],
    ['   ', 'arithmetic-not-readable', 3],
    ['.5 = 0.5', 'sign-not-known', 0],
    ['half of 2 = 1', 'function-not-known', 0],
    ['avg(1, 2) = 1.5', 'function-not-known', 0],
    ['round(1.5) = 2', 'arithmetic-not-readable', 9],
    ['round(1.5, franc) = 2', 'rounding-not-known', 11],
    ['round(1.5, yuan, sideways) = 2', 'rounding-not-known', 17],
    ['1 / (2 - 2) = 1', 'divided-by-zero', 2],
    ['2528.00 $ 2 = 1', 'sign-not-known', 8],
    [`${'('.repeat(60)}1${')'.repeat(60)} = 1`, 'arithmetic-too-long', 51],
    [`${'1+'.repeat(2000)}1 = 2001`, 'arithmetic-too-long', 4000],
  ])('says what is wrong with %s', (text, code, at) => {
    const reading = readArithmetic(text);
    if (reading.ok) throw new Error('taken');
    const { problem } = reading;
    expect(problem).toMatchObject({ code, at });
    for (const words of [problem.message, problem.remedy]) {
      expect(words.zh).toMatch(/\p{Script=Han}/u);
      expect(words.en).toMatch(/^[\x20-\x7e≈×]+$/u);
    }
  });

  it('says by how much a statement is wrong', () => {
    const reading = readArithmetic('(13450.00 - 750.00) * 0.86 = 10923.00');
    if (reading.ok) throw new Error('taken');
    expect(reading.problem.message.en).toBe(
      'the arithmetic is wrong: (13450.00 - 750.00) * 0.86 = 10922.00 is not equal to 10923.00',
    );
  });
});

/** An expression as text and as the whole thousandths it comes to, worked out beside the evaluator. */
type Made = { readonly text: string; readonly value: Rational };

const leaf: fc.Arbitrary<Made> = fc.integer({ min: 0, max: 10_000_000 }).map((fen) => {
  const text = `${String(Math.floor(fen / 100))}.${String(fen % 100).padStart(2, '0')}`;
  return { text, value: rational(BigInt(fen), 100n) };
});

const expression: fc.Arbitrary<Made> = fc.letrec<{ node: Made }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc
      .tuple(tie('node'), fc.constantFrom('+', '-', '*', '/'), tie('node'))
      .filter(([, sign, right]) => sign !== '/' || right.value.numerator !== 0n)
      .map(([left, sign, right]) => ({
        text: `(${left.text} ${sign} ${right.text})`,
        value: apply(sign, left.value, right.value),
      })),
    tie('node').map(({ text, value }) => ({ text: `-${text}`, value: negate(value) })),
    fc.array(tie('node'), { minLength: 1, maxLength: 4 }).map((parts) => ({
      text: `max(${parts.map(({ text }) => text).join(', ')})`,
      value: parts.map(({ value }) => value).reduce((a, b) => (compare(a, b) < 0 ? b : a)),
    })),
  ),
})).node;

function apply(sign: string, left: Rational, right: Rational): Rational {
  switch (sign) {
    case '+':
      return add(left, right);
    case '-':
      return add(left, negate(right));
    case '*':
      return multiply(left, right);
    default:
      return divide(left, right);
  }
}

describe('exact fractions', () => {
  it('come to what the same tree of operations comes to, however it is written', () => {
    fc.assert(
      fc.property(expression, ({ text, value }) => {
        const { numerator, denominator } = value;
        const stated = `${text} = ${String(numerator)} / ${String(denominator)}`;
        const reading = readArithmetic(stated);
        expect(reading).toMatchObject({ ok: true, comesTo: value });
        expect(readArithmetic(`${stated} + 0.000001`)).toMatchObject({ ok: false });
      }),
      { numRuns },
    );
  });

  it('agree with whole numbers of fen', () => {
    const fen = fc.integer({ min: -(10 ** 10), max: 10 ** 10 });
    fc.assert(
      fc.property(fen, fen, fc.integer({ min: 0, max: 10_000 }), (a, b, rate) => {
        const yuan = (value: number) => rational(BigInt(value), 100n);
        expect(add(yuan(a), yuan(b))).toEqual(yuan(a + b));
        const exact = multiply(yuan(a), rational(BigInt(rate), 10_000n));
        expect(exact).toEqual(rational(BigInt(a) * BigInt(rate), 1_000_000n));
      }),
      { numRuns },
    );
  });

  it('are rounded to a multiple of the unit, no further off than its mode allows', () => {
    const steps = fc.constantFrom(
      ...(Object.keys(roundingSteps) as (keyof typeof roundingSteps)[]),
    );
    const value = fc
      .tuple(
        fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
        fc.bigInt({ min: 1n, max: 10n ** 6n }),
      )
      .map(([numerator, denominator]) => rational(numerator, denominator));
    fc.assert(
      fc.property(value, steps, (exact, step) => {
        const unit = rational(roundingSteps[step], 100n);
        const half = divide(unit, rational(2n, 1n));
        const size = (number: Rational) => (number.numerator < 0n ? negate(number) : number);
        for (const way of ['half-up', 'half-even', 'up', 'down'] as const) {
          const rounded = round(exact, step, way);
          expect(divide(rounded, unit).denominator).toBe(1n);
          const off = size(add(rounded, negate(exact)));
          expect(compare(off, unit)).toBe(-1);
          if (way === 'up') expect(compare(size(rounded), size(exact))).toBeGreaterThanOrEqual(0);
          else if (way === 'down')
            expect(compare(size(rounded), size(exact))).toBeLessThanOrEqual(0);
          else expect(compare(off, half)).toBeLessThanOrEqual(0);
          if (way === 'half-up' && compare(off, half) === 0) {
            expect(compare(size(rounded), size(exact))).toBe(1);
          }
          if (way === 'half-even' && compare(off, half) === 0) {
            expect(divide(rounded, unit).numerator % 2n).toBe(0n);
          }
        }
      }),
      { numRuns },
    );
  });

  it('are read from and written as decimals', () => {
    expect(textOfRational(rationalFromDecimal('-12.5'))).toBe('-12.50');
    expect(textOfRational(rationalFromDecimal('0.123456'))).toBe('0.123456');
    expect(textOfRational(rational(1n, 3n))).toBe('≈0.333333');
    expect(textOfRational(rational(0n, -7n))).toBe('0.00');
    expect(() => rationalFromDecimal('1e3')).toThrow(RangeError);
    expect(() => rational(1n, 0n)).toThrow(RangeError);
  });

  it('never loop or throw on any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('0123.+-*/()=<>,; minaxround')) }),
        (text) => {
          expect(typeof readArithmetic(text).ok).toBe('boolean');
        },
      ),
      { numRuns },
    );
  });
});
