import type { PackCondition, PlainCondition } from './pack-conditions.ts';
import type { PackDocument } from './pack-schema.ts';
import type { PackRateRule, PackStep } from './pack-steps.ts';

/** A condition of a pack and where it stands. */
export type PlacedCondition = {
  readonly path: readonly (string | number)[];
  readonly condition: PlainCondition;
};

/** Every condition a pack states, the alternatives of `anyOf` each on its own. */
export function conditionsOf(document: PackDocument): PlacedCondition[] {
  return [
    ...placed(['appliesTo'], scopeOf(document)),
    ...Object.entries(document.parameters).flatMap(([key, { except }]) =>
      (except ?? []).flatMap(({ when }, index) =>
        placed(['parameters', key, 'except', index, 'when'], when),
      ),
    ),
    ...(document.modifiers ?? []).flatMap(({ when }, index) =>
      placed(['modifiers', index, 'when'], when),
    ),
    ...document.steps.flatMap((step, index) => ofStep(['steps', index], step)),
  ];
}

/** What the scope of a pack asks for beside place, insurance and kind of visit. */
export function scopeOf({ appliesTo }: PackDocument): PackCondition {
  const always = ['places', 'insurance', 'kinds'];
  return Object.fromEntries(Object.entries(appliesTo).filter(([part]) => !always.includes(part)));
}

function ofStep(path: (string | number)[], step: PackStep): PlacedCondition[] {
  const ofRule =
    step.rule === 'rate'
      ? ofVariants(path, step)
      : step.rule === 'quota' && step.ordinary !== undefined
        ? ofVariants([...path, 'ordinary'], step.ordinary)
        : [];
  return [
    ...placed([...path, 'appliesTo'], step.appliesTo),
    ...placed([...path, 'requires'], step.requires),
    ...placed([...path, 'countsTowards'], step.countsTowards),
    ...ofRule,
  ];
}

function ofVariants(
  path: (string | number)[],
  { variants }: Pick<PackRateRule, 'variants'>,
): PlacedCondition[] {
  return (variants ?? []).flatMap(({ when }, index) =>
    placed([...path, 'variants', index, 'when'], when),
  );
}

function placed(path: (string | number)[], stated: PackCondition | undefined): PlacedCondition[] {
  if (stated === undefined) return [];
  const { anyOf, ...condition } = stated;
  return [
    ...withDenied(path, condition),
    ...(anyOf ?? []).flatMap((alternative, index) =>
      withDenied([...path, 'anyOf', index], alternative),
    ),
  ];
}

/** A condition, and what it says must not hold, which names lists and categories like any other. */
function withDenied(path: (string | number)[], condition: PlainCondition): PlacedCondition[] {
  const { not } = condition;
  const own = { path, condition };
  return not === undefined ? [own] : [own, { path: [...path, 'not'], condition: not }];
}
