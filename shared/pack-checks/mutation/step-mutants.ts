import type { PackModifier } from '../../policy/pack/pack-figures.ts';
import type { PackDocument } from '../../policy/pack/pack-schema.ts';
import type { PackRateRule, PackStep, PackTarget } from '../../policy/pack/pack-steps.ts';
import { neverTogether } from '../condition-logic.ts';
import { contextOfStep, sharedCeilingsOf } from '../pack-uses.ts';
import { paysAtLeast } from '../compare-terms.ts';
import { otherBase, otherBases } from './base-mutants.ts';
import { rateRulesOf } from './condition-places.ts';
import { without, withEntry, withValue, type Mutant, type Path } from './mutant.ts';

/** Bases, what is lowered first, deductibles, ceilings, targets, and how things go together. */
export function stepMutants(document: PackDocument): Mutant[] {
  return [
    ...document.steps.flatMap((step, index) => ofStep(document, step, index)),
    ...(document.modifiers ?? []).flatMap((modifier, index) =>
      ofModifier(document, modifier, ['modifiers', index]),
    ),
  ];
}

function ofStep(document: PackDocument, step: PackStep, index: number): Mutant[] {
  const path = ['steps', index];
  const ofRates = rateRulesOf(step, path).flatMap(({ path: at, rule }) => [
    ...otherBases(document, step, index, at, rule),
    ...(paysAll(document, step, rule) ? [] : lowering(document, at, rule.lowersFirst)),
    ...ofTerms(document, at, rule),
    ...(rule.variants ?? []).flatMap((variant, each) => [
      ...ofTerms(document, [...at, 'variants', each], variant),
      ...withoutVariant(document, at, rule, each),
    ]),
    ...otherTake(document, step, at, rule),
  ]);
  switch (step.rule) {
    case 'items':
      return [...ofCeilings(document, path, step), ...itemLowering(document, path, step)];
    case 'guarantee':
      return [
        ...residualBase(document, path, step.base),
        ...(leavesNothing(document, step) ? [] : lowering(document, path, step.lowersFirst)),
        ...ofCeilings(document, path, step),
        ...ofTargets(document, path, step.targets),
        ...(step.targets.length < 2 ? [] : [otherCombination(document, path, step.combine)]),
      ];
    case 'approved-amount':
      return [
        ...residualBase(document, path, step.base),
        ...lowering(document, path, step.lowersFirst),
        ...ofCeilings(document, path, step),
      ];
    case 'rate':
    case 'quota':
    case 'not-stated':
      return ofRates;
  }
}

function residualBase(document: PackDocument, path: Path, base: string): Mutant[] {
  const other = base === 'residual-total' ? 'in-scope-residual' : 'residual-total';
  return [otherBase(document, path, base, other)];
}

const loweringWords = {
  zh: '加一个个人自付和自费都有剩余、expect 写明 withinCatalogue 的案例',
  en: 'add a case that leaves both parts to the patient and expects withinCatalogue',
};

function lowering(document: PackDocument, path: Path, stated: string | undefined): Mutant[] {
  if (stated === undefined) return [];
  const after = stated === 'within-catalogue' ? 'outside-catalogue' : 'within-catalogue';
  const at = [...path, 'lowersFirst'];
  const data = withValue(document, at, after);
  return [{ path: at, before: stated, after, missing: loweringWords, data }];
}

/** Where all that is left is paid, both parts are lowered to nothing, whichever comes first. */
function leavesNothing(
  document: PackDocument,
  { id, targets, ...ceilings }: Extract<PackStep, { rule: 'guarantee' }>,
): boolean {
  return (
    targets.some((target) => 'nothingLeft' in target) &&
    targets.length === 1 &&
    !isLimited(document, id, ceilings)
  );
}

function paysAll(document: PackDocument, { id }: PackStep, rule: PackRateRule): boolean {
  if (rule.base !== 'residual-total' || rule.deductible !== undefined) return false;
  if (rule.variants !== undefined || isLimited(document, id, rule)) return false;
  return isWhole(document, rule.rate);
}

function isLimited(
  document: PackDocument,
  id: string,
  terms: Pick<PackRateRule, 'ceilingPerVisit' | 'ceilingPerYear'>,
): boolean {
  return (
    terms.ceilingPerVisit !== undefined ||
    terms.ceilingPerYear !== undefined ||
    sharedCeilingsOf(document, id).length > 0
  );
}

function isWhole(document: PackDocument, key: string | undefined): boolean {
  const rate = key === undefined ? undefined : document.parameters[key];
  return rate?.unit === 'percent' && Number(rate.value) === 100 && rate.except === undefined;
}

function itemLowering(
  document: PackDocument,
  path: Path,
  step: Extract<PackStep, { rule: 'items' }>,
): Mutant[] {
  if (isWhole(document, step.rate) && !isLimited(document, step.id, step)) return [];
  return lowering(document, path, step.lowersFirst);
}

type Terms = Pick<
  NonNullable<PackRateRule['variants']>[number],
  'deductible' | 'ceilingPerVisit' | 'ceilingPerYear'
>;

function ofTerms(document: PackDocument, path: Path, terms: Terms): Mutant[] {
  return [...ofDeductible(document, path, terms), ...ofCeilings(document, path, terms)];
}

function ofDeductible(document: PackDocument, path: Path, { deductible }: Terms): Mutant[] {
  if (deductible === undefined) return [];
  const at = [...path, 'deductible'];
  if (deductible === 'none') return [withoutNone(document, at)];
  const { per, referralChain, parameter } = deductible;
  const other = per === 'visit' ? 'year' : 'visit';
  return [
    {
      path: at,
      before: parameter,
      after: '',
      missing: {
        zh: '加一个起付标准会改变结果的案例',
        en: 'add a case whose result depends on this deductible',
      },
      data: without(document, at),
    },
    {
      path: [...at, 'per'],
      before: per,
      after: other,
      missing: {
        zh: '加一个本年度已有费用的案例（yearToDate），按次和按年的起付结果不同',
        en: 'add a case with costs earlier in the year (yearToDate), where per visit and per year differ',
      },
      data: withValue(document, [...at, 'per'], other),
    },
    ...(referralChain === undefined
      ? []
      : [
          {
            path: [...at, 'referralChain'],
            before: referralChain,
            after: '',
            missing: {
              zh: '加一个转诊而来、前一家医院已收起付的案例',
              en: 'add a case referred from another hospital that charged its deductible',
            },
            data: without(document, [...at, 'referralChain']),
          },
        ]),
  ];
}

/** Without it the variant has the deductible of the step. */
function withoutNone(document: PackDocument, path: Path): Mutant {
  return {
    path,
    before: 'none',
    after: '',
    missing: {
      zh: '加一个适用这种情形、起付标准会改变结果的案例',
      en: 'add a case this variant counts for, whose result the deductible would change',
    },
    data: without(document, path),
  };
}

function ofCeilings(
  document: PackDocument,
  path: Path,
  terms: Pick<Terms, 'ceilingPerVisit' | 'ceilingPerYear'>,
): Mutant[] {
  return (['ceilingPerVisit', 'ceilingPerYear'] as const).flatMap((field) => {
    const key = terms[field];
    if (key === undefined) return [];
    const at = [...path, field];
    return [
      {
        path: at,
        before: key,
        after: '',
        missing: {
          zh: '加一个达到这个封顶线的案例',
          en: 'add a case that reaches this ceiling',
        },
        data: without(document, at),
      },
    ];
  });
}

function withoutVariant(
  document: PackDocument,
  path: Path,
  { variants = [] }: PackRateRule,
  index: number,
): Mutant[] {
  const { name } = variants[index] ?? {};
  const at = [...path, 'variants', index];
  return [
    {
      path: at,
      before: name?.zh ?? '',
      after: '',
      missing: {
        zh: `加一个适用“${name?.zh ?? ''}”的案例`,
        en: `add a case the variant "${name?.en ?? ''}" counts for`,
      },
      data: without(document, variants.length === 1 ? at.slice(0, -1) : at),
    },
  ];
}

/** Which of several variants counts; where no two ever fit together there is no choice. */
function otherTake(
  document: PackDocument,
  step: PackStep,
  path: Path,
  rule: PackRateRule,
): Mutant[] {
  const { take, variants = [] } = rule;
  if (take === undefined) return [];
  const context = contextOfStep(document, step);
  // Where the better one always stands first, the first is the best.
  const meet = variants.some(({ when }, index) =>
    variants.some(
      (other, at) =>
        at > index &&
        !neverTogether(document, [...context, when, other.when]) &&
        !paysAtLeast(document, rule, index, at),
    ),
  );
  if (!meet) return [];
  const after = take === 'best' ? 'first' : 'best';
  return [
    {
      path: [...path, 'take'],
      before: take,
      after,
      missing: {
        zh: '加一个同时符合两种情形、排在后面的支付更多的案例',
        en: 'add a case that fits two variants, of which the later one pays more',
      },
      data: withValue(document, [...path, 'take'], after),
    },
  ];
}

function ofTargets(document: PackDocument, path: Path, targets: readonly PackTarget[]): Mutant[] {
  return targets.flatMap((target, index) => {
    const at = [...path, 'targets', index];
    const other = 'reach' in target && target.of === 'total' ? 'in-scope' : 'total';
    return [
      ...('reach' in target
        ? [
            {
              path: [...at, 'of'],
              before: target.of,
              after: other,
              missing: {
                zh: '加一个有目录外费用、由这个目标决定支付的案例',
                en: 'add a case with costs outside the catalogue whose result this target decides',
              },
              data: withValue(document, [...at, 'of'], other),
            },
          ]
        : []),
      ...(targets.length < 2
        ? []
        : [
            {
              path: at,
              before: Object.keys(target)[0] ?? '',
              after: '',
              missing: {
                zh: '加一个由这个目标决定支付的案例',
                en: 'add a case whose result this target decides',
              },
              data: without(document, at),
            },
          ]),
    ];
  });
}

function otherCombination(document: PackDocument, path: Path, stated: string): Mutant {
  const after = stated === 'either-sufficient' ? 'best-for-patient' : 'either-sufficient';
  return {
    path: [...path, 'combine'],
    before: stated,
    after,
    missing: {
      zh: '加一个几个目标需要不同金额的案例',
      en: 'add a case in which the targets ask for different amounts',
    },
    data: withValue(document, [...path, 'combine'], after),
  };
}

function ofModifier(
  document: PackDocument,
  { name, when, multiplyRate, disable }: PackModifier,
  path: Path,
): Mutant[] {
  const missing = {
    zh: `加一个适用“${name.zh}”的案例`,
    en: `add a case the modifier "${name.en}" counts for`,
  };
  const modifiers = document.modifiers ?? [];
  const removed: Mutant = {
    path,
    before: name.zh,
    after: '',
    missing,
    data: without(document, modifiers.length === 1 ? ['modifiers'] : path),
  };
  const act = multiplyRate === undefined ? 'disable' : 'multiplyRate';
  const named = (multiplyRate ?? disable)?.steps;
  if (named === undefined) return [removed];
  const at = [...path, act, 'steps'];
  const others = document.steps.filter(
    (step) =>
      !named.includes(step.id) &&
      mayBeModified(step, act) &&
      !neverTogether(document, [...contextOfStep(document, step), when]),
  );
  return [
    removed,
    ...(named.length === 1 ? [] : named).map((step, index) => ({
      path: [...at, index],
      before: step,
      after: '',
      missing: {
        zh: `加一个适用“${name.zh}”、支付环节“${step}”本来会支付的案例`,
        en: `add a case the modifier "${name.en}" counts for, in which the step "${step}" pays`,
      },
      data: without(document, [...at, index]),
    })),
    ...others.map(({ id }) => ({
      path: at,
      before: '',
      after: id,
      missing: {
        zh: `加一个适用“${name.zh}”、支付环节“${id}”照常支付的案例`,
        en: `add a case the modifier "${name.en}" counts for, in which the step "${id}" pays as ever`,
      },
      data: withEntry(document, at, id),
    })),
  ];
}

function mayBeModified(step: PackStep, act: 'multiplyRate' | 'disable'): boolean {
  if (act === 'disable') return step.rule !== 'not-stated';
  return rateRulesOf(step, []).length > 0;
}
