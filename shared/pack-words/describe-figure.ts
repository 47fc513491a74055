import type { PackLine } from '../contracts/policies.ts';
import type { Words } from '../domain/result.ts';
import { hospitalLevelNames } from '../domain/value-names.ts';
import { fen } from '../money/fen.ts';
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
export function figureLines(
  document: PackDocument,
  key: string,
  label: Words,
  /** Bands count from the deductible on; where one amount is known of it, they are said as the law says them. */
  deductible: Deductible = null,
): PackLine[] {
  const parameter = document.parameters[key];
  if (parameter === undefined) return [];
  const grounds = groundsWords(document, parameter);
  const main = { label, text: valueWords(parameter, deductible), ...grounds };
  const exceptions = (parameter.except ?? []).map(({ when, value, ...own }): PackLine => {
    const condition = conditionWords(document, when) ?? { zh: '任何情形', en: 'always' };
    const text = textOf(parameter.unit, value, deductible);
    const hasOwn = own.source !== undefined || own.assumed !== undefined;
    return {
      label: { zh: '例外', en: 'except' },
      text: { zh: `${condition.zh}：${text.zh}`, en: `${condition.en}: ${text.en}` },
      ...(hasOwn ? groundsWords(document, own) : { source: null, assumed: null }),
    };
  });
  return [main, ...exceptions];
}

function valueWords(parameter: PackParameter, deductible: Deductible): Words {
  const { unit, value, byHospitalLevel, byHospitalGrade } = parameter;
  if (value !== undefined) return textOf(unit, value, deductible);
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
  const parts = byKey.map(([name, each]) => ({ name, text: textOf(unit, each, deductible) }));
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

/** What is borne before the first band: an amount in fen, one that differs from visit to visit, or none. */
export type Deductible = number | 'differs' | null;

function textOf(unit: PackParameter['unit'], value: unknown, deductible: Deductible): Words {
  if (value === 'none') return { zh: '不限', en: 'none' };
  if (typeof value === 'string') {
    if (unit === 'percent') return { zh: `${value}%`, en: `${value}%` };
    const amount = formatFen(fenFromYuanText(value));
    return { zh: `${amount} 元`, en: `${amount} yuan` };
  }
  const bands = value as readonly { readonly above: string; readonly percent: string }[];
  const parts = bands.map(({ above, percent }, index) => {
    const next = bands[index + 1]?.above;
    const until = next === undefined ? null : fenFromYuanText(next);
    const range = rangeWords(fenFromYuanText(above), until, deductible);
    return { zh: `${range.zh} ${percent}%`, en: `${range.en} ${percent}%` };
  });
  return {
    zh: parts.map(({ zh }) => zh).join('；'),
    en: parts.map(({ en }) => en).join('; '),
  };
}

/** A band as the law says it, from nothing upwards, and as the pack counts it, from the deductible upwards. */
function rangeWords(from: number, until: number | null, deductible: Deductible): Words {
  const above = plainRange(from, until);
  if (deductible === null || deductible === 0) return above;
  const counted = { zh: `起付线以上 ${above.zh}`, en: `above the deductible ${above.en}` };
  if (deductible === 'differs') return counted;
  const whole = plainRange(from + deductible, until === null ? null : until + deductible);
  return { zh: `${whole.zh}（${counted.zh}）`, en: `${whole.en} (${counted.en})` };
}

function plainRange(from: number, until: number | null): Words {
  const [low, high] = [from, until].map((amount) => (amount === null ? '' : shortText(amount)));
  return until === null
    ? { zh: `${low ?? ''} 元以上`, en: `from ${low ?? ''}` }
    : { zh: `${low ?? ''}–${high ?? ''} 元`, en: `${low ?? ''}–${high ?? ''}` };
}

/** Bounds of bands are whole yuan nearly always: 20,000. */
function shortText(amountFen: number): string {
  return formatFen(fen(amountFen)).replace(/\.00$/, '');
}
