import { scopeOf } from '../../policy/pack/pack-conditions-of.ts';
import type { PackCondition } from '../../policy/pack/pack-conditions.ts';
import type { PackParameter } from '../../policy/pack/pack-figures.ts';
import type { PackDocument } from '../../policy/pack/pack-schema.ts';
import type { PackRateRule, PackStep } from '../../policy/pack/pack-steps.ts';
import {
  alwaysHolds,
  contextOfPack,
  neverTogether,
  oneAlwaysHolds,
  type Context,
} from '../condition-logic.ts';
import { contextOfStep, parameterUses } from '../pack-uses.ts';
import { paysAtLeast } from '../compare-terms.ts';
import type { Path } from './mutant.ts';
import { sameData } from '../same-data.ts';

/** A condition of a pack, where it stands, and what holds of every visit it is asked of. */
export type ConditionPlace = {
  readonly path: Path;
  readonly condition: PackCondition;
  /** One for every place it is asked at. */
  readonly contexts: readonly Context[];
  /** Whether it makes no difference to any of some visits if the condition holds for them or not. */
  readonly makesNoDifference: (visits: Context) => boolean;
};

/** Every condition of a pack; that on the pack itself without its places, kinds, insurance and dates. */
export function placedConditions(document: PackDocument): ConditionPlace[] {
  const { kinds, insurance } = document.appliesTo;
  return [
    {
      path: ['appliesTo'],
      condition: scopeOf(document),
      contexts: [[{ visitKinds: kinds, insurance }]],
      makesNoDifference: never,
    },
    ...ofExceptions(document),
    ...ofModifiers(document),
    ...document.steps.flatMap((step, index) => ofStep(document, step, ['steps', index])),
  ];
}

const never = (): boolean => false;

function ofExceptions(document: PackDocument): ConditionPlace[] {
  const uses = parameterUses(document);
  return Object.entries(document.parameters).flatMap(([key, parameter]) => {
    const contexts = uses.filter((use) => use.key === key).map(({ context }) => context);
    return (parameter.except ?? []).map(({ when }, index) => ({
      path: ['parameters', key, 'except', index, 'when'],
      condition: when,
      contexts,
      makesNoDifference: (visits: Context) => sameFigure(document, parameter, index, visits),
    }));
  });
}

/** Whether visits have the same figure with and without an exception: an earlier one counts, or a later equal one. */
function sameFigure(
  document: PackDocument,
  { except = [], value: general }: PackParameter,
  index: number,
  visits: Context,
): boolean {
  const earlier = except.slice(0, index).map(({ when }) => when);
  if (oneAlwaysHolds(document, earlier, visits)) return true;
  const value = except[index]?.value;
  for (const later of except.slice(index + 1)) {
    if (neverTogether(document, [...visits, later.when])) continue;
    if (!sameData(later.value, value)) return false;
    if (alwaysHolds(document, later.when, visits)) return true;
  }
  return sameData(general, value);
}

/** A modifier is asked only where a step it names pays; what is paid first, of every visit. */
function ofModifiers(document: PackDocument): ConditionPlace[] {
  const pack = contextOfPack(document);
  return (document.modifiers ?? []).map(({ when, multiplyRate, disable }, index) => {
    const named = (multiplyRate ?? disable)?.steps;
    const steps = document.steps.filter(({ id }) => named?.includes(id) === true);
    return {
      path: ['modifiers', index, 'when'],
      condition: when,
      contexts: named === undefined ? [pack] : steps.map((step) => contextOfStep(document, step)),
      makesNoDifference: never,
    };
  });
}

function ofStep(document: PackDocument, step: PackStep, path: Path): ConditionPlace[] {
  const pack = contextOfPack(document);
  const { appliesTo, requires } = step;
  const concerned = appliesTo === undefined ? pack : [...pack, appliesTo];
  return [
    ...(appliesTo === undefined
      ? []
      : [
          {
            path: [...path, 'appliesTo'],
            condition: appliesTo,
            contexts: [pack],
            makesNoDifference: never,
          },
        ]),
    ...(requires === undefined
      ? []
      : [
          {
            path: [...path, 'requires'],
            condition: requires,
            contexts: [concerned],
            makesNoDifference: (visits: Context) => paysNoVariant(document, step, visits),
          },
        ]),
    ...rateRulesOf(step, path).flatMap(({ path: at, rule }) =>
      (rule.variants ?? []).map(({ when }, index) => ({
        path: [...at, 'variants', index, 'when'],
        condition: when,
        contexts: [contextOfStep(document, step)],
        makesNoDifference: (visits: Context) => isOutbid(document, rule, index, visits),
      })),
    ),
  ];
}

/**
 * Whether a step that pays by its variants alone asks for nothing but categories and has no variant for
 * some visits: it pays nothing, for the same reason, with or without the requirement.
 */
function paysNoVariant(document: PackDocument, step: PackStep, visits: Context): boolean {
  if (step.rule !== 'rate' || step.rate !== undefined) return false;
  if (Object.keys(step.requires ?? {}).some((part) => part !== 'categories')) return false;
  // A modifier that switches the step off is another reason, and asked after the requirement.
  if ((document.modifiers ?? []).some(({ disable }) => disable?.steps.includes(step.id) === true)) {
    return false;
  }
  return (step.variants ?? []).every(({ when }) => neverTogether(document, [...visits, when]));
}

/** Whether another variant counts for some visits in any case, or pays at least as much. */
function isOutbid(
  document: PackDocument,
  rule: PackRateRule,
  index: number,
  visits: Context,
): boolean {
  const variants = rule.variants ?? [];
  const others = variants.filter((_variant, other) =>
    rule.take === 'best'
      ? other !== index && paysAtLeast(document, rule, other, index)
      : other < index,
  );
  const conditions = others.map(({ when }) => when);
  return oneAlwaysHolds(document, conditions, visits);
}

/** The rate rules of a step: its own, or that for diseases without a quota. */
export function rateRulesOf(
  step: PackStep,
  path: Path,
): { readonly path: Path; readonly rule: PackRateRule }[] {
  if (step.rule === 'rate') return [{ path, rule: step }];
  if (step.rule !== 'quota' || step.ordinary === undefined) return [];
  return [{ path: [...path, 'ordinary'], rule: step.ordinary }];
}
