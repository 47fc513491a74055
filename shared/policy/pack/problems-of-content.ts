import { conditionsOf, type PlacedCondition } from './pack-conditions-of.ts';
import type { PackParameter } from './pack-figures.ts';
import { problem, type PackProblem } from './pack-problem.ts';
import type { PackDocument } from './pack-schema.ts';
import { problemsOfSteps } from './problems-of-steps.ts';
import { unknownReference } from './unknown-reference.ts';

/** Whether the parts of a pack of right form fit together. */
export function problemsOfContent(document: PackDocument): PackProblem[] {
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
  ];
}

function problemsOfDates({ inForceFrom, inForceUntil }: PackDocument): PackProblem[] {
  if (inForceUntil === null || inForceUntil > inForceFrom) return [];
  return [
    problem(
      ['inForceUntil'],
      'dates-reversed',
      '失效日期（不含当日）必须晚于生效日期',
      'the end (exclusive) must be later than the beginning',
      '改正两个日期之一',
      'correct one of the two days',
    ),
  ];
}

type StatedGrounds = {
  readonly source?: { readonly document: string } | undefined;
  readonly assumed?: true | undefined;
  readonly reason?: unknown;
};

function problemsOfSources(document: PackDocument): PackProblem[] {
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
    ...(document.modifiers ?? []).map((grounds, index) => ({
      path: ['modifiers', index],
      grounds,
    })),
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
      ? [
          problem(
            ['sources', index, 'id'],
            'duplicate-source',
            `出处“${id}”写了两次`,
            `the source "${id}" is listed twice`,
            '删去一个，或改名',
            'remove one of them, or rename it',
          ),
        ]
      : [],
  );
  return [...problems, ...ofSteps, ...twice];
}

function withoutGrounds(path: PackProblem['path']): PackProblem {
  return problem(
    path,
    'no-grounds',
    '没有出处；或标为假定却没有理由',
    'no source, or marked assumed without a reason',
    '写上 source；出处没有给出数字时写 assumed: true 和 reason',
    'state its source; where the source gives none, assumed: true and a reason',
  );
}

function unknownSource(path: PackProblem['path']): PackProblem {
  return problem(
    [...path, 'source', 'document'],
    'unknown-source',
    'sources 中没有这个出处',
    'there is no such document among the sources',
    '在 sources 中列出它，或改正名称',
    'list it among the sources, or correct its name',
  );
}

function problemsOfParameter(path: string[], parameter: PackParameter): PackProblem[] {
  const forms = [
    'value',
    'byHospitalLevel',
    'byHospitalGrade',
    'byYearLevels',
    'byCatalogueClass',
  ] as const;
  const stated = forms.filter(
    (form) => (parameter as Readonly<Record<string, unknown>>)[form] !== undefined,
  );
  const problems: PackProblem[] = [];
  if (stated.length !== 1) {
    problems.push(
      problem(
        path,
        'value-or-by-level',
        `必须且只能写一种数值：${forms.join('、')}`,
        `exactly one form of its value must be given: ${forms.join(', ')}`,
        '保留其中一种',
        'keep one of them',
      ),
    );
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

function withoutMixed(path: string[]): PackProblem {
  return problem(
    [...path, 'byYearLevels'],
    'mixed-missing',
    '没有写一年内住过几级医院时的数值 mixed',
    'no value for a year with hospitals of several levels: mixed',
    '补上 mixed',
    'add mixed',
  );
}

function problemsOfBands(
  path: readonly (string | number)[],
  bands: readonly { readonly above: string }[],
): PackProblem[] {
  return bands.flatMap(({ above }, index) => {
    const before = bands[index - 1];
    const rises = before === undefined ? Number(above) === 0 : Number(above) > Number(before.above);
    if (rises) return [];
    return [
      problem(
        [...path, index, 'above'],
        'bands-not-rising',
        '分段必须从 0 开始并逐段升高',
        'bands begin at 0 and rise',
        '按金额从低到高排列',
        'put them in rising order',
      ),
    ];
  });
}

function problemsOfQuotas(
  document: PackDocument,
  path: string[],
  list: NonNullable<PackDocument['quotaLists']>[string],
): PackProblem[] {
  const problems = list.entries.flatMap(({ diagnosis, procedure }, index) =>
    diagnosis === undefined && procedure === undefined
      ? [
          problem(
            [...path, 'entries', index],
            'quota-without-code',
            '既没有诊断编码也没有手术编码，对不上任何病种',
            'neither a diagnosis nor a procedure: it fits no visit',
            '写 diagnosis 或 procedure',
            'state diagnosis or procedure',
          ),
        ]
      : [],
  );
  if (list.factor !== undefined && document.parameters[list.factor]?.unit !== 'percent') {
    problems.push(unknownReference([...path, 'factor'], 'unknown-parameter', list.factor));
  }
  return problems;
}

function emptyItemList(path: string[]): PackProblem {
  return problem(
    path,
    'items-not-named',
    '没有写明是哪些费用项目',
    'names no charge items',
    '写 categories 或 codes',
    'state categories or codes',
  );
}

function problemsOfCondition(
  document: PackDocument,
  { path, condition }: PlacedCondition,
): PackProblem[] {
  const { hospitals, diseases, procedures, chronicDiseases, age, admissionOfYear, discharged } =
    condition;
  const problems: PackProblem[] = [];
  const expectKey = (part: string, key: string | undefined, lists: object | undefined) => {
    if (key === undefined || (lists !== undefined && Object.hasOwn(lists, key))) return;
    problems.push(unknownReference([...path, part], `unknown-${listNames[part] ?? 'list'}`, key));
  };
  expectKey('hospitals', hospitals, document.hospitalLists);
  expectKey('diseases', diseases, document.diseaseLists);
  expectKey('procedures', procedures, document.procedureLists);
  expectKey('chronicDiseases', chronicDiseases, document.diseaseLists);
  const isEmpty =
    (age?.from !== undefined && age.below !== undefined && age.from >= age.below) ||
    (admissionOfYear?.from !== undefined &&
      admissionOfYear.until !== undefined &&
      admissionOfYear.from > admissionOfYear.until) ||
    (discharged?.from !== undefined &&
      discharged.before !== undefined &&
      discharged.from >= discharged.before);
  if (isEmpty) problems.push(rangeEmpty(path));
  return problems;
}

const listNames: Readonly<Record<string, string>> = {
  hospitals: 'hospital-list',
  diseases: 'disease-list',
  procedures: 'procedure-list',
  chronicDiseases: 'disease-list',
};

function rangeEmpty(path: PackProblem['path']): PackProblem {
  return problem(
    path,
    'condition-never-holds',
    '范围的起点不在终点之前，这个条件永远不成立',
    'a range begins at or after its end: this condition never holds',
    '改正范围',
    'correct the range',
  );
}

function problemsOfModifiers(document: PackDocument): PackProblem[] {
  const steps = new Set(document.steps.map(({ id }) => id));
  return (document.modifiers ?? []).flatMap((modifier, index) => {
    const path = ['modifiers', index];
    const { multiplyRate, firstPay, disable } = modifier;
    const acts = [multiplyRate, firstPay, disable].filter((act) => act !== undefined);
    const problems: PackProblem[] = [];
    if (acts.length !== 1) {
      problems.push(
        problem(
          path,
          'one-act-of-modifier',
          '必须且只能写 multiplyRate、firstPay、disable 之一',
          'exactly one of multiplyRate, firstPay, disable must be given',
          '保留其中一个',
          'keep one of them',
        ),
      );
    }
    const parameter = multiplyRate?.parameter ?? firstPay?.parameter;
    if (parameter !== undefined && document.parameters[parameter]?.unit !== 'percent') {
      const act = multiplyRate === undefined ? 'firstPay' : 'multiplyRate';
      problems.push(unknownReference([...path, act, 'parameter'], 'unknown-parameter', parameter));
    }
    for (const [act, named] of Object.entries({ multiplyRate, disable })) {
      named?.steps.forEach((step, at) => {
        if (!steps.has(step)) {
          problems.push(unknownReference([...path, act, 'steps', at], 'unknown-step', step));
        }
      });
    }
    return problems;
  });
}
