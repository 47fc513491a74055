import type { ChargeLine } from '../../domain/visit.ts';
import { fenHalfUp } from '../../money/rounding.ts';
import { fenFromYuanText } from '../../money/yuan-text.ts';
import { compileCondition, found, isOfAge } from './compile-condition.ts';
import { amountFigure, rateFigure, rateValueFigure } from './compile-figure.ts';
import type {
  CompiledCeilings,
  CompiledDeductible,
  CompiledRule,
  CompiledTarget,
  QuotaEntry,
  RateRule,
  RateTerms,
} from './compiled-pack.ts';
import { ownRounding, ownWord } from './own-word.ts';
import type { PackItemList, PackQuotaList } from '../pack/pack-figures.ts';
import type { PackDocument } from '../pack/pack-schema.ts';
import {
  loweringOrders,
  stepBases,
  targetCombinations,
  type PackRateRule,
  type PackStep,
  type PackTarget,
} from '../pack/pack-steps.ts';
import type { VisitFacts } from '../facts/visit-facts.ts';

/** Makes the rule of a step ready. */
export function compileRule(document: PackDocument, step: PackStep): CompiledRule {
  switch (step.rule) {
    case 'rate':
      return { kind: 'rate', ...compileRateRule(document, step) };
    case 'items': {
      const list = found(document.itemLists?.[step.items], step.items);
      return {
        kind: 'items',
        name: list.name,
        isListed: itemTest(list),
        rate: rateFigure(document, step.rate),
        rounding: ownRounding(step.rounding),
        lowersFirst: ownWord(loweringOrders, step.lowersFirst ?? 'within-catalogue'),
        ...compileCeilings(document, step),
      };
    }
    case 'quota': {
      const list = found(document.quotaLists?.[step.quotas], step.quotas);
      return {
        kind: 'quota',
        list: list.name,
        entries: list.entries.map((entry) => quotaEntry(list, entry)),
        factor: list.factor === undefined ? null : rateFigure(document, list.factor),
        rate: rateFigure(document, step.rate),
        rounding: ownRounding(step.rounding),
        ordinary: step.ordinary === undefined ? null : compileRateRule(document, step.ordinary),
      };
    }
    case 'guarantee':
      return {
        kind: 'guarantee',
        base: ownWord(['in-scope-residual', 'residual-total'], step.base),
        combine: ownWord(targetCombinations, step.combine),
        targets: step.targets.map((target) => compileTarget(document, target)),
        // Without one nothing is rounded: all that is left is taken.
        rounding: step.rounding === undefined ? fenHalfUp : ownRounding(step.rounding),
        lowersFirst: ownWord(loweringOrders, step.lowersFirst ?? 'within-catalogue'),
        ...compileCeilings(document, step),
      };
    case 'approved-amount':
      return {
        kind: 'approved-amount',
        base: ownWord(['in-scope-residual', 'residual-total'], step.base),
        form: step.form,
        lowersFirst: ownWord(loweringOrders, step.lowersFirst ?? 'within-catalogue'),
        ...compileCeilings(document, step),
      };
    case 'not-stated':
      return { kind: 'not-stated', reason: step.reason };
  }
}

function compileRateRule(document: PackDocument, rule: PackRateRule): RateRule {
  const own: Partial<RateTerms> & CompiledCeilings = {
    ...(rule.rate === undefined ? {} : { rate: rateValueFigure(document, rule.rate) }),
    deductible: compileDeductible(document, rule.deductible),
    ...compileCeilings(document, rule),
  };
  const variants = (rule.variants ?? []).map((variant): RateTerms => {
    return {
      name: variant.name,
      when: compileCondition(document, variant.when),
      rate: found(
        variant.rate === undefined ? own.rate : rateValueFigure(document, variant.rate),
        'a rate',
      ),
      deductible:
        variant.deductible === 'none'
          ? null
          : (compileDeductible(document, variant.deductible) ?? own.deductible ?? null),
      ...compileCeilings(document, {
        ceilingPerVisit: variant.ceilingPerVisit ?? rule.ceilingPerVisit,
        ceilingPerYear: variant.ceilingPerYear ?? rule.ceilingPerYear,
      }),
    };
  });
  return {
    base: ownWord(stepBases, rule.base),
    rounding: ownRounding(rule.rounding),
    lowersFirst: ownWord(loweringOrders, rule.lowersFirst ?? 'within-catalogue'),
    variants,
    own:
      own.rate === undefined
        ? null
        : {
            name: null,
            when: null,
            rate: own.rate,
            deductible: own.deductible ?? null,
            ceilingPerVisit: own.ceilingPerVisit,
            ceilingPerYear: own.ceilingPerYear,
          },
    take: ownWord(['best', 'first'], rule.take ?? 'first'),
  };
}

function compileDeductible(
  document: PackDocument,
  deductible: PackRateRule['deductible'],
): CompiledDeductible | null {
  if (deductible === undefined) return null;
  return {
    per: ownWord(['visit', 'year'], deductible.per),
    figure: amountFigure(document, deductible.parameter),
    difference: deductible.referralChain === 'difference',
  };
}

function compileCeilings(
  document: PackDocument,
  stated: {
    readonly ceilingPerVisit?: string | undefined;
    readonly ceilingPerYear?: string | undefined;
  },
): CompiledCeilings {
  const of = (key: string | undefined) =>
    key === undefined || key === 'none' ? null : amountFigure(document, key);
  return {
    ceilingPerVisit: of(stated.ceilingPerVisit),
    ceilingPerYear: of(stated.ceilingPerYear),
  };
}

function compileTarget(document: PackDocument, target: PackTarget): CompiledTarget {
  if ('reach' in target) {
    return { kind: 'reach', of: target.of, figure: rateFigure(document, target.reach) };
  }
  if ('yearSelfPayAtMost' in target) {
    return { kind: 'year-self-pay', figure: amountFigure(document, target.yearSelfPayAtMost) };
  }
  if ('visitSelfPayAtMost' in target) {
    return { kind: 'visit-self-pay', figure: amountFigure(document, target.visitSelfPayAtMost) };
  }
  return { kind: 'nothing-left' };
}

function itemTest({ categories, codes }: PackItemList): (line: ChargeLine) => boolean {
  return (line) =>
    categories?.includes(line.category) === true ||
    codes?.some(({ prefix }) => line.code.startsWith(prefix)) === true;
}

function quotaEntry(
  { diagnoses }: PackQuotaList,
  { diagnosis, procedure, name, quota, age }: PackQuotaList['entries'][number],
): QuotaEntry {
  const hasDiagnosis = ({ input }: VisitFacts) =>
    diagnosis === undefined ||
    input.visit.diagnoses.some(
      ({ code, principal }) => (principal || diagnoses === 'any') && code.startsWith(diagnosis),
    );
  const hasProcedure = ({ input }: VisitFacts) =>
    procedure === undefined ||
    input.visit.procedures.some(({ code }) => code.startsWith(procedure));
  return {
    name,
    quotaFen: fenFromYuanText(quota),
    fits: (facts) => hasDiagnosis(facts) && hasProcedure(facts) && isOfAge(age ?? {}, facts),
  };
}
