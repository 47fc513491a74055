import type { Words } from '../../domain/result.ts';
import { fen } from '../../money/fen.ts';
import { fenFromYuanText, yuanTextFromFen } from '../../money/yuan-text.ts';
import type { PackParameter } from '../../policy/pack/pack-figures.ts';
import type { PackDocument } from '../../policy/pack/pack-schema.ts';
import { rateRulesOf } from './condition-places.ts';
import { isEverUsed, parameterUses } from '../pack-uses.ts';
import { without, withValue, type Mutant, type Path } from './mutant.ts';

/** Every amount and every percentage of a pack up and down. */
export function figureMutants(document: PackDocument): Mutant[] {
  return [
    ...Object.entries(document.parameters).flatMap(([key, parameter]) =>
      ofParameter(document, ['parameters', key], parameter).filter(
        ({ path }) => path[2] !== 'byHospitalGrade' || isGradeUsed(document, key, String(path[3])),
      ),
    ),
    ...Object.entries(document.quotaLists ?? {}).flatMap(([key, { entries }]) =>
      entries.flatMap(({ quota, name }, index) =>
        ofAmount(document, ['quotaLists', key, 'entries', index, 'quota'], quota, {
          zh: `加一个“${name}”的案例，费用在定额上下各一个`,
          en: `add cases of "${name}", one that cost more and one that cost less than the quota`,
        }),
      ),
    ),
  ];
}

/** All grades are always stated, also those no step that uses the figure is for. */
function isGradeUsed(document: PackDocument, key: string, grade: string): boolean {
  if (grade !== 'unknown') {
    const hospitalGrades = ([1, 2, 3] as const).filter((each) => String(each) === grade);
    return isEverUsed(document, key, { hospitalGrades });
  }
  // A hospital whose grade is not known meets no condition on grades.
  return parameterUses(document).some(
    (use) =>
      use.key === key && use.context.every(({ hospitalGrades }) => hospitalGrades === undefined),
  );
}

function ofParameter(document: PackDocument, path: Path, parameter: PackParameter): Mutant[] {
  return [
    ...valuesOf(parameter).flatMap(({ at, value, who }) =>
      ofValue(document, [...path, ...at], parameter.unit, value, who),
    ),
    ...(parameter.except ?? []).flatMap(({ value }, index) => {
      const at = [...path, 'except', index];
      const who = {
        zh: `符合第 ${String(index + 1)} 条例外的`,
        en: ` that fits exception ${String(index + 1)}`,
      };
      if (value !== 'none') return ofValue(document, [...at, 'value'], parameter.unit, value, who);
      return [withoutException(document, at, parameter)];
    }),
  ];
}

type StatedValue = {
  readonly at: Path;
  readonly value: PackParameter['value'];
  /** Whose value it is, in words that stand before and after "a case". */
  readonly who: Words;
};

function valuesOf(parameter: PackParameter): StatedValue[] {
  const { value, byHospitalLevel, byHospitalGrade } = parameter;
  const forms: [string, object | undefined, (key: string) => Words][] = [
    [
      'byHospitalLevel',
      byHospitalLevel,
      (key) => ({ zh: `${key} 级医院的`, en: ` at a hospital of the level "${key}"` }),
    ],
    [
      'byHospitalGrade',
      byHospitalGrade,
      (key) => ({ zh: `医院等级为 ${key} 的`, en: ` at a hospital of the grade ${key}` }),
    ],
    [
      'byYearLevels',
      parameter.unit === 'yuan' ? parameter.byYearLevels : undefined,
      (key) => ({
        zh: `本年医院级别为 ${key} 的`,
        en: ` whose hospital levels of the year are "${key}"`,
      }),
    ],
    [
      'byCatalogueClass',
      parameter.unit === 'percent' ? parameter.byCatalogueClass : undefined,
      (key) => ({
        zh: `有${key === 'A' ? '甲' : '乙'}类费用的`,
        en: ` with charges of class ${key}`,
      }),
    ],
  ];
  return [
    ...(value === undefined ? [] : [{ at: ['value'], value, who: { zh: '', en: '' } }]),
    ...forms.flatMap(([form, values, who]) =>
      Object.entries(values ?? {}).map(([key, each]: [string, PackParameter['value']]) => ({
        at: [form, key],
        value: each,
        who: who(key),
      })),
    ),
  ];
}

function ofValue(
  document: PackDocument,
  path: Path,
  unit: PackParameter['unit'],
  value: PackParameter['value'],
  who: Words,
): Mutant[] {
  if (value === undefined) return [];
  if (typeof value !== 'string') {
    return value.flatMap(({ above, percent }, index) => [
      ...ofAmount(document, [...path, index, 'above'], above, {
        zh: `加一个${who.zh}案例，基数超过 ${above} 元`,
        en: `add a case${who.en} whose base passes ${above}`,
      }),
      ...ofPercent(document, [...path, index, 'percent'], percent, {
        zh: `加一个${who.zh}案例，基数在 ${above} 元以上的这一段里`,
        en: `add a case${who.en} whose base reaches into the band above ${above}`,
      }),
    ]);
  }
  const missing = {
    zh: `加一个${who.zh}案例，结果由这个数决定，没有被封顶线、剩余费用或取整盖住`,
    en: `add a case${who.en} whose result depends on this figure, not hidden by a ceiling, by what is left or by rounding`,
  };
  return unit === 'yuan'
    ? ofAmount(document, path, value, missing)
    : ofPercent(document, path, value, missing);
}

/**
 * Up and down by 1 %, at least by one yuan; nothing becomes a hundred yuan. What is paid out as it stands,
 * a ceiling or a quota, is also changed by one yuan alone: a case that comes near it does not show it.
 */
function ofAmount(document: PackDocument, path: Path, text: string, missing: Words): Mutant[] {
  const amount = fenFromYuanText(text);
  const percent = Math.max(100, Math.round(amount / 100));
  const isPaidOut = path[0] === 'quotaLists' || isCeiling(document, String(path[1]));
  const steps = isPaidOut && percent > 100 ? [percent, 100] : [percent];
  const changed =
    amount === 0 ? [10_000] : steps.flatMap((by) => [amount + by, Math.max(0, amount - by)]);
  return changed.map((each) => {
    const after = yuanTextFromFen(fen(each));
    return { path, before: text, after, missing, data: withValue(document, path, after) };
  });
}

function isCeiling(document: PackDocument, key: string): boolean {
  if (document.sharedCeilings?.some(({ parameter }) => parameter === key) === true) return true;
  return document.steps.some((step) =>
    [step, ...rateRulesOf(step, []).flatMap(({ rule }) => [rule, ...(rule.variants ?? [])])].some(
      (terms) =>
        ('ceilingPerVisit' in terms && terms.ceilingPerVisit === key) ||
        ('ceilingPerYear' in terms && terms.ceilingPerYear === key),
    ),
  );
}

/** Up and down by one point, from 0 to 100. */
function ofPercent(document: PackDocument, path: Path, text: string, missing: Words): Mutant[] {
  const tenThousandths = Math.round(Number(text) * 10_000);
  const changed = [tenThousandths + 10_000, tenThousandths - 10_000]
    .map((each) => Math.min(1_000_000, Math.max(0, each)))
    .filter((each) => each !== tenThousandths);
  return changed.map((each) => {
    const after = String(each / 10_000);
    return { path, before: text, after, missing, data: withValue(document, path, after) };
  });
}

/** "None" is no number to change: without its exception the ceiling is back. */
function withoutException(document: PackDocument, path: Path, { except }: PackParameter): Mutant {
  const list = path.slice(0, -1);
  const isOnly = except?.length === 1;
  return {
    path: [...path, 'value'],
    before: 'none',
    after: '',
    missing: {
      zh: '加一个符合这条例外、不封顶才得到的案例',
      en: 'add a case that fits this exception and passes the ceiling that does not count for it',
    },
    data: without(document, isOnly ? list : path),
  };
}
