/** The same text in Chinese and English; its own, for the second calculation leans on nothing of the program. */
type Words = { readonly zh: string; readonly en: string };

/** What can be wrong with it. */
export type ArithmeticCode =
  | 'arithmetic-not-readable'
  | 'arithmetic-too-long'
  | 'arithmetic-wrong'
  | 'divided-by-zero'
  | 'function-not-known'
  | 'nothing-stated'
  | 'percent-sign'
  | 'rounding-not-known'
  | 'sign-not-known';

/** What is wrong with the arithmetic of a case, where in its text (from 0), and what to do. */
export type ArithmeticProblem = {
  readonly code: ArithmeticCode;
  readonly at: number;
  readonly message: Words;
  readonly remedy: Words;
};

/** Thrown inside the evaluator and caught at its door; never seen by a caller. */
export class ArithmeticFault extends Error {
  readonly problem: ArithmeticProblem;

  constructor(problem: ArithmeticProblem) {
    super(problem.code);
    this.problem = problem;
  }
}

/** A fault in words. */
export function fault(
  code: ArithmeticCode,
  at: number,
  [zh, en]: readonly [string, string],
  [remedyZh, remedyEn]: readonly [string, string],
): ArithmeticFault {
  return new ArithmeticFault({
    code,
    at,
    message: { zh, en },
    remedy: { zh: remedyZh, en: remedyEn },
  });
}

export function unreadableSign(at: number, sign: string): ArithmeticFault {
  if (sign === '%') {
    return fault(
      'percent-sign',
      at,
      ['算式里不用百分号', 'the per cent sign is not used in the arithmetic'],
      ['86% 写成 0.86', 'write 0.86 for 86%'],
    );
  }
  return fault(
    'sign-not-known',
    at,
    [`算式里不认得“${sign}”`, `"${sign}" is not known in the arithmetic`],
    [
      '只用数字、+ - * / ( )、min、max、round 和 = < <= > >=；几个算式用分号隔开',
      'use numbers, + - * / ( ), min, max, round and = < <= > >= only; put ; between two of them',
    ],
  );
}

export function unexpected(at: number, found: string | null): ArithmeticFault {
  const [zh, en] =
    found === null
      ? ['算式到这里还没有写完', 'the arithmetic ends before it is complete']
      : [`这里不应是“${found}”`, `"${found}" cannot stand here`];
  const thousands = found === ',';
  return fault(
    'arithmetic-not-readable',
    at,
    [zh, en],
    thousands
      ? ['金额里不写千位分隔符：13450.00', 'write amounts without thousands separators: 13450.00']
      : [
          '检查括号、运算符和等号，例如 (13450.00 - 750.00) * 0.86 = 10922.00',
          'check brackets, signs and the equals sign, as in (13450.00 - 750.00) * 0.86 = 10922.00',
        ],
  );
}

export function unknownFunction(at: number, name: string): ArithmeticFault {
  return fault(
    'function-not-known',
    at,
    [`没有“${name}”这个函数`, `there is no function "${name}"`],
    [
      '只有 min(a, b)、max(a, b) 和 round(x, 单位)',
      'there are min(a, b), max(a, b) and round(x, unit)',
    ],
  );
}

export function unknownRounding(at: number, name: string, known: readonly string[]) {
  return fault(
    'rounding-not-known',
    at,
    [`round 不认得“${name}”`, `round does not know "${name}"`],
    [`改成：${known.join('、')}`, `use one of: ${known.join(', ')}`],
  );
}

export function overZero(at: number): ArithmeticFault {
  return fault(
    'divided-by-zero',
    at,
    ['除数是 0', 'divided by zero'],
    ['改正除数', 'correct the divisor'],
  );
}

export function nothingStated(at: number): ArithmeticFault {
  return fault(
    'nothing-stated',
    at,
    ['只有算式，没有结果', 'an expression without its result'],
    ['写上等号和结果，例如 = 10922.00', 'write the equals sign and the result, as = 10922.00'],
  );
}

export function tooLong(at: number, most: number): ArithmeticFault {
  return fault(
    'arithmetic-too-long',
    at,
    [
      `算式太长或括号太多（最多 ${most}）`,
      `the arithmetic is too long or too deep (at most ${most})`,
    ],
    ['分成几个算式', 'divide it into several'],
  );
}

/** A statement that is not true: both sides with their values. */
export function doesNotHold(
  at: number,
  relation: string,
  left: { readonly text: string; readonly value: string },
  right: { readonly text: string; readonly value: string },
): ArithmeticFault {
  const side = ({ text, value }: typeof left) => (text === value ? value : `${text} = ${value}`);
  return fault(
    'arithmetic-wrong',
    at,
    [
      `算式不成立：${side(left)}，不${relationWords[relation]?.zh ?? relation} ${side(right)}`,
      `the arithmetic is wrong: ${side(left)} is not ${relationWords[relation]?.en ?? relation} ${side(right)}`,
    ],
    [
      '重新计算这一步，改正算式或金额',
      'work it out again and correct the arithmetic or the amount',
    ],
  );
}

const relationWords: Readonly<Record<string, Words>> = {
  '=': { zh: '等于', en: 'equal to' },
  '<': { zh: '小于', en: 'less than' },
  '<=': { zh: '小于或等于', en: 'at most' },
  '>': { zh: '大于', en: 'more than' },
  '>=': { zh: '大于或等于', en: 'at least' },
};
