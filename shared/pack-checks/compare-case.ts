import { encodeYearToDate } from '../contracts/stored-visit.ts';
import type { SettlementResult } from '../domain/settlement-result.ts';
import type { Fen } from '../money/fen.ts';
import { fenFromYuanText, yuanTextFromFen, yuanTextPattern } from '../money/yuan-text.ts';
import type { ExpectedAmounts } from '../policy/pack/pack-schema.ts';

/** What a case gave, as far as its expectations can speak of it. */
export type CaseOutcome = {
  readonly result: SettlementResult;
  /** The rule code of a step that pays nothing; null where it pays or is absent. */
  readonly zeroReason: (step: string) => string | null;
  /** Codes of the warnings of the visit and of the engine. */
  readonly warnings: readonly string[];
};

/** One thing that is not as a case expects, and where the case says it (below `expect`). */
export type Difference = {
  readonly path: readonly (string | number)[];
  readonly name: string;
  /** The step whose share it is; absent where it is no share. */
  readonly step?: string;
  readonly expected: string;
  readonly actual: string;
};

/** The written form for something that is not there. */
export const absent = 'absent';

/** Everything that is not as a case expects; nothing where it holds. */
export function differencesOf(expect: ExpectedAmounts, outcome: CaseOutcome): Difference[] {
  const differences: Difference[] = [];
  compareShares(expect, outcome.result, differences);
  compareAmounts(expect, outcome.result, differences);
  for (const [step, expected] of Object.entries(expect.zeroBecause ?? {})) {
    const actual = outcome.zeroReason(step) ?? absent;
    if (actual === expected) continue;
    differences.push({
      path: ['zeroBecause', step],
      name: `zeroBecause.${step}`,
      expected,
      actual,
    });
  }
  compareWarnings(expect, outcome, differences);
  if (expect.yearToDate !== undefined) {
    const year = encodeYearToDate(outcome.result.yearToDate);
    comparePart(['yearToDate'], expect.yearToDate, year, differences);
  }
  return differences;
}

function compareAmounts(
  expect: ExpectedAmounts,
  result: SettlementResult,
  differences: Difference[],
): void {
  const { patientPart, ratios } = result;
  compareAmount('total', expect.total, result.totalFen, differences);
  compareAmount('eligible', expect.eligible, result.eligibleFen, differences);
  compareAmount('patientPays', expect.patientPays, result.patientPaysFen, differences);
  const { withinCatalogueFen, outsideCatalogueFen } = patientPart;
  compareAmount('withinCatalogue', expect.withinCatalogue, withinCatalogueFen, differences);
  compareAmount('outsideCatalogue', expect.outsideCatalogue, outsideCatalogueFen, differences);
  // A case that says nothing of it expects that the hospital bears nothing.
  const bears = expect.hospitalBears ?? '0.00';
  compareAmount('hospitalBears', bears, result.hospitalBearsFen, differences);
  compareAmount('deductible', expect.deductible, result.deductibleFen, differences);
  for (const name of ['actual', 'inScope'] as const) {
    const expected = expect.ratios?.[name];
    const actual = (ratios[name] / 10_000).toFixed(4);
    if (expected === undefined || Number(expected) === Number(actual)) continue;
    differences.push({ path: ['ratios', name], name: `ratios.${name}`, expected, actual });
  }
}

function compareAmount(
  name: string,
  expected: string | undefined,
  actual: Fen,
  differences: Difference[],
): void {
  if (expected === undefined || fenFromYuanText(expected) === actual) return;
  differences.push({ path: [name], name, expected, actual: yuanTextFromFen(actual) });
}

/** Every share is stated, in the order of the result: one the case does not name would go unnoticed. */
function compareShares(
  { shares: expected }: ExpectedAmounts,
  { shares: actual }: SettlementResult,
  differences: Difference[],
): void {
  const names = Object.keys(expected);
  for (const name of names) {
    const share = actual.find(({ step }) => step === name);
    const text = expected[name] ?? '';
    if (share !== undefined && fenFromYuanText(text) === share.amountFen) continue;
    differences.push({
      path: ['shares', name],
      name: `shares.${name}`,
      step: name,
      expected: text,
      actual: share === undefined ? absent : yuanTextFromFen(share.amountFen),
    });
  }
  for (const { step, amountFen } of actual) {
    if (Object.hasOwn(expected, step)) continue;
    const amount = yuanTextFromFen(amountFen);
    differences.push({
      path: ['shares'],
      name: `shares.${step}`,
      step,
      expected: absent,
      actual: amount,
    });
  }
  const steps = actual.map(({ step }) => step);
  if (differences.length > 0 || steps.every((step, index) => names[index] === step)) return;
  differences.push({
    path: ['shares'],
    name: 'shares',
    expected: names.join(', '),
    actual: steps.join(', '),
  });
}

function compareWarnings(
  { warnings: expected }: ExpectedAmounts,
  { warnings }: CaseOutcome,
  differences: Difference[],
): void {
  if (expected === undefined) return;
  const inOrder = (codes: readonly string[]) => [...new Set(codes)].sort().join(', ');
  const [wanted, actual] = [inOrder(expected), inOrder(warnings)];
  if (wanted === actual) return;
  differences.push({
    path: ['warnings'],
    name: 'warnings',
    expected: wanted === '' ? absent : wanted,
    actual: actual === '' ? absent : actual,
  });
}

/** Whether the stated part of some data is as stated; amounts may be written with or without `.00`. */
function comparePart(
  path: readonly string[],
  expected: unknown,
  actual: unknown,
  differences: Difference[],
): void {
  if (isObject(expected) && isObject(actual)) {
    for (const [name, value] of Object.entries(expected)) {
      comparePart([...path, name], value, actual[name], differences);
    }
    return;
  }
  if (sameAmount(expected, actual) || JSON.stringify(expected) === JSON.stringify(actual)) return;
  const inWords = (value: unknown) =>
    value === undefined ? absent : typeof value === 'string' ? value : JSON.stringify(value);
  differences.push({
    path,
    name: path.join('.'),
    expected: inWords(expected),
    actual: inWords(actual),
  });
}

function sameAmount(a: unknown, b: unknown): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return false;
  if (!yuanTextPattern.test(a) || !yuanTextPattern.test(b)) return false;
  return fenFromYuanText(a) === fenFromYuanText(b);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
