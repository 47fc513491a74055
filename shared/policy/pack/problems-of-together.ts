import { declareProblems, type PackProblem, type ProblemCodeOf } from './pack-problem.ts';
import type { PackDocument } from './pack-schema.ts';
import type { PackStep } from './pack-steps.ts';
import { settlementsPerVisitMax, type PackEither } from './pack-together.ts';
import { referenceProblem } from './unknown-reference.ts';

type Problem = PackProblem<TogetherProblemCode>;
type Path = PackProblem['path'];

/** Whether the ceilings and choices of several steps name steps that can have them. */
export function problemsOfTogether(document: PackDocument): Problem[] {
  return [...problemsOfCeilings(document), ...problemsOfChoices(document)];
}

function problemsOfCeilings(document: PackDocument): Problem[] {
  return (document.sharedCeilings ?? []).flatMap(({ id, parameter, steps }, index): Problem[] => {
    const path = ['sharedCeilings', index];
    const problems = problemsOfNames(document, [...path, 'steps'], steps);
    if (document.parameters[parameter]?.unit !== 'yuan') {
      const at = [...path, 'parameter'];
      problems.push(referenceProblem(at, 'unknown-parameter', { key: parameter, units: ['yuan'] }));
    }
    if (new Set(steps).size < 2) problems.push(togetherProblem(path, 'ceiling-of-one-step'));
    steps.forEach((step, at) => {
      const rule = document.steps.find((each) => each.id === step);
      if (rule !== undefined && !mayHaveCeiling(rule)) {
        problems.push(togetherProblem([...path, 'steps', at], 'ceiling-not-for-step', { step }));
      }
    });
    if (document.sharedCeilings?.findIndex((each) => each.id === id) !== index) {
      problems.push(togetherProblem([...path, 'id'], 'duplicate-together', { id }));
    }
    return problems;
  });
}

/** A quota is paid as it stands, and where no rule is stated there is nothing to limit. */
function mayHaveCeiling(step: PackStep): boolean {
  return step.rule === 'quota' ? step.ordinary !== undefined : step.rule !== 'not-stated';
}

function problemsOfNames(document: PackDocument, path: Path, names: readonly string[]): Problem[] {
  return names.flatMap((step, at): Problem[] => {
    if (!document.steps.some(({ id }) => id === step)) {
      return [referenceProblem([...path, at], 'unknown-step', { key: step })];
    }
    if (names.indexOf(step) < at) {
      return [togetherProblem([...path, at], 'step-named-twice', { step })];
    }
    return [];
  });
}

function problemsOfChoices(document: PackDocument): Problem[] {
  const choices = document.either ?? [];
  const problems: Problem[] = [];
  const named = new Set<string>();
  for (const [index, choice] of choices.entries()) {
    const path = ['either', index];
    if (choice.ways.length < 2) problems.push(togetherProblem([...path, 'ways'], 'one-way-only'));
    for (const [at, { steps }] of choice.ways.entries()) {
      const place = [...path, 'ways', at, 'steps'];
      problems.push(...problemsOfNames(document, place, steps));
      steps.forEach((step, each) => {
        if (named.has(step) && steps.indexOf(step) === each) {
          problems.push(togetherProblem([...place, each], 'step-named-twice', { step }));
        }
      });
      for (const step of steps) named.add(step);
    }
    if (!isSideBySide(document, choice)) {
      problems.push(togetherProblem([...path, 'ways'], 'ways-apart'));
    }
    if (choices.findIndex(({ id }) => id === choice.id) < index) {
      problems.push(togetherProblem([...path, 'id'], 'duplicate-together', { id: choice.id }));
    }
  }
  const settlements = choices
    .filter(({ per }) => per === 'person')
    .reduce((product, { ways }) => product * ways.length, 1);
  if (settlements > settlementsPerVisitMax) {
    problems.push(togetherProblem(['either'], 'too-many-ways', { settlements }));
  }
  return problems;
}

/** Whether the steps of all ways stand one after the other with no step of anybody else between. */
function isSideBySide({ steps }: PackDocument, { ways }: PackEither): boolean {
  const names = new Set(ways.flatMap((way) => way.steps));
  const places = steps.flatMap(({ id }, index) => (names.has(id) ? [index] : []));
  const [first, last] = [places[0], places.at(-1)];
  return first === undefined || last === undefined || last - first + 1 === places.length;
}

const togetherProblem = declareProblems({
  'ceiling-of-one-step': [
    '合用封顶线只写了一个支付环节',
    'a shared ceiling names one step only',
    '写上合用它的各个支付环节；只有一个时用该支付环节的 ceilingPerVisit 或 ceilingPerYear',
    'name the steps that share it; for one alone use ceilingPerVisit or ceilingPerYear of the step',
  ],
  'ceiling-not-for-step': ({ step }: { readonly step: string }) => [
    `支付环节“${step}”没有可以封顶的金额（定额按定额支付，not-stated 不支付）`,
    `the step "${step}" has no amount that a ceiling could cut: a quota is paid as it stands`,
    '从 steps 中删去它',
    'remove it from steps',
  ],
  'step-named-twice': ({ step }: { readonly step: string }) => [
    `支付环节“${step}”写了两次`,
    `the step "${step}" is named twice`,
    '一个支付环节只属于一种办法；删去一处',
    'a step belongs to one way only; remove one of the two',
  ],
  'duplicate-together': ({ id }: { readonly id: string }) => [
    `名称“${id}”重复`,
    `the name "${id}" stands before`,
    '每一项用不同的名称',
    'give each its own name',
  ],
  'one-way-only': [
    '只有一种办法，没有可选的',
    'there is one way only: nothing to choose from',
    '写上另一种办法，或删去 either 的这一项',
    'add the other way, or remove this entry of either',
  ],
  'ways-apart': [
    '各种办法的支付环节要排在一起，中间不能有别的支付环节',
    'the steps of all ways stand side by side, with no other step between',
    '调整 steps 的次序，把它们排在一起',
    'put them side by side in steps',
  ],
  'too-many-ways': ({ settlements }: { readonly settlements: number }) => [
    `per: person 的办法合起来有 ${String(settlements)} 种，最多 ${String(settlementsPerVisitMax)} 种`,
    `the ways of per: person make ${String(settlements)} settlements; at most ${String(settlementsPerVisitMax)} are reckoned`,
    '合并或减少办法',
    'join some ways, or leave some out',
  ],
});

export type TogetherProblemCode =
  ProblemCodeOf<typeof togetherProblem> | ProblemCodeOf<typeof referenceProblem>;
