import type { PackCondition } from '../policy/pack/pack-conditions.ts';
import {
  declareProblems,
  type PackProblem,
  type ProblemCodeOf,
} from '../policy/pack/pack-problem.ts';
import type { PackDocument } from '../policy/pack/pack-schema.ts';
import type { PackRateRule, PackStep } from '../policy/pack/pack-steps.ts';
import {
  alwaysHolds,
  contextOfPack,
  neverTogether,
  oneAlwaysHolds,
  type Context,
} from './condition-logic.ts';
import { paysAtLeast } from './compare-terms.ts';
import { contextOfStep, parameterUses } from './pack-uses.ts';

type Path = PackProblem['path'];

/** Rules that contradict what the pack says elsewhere, and rules another one always goes before. */
export function problemsOfUnreachableRules(
  document: PackDocument,
): PackProblem<UnreachableRuleCode>[] {
  return [
    ...(neverTogether(document, contextOfPack(document)) ? [scopeImpossible()] : []),
    ...document.steps.flatMap((step, index) => ofStep(document, step, ['steps', index])),
    ...ofExceptions(document),
    ...ofModifiers(document),
    ...ofAlternatives(document),
  ];
}

function ofStep(
  document: PackDocument,
  step: PackStep,
  path: Path,
): PackProblem<UnreachableRuleCode>[] {
  const pack = contextOfPack(document);
  const { appliesTo, requires } = step;
  if (appliesTo !== undefined && neverTogether(document, [...pack, appliesTo])) {
    return [neverApplies([...path, 'appliesTo'])];
  }
  const context = contextOfStep(document, step);
  if (requires !== undefined && neverTogether(document, context)) {
    return [neverMet([...path, 'requires'])];
  }
  const problems: PackProblem<UnreachableRuleCode>[] = [];
  if (step.rule === 'rate') problems.push(...ofVariants(document, step, path, context));
  if (step.rule === 'quota' && step.ordinary !== undefined) {
    problems.push(...ofVariants(document, step.ordinary, [...path, 'ordinary'], context));
  }
  return problems;
}

function ofVariants(
  document: PackDocument,
  rule: PackRateRule,
  path: Path,
  context: Context,
): PackProblem<UnreachableRuleCode>[] {
  const { variants = [], take, rate } = rule;
  const whens = variants.map(({ when }) => when);
  const problems = orderProblems(document, whens, [context], {
    impossible: (index) => neverFits([...path, 'variants', index, 'when']),
    covered: (index) => comesTooLate([...path, 'variants', index, 'when']),
    // Of variants that fit the best is taken: one is hidden by such as pay at least as much.
    isBefore: (other, index) =>
      take === 'best' ? paysAtLeast(document, rule, other, index) : other < index,
  });
  const isDefault = variants.some((variant) => variant.rate === undefined);
  if (rate !== undefined && !isDefault && oneAlwaysHolds(document, whens, context)) {
    problems.push(reachProblem([...path, 'rate'], 'own-rate-unreachable'));
  }
  if (take !== undefined && variants.length < 2) problems.push(nothingToTake([...path, 'take']));
  return problems;
}

function ofExceptions(document: PackDocument): PackProblem<UnreachableRuleCode>[] {
  const uses = parameterUses(document);
  return Object.entries(document.parameters).flatMap(([key, { except = [] }]) => {
    const contexts = uses.filter((use) => use.key === key).map(({ context }) => context);
    if (contexts.length === 0 || except.length === 0) return [];
    const path = ['parameters', key, 'except'];
    const problems = orderProblems(
      document,
      except.map(({ when }) => when),
      contexts,
      {
        impossible: (index) => neverFits([...path, index, 'when']),
        covered: (index) => comesTooLate([...path, index, 'when']),
        isBefore: (other, index) => other < index,
      },
    );
    const whens = except.map(({ when }) => when);
    if (contexts.every((context) => oneAlwaysHolds(document, whens, context))) {
      problems.push(reachProblem(['parameters', key], 'value-unreachable'));
    }
    return problems;
  });
}

/** Of conditions tried in order: those that never hold, and those others always go before. */
function orderProblems(
  document: PackDocument,
  conditions: readonly PackCondition[],
  contexts: readonly Context[],
  {
    impossible,
    covered,
    isBefore,
  }: {
    readonly impossible: (index: number) => PackProblem<UnreachableRuleCode>;
    readonly covered: (index: number) => PackProblem<UnreachableRuleCode>;
    readonly isBefore: (other: number, index: number) => boolean;
  },
): PackProblem<UnreachableRuleCode>[] {
  return conditions.flatMap((when, index) => {
    const possible = contexts.filter((context) => !neverTogether(document, [...context, when]));
    if (possible.length === 0) return [impossible(index)];
    const before = conditions.filter(
      (_condition, other) => other !== index && isBefore(other, index),
    );
    const isCovered = possible.every((context) =>
      oneAlwaysHolds(document, before, [...context, when]),
    );
    return isCovered ? [covered(index)] : [];
  });
}

function ofModifiers(document: PackDocument): PackProblem<UnreachableRuleCode>[] {
  const steps = new Map(document.steps.map((step) => [step.id, step]));
  return (document.modifiers ?? []).flatMap(({ when, multiplyRate, disable }, index) => {
    const path = ['modifiers', index];
    if (neverTogether(document, [...contextOfPack(document), when])) {
      return [neverFits([...path, 'when'])];
    }
    const act = multiplyRate === undefined ? 'disable' : 'multiplyRate';
    return (
      (multiplyRate ?? disable)?.steps.flatMap((id, at) => {
        const step = steps.get(id);
        if (step === undefined) return [];
        const place = [...path, act, 'steps', at];
        if (neverTogether(document, [...contextOfStep(document, step), when])) {
          return [neverMeetsStep(place, id)];
        }
        return hasNoEffect(step, act) ? [modifiesNothing(place, id)] : [];
      }) ?? []
    );
  });
}

function hasNoEffect(step: PackStep, act: 'multiplyRate' | 'disable'): boolean {
  if (step.rule === 'not-stated') return true;
  if (act === 'disable' || step.rule === 'rate') return false;
  return step.rule !== 'quota' || step.ordinary === undefined;
}

/** An alternative of `anyOf` that another one of them covers. */
function ofAlternatives(document: PackDocument): PackProblem<UnreachableRuleCode>[] {
  return conditionsWithAlternatives(document).flatMap(({ path, anyOf }) =>
    anyOf.flatMap((alternative, index) => {
      const by = anyOf.findIndex(
        (other, at) =>
          at !== index &&
          alwaysHolds(document, other, [alternative]) &&
          // Of two that say the same the later one is needless.
          (at < index || !alwaysHolds(document, alternative, [other])),
      );
      return by < 0 ? [] : [comesTooLate([...path, 'anyOf', index])];
    }),
  );
}

type WithAlternatives = { readonly path: Path; readonly anyOf: readonly PackCondition[] };

function conditionsWithAlternatives(document: PackDocument): WithAlternatives[] {
  const stated: [Path, PackCondition | undefined][] = [
    ...Object.entries(document.parameters).flatMap(([key, { except }]) =>
      (except ?? []).map(({ when }, index): [Path, PackCondition] => [
        ['parameters', key, 'except', index, 'when'],
        when,
      ]),
    ),
    ...(document.modifiers ?? []).map(({ when }, index): [Path, PackCondition] => [
      ['modifiers', index, 'when'],
      when,
    ]),
    ...document.steps.flatMap((step, index): [Path, PackCondition | undefined][] => [
      [['steps', index, 'appliesTo'], step.appliesTo],
      [['steps', index, 'requires'], step.requires],
      ...variantsOf(step).map(({ at, when }): [Path, PackCondition] => [
        ['steps', index, ...at],
        when,
      ]),
    ]),
  ];
  return stated.flatMap(([path, condition]) =>
    condition?.anyOf === undefined ? [] : [{ path, anyOf: condition.anyOf }],
  );
}

function variantsOf(step: PackStep): { readonly at: Path; readonly when: PackCondition }[] {
  const [before, rule]: [Path, PackRateRule | undefined] =
    step.rule === 'rate'
      ? [[], step]
      : [['ordinary'], step.rule === 'quota' ? step.ordinary : undefined];
  return (rule?.variants ?? []).map(({ when }, index) => ({
    at: [...before, 'variants', index, 'when'],
    when,
  }));
}

function scopeImpossible(): PackProblem<UnreachableRuleCode> {
  return reachProblem(['appliesTo'], 'scope-never-fits');
}

function neverApplies(path: Path): PackProblem<UnreachableRuleCode> {
  return reachProblem(path, 'step-never-applies');
}

function neverMet(path: Path): PackProblem<UnreachableRuleCode> {
  return reachProblem(path, 'requirement-never-met');
}

function neverFits(path: Path): PackProblem<UnreachableRuleCode> {
  return reachProblem(path, 'condition-never-fits');
}

function comesTooLate(path: Path): PackProblem<UnreachableRuleCode> {
  return reachProblem(path, 'condition-unreachable');
}

function neverMeetsStep(path: Path, id: string): PackProblem<UnreachableRuleCode> {
  return reachProblem(path, 'modifier-never-meets-step', { id });
}

function modifiesNothing(path: Path, id: string): PackProblem<UnreachableRuleCode> {
  return reachProblem(path, 'modifier-without-effect', { id });
}

function nothingToTake(path: Path): PackProblem<UnreachableRuleCode> {
  return reachProblem(path, 'take-without-choice');
}

const neverReached = [
  '用不到这个数值：所有人都符合某一条例外或情形',
  'never used: everybody fits one of the exceptions or variants',
  '改正它们的条件，或删去其中一条、把它的数值写在这里',
  'correct their conditions, or make the figure of one of them the general one',
] as const;

const reachProblem = declareProblems({
  'own-rate-unreachable': neverReached,
  'value-unreachable': neverReached,
  'scope-never-fits': [
    '适用范围自相矛盾，没有人能同时符合',
    'the scope contradicts itself: nobody can fit it',
    '改正 appliesTo',
    'correct appliesTo',
  ],
  'step-never-applies': [
    '这个支付环节的适用对象与政策包的适用范围矛盾，没有人用得上',
    'whom this step concerns contradicts the scope of the pack: it concerns nobody',
    '改正这里，或改正政策包的 appliesTo 和有效期',
    'correct this, or appliesTo and the dates of the pack',
  ],
  'requirement-never-met': [
    '这个要求与支付环节或政策包的适用范围矛盾，永远不能满足',
    'this requirement contradicts whom the step or the pack is for: it is never met',
    '改正这里，或改正 appliesTo',
    'correct this, or appliesTo',
  ],
  'condition-never-fits': [
    '这个条件与用到它的支付环节或政策包的适用范围矛盾，永远不成立',
    'this condition contradicts the scope of the pack or of the steps that use it: it never holds',
    '改正条件，或删去这一条',
    'correct the condition, or remove the entry',
  ],
  'condition-unreachable': [
    '轮不到这一条：符合它的都已符合另外的一条',
    'never reached: whoever fits it fits another entry already',
    '把范围窄的写在前面，或删去这一条',
    'put the narrower one first, or remove this one',
  ],
  'modifier-never-meets-step': ({ id }: { readonly id: string }) => [
    `支付环节“${id}”的适用对象从不符合这个调整的条件`,
    `nobody the step "${id}" is for ever meets this modifier's condition`,
    '改正条件，或从这里删去该支付环节',
    'correct the condition, or remove the step from this list',
  ],
  'modifier-without-effect': ({ id }: { readonly id: string }) => [
    `支付环节“${id}”没有可以调整的比例或支付`,
    `the step "${id}" has no rate or payment this could change`,
    '从这里删去该支付环节',
    'remove the step from this list',
  ],
  'take-without-choice': [
    '少于两种情形，没有可选的',
    'there are fewer than two variants to choose from',
    '删去 take，或补上另一种情形',
    'remove take, or add the other variant',
  ],
});

type UnreachableRuleCode = ProblemCodeOf<typeof reachProblem>;
