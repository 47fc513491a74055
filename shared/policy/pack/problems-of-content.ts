import { isAgeNoLaterThan } from '../../domain/stay.ts';
import { fen, type Fen } from '../../money/fen.ts';
import { fenFromYuanText, formatFen } from '../../money/yuan-text.ts';
import { conditionsOf, type PlacedCondition } from './pack-conditions-of.ts';
import type { PackParameter } from './pack-figures.ts';
import { declareProblems, type PackProblem, type ProblemCodeOf } from './pack-problem.ts';
import type { PackDocument } from './pack-schema.ts';
import { problemsOfSteps, type StepProblemCode } from './problems-of-steps.ts';
import { problemsOfTogether, type TogetherProblemCode } from './problems-of-together.ts';
import { referenceProblem } from './unknown-reference.ts';

/** Whether the parts of a pack of right form fit together. */
export function problemsOfContent(document: PackDocument): PackProblem<ContentProblemCode>[] {
  return [
    ...problemsOfDates(document),
    ...problemsOfSources(document),
    ...Object.entries(document.parameters).flatMap(([key, parameter]) =>
      problemsOfParameter(['parameters', key], parameter),
    ),
    ...Object.entries(document.quotaLists ?? {}).flatMap(([key, list]) =>
      problemsOfQuotas(document, ['quotaLists', key], list),
    ),
    ...Object.entries(document.itemLists ?? {}).flatMap(([key, list]) =>
      list.categories === undefined && list.codes === undefined
        ? [emptyItemList(['itemLists', key])]
        : [],
    ),
    ...conditionsOf(document).flatMap((placed) => problemsOfCondition(document, placed)),
    ...problemsOfModifiers(document),
    ...problemsOfSteps(document),
    ...problemsOfTogether(document),
  ];
}

function problemsOfDates({
  inForceFrom,
  inForceUntil,
}: PackDocument): PackProblem<ContentProblemCode>[] {
  if (inForceUntil === null || inForceUntil > inForceFrom) return [];
  return [contentProblem(['inForceUntil'], 'dates-reversed')];
}

type StatedGrounds = {
  readonly source?: { readonly document: string } | undefined;
  readonly assumed?: true | undefined;
  readonly reason?: unknown;
};

function problemsOfSources(document: PackDocument): PackProblem<ContentProblemCode>[] {
  const known = new Set(document.sources.map(({ id }) => id));
  const ofList = (name: string, list: Readonly<Record<string, StatedGrounds>> | undefined) =>
    Object.entries(list ?? {}).map(([key, grounds]) => ({ path: [name, key], grounds }));
  const stated: { path: (string | number)[]; grounds: StatedGrounds }[] = [
    ...ofList('parameters', document.parameters),
    ...ofList('diseaseLists', document.diseaseLists),
    ...ofList('procedureLists', document.procedureLists),
    ...ofList('itemLists', document.itemLists),
    ...ofList('hospitalLists', document.hospitalLists),
    ...ofList('quotaLists', document.quotaLists),
    ...(['modifiers', 'sharedCeilings', 'either'] as const).flatMap((part) =>
      (document[part] ?? []).map((grounds, index) => ({ path: [part, index], grounds })),
    ),
    ...(document.inForce === undefined ? [] : [{ path: ['inForce'], grounds: document.inForce }]),
    // An exception without grounds of its own stands on those of its figure.
    ...Object.entries(document.parameters).flatMap(([key, { except }]) =>
      (except ?? []).flatMap((grounds, index) =>
        grounds.source === undefined && grounds.assumed === undefined
          ? []
          : [{ path: ['parameters', key, 'except', index], grounds }],
      ),
    ),
  ];
  const problems = stated.flatMap(({ path, grounds }) => {
    const { source, assumed, reason } = grounds;
    if (source !== undefined && !known.has(source.document)) return [unknownSource(path)];
    if (assumed === true && reason !== undefined) return [];
    if (assumed !== true && source !== undefined) return [];
    return [withoutGrounds(path)];
  });
  const ofSteps = document.steps.flatMap(({ source }, index) =>
    known.has(source.document) ? [] : [unknownSource(['steps', index])],
  );
  const twice = document.sources.flatMap(({ id }, index) =>
    document.sources.findIndex((other) => other.id === id) < index
      ? [contentProblem(['sources', index, 'id'], 'duplicate-source', { id })]
      : [],
  );
  return [...problems, ...ofSteps, ...twice];
}

function withoutGrounds(path: PackProblem['path']): PackProblem<ContentProblemCode> {
  return contentProblem(path, 'no-grounds');
}

function unknownSource(path: PackProblem['path']): PackProblem<ContentProblemCode> {
  return contentProblem([...path, 'source', 'document'], 'unknown-source');
}

/** The forms in which a figure's value may be given. */
const forms = [
  'value',
  'byHospitalLevel',
  'byHospitalGrade',
  'byYearLevels',
  'byCatalogueClass',
] as const;

function problemsOfParameter(
  path: string[],
  parameter: PackParameter,
): PackProblem<ContentProblemCode>[] {
  const stated = forms.filter(
    (form) => (parameter as Readonly<Record<string, unknown>>)[form] !== undefined,
  );
  const problems: PackProblem<ContentProblemCode>[] = [];
  if (stated.length !== 1) {
    problems.push(contentProblem(path, 'value-or-by-level'));
  }
  if (parameter.unit === 'yuan' && parameter.byYearLevels !== undefined) {
    if (parameter.byYearLevels.mixed === undefined) problems.push(withoutMixed(path));
  }
  if (parameter.unit !== 'percent-bands') return problems;
  const { value, byHospitalLevel, byHospitalGrade, except } = parameter;
  if (value !== undefined) problems.push(...problemsOfBands([...path, 'value'], value));
  for (const [form, byKey] of Object.entries({ byHospitalLevel, byHospitalGrade })) {
    for (const [key, bands] of Object.entries(byKey ?? {})) {
      problems.push(...problemsOfBands([...path, form, key], bands));
    }
  }
  (except ?? []).forEach(({ value: bands }, index) => {
    problems.push(...problemsOfBands([...path, 'except', index, 'value'], bands));
  });
  return problems;
}

function withoutMixed(path: string[]): PackProblem<ContentProblemCode> {
  return contentProblem([...path, 'byYearLevels'], 'mixed-missing');
}

function problemsOfBands(
  path: readonly (string | number)[],
  bands: readonly { readonly above: string }[],
): PackProblem<ContentProblemCode>[] {
  const [first] = bands;
  // As the law writes them, from the deductible on; the pack counts above it.
  if (first !== undefined && Number(first.above) > 0) {
    const less = bands.map(({ above }) => fenFromYuanText(above) - fenFromYuanText(first.above));
    if (less.every((amount, index) => index === 0 || amount > (less[index - 1] ?? 0))) {
      const data = {
        from: shortYuan(fenFromYuanText(first.above)),
        bands: less.map((amount) => shortYuan(fen(amount))).join(' / '),
      };
      return [contentProblem([...path, 0, 'above'], 'bands-not-from-zero', data)];
    }
  }
  return bands.flatMap(({ above }, index) => {
    const before = bands[index - 1];
    const rises = before === undefined ? Number(above) === 0 : Number(above) > Number(before.above);
    if (rises) return [];
    return [contentProblem([...path, index, 'above'], 'bands-not-rising')];
  });
}

/** An amount as people write bounds: 20,000. */
function shortYuan(amount: Fen): string {
  return formatFen(amount).replace(/\.00$/, '');
}

function problemsOfQuotas(
  document: PackDocument,
  path: string[],
  list: NonNullable<PackDocument['quotaLists']>[string],
): PackProblem<ContentProblemCode>[] {
  const problems = list.entries.flatMap(
    ({ diagnosis, procedure }, index): PackProblem<ContentProblemCode>[] =>
      diagnosis === undefined && procedure === undefined
        ? [contentProblem([...path, 'entries', index], 'quota-without-code')]
        : [],
  );
  if (list.factor !== undefined && document.parameters[list.factor]?.unit !== 'percent') {
    problems.push(referenceProblem([...path, 'factor'], 'unknown-parameter', { key: list.factor }));
  }
  return problems;
}

function emptyItemList(path: string[]): PackProblem<ContentProblemCode> {
  return contentProblem(path, 'items-not-named');
}

function problemsOfCondition(
  document: PackDocument,
  { path, condition }: PlacedCondition,
): PackProblem<ContentProblemCode>[] {
  const { hospitals, diseases, procedures, chronicDiseases, age, admissionOfYear, discharged } =
    condition;
  const problems: PackProblem<ContentProblemCode>[] = [];
  const isMissing = (key: string | undefined, lists: object | undefined): key is string =>
    key !== undefined && (lists === undefined || !Object.hasOwn(lists, key));
  if (isMissing(hospitals, document.hospitalLists)) {
    const place = [...path, 'hospitals'];
    problems.push(referenceProblem(place, 'unknown-hospital-list', { key: hospitals }));
  }
  if (isMissing(diseases, document.diseaseLists)) {
    problems.push(
      referenceProblem([...path, 'diseases'], 'unknown-disease-list', { key: diseases }),
    );
  }
  if (isMissing(procedures, document.procedureLists)) {
    const place = [...path, 'procedures'];
    problems.push(referenceProblem(place, 'unknown-procedure-list', { key: procedures }));
  }
  if (isMissing(chronicDiseases, document.diseaseLists)) {
    const place = [...path, 'chronicDiseases'];
    problems.push(referenceProblem(place, 'unknown-disease-list', { key: chronicDiseases }));
  }
  const isEmpty =
    (age?.from !== undefined && age.below !== undefined && isAgeNoLaterThan(age.below, age.from)) ||
    (admissionOfYear?.from !== undefined &&
      admissionOfYear.until !== undefined &&
      admissionOfYear.from > admissionOfYear.until) ||
    (discharged?.from !== undefined &&
      discharged.before !== undefined &&
      discharged.from >= discharged.before);
  if (isEmpty) problems.push(rangeEmpty(path));
  return problems;
}

function rangeEmpty(path: PackProblem['path']): PackProblem<ContentProblemCode> {
  return contentProblem(path, 'condition-never-holds');
}

function problemsOfModifiers(document: PackDocument): PackProblem<ContentProblemCode>[] {
  const steps = new Set(document.steps.map(({ id }) => id));
  return (document.modifiers ?? []).flatMap((modifier, index) => {
    const path = ['modifiers', index];
    const { multiplyRate, firstPay, disable } = modifier;
    const acts = [multiplyRate, firstPay, disable].filter((act) => act !== undefined);
    const problems: PackProblem<ContentProblemCode>[] = [];
    if (acts.length !== 1) {
      problems.push(contentProblem(path, 'one-act-of-modifier'));
    }
    const parameter = multiplyRate?.parameter ?? firstPay?.parameter;
    if (parameter !== undefined && document.parameters[parameter]?.unit !== 'percent') {
      const act = multiplyRate === undefined ? 'firstPay' : 'multiplyRate';
      problems.push(
        referenceProblem([...path, act, 'parameter'], 'unknown-parameter', { key: parameter }),
      );
    }
    for (const [act, named] of Object.entries({ multiplyRate, disable })) {
      named?.steps.forEach((step, at) => {
        if (!steps.has(step)) {
          problems.push(
            referenceProblem([...path, act, 'steps', at], 'unknown-step', { key: step }),
          );
        }
      });
    }
    return problems;
  });
}

export const contentProblem = declareProblems({
  'dates-reversed': [
    '失效日期（不含当日）必须晚于生效日期',
    'the end (exclusive) must be later than the beginning',
    '改正两个日期之一',
    'correct one of the two days',
  ],
  'duplicate-source': ({ id }: { readonly id: string }) => [
    `出处“${id}”写了两次`,
    `the source "${id}" is listed twice`,
    '删去一个，或改名',
    'remove one of them, or rename it',
  ],
  'no-grounds': [
    '没有出处；或标为假定却没有理由',
    'no source, or marked assumed without a reason',
    '写上 source；出处没有给出数字时写 assumed: true 和 reason',
    'state its source; where the source gives none, assumed: true and a reason',
  ],
  'unknown-source': [
    'sources 中没有这个出处',
    'there is no such document among the sources',
    '在 sources 中列出它，或改正名称',
    'list it among the sources, or correct its name',
  ],
  'value-or-by-level': [
    `必须且只能写一种数值：${forms.join('、')}`,
    `exactly one form of its value must be given: ${forms.join(', ')}`,
    '保留其中一种',
    'keep one of them',
  ],
  'mixed-missing': [
    '没有写一年内住过几级医院时的数值 mixed',
    'no value for a year with hospitals of several levels: mixed',
    '补上 mixed',
    'add mixed',
  ],
  'bands-not-from-zero': ({ from, bands }: { readonly from: string; readonly bands: string }) => [
    `分段从 ${from} 开始；above 从起付标准以上数起，第一段写 0`,
    `the bands begin at ${from}; \`above\` counts from the deductible upwards, the first is 0`,
    `每个 above 减去起付标准 ${from}：${bands}`,
    `subtract the deductible of ${from} from each: ${bands}`,
  ],
  'bands-not-rising': [
    '分段必须从 0 开始并逐段升高',
    'bands begin at 0 and rise',
    '按金额从低到高排列',
    'put them in rising order',
  ],
  'quota-without-code': [
    '既没有诊断编码也没有手术编码，对不上任何病种',
    'neither a diagnosis nor a procedure: it fits no visit',
    '写 diagnosis 或 procedure',
    'state diagnosis or procedure',
  ],
  'items-not-named': [
    '没有写明是哪些费用项目',
    'names no charge items',
    '写 categories 或 codes',
    'state categories or codes',
  ],
  'condition-never-holds': [
    '范围的起点不在终点之前，这个条件永远不成立',
    'a range begins at or after its end: this condition never holds',
    '改正范围',
    'correct the range',
  ],
  'unused-group': ({ key }: { readonly key: string }) => [
    `没有用到组“${key}”`,
    `nothing uses the group "${key}"`,
    '删去它，或写到该用的地方',
    'remove it, or name it where it was meant',
  ],
  'one-act-of-modifier': [
    '必须且只能写 multiplyRate、firstPay、disable 之一',
    'exactly one of multiplyRate, firstPay, disable must be given',
    '保留其中一个',
    'keep one of them',
  ],
});

export type ContentProblemCode =
  | ProblemCodeOf<typeof contentProblem>
  | ProblemCodeOf<typeof referenceProblem>
  | StepProblemCode
  | TogetherProblemCode;
