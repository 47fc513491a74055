import type { PackLine } from '../contracts/policies.ts';
import type { Words } from '../domain/result.ts';
import { hospitalLevelNames } from '../domain/value-names.ts';
import { fenFromYuanText, formatFen } from '../money/yuan-text.ts';
import type { PackParameter } from '../policy/pack/pack-figures.ts';
import type { PackDocument } from '../policy/pack/pack-schema.ts';
import { conditionWords } from './describe-condition.ts';

type StatedGrounds = {
  readonly source?:
    | {
        readonly document: string;
        readonly article: string;
        readonly articleEn?: string | undefined;
      }
    | undefined;
  readonly reason?: Words | undefined;
  readonly assumed?: true | undefined;
};

/** Where something of a pack comes from, as the page shows it. */
export function groundsWords(
  document: PackDocument,
  { source, assumed, reason }: StatedGrounds,
): Pick<PackLine, 'source' | 'assumed'> {
  const title = document.sources.find(({ id }) => id === source?.document)?.title;
  return {
    source:
      source === undefined
        ? null
        : {
            zh: `${title?.zh ?? source.document} ${source.article}`,
            en: `${title?.en ?? source.document} ${source.articleEn ?? source.article}`,
          },
    assumed: assumed === true ? (reason ?? { zh: '假定', en: 'assumed' }) : null,
  };
}

/** A figure of a pack: its value, by level where it has one for each, and one line for every exception. */
export function figureLines(document: PackDocument, key: string, label: Words): PackLine[] {
  const parameter = document.parameters[key];
  if (parameter === undefined) return [];
  const grounds = groundsWords(document, parameter);
  const main = { label, text: valueWords(parameter), ...grounds };
  const exceptions = (parameter.except ?? []).map(({ when, value, ...own }): PackLine => {
    const condition = conditionWords(document, when) ?? { zh: '任何情形', en: 'always' };
    const text = textOf(parameter.unit, value);
    const hasOwn = own.source !== undefined || own.assumed !== undefined;
    return {
      label: { zh: '例外', en: 'except' },
      text: { zh: `${condition.zh}：${text.zh}`, en: `${condition.en}: ${text.en}` },
      ...(hasOwn ? groundsWords(document, own) : { source: null, assumed: null }),
    };
  });
  return [main, ...exceptions];
}

function valueWords(parameter: PackParameter): Words {
  const { unit, value, byHospitalLevel, byHospitalGrade } = parameter;
  if (value !== undefined) return textOf(unit, value);
  const byKey: [Words, unknown][] =
    byHospitalLevel !== undefined
      ? Object.entries(byHospitalLevel).map(([level, each]) => [levelName(level), each])
      : byHospitalGrade !== undefined
        ? Object.entries(byHospitalGrade).map(([grade, each]) => [gradeName(grade), each])
        : unit === 'yuan'
          ? Object.entries(parameter.byYearLevels ?? {}).map(([level, each]) => [
              level === 'mixed' ? { zh: '几级都有', en: 'several levels' } : levelName(level),
              each,
            ])
          : unit === 'percent'
            ? Object.entries(parameter.byCatalogueClass ?? {}).map(([name, each]) => [
                { zh: name === 'A' ? '甲类' : '乙类', en: `class ${name}` },
                each,
              ])
            : [];
  const parts = byKey.map(([name, each]) => ({ name, text: textOf(unit, each) }));
  return {
    zh: parts.map(({ name, text }) => `${name.zh} ${text.zh}`).join('，'),
    en: parts.map(({ name, text }) => `${name.en} ${text.en}`).join(', '),
  };
}

function levelName(level: string): Words {
  return level in hospitalLevelNames
    ? hospitalLevelNames[level as keyof typeof hospitalLevelNames]
    : { zh: level, en: level };
}

function gradeName(grade: string): Words {
  const names: Readonly<Record<string, Words>> = {
    '1': { zh: '一级', en: 'grade 1' },
    '2': { zh: '二级', en: 'grade 2' },
    '3': { zh: '三级', en: 'grade 3' },
    unknown: { zh: '等级不详', en: 'grade unknown' },
  };
  return names[grade] ?? { zh: grade, en: grade };
}

function textOf(unit: PackParameter['unit'], value: unknown): Words {
  if (value === 'none') return { zh: '不限', en: 'none' };
  if (typeof value === 'string') {
    if (unit === 'percent') return { zh: `${value}%`, en: `${value}%` };
    const amount = formatFen(fenFromYuanText(value));
    return { zh: `${amount} 元`, en: `${amount} yuan` };
  }
  const bands = value as readonly { readonly above: string; readonly percent: string }[];
  const parts = bands.map(({ above, percent }, index) => {
    const from = formatFen(fenFromYuanText(above));
    const next = bands[index + 1]?.above;
    const until = next === undefined ? null : formatFen(fenFromYuanText(next));
    return {
      zh: until === null ? `${from} 以上 ${percent}%` : `${from}—${until} ${percent}%`,
      en: until === null ? `above ${from} ${percent}%` : `${from} to ${until} ${percent}%`,
    };
  });
  return {
    zh: parts.map(({ zh }) => zh).join('，'),
    en: parts.map(({ en }) => en).join(', '),
  };
}
