import { knownPayers } from '../../domain/settlement-result.ts';
import { hospitalLevels } from '../../domain/visit.ts';
import type { PackParameter } from './pack-figures.ts';
import { declareProblems, type PackProblem, type ProblemCodeOf } from './pack-problem.ts';
import type { PackDocument } from './pack-schema.ts';
import type { PackRateRule, PackRateTerms, PackStep } from './pack-steps.ts';
import { formProblem } from './problems-of-form.ts';
import { referenceProblem } from './unknown-reference.ts';

type Path = readonly (string | number)[];
type Use = {
  readonly path: Path;
  readonly key: string;
  readonly units: readonly PackParameter['unit'][];
};

/** Whether the steps of a pack are whole and name only what the pack defines. */
export function problemsOfSteps(document: PackDocument): PackProblem<StepProblemCode>[] {
  const payers = new Set<string>([...knownPayers, ...document.payers.map(({ id }) => id)]);
  return document.steps.flatMap((step, index) => {
    const path: Path = ['steps', index];
    const problems = [
      ...problemsOfUses(document, step, usesOf(path, step)),
      ...problemsOfRule(document, path, step),
    ];
    if (!payers.has(step.payer)) problems.push(unknownPayer(path));
    if (document.steps.findIndex(({ id }) => id === step.id) < index) {
      problems.push(duplicateStep(path));
    }
    return problems;
  });
}

/** The figures a step uses, where it names them, and in which units they may be. */
function usesOf(path: Path, step: PackStep): Use[] {
  switch (step.rule) {
    case 'rate':
      return usesOfRate(path, step);
    case 'items':
      return [
        { path: [...path, 'rate'], key: step.rate, units: ['percent'] },
        ...ceilings(path, step),
      ];
    case 'quota':
      return [
        { path: [...path, 'rate'], key: step.rate, units: ['percent'] },
        ...(step.ordinary === undefined ? [] : usesOfRate([...path, 'ordinary'], step.ordinary)),
      ];
    case 'guarantee':
      return [
        ...step.targets.flatMap((target, index) =>
          usesOfTarget([...path, 'targets', index], target),
        ),
        ...ceilings(path, step),
      ];
    case 'approved-amount':
      return ceilings(path, step);
    case 'not-stated':
      return [];
  }
}

function usesOfTarget(
  path: Path,
  target: Extract<PackStep, { rule: 'guarantee' }>['targets'][number],
): Use[] {
  if ('reach' in target)
    return [{ path: [...path, 'reach'], key: target.reach, units: ['percent'] }];
  if ('yearSelfPayAtMost' in target) {
    const key = target.yearSelfPayAtMost;
    return [{ path: [...path, 'yearSelfPayAtMost'], key, units: ['yuan'] }];
  }
  if ('visitSelfPayAtMost' in target) {
    const key = target.visitSelfPayAtMost;
    return [{ path: [...path, 'visitSelfPayAtMost'], key, units: ['yuan'] }];
  }
  return [];
}

function usesOfRate(path: Path, rule: PackRateRule): Use[] {
  const of = (at: Path, fields: PackRateTerms): Use[] => [
    ...(fields.rate === undefined
      ? []
      : [
          {
            path: [...at, 'rate'],
            key: fields.rate,
            units: ['percent', 'percent-bands'] as const,
          },
        ]),
    ...(fields.deductible === undefined || fields.deductible === 'none'
      ? []
      : [
          {
            path: [...at, 'deductible', 'parameter'],
            key: fields.deductible.parameter,
            units: ['yuan'] as const,
          },
        ]),
    ...ceilings(at, fields),
  ];
  return [
    ...of(path, rule),
    ...(rule.variants ?? []).flatMap((variant, index) => of([...path, 'variants', index], variant)),
  ];
}

function ceilings(
  path: Path,
  fields: { ceilingPerVisit?: string | undefined; ceilingPerYear?: string | undefined },
): Use[] {
  return (['ceilingPerVisit', 'ceilingPerYear'] as const).flatMap((field) => {
    const key = fields[field];
    // Only a group may say so; in a step it would be a ceiling left out.
    if (key === undefined || (key === 'none' && path.includes('variants'))) return [];
    return [{ path: [...path, field], key, units: ['yuan'] as const }];
  });
}

function problemsOfUses(
  document: PackDocument,
  step: PackStep,
  uses: readonly Use[],
): PackProblem<StepProblemCode>[] {
  // Whom the pack is not for, no step ever sees.
  const inScope = document.appliesTo.hospitalLevels ?? hospitalLevels;
  const ofStep = step.requires?.hospitalLevels ?? step.appliesTo?.hospitalLevels ?? hospitalLevels;
  const levels = ofStep.filter((level) => inScope.includes(level));
  return uses.flatMap(({ path, key, units }): PackProblem<StepProblemCode>[] => {
    const parameter = document.parameters[key];
    if (parameter === undefined || !units.includes(parameter.unit)) {
      return [referenceProblem(path, 'unknown-parameter', { key, units })];
    }
    const byLevel: Readonly<Record<string, unknown>> | undefined = parameter.byHospitalLevel;
    if (byLevel === undefined) return [];
    const missing = levels.filter((level) => byLevel[level] === undefined);
    if (missing.length === 0) return [];
    return [
      stepProblem(['parameters', key, 'byHospitalLevel'], 'level-without-value', {
        step: step.id,
        missing,
      }),
    ];
  });
}

function problemsOfRule(
  document: PackDocument,
  path: Path,
  step: PackStep,
): PackProblem<StepProblemCode>[] {
  switch (step.rule) {
    case 'rate':
      return problemsOfRate(document, path, step);
    case 'items':
      return document.itemLists?.[step.items] === undefined
        ? [referenceProblem([...path, 'items'], 'unknown-item-list', { key: step.items })]
        : [];
    case 'quota': {
      const problems =
        step.ordinary === undefined
          ? []
          : problemsOfRate(document, [...path, 'ordinary'], step.ordinary);
      if (document.quotaLists?.[step.quotas] === undefined) {
        problems.push(
          referenceProblem([...path, 'quotas'], 'unknown-quota-list', { key: step.quotas }),
        );
      }
      return problems;
    }
    case 'guarantee':
      return problemsOfGuarantee(path, step);
    case 'approved-amount':
      return step.base === 'residual-total' && step.lowersFirst === undefined
        ? [withoutLowering(path)]
        : [];
    case 'not-stated':
      return [];
  }
}

function problemsOfGuarantee(
  path: Path,
  step: Extract<PackStep, { rule: 'guarantee' }>,
): PackProblem<StepProblemCode>[] {
  const { targets, base, rounding, lowersFirst, ceilingPerVisit, ceilingPerYear } = step;
  const takesAll =
    targets.every((target) => 'nothingLeft' in target) &&
    ceilingPerVisit === undefined &&
    ceilingPerYear === undefined;
  if (takesAll) return [];
  const problems: PackProblem<StepProblemCode>[] = [];
  if (rounding === undefined) problems.push(withoutRounding(path));
  if (base === 'residual-total' && lowersFirst === undefined) problems.push(withoutLowering(path));
  return problems;
}

function withoutRounding(path: Path): PackProblem<StepProblemCode> {
  return formProblem([...path, 'rounding'], 'missing-field', 'rounding');
}

const basesOnTotal: readonly string[] = ['residual-total', 'total', 'year-self-pay'];
const basesOfYear: readonly string[] = ['year-in-scope-self-pay', 'year-self-pay'];

function problemsOfRate(
  document: PackDocument,
  path: Path,
  rule: PackRateRule,
): PackProblem<StepProblemCode>[] {
  const problems: PackProblem<StepProblemCode>[] = [];
  const { base, rate, variants, lowersFirst, take } = rule;
  if (basesOnTotal.includes(base) && lowersFirst === undefined) {
    problems.push(withoutLowering(path));
  }
  const deductibles = [
    { at: path, deductible: rule.deductible },
    ...(variants ?? []).map(({ deductible }, index) => ({
      at: [...path, 'variants', index],
      deductible,
    })),
  ];
  for (const { at, deductible } of deductibles) {
    if (deductible === undefined || deductible === 'none') continue;
    if (deductible.per === 'year' && ['residual-total', 'total'].includes(base)) {
      problems.push(yearlyOnTotal(at));
    }
    if (deductible.per === 'visit' && basesOfYear.includes(base)) problems.push(visitOnYear(at));
  }
  const rates = [rate, ...(variants ?? []).map((variant) => variant.rate)];
  const withoutRate = rate === undefined && rates.slice(1).some((key) => key === undefined);
  if (rate === undefined && (variants === undefined || withoutRate)) {
    problems.push(withoutRateProblem(path));
  }
  if (variants !== undefined && variants.length > 1 && take === undefined) {
    problems.push(withoutTake(path));
  }
  for (const key of rates) {
    const parameter = key === undefined ? undefined : document.parameters[key];
    if (parameter?.unit !== 'percent' || parameter.byCatalogueClass === undefined) continue;
    if (base !== 'in-scope') problems.push(classesOnResidual(path));
  }
  return problems;
}

function withoutRateProblem(path: Path): PackProblem<StepProblemCode> {
  return stepProblem(path, 'rate-missing');
}

function withoutTake(path: Path): PackProblem<StepProblemCode> {
  return stepProblem(path, 'take-missing');
}

function classesOnResidual(path: Path): PackProblem<StepProblemCode> {
  return stepProblem([...path, 'base'], 'classes-on-residual');
}

function withoutLowering(path: Path): PackProblem<StepProblemCode> {
  return stepProblem([...path, 'lowersFirst'], 'lowers-first-missing');
}

function yearlyOnTotal(path: Path): PackProblem<StepProblemCode> {
  return stepProblem([...path, 'deductible', 'per'], 'yearly-deductible-on-total');
}

function visitOnYear(path: Path): PackProblem<StepProblemCode> {
  return stepProblem([...path, 'deductible', 'per'], 'visit-deductible-on-year');
}

function unknownPayer(path: Path): PackProblem<StepProblemCode> {
  return stepProblem([...path, 'payer'], 'unknown-payer');
}

function duplicateStep(path: Path): PackProblem<StepProblemCode> {
  return stepProblem([...path, 'id'], 'duplicate-step');
}

const stepProblem = declareProblems({
  'level-without-value': ({
    step,
    missing,
  }: {
    readonly step: string;
    readonly missing: readonly string[];
  }) => [
    `支付环节“${step}”要用到的医院级别没有数值：${missing.join(', ')}`,
    `no value for the hospital levels ${missing.join(', ')}, which the step "${step}" covers`,
    '补上；不适用的级别在政策包的 appliesTo.hospitalLevels 或支付环节的 requires.hospitalLevels 里排除',
    'add them; levels that do not count are left out by appliesTo.hospitalLevels of the pack or requires.hospitalLevels of the step',
  ],
  'rate-missing': [
    '没有支付比例',
    'there is no rate',
    '写 rate，或在每个 variants 里写 rate',
    'state rate, or a rate in every one of the variants',
  ],
  'take-missing': [
    '一人同时符合几种情形时取哪一种没有写明',
    'it does not say which variant counts for a person who fits several',
    '写 take: best（取支付最多的）或 take: first（取排在前面的）',
    'add take: best (the one that pays most) or take: first',
  ],
  'classes-on-residual': [
    '按甲类、乙类分别给比例的支付环节只能以政策范围内费用为基数',
    'a rate by catalogue class counts on the in-scope cost only',
    '改用 base: in-scope',
    'use base: in-scope',
  ],
  'lowers-first-missing': [
    '以总费用为基数的支付环节要写明先减哪一部分',
    'a step on the total says which part of the patient it lowers first',
    '写 lowersFirst: within-catalogue 或 outside-catalogue',
    'add lowersFirst: within-catalogue or outside-catalogue',
  ],
  'yearly-deductible-on-total': [
    '年度起付标准只能用于政策范围内的基数',
    'a yearly deductible counts on bases in scope only',
    '改用 in-scope 或 in-scope-residual 作基数，或改为 per: visit',
    'use the base in-scope or in-scope-residual, or per: visit',
  ],
  'visit-deductible-on-year': [
    '以年度累计为基数的支付环节，起付标准也按年度',
    'the deductible of a step on the year is the year’s too',
    '改为 per: year',
    'use per: year',
  ],
  'unknown-payer': [
    '没有这个支付方',
    'there is no such payer',
    '在 payers 中列出它，或改正名称',
    'list it among payers, or correct its name',
  ],
  'duplicate-step': [
    '支付环节名称重复',
    'a step of this name stands before',
    '每个支付环节用不同的名称',
    'give every step its own name',
  ],
});

export type StepProblemCode =
  ProblemCodeOf<typeof stepProblem> | ProblemCodeOf<typeof referenceProblem> | 'missing-field';
