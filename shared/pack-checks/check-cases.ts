import type { Words } from '../domain/result.ts';
import type { CompiledPack } from '../policy/compile/compiled-pack.ts';
import {
  declareProblems,
  type PackProblem,
  type ProblemCodeOf,
} from '../policy/pack/pack-problem.ts';
import type { PackCase } from '../policy/pack/pack-schema.ts';
import { problemsOfBecause } from './check-because.ts';
import { absent, differencesOf, type Difference } from './compare-case.ts';
import { inCase, type PreparedCases } from './prepared-case.ts';
import { runCase, type CaseRun } from './run-case.ts';

export type CheckedCases = {
  readonly problems: readonly PackProblem[];
  /** How many cases have something wrong with them. */
  readonly failed: number;
};

/** Runs every case of a pack and works out its arithmetic on its own. */
export function checkCases(pack: CompiledPack, prepared: PreparedCases): CheckedCases {
  const { cases } = pack.document;
  const problems = [...prepared.problems];
  for (const [index, packCase] of cases.entries()) {
    problems.push(...problemsOfBecause(packCase, ['cases', index]));
  }
  for (const each of prepared.cases) {
    problems.push(...problemsOfRun(each.packCase, ['cases', each.index], runCase(pack, each)));
  }
  if (cases.length === 0) problems.push(withoutCases());
  const failed = new Set(
    problems.flatMap(({ path }) => (path[0] === 'cases' && path.length > 1 ? [path[1]] : [])),
  );
  // A fault of a visit file is told once, and every case with that file has failed.
  for (const index of cases.keys()) {
    if (!prepared.cases.some((each) => each.index === index)) failed.add(index);
  }
  return { problems, failed: failed.size };
}

function problemsOfRun(
  { case: sentence, expect }: PackCase,
  path: PackProblem['path'],
  run: CaseRun,
): PackProblem<CaseCode>[] {
  const place = [...path, 'expect'];
  // Said already where the arithmetic is looked at; never with what the pack comes to, which would only be copied.
  if ('notWorkedOut' in expect) return [];
  if (run.kind === 'not-covered') {
    if ('notCovered' in expect) return [];
    const { zh, en } = run.because;
    return [inCase(sentence, notCovered(place, zh, en))];
  }
  if ('notCovered' in expect) return [inCase(sentence, covered([...place, 'notCovered']))];
  return differencesOf(expect, run.outcome).map((difference) =>
    inCase(sentence, differs(place, difference)),
  );
}

function differs(path: PackProblem['path'], { name, expected, actual, ...at }: Difference) {
  const inWords = (text: string) =>
    text === absent ? { zh: '没有', en: absent } : { zh: text, en: text };
  const [wanted, found] = [inWords(expected), inWords(actual)];
  if (at.step !== undefined && expected === absent) {
    return caseProblem([...path, ...at.path], 'case-without-share', { step: at.step });
  }
  return caseProblem([...path, ...at.path], 'case-failed', { name, wanted, found });
}

function notCovered(path: PackProblem['path'], zh: string, en: string): PackProblem<CaseCode> {
  return caseProblem(path, 'case-not-covered', { zh, en });
}

function covered(path: PackProblem['path']): PackProblem<CaseCode> {
  return caseProblem(path, 'case-covered');
}

function withoutCases(): PackProblem<CaseCode> {
  return caseProblem(['cases'], 'no-cases');
}

const caseProblem = declareProblems({
  'case-failed': ({
    name,
    wanted,
    found,
  }: {
    readonly name: string;
    readonly wanted: Words;
    readonly found: Words;
  }) => [
    `${name} 应为 ${wanted.zh}，算得 ${found.zh}`,
    `${name} should be ${wanted.en} and is ${found.en}`,
    '核对出处：是政策包写错了，还是案例写错了',
    'compare with the source: either the pack or the case is wrong',
  ],
  'case-without-share': ({ step }: { readonly step: string }) => [
    `shares 里没有写支付环节“${step}”`,
    `shares says nothing of step "${step}"`,
    `补上 ${step}: '…'；这一步不支付的也要写 ${step}: '0.00'`,
    `add ${step}: '…', also where it pays nothing: ${step}: '0.00'`,
  ],
  'case-not-covered': ({ zh, en }: { readonly zh: string; readonly en: string }) => [
    `政策包不适用于这次就诊：${zh}`,
    `the pack is not for this visit: ${en}`,
    '改正案例或 appliesTo；本来就不适用的，写 expect: { notCovered: true }',
    'correct the visit or appliesTo; where it is meant so, expect: { notCovered: true }',
  ],
  'case-covered': [
    '案例说政策包不适用，实际适用',
    'the case says that the pack is not for this visit, and it is',
    '改正案例，或改正 appliesTo',
    'correct the case, or appliesTo',
  ],
  'no-cases': [
    '没有案例，无法检验',
    'no cases: nothing shows that it is right',
    '至少写一个有出处的案例',
    'add at least one case from its source',
  ],
});

type CaseCode = ProblemCodeOf<typeof caseProblem>;
