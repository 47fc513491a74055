/**
 * Exact fractions for the arithmetic of cases. It shares nothing with the engine or with `shared/money`: a
 * case that is added up by the code it tests would test nothing.
 */
export type Rational = { readonly numerator: bigint; readonly denominator: bigint };

/** A fraction in lowest terms, the denominator above zero; throws a `RangeError` on a denominator of zero. */
export function rational(numerator: bigint, denominator: bigint): Rational {
  if (denominator === 0n) throw new RangeError('a fraction over zero');
  let a = numerator < 0n ? -numerator : numerator;
  let b = denominator < 0n ? -denominator : denominator;
  while (b !== 0n) [a, b] = [b, a % b];
  const divisor = denominator < 0n ? -a : a;
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

/** The number a decimal text states; throws a `RangeError` on any other text. */
export function rationalFromDecimal(text: string): Rational {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) throw new RangeError(`not a decimal number: ${text}`);
  const [, sign = '', whole = '', decimals = ''] = match;
  const size = BigInt(whole + decimals);
  return rational(sign === '-' ? -size : size, 10n ** BigInt(decimals.length));
}

export function add(a: Rational, b: Rational): Rational {
  return rational(
    a.numerator * b.denominator + b.numerator * a.denominator,
    a.denominator * b.denominator,
  );
}

export function negate({ numerator, denominator }: Rational): Rational {
  return { numerator: -numerator, denominator };
}

export function multiply(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.numerator, a.denominator * b.denominator);
}

/** One number by another; throws a `RangeError` where the other is zero. */
export function divide(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.denominator, a.denominator * b.numerator);
}

/** Below zero, zero or above it, as the first is less than, equal to or more than the second. */
export function compare(a: Rational, b: Rational): -1 | 0 | 1 {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** What a number may be rounded to, in hundredths of a yuan; the words are those of packs. */
export const roundingSteps = { fen: 1n, jiao: 10n, yuan: 100n, 'ten-yuan': 1000n } as const;
export type RoundingStep = keyof typeof roundingSteps;

export const roundingWays = ['half-up', 'half-even', 'up', 'down'] as const;
export type RoundingWay = (typeof roundingWays)[number];

/** A number of yuan rounded to a unit; what is below zero is rounded as its size is. */
export function round(value: Rational, step: RoundingStep, way: RoundingWay): Rational {
  const unit = roundingSteps[step];
  const size = value.numerator < 0n ? -value.numerator : value.numerator;
  const divisor = value.denominator * unit;
  const whole = (size * 100n) / divisor;
  const rest = (size * 100n) % divisor;
  const count = goesUp(whole, rest, divisor, way) ? whole + 1n : whole;
  return rational((value.numerator < 0n ? -count : count) * unit, 100n);
}

function goesUp(whole: bigint, rest: bigint, divisor: bigint, way: RoundingWay): boolean {
  switch (way) {
    case 'down':
      return false;
    case 'up':
      return rest > 0n;
    case 'half-up':
      return rest * 2n >= divisor;
    case 'half-even':
      return rest * 2n > divisor || (rest * 2n === divisor && whole % 2n === 1n);
  }
}

const decimalsShown = 6;

/** The number as people read it: at least two decimals, all of them up to six, else `≈` before it. */
export function textOfRational({ numerator, denominator }: Rational): string {
  const size = numerator < 0n ? -numerator : numerator;
  const scaled = size * 10n ** BigInt(decimalsShown);
  const isExact = scaled % denominator === 0n;
  const digits = String(scaled / denominator).padStart(decimalsShown + 1, '0');
  const whole = digits.slice(0, -decimalsShown);
  const decimals = digits.slice(-decimalsShown).replace(/0{1,4}$/, '');
  return `${isExact ? '' : '≈'}${numerator < 0n ? '-' : ''}${whole}.${decimals}`;
}
