import { conditionsOf } from '../pack/pack-conditions-of.ts';
import type { CompiledPack } from './compiled-pack.ts';
import type { PackDocument } from '../pack/pack-schema.ts';
import type { PackRateRule, PackStep } from '../pack/pack-steps.ts';

/**
 * Whether what a pack pays can depend on the person's year to date: yearly deductibles, ceilings and
 * targets, bases of the year, the count of admissions, the hospital levels of the year.
 */
export function leansOnYear({ document }: Pick<CompiledPack, 'document'>): boolean {
  return (
    document.steps.some(stepLeansOnYear) ||
    (document.sharedCeilings ?? []).some(({ per }) => per === 'year') ||
    Object.values(document.parameters).some(isByYear) ||
    conditionsOf(document).some(({ condition }) => condition.admissionOfYear !== undefined)
  );
}

function isByYear(parameter: PackDocument['parameters'][string]): boolean {
  return parameter.unit === 'yuan' && parameter.byYearLevels !== undefined;
}

function stepLeansOnYear(step: PackStep): boolean {
  switch (step.rule) {
    case 'rate':
      return rateLeansOnYear(step);
    case 'quota':
      return step.ordinary !== undefined && rateLeansOnYear(step.ordinary);
    case 'guarantee':
      return (
        step.ceilingPerYear !== undefined ||
        step.targets.some((target) => 'yearSelfPayAtMost' in target)
      );
    case 'items':
    case 'approved-amount':
      return step.ceilingPerYear !== undefined;
    case 'not-stated':
      return false;
  }
}

function rateLeansOnYear(rule: PackRateRule): boolean {
  const ofYear = rule.base === 'year-in-scope-self-pay' || rule.base === 'year-self-pay';
  return (
    ofYear ||
    [rule, ...(rule.variants ?? [])].some(
      ({ deductible, ceilingPerYear }) =>
        (deductible !== undefined && deductible !== 'none' && deductible.per === 'year') ||
        ceilingPerYear !== undefined,
    )
  );
}
