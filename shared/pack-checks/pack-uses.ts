import type { PackCondition } from '../policy/pack/pack-conditions.ts';
import type { PackDocument } from '../policy/pack/pack-schema.ts';
import type { PackRateRule, PackStep, PackTarget } from '../policy/pack/pack-steps.ts';
import type { PackSharedCeiling } from '../policy/pack/pack-together.ts';
import { contextOfPack, neverTogether, oneAlwaysHolds, type Context } from './condition-logic.ts';

/** Where a pack uses one of its parameters, and what holds there of every visit. */
export type ParameterUse = {
  readonly key: string;
  readonly context: Context;
};

/** What holds of every visit on which a step pays. */
export function contextOfStep(document: PackDocument, step: PackStep): Context {
  return [...contextOfPack(document), ...given(step.appliesTo), ...given(step.requires)];
}

/** Every use of a parameter in a pack, a use in several places once for each. */
export function parameterUses(document: PackDocument): ParameterUse[] {
  const uses: ParameterUse[] = [];
  for (const step of document.steps) {
    const context = contextOfStep(document, step);
    for (const { key, when } of usesOfStep(step)) {
      uses.push({ key, context: when === undefined ? context : [...context, when] });
    }
    if (step.rule !== 'quota') continue;
    const factor = document.quotaLists?.[step.quotas]?.factor;
    if (factor !== undefined) uses.push({ key: factor, context });
  }
  for (const { parameter, steps } of document.sharedCeilings ?? []) {
    for (const step of document.steps) {
      if (steps.includes(step.id)) {
        uses.push({ key: parameter, context: contextOfStep(document, step) });
      }
    }
  }
  for (const { when, multiplyRate, firstPay } of document.modifiers ?? []) {
    const key = multiplyRate?.parameter ?? firstPay?.parameter;
    if (key !== undefined) uses.push({ key, context: [...contextOfPack(document), when] });
  }
  return uses;
}

/** The parameters that an amount of a step may rest on by its own rule. */
export function parametersOfStep(document: PackDocument, step: PackStep): readonly string[] {
  const keys = usesOfStep(step).map(({ key }) => key);
  const factor = step.rule === 'quota' ? document.quotaLists?.[step.quotas]?.factor : undefined;
  const shared = sharedCeilingsOf(document, step.id).map(({ parameter }) => parameter);
  return [...keys, ...(factor === undefined ? [] : [factor]), ...shared];
}

/** The ceilings a step shares with others. */
export function sharedCeilingsOf(
  { sharedCeilings = [] }: PackDocument,
  id: string,
): readonly PackSharedCeiling[] {
  return sharedCeilings.filter(({ steps }) => steps.includes(id));
}

/**
 * Whether the general value of a parameter may count for some visit of a group: a step that uses it is for
 * them, and no exception replaces it for all of them.
 */
export function isEverUsed(document: PackDocument, key: string, group: PackCondition): boolean {
  const exceptions = (document.parameters[key]?.except ?? []).map(({ when }) => when);
  return parameterUses(document).some(({ key: used, context }) => {
    const visits = [...context, group];
    return (
      used === key &&
      !neverTogether(document, visits) &&
      !oneAlwaysHolds(document, exceptions, visits)
    );
  });
}

function given(condition: PackCondition | undefined): Context {
  return condition === undefined ? [] : [condition];
}

type Use = { readonly key: string; readonly when?: PackCondition };

function usesOfStep(step: PackStep): Use[] {
  switch (step.rule) {
    case 'rate':
      return usesOfRate(step);
    case 'items':
      return [{ key: step.rate }, ...usesOfCeilings(step)];
    case 'quota':
      return [
        { key: step.rate },
        ...(step.ordinary === undefined ? [] : usesOfRate(step.ordinary)),
      ];
    case 'guarantee':
      return [...step.targets.flatMap(usesOfTarget), ...usesOfCeilings(step)];
    case 'approved-amount':
      return usesOfCeilings(step);
    case 'not-stated':
      return [];
  }
}

function usesOfTarget(target: PackTarget): Use[] {
  if ('reach' in target) return [{ key: target.reach }];
  if ('yearSelfPayAtMost' in target) return [{ key: target.yearSelfPayAtMost }];
  if ('visitSelfPayAtMost' in target) return [{ key: target.visitSelfPayAtMost }];
  return [];
}

function usesOfRate(rule: PackRateRule): Use[] {
  const own = usesOfTerms(rule);
  return [
    ...own,
    ...(rule.variants ?? []).flatMap((variant) =>
      usesOfTerms(variant).map((use) => ({ ...use, when: variant.when })),
    ),
  ];
}

type Terms = Pick<
  NonNullable<PackRateRule['variants']>[number],
  'rate' | 'deductible' | 'ceilingPerVisit' | 'ceilingPerYear'
>;

function usesOfTerms(terms: Terms): Use[] {
  const { rate, deductible } = terms;
  return [
    ...(rate === undefined ? [] : [{ key: rate }]),
    ...(deductible === undefined || deductible === 'none' ? [] : [{ key: deductible.parameter }]),
    ...usesOfCeilings(terms),
  ];
}

function usesOfCeilings({
  ceilingPerVisit,
  ceilingPerYear,
}: Pick<Terms, 'ceilingPerVisit' | 'ceilingPerYear'>): Use[] {
  return [ceilingPerVisit, ceilingPerYear].flatMap((key) =>
    key === undefined || key === 'none' ? [] : [{ key }],
  );
}
