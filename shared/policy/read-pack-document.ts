import type { z } from 'zod';
import { knownPayers } from '../domain/settlement-result.ts';
import { hospitalLevels } from '../domain/visit.ts';
import type { Words } from '../domain/result.ts';
import { packSchema, type PackDocument, type PackParameter, type PackStep } from './pack-schema.ts';

/** What is wrong with a pack: where (path of keys), a code, and what to do about it. */
export type PackProblem = {
  readonly path: readonly (string | number)[];
  readonly code: string;
  readonly message: Words;
  readonly remedy: Words;
};

export type PackReading =
  | { readonly ok: true; readonly document: PackDocument }
  | { readonly ok: false; readonly problems: readonly PackProblem[] };

/** Reads a pack from plain data: its form first, then whether its parts fit together. Every problem found is listed. */
export function readPackDocument(data: unknown): PackReading {
  const parsed = packSchema.safeParse(data, { reportInput: true });
  if (!parsed.success) {
    // A field misspelt is two problems; the unknown one explains the missing one.
    const isMissing = ({ code }: PackProblem) => Number(code === 'missing-field');
    const problems = parsed.error.issues.flatMap(problemsOfForm);
    return { ok: false, problems: problems.sort((a, b) => isMissing(a) - isMissing(b)) };
  }
  const problems = problemsOfContent(parsed.data);
  return problems.length === 0 ? { ok: true, document: parsed.data } : { ok: false, problems };
}

function problemsOfForm(issue: z.core.$ZodIssue): PackProblem[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      problem(
        [...path, key],
        'unknown-field',
        `没有“${key}”这一项`,
        `there is no field "${key}"`,
        '删去它，或按政策包说明改正拼写',
        'remove it, or correct its spelling after the description of packs',
      ),
    );
  }
  if (issue.input === undefined && issue.code !== 'custom') {
    return [
      problem(path, 'missing-field', '缺少这一项', 'this field is missing', '补上它', 'add it'),
    ];
  }
  return [formProblem(path, issue)];
}

function formProblem(path: PackProblem['path'], issue: z.core.$ZodIssue): PackProblem {
  switch (issue.message) {
    case 'not-text-amount':
      return problem(
        path,
        'not-text-amount',
        '金额必须写成带引号的文字，最多两位小数',
        'an amount must be text in quotes with at most two decimals',
        "写成 '750.00' 这样",
        "write it like '750.00'",
      );
    case 'not-text-percent':
      return problem(
        path,
        'not-text-percent',
        '比例必须写成带引号的百分数，0 到 100，不带百分号',
        'a rate must be text in quotes, a percentage from 0 to 100 without the sign',
        "写成 '86' 或 '85.5' 这样",
        "write it like '86' or '85.5'",
      );
    case 'not-a-date':
      return problem(
        path,
        'not-a-date',
        '日期不存在或写法不对',
        'not a day of the calendar',
        '写成 2017-11-27 这样',
        'write it like 2017-11-27',
      );
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String).join(', ');
    return problem(
      path,
      'not-in-list',
      `只能是：${values}`,
      `must be one of: ${values}`,
      '改成其中之一',
      'choose one of these',
    );
  }
  const code = /^not-[a-z-]+$/.test(issue.message) ? issue.message : 'wrong-type';
  return problem(
    path,
    code,
    `写法不对（${issue.message}）`,
    `not of the right form (${issue.message})`,
    '按政策包说明改正',
    'correct it after the description of packs',
  );
}

function problemsOfContent(document: PackDocument): PackProblem[] {
  return [
    ...problemsOfDates(document),
    ...problemsOfSources(document),
    ...problemsOfParameters(document),
    ...document.steps.flatMap((step, index) => problemsOfStep(document, step, index)),
    ...duplicates(document.steps.map(({ id }) => id)).map((index) =>
      problem(
        ['steps', index, 'id'],
        'duplicate-step',
        '环节名称重复',
        'a step of this name stands before',
        '每个环节用不同的名称',
        'give every step its own name',
      ),
    ),
  ];
}

function problemsOfDates(document: PackDocument): PackProblem[] {
  const { inForceFrom, inForceUntil } = document;
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

function problemsOfSources(document: PackDocument): PackProblem[] {
  const known = new Set(document.sources.map(({ id }) => id));
  const cited = [
    ...Object.entries(document.parameters).map(([key, value]) => ({
      path: ['parameters', key],
      grounds: value,
    })),
    ...Object.entries(document.diseaseLists ?? {}).map(([key, value]) => ({
      path: ['diseaseLists', key],
      grounds: value,
    })),
    ...(document.inForce === undefined ? [] : [{ path: ['inForce'], grounds: document.inForce }]),
  ];
  const problems = cited.flatMap(({ path, grounds }) => {
    const { source, assumed, reason } = grounds;
    if (source !== undefined && !known.has(source.document)) return [unknownSource(path)];
    if (assumed === true && reason !== undefined) return [];
    if (assumed !== true && source !== undefined) return [];
    return [
      problem(
        path,
        'no-grounds',
        '没有出处；或标为假定却没有理由',
        'no source, or marked assumed without a reason',
        '写上 source；出处没有给出数字时写 assumed: true 和 reason',
        'state its source; where the source gives none, assumed: true and a reason',
      ),
    ];
  });
  const ofSteps = document.steps.flatMap(({ source }, index) =>
    known.has(source.document) ? [] : [unknownSource(['steps', index])],
  );
  return [...problems, ...ofSteps];
}

function unknownSource(path: readonly (string | number)[]): PackProblem {
  return problem(
    [...path, 'source', 'document'],
    'unknown-source',
    'sources 中没有这个出处',
    'there is no such document among the sources',
    '在 sources 中列出它，或改正名称',
    'list it among the sources, or correct its name',
  );
}

function problemsOfParameters(document: PackDocument): PackProblem[] {
  return Object.entries(document.parameters).flatMap(([key, value]) => {
    const path = ['parameters', key];
    if (value.unit === 'percent-bands') return problemsOfBands(path, value.bands);
    const stated = [value.value, value.byHospitalLevel].filter((form) => form !== undefined);
    if (stated.length !== 1) {
      return [
        problem(
          path,
          'value-or-by-level',
          '必须写 value 或 byHospitalLevel 之一',
          'either value or byHospitalLevel must be given, not both',
          '保留其中一个',
          'keep one of them',
        ),
      ];
    }
    if (value.byHospitalLevel === undefined) return [];
    const given = value.byHospitalLevel;
    const missing = hospitalLevels.filter((level) => given[level] === undefined);
    if (missing.length === 0) return [];
    return [
      problem(
        [...path, 'byHospitalLevel'],
        'level-without-value',
        `缺少医院级别：${missing.join(', ')}`,
        `no value for the hospital levels ${missing.join(', ')}`,
        '补上；不适用的级别在环节里用 hospitalLevels 排除',
        'add them; a level that does not count is left out by hospitalLevels of the step',
      ),
    ];
  });
}

function problemsOfBands(
  path: readonly string[],
  bands: readonly { readonly above: string }[],
): PackProblem[] {
  return bands.flatMap(({ above }, index) => {
    const before = bands[index - 1];
    const rises = before === undefined ? Number(above) === 0 : Number(above) > Number(before.above);
    if (rises) return [];
    return [
      problem(
        [...path, 'bands', index, 'above'],
        'bands-not-rising',
        '分段必须从 0 开始并逐段升高',
        'bands begin at 0 and rise',
        '按金额从低到高排列',
        'put them in rising order',
      ),
    ];
  });
}

function problemsOfStep(document: PackDocument, step: PackStep, index: number): PackProblem[] {
  const problems: PackProblem[] = [];
  const path = ['steps', index];
  const expectUnit = (field: string[], key: string, units: readonly PackParameter['unit'][]) => {
    const parameter = document.parameters[key];
    if (parameter !== undefined && units.includes(parameter.unit)) return;
    problems.push(unknownParameter([...path, ...field], key, units));
  };
  expectUnit(['rate'], step.rate, ['percent', 'percent-bands']);
  if (step.deductible !== undefined) {
    expectUnit(['deductible', 'parameter'], step.deductible.parameter, ['yuan']);
  }
  if (step.ceilingPerVisit !== undefined) {
    expectUnit(['ceilingPerVisit'], step.ceilingPerVisit, ['yuan']);
  }
  if (step.ceilingPerYear !== undefined) {
    expectUnit(['ceilingPerYear'], step.ceilingPerYear, ['yuan']);
  }
  const onTotal = step.base === 'residual-total' || step.base === 'total';
  if (onTotal && step.lowersFirst === undefined) problems.push(withoutLowering(path));
  if (onTotal && step.deductible?.per === 'year') problems.push(yearlyOnTotal(path));
  if (step.diseases !== undefined && document.diseaseLists?.[step.diseases] === undefined) {
    problems.push(unknownDiseases(path));
  }
  const payers = new Set<string>([...knownPayers, ...document.payers.map(({ id }) => id)]);
  if (!payers.has(step.payer)) problems.push(unknownPayer(path));
  return problems;
}

function unknownParameter(
  path: PackProblem['path'],
  key: string,
  units: readonly string[],
): PackProblem {
  return problem(
    path,
    'unknown-parameter',
    `parameters 中没有单位为 ${units.join(' 或 ')} 的“${key}”`,
    `there is no parameter "${key}" with the unit ${units.join(' or ')}`,
    '在 parameters 中写上它，或改正名称',
    'add it to parameters, or correct its name',
  );
}

function withoutLowering(path: PackProblem['path']): PackProblem {
  return problem(
    [...path, 'lowersFirst'],
    'lowers-first-missing',
    '以总费用为基数的环节要写明先减哪一部分',
    'a step on the total says which part of the patient it lowers first',
    '写 lowersFirst: within-catalogue 或 outside-catalogue',
    'add lowersFirst: within-catalogue or outside-catalogue',
  );
}

function yearlyOnTotal(path: PackProblem['path']): PackProblem {
  return problem(
    [...path, 'deductible', 'per'],
    'yearly-deductible-on-total',
    '年度起付标准只能用于政策范围内的基数',
    'a yearly deductible counts on bases in scope only',
    '改用 in-scope 或 in-scope-residual 作基数，或改为 per: visit',
    'use the base in-scope or in-scope-residual, or per: visit',
  );
}

function unknownDiseases(path: PackProblem['path']): PackProblem {
  return problem(
    [...path, 'diseases'],
    'unknown-disease-list',
    'diseaseLists 中没有这个病种表',
    'there is no such list among diseaseLists',
    '在 diseaseLists 中写上它，或改正名称',
    'add it to diseaseLists, or correct its name',
  );
}

function unknownPayer(path: PackProblem['path']): PackProblem {
  return problem(
    [...path, 'payer'],
    'unknown-payer',
    '没有这个支付方',
    'there is no such payer',
    '在 payers 中列出它，或改正名称',
    'list it among payers, or correct its name',
  );
}

function duplicates(names: readonly string[]): number[] {
  const seen = new Set<string>();
  return names.flatMap((name, index) => {
    if (seen.has(name)) return [index];
    seen.add(name);
    return [];
  });
}

function problem(
  path: PackProblem['path'],
  code: string,
  zh: string,
  en: string,
  remedyZh: string,
  remedyEn: string,
): PackProblem {
  return { path, code, message: { zh, en }, remedy: { zh: remedyZh, en: remedyEn } };
}
