import {
  add,
  compare,
  divide,
  multiply,
  negate,
  rationalFromDecimal,
  round,
  roundingSteps,
  roundingWays,
  textOfRational,
  type Rational,
} from './case-arithmetic-rational.ts';
import {
  ArithmeticFault,
  doesNotHold,
  nothingStated,
  overZero,
  tooLong,
  unexpected,
  unknownFunction,
  unknownRounding,
  unreadableSign,
  type ArithmeticProblem,
} from './case-arithmetic-words.ts';

export type { Rational } from './case-arithmetic-rational.ts';
export type { ArithmeticCode, ArithmeticProblem } from './case-arithmetic-words.ts';

/** The arithmetic of a case: that every statement holds, and what it comes to. */
export type ArithmeticReading =
  | {
      readonly ok: true;
      /** The value of the last `=`; null where nothing is equal to anything. */
      readonly comesTo: Rational | null;
      /** Whether the last statement ends in `<`, `<=`, `>` or `>=`: the reason of an amount of 0. */
      readonly endsInComparison: boolean;
    }
  | { readonly ok: false; readonly problem: ArithmeticProblem };

/** An explanation longer than this explains nothing. */
const textMax = 4000;
const depthMax = 50;

/**
 * Works out the arithmetic of a case (`because`) exactly, on its own: numbers, `+ - * / ( )`, `min`, `max`,
 * `round(x, unit[, mode])` and chains of `= < <= > >=`, several statements with `;` between them. Signs as
 * Chinese keyboards write them (×÷（）；，≤≥) stand for the same. The first fault is given with its place.
 */
export function readArithmetic(text: string): ArithmeticReading {
  try {
    if (text.length > textMax) throw tooLong(textMax, textMax);
    return readStatements(tokensOf(text), text);
  } catch (error) {
    if (error instanceof ArithmeticFault) return { ok: false, problem: error.problem };
    throw error;
  }
}

type Token = {
  readonly kind: 'number' | 'word' | 'sign';
  readonly text: string;
  readonly at: number;
  readonly end: number;
};

const tokenPattern =
  /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z]+(?:-[A-Za-z]+)*)|(<=|>=|[-+*/()=<>,;×÷−–＋－（）；，＝＜＞≤≥]))/y;

/** Signs of another keyboard and what they stand for. */
const otherSigns: Readonly<Record<string, string>> = {
  '×': '*',
  '÷': '/',
  '−': '-',
  '–': '-',
  '＋': '+',
  '－': '-',
  '（': '(',
  '）': ')',
  '；': ';',
  '，': ',',
  '＝': '=',
  '＜': '<',
  '＞': '>',
  '≤': '<=',
  '≥': '>=',
};

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const length = text.trimEnd().length;
  let position = 0;
  while (position < length) {
    tokenPattern.lastIndex = position;
    const match = tokenPattern.exec(text);
    if (match === null) {
      const at = position + text.slice(position).search(/\S/);
      throw unreadableSign(at, String.fromCodePoint(text.codePointAt(at) ?? 0));
    }
    position = tokenPattern.lastIndex;
    const [, number, word, sign = ''] = match;
    const found = number ?? word ?? sign;
    const kind = number !== undefined ? 'number' : word !== undefined ? 'word' : 'sign';
    const at = position - found.length;
    tokens.push({ kind, text: otherSigns[found] ?? found, at, end: position });
  }
  return tokens;
}

/** Where the reading of the tokens stands. */
type Reader = { readonly tokens: readonly Token[]; readonly text: string; next: number };

function readStatements(tokens: readonly Token[], text: string): ArithmeticReading {
  const reader: Reader = { tokens, text, next: 0 };
  let comesTo: Rational | null = null;
  for (;;) {
    const statement = readStatement(reader);
    comesTo = statement.comesTo ?? comesTo;
    const { endsInComparison } = statement;
    const token = take(reader);
    if (token === null) return { ok: true, comesTo, endsInComparison };
    if (token.text !== ';') throw unexpected(token.at, token.text);
    // The last statement may end in a semicolon too.
    if (peek(reader) === null) return { ok: true, comesTo, endsInComparison };
  }
}

const relations = ['=', '<', '<=', '>', '>='] as const;
type Relation = (typeof relations)[number];

function readStatement(reader: Reader): {
  readonly comesTo: Rational | null;
  readonly endsInComparison: boolean;
} {
  let left = readSide(reader);
  let comesTo: Rational | null = null;
  let last: Relation | null = null;
  for (;;) {
    const sign = peek(reader);
    const relation = relations.find((known) => known === sign?.text);
    if (sign === null || relation === undefined) break;
    reader.next += 1;
    const right = readSide(reader);
    if (!holds(relation, compare(left.value, right.value))) {
      throw doesNotHold(sign.at, relation, inWords(left), inWords(right));
    }
    if (relation === '=') comesTo = right.value;
    last = relation;
    left = right;
  }
  const { at } = left;
  if (last === null) {
    const next = peek(reader);
    if (next !== null && next.text !== ';') throw unexpected(next.at, next.text);
    throw nothingStated(at);
  }
  return { comesTo, endsInComparison: last !== '=' };
}

type Side = { readonly value: Rational; readonly text: string; readonly at: number };

function readSide(reader: Reader): Side {
  const first = peek(reader);
  if (first === null) throw unexpected(reader.text.length, null);
  const value = readSum(reader, 0);
  const end = reader.tokens[reader.next - 1]?.end ?? reader.text.length;
  return { value, text: reader.text.slice(first.at, end), at: first.at };
}

function inWords({ value, text }: Side): { readonly text: string; readonly value: string } {
  return { text, value: textOfRational(value) };
}

function holds(relation: Relation, order: -1 | 0 | 1): boolean {
  switch (relation) {
    case '=':
      return order === 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function readSum(reader: Reader, depth: number): Rational {
  let sum = readProduct(reader, depth);
  for (;;) {
    const sign = peek(reader)?.text;
    if (sign !== '+' && sign !== '-') return sum;
    reader.next += 1;
    const next = readProduct(reader, depth);
    sum = add(sum, sign === '+' ? next : negate(next));
  }
}

function readProduct(reader: Reader, depth: number): Rational {
  let product = readFactor(reader, depth);
  for (;;) {
    const sign = peek(reader);
    if (sign?.text !== '*' && sign?.text !== '/') return product;
    reader.next += 1;
    const next = readFactor(reader, depth);
    if (sign.text === '*') product = multiply(product, next);
    else if (next.numerator === 0n) throw overZero(sign.at);
    else product = divide(product, next);
  }
}

function readFactor(reader: Reader, depth: number): Rational {
  const token = take(reader);
  if (token === null) throw unexpected(reader.text.length, null);
  if (depth > depthMax) throw tooLong(token.at, depthMax);
  if (token.kind === 'number') return rationalFromDecimal(token.text);
  if (token.kind === 'word') return readFunction(reader, token, depth + 1);
  if (token.text === '-') return negate(readFactor(reader, depth + 1));
  if (token.text !== '(') throw unexpected(token.at, token.text);
  const value = readSum(reader, depth + 1);
  expectSign(reader, ')');
  return value;
}

function readFunction(reader: Reader, { text: name, at }: Token, depth: number): Rational {
  if (name !== 'min' && name !== 'max' && name !== 'round') throw unknownFunction(at, name);
  expectSign(reader, '(');
  let value = readSum(reader, depth);
  if (name === 'round') return readRounding(reader, value);
  const better = name === 'min' ? -1 : 1;
  while (peek(reader)?.text === ',') {
    reader.next += 1;
    const next = readSum(reader, depth);
    if (compare(next, value) === better) value = next;
  }
  expectSign(reader, ')');
  return value;
}

function readRounding(reader: Reader, value: Rational): Rational {
  expectSign(reader, ',');
  const step = expectWord(reader, Object.keys(roundingSteps) as (keyof typeof roundingSteps)[]);
  if (peek(reader)?.text !== ',') {
    expectSign(reader, ')');
    return round(value, step, 'half-up');
  }
  reader.next += 1;
  const way = expectWord(reader, roundingWays);
  expectSign(reader, ')');
  return round(value, step, way);
}

function expectWord<Known extends string>(reader: Reader, known: readonly Known[]): Known {
  const token = take(reader);
  if (token === null) throw unexpected(reader.text.length, null);
  const word = known.find((each) => each === token.text);
  if (word === undefined) throw unknownRounding(token.at, token.text, known);
  return word;
}

function expectSign(reader: Reader, sign: string): void {
  const token = take(reader);
  if (token === null) throw unexpected(reader.text.length, null);
  if (token.text !== sign) throw unexpected(token.at, token.text);
}

function peek({ tokens, next }: Reader): Token | null {
  return tokens[next] ?? null;
}

function take(reader: Reader): Token | null {
  const token = peek(reader);
  if (token !== null) reader.next += 1;
  return token;
}
