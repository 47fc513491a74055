import {
  readArithmetic,
  type ArithmeticCode,
  type ArithmeticReading,
  type Rational,
} from '../policy/case-arithmetic/case-arithmetic.ts';
import {
  compare,
  rationalFromDecimal,
  textOfRational,
} from '../policy/case-arithmetic/case-arithmetic-rational.ts';
import {
  declareProblems,
  type PackProblem,
  type ProblemCodeOf,
} from '../policy/pack/pack-problem.ts';
import type { ExpectedAmounts, PackCase } from '../policy/pack/pack-schema.ts';
import { inCase } from './prepared-case.ts';

/**
 * Whether a case explains its amounts: an arithmetic for every share that is not 0, for what the patient
 * pays and for what the hospital bears; every one of them true; and each coming to the amount expected.
 */
export function problemsOfBecause(
  packCase: PackCase,
  path: PackProblem['path'],
): PackProblem<BecauseCode | ArithmeticCode>[] {
  const { case: sentence, expect, because } = packCase;
  const problems: PackProblem<BecauseCode | ArithmeticCode>[] = [];
  if ('notCovered' in expect) {
    if (because !== undefined) problems.push(notNeeded([...path, 'because']));
    return problems.map((each) => inCase(sentence, each));
  }
  if ('notWorkedOut' in expect) return [inCase(sentence, notWorkedOut([...path, 'expect']))];
  const amounts = amountsOf(expect);
  for (const [name, text] of Object.entries(because ?? {})) {
    const place = [...path, 'because', name];
    const amount = amounts.get(name);
    if (amount === undefined) problems.push(withoutAmount(place, name));
    else problems.push(...problemsOfText(place, name, text, amount));
  }
  for (const [name, amount] of amounts) {
    if (because !== undefined && Object.hasOwn(because, name)) continue;
    if (!mustBeExplained(name, amount, expect)) continue;
    const place = because === undefined ? [...path, 'expect'] : [...path, 'because'];
    problems.push(missing(place, name, amount));
  }
  return problems.map((each) => inCase(sentence, each));
}

/** The amounts a case states, by the names its arithmetic gives them. */
function amountsOf({ shares, ...expect }: ExpectedAmounts): ReadonlyMap<string, string> {
  const amounts = new Map<string, string>();
  for (const name of amountNames) {
    const amount = expect[name];
    if (amount !== undefined) amounts.set(name, amount);
  }
  for (const [step, amount] of Object.entries(shares)) amounts.set(step, amount);
  return amounts;
}

const amountNames = [
  'total',
  'eligible',
  'patientPays',
  'withinCatalogue',
  'outsideCatalogue',
  'hospitalBears',
  'deductible',
] as const;

function mustBeExplained(name: string, amount: string, { shares }: ExpectedAmounts): boolean {
  if (name === 'patientPays') return true;
  return (Object.hasOwn(shares, name) || name === 'hospitalBears') && Number(amount) !== 0;
}

function problemsOfText(
  path: PackProblem['path'],
  name: string,
  text: string,
  amount: string,
): PackProblem<BecauseCode | ArithmeticCode>[] {
  const reading = readArithmetic(text);
  if (!reading.ok) {
    const { code, at, message, remedy } = reading.problem;
    const before = code === 'arithmetic-wrong' ? '' : placeWords(text, at);
    return [
      {
        path,
        code,
        message: {
          zh: `${name}：${message.zh}${before === '' ? '' : `（在“${before}”之后）`}`,
          en: `${name}: ${message.en}${before === '' ? '' : ` (after "${before}")`}`,
        },
        remedy,
      },
    ];
  }
  return comesToAmount(reading, rationalFromDecimal(amount))
    ? []
    : [otherAmount(path, name, reading.comesTo, amount)];
}

function comesToAmount(
  { comesTo, endsInComparison }: Extract<ArithmeticReading, { ok: true }>,
  expected: Rational,
): boolean {
  // Where nothing is paid the reason may be a bound: what is left is at most the deductible.
  if (expected.numerator === 0n && endsInComparison) return true;
  return comesTo !== null && compare(comesTo, expected) === 0;
}

/** The last signs before a place of a text, to find it by. */
function placeWords(text: string, at: number): string {
  return text.slice(Math.max(0, at - 24), at).trim();
}

function otherAmount(
  path: PackProblem['path'],
  name: string,
  comesTo: Rational | null,
  amount: string,
): PackProblem<BecauseCode | ArithmeticCode> {
  const [zh, en] =
    comesTo === null
      ? ['没有算出金额', 'comes to no amount']
      : [`算得 ${textOfRational(comesTo)}`, `comes to ${textOfRational(comesTo)}`];
  return becauseProblem(path, 'because-other-amount', { name, zh, amount, en });
}

function withoutAmount(
  path: PackProblem['path'],
  name: string,
): PackProblem<BecauseCode | ArithmeticCode> {
  return becauseProblem(path, 'because-without-amount', { name });
}

function missing(
  path: PackProblem['path'],
  name: string,
  amount: string,
): PackProblem<BecauseCode | ArithmeticCode> {
  return becauseProblem(path, 'because-missing', { name, amount });
}

function notNeeded(path: PackProblem['path']): PackProblem<BecauseCode | ArithmeticCode> {
  return becauseProblem(path, 'because-not-needed');
}

function notWorkedOut(path: PackProblem['path']): PackProblem<BecauseCode | ArithmeticCode> {
  return becauseProblem(path, 'case-not-worked-out');
}

const becauseProblem = declareProblems({
  'case-not-worked-out': [
    '这个案例还没有写金额',
    'the amounts of this case are still to be worked out',
    "按文件手工算出，写成 expect: { shares: { 支付环节: '…' }, patientPays: '…' }，并在 because 里写算式；不归本政策管的写 expect: { notCovered: true }",
    "work them out from the document by hand: expect: { shares: { STEP: '…' }, patientPays: '…' }, and the arithmetic as because; where the pack is not for this visit, expect: { notCovered: true }",
  ],
  'because-other-amount': ({
    name,
    zh,
    amount,
    en,
  }: {
    readonly name: string;
    readonly zh: string;
    readonly amount: string;
    readonly en: string;
  }) => [
    `${name}：算式${zh}，预期是 ${amount}`,
    `${name}: the arithmetic ${en}, and ${amount} is expected`,
    '核对算式和预期金额，最后一个等号后面必须是预期金额',
    'compare the two; what follows the last equals sign must be the expected amount',
  ],
  'because-without-amount': ({ name }: { readonly name: string }) => [
    `expect 里没有“${name}”这个金额，这个算式没有可对照的`,
    `expect states no amount "${name}" to compare this arithmetic with`,
    '在 expect 里写上它，或改正名称（支付环节名、patientPays、hospitalBears、deductible、eligible 等）',
    'state it in expect, or correct the name (a step, patientPays, hospitalBears, deductible, eligible …)',
  ],
  'because-missing': ({ name, amount }: { readonly name: string; readonly amount: string }) => [
    `没有写“${name}”的 ${amount} 是怎样算出来的`,
    `does not say how the ${amount} of "${name}" comes about`,
    `在 because 里加一行，例如 ${name}: (13450.00 - 750.00) * 0.86 = 10922.00`,
    `add a line to because, like ${name}: (13450.00 - 750.00) * 0.86 = 10922.00`,
  ],
  'because-not-needed': [
    '政策不适用的案例没有金额，不写算式',
    'a case no pack covers has no amounts to explain',
    '删去 because',
    'remove because',
  ],
});

type BecauseCode = ProblemCodeOf<typeof becauseProblem>;
