import { isAgeNoLaterThan } from '../domain/stay.ts';
import { hospitalLevels, type HospitalLevel } from '../domain/visit.ts';
import { fenFromYuanText } from '../money/yuan-text.ts';
import type { PackParameter, PackQuotaList } from '../policy/pack/pack-figures.ts';
import {
  declareProblems,
  type PackProblem,
  type ProblemCodeOf,
} from '../policy/pack/pack-problem.ts';
import type { PackDocument } from '../policy/pack/pack-schema.ts';
import type { PackRateRule } from '../policy/pack/pack-steps.ts';
import { coversCode } from './condition-logic.ts';
import { isEverUsed, parameterUses } from './pack-uses.ts';

type Path = PackProblem['path'];

/** Figures, codes and words that can change no result: each is a mistake somewhere, here or elsewhere. */
export function problemsOfNeedlessFigures(
  document: PackDocument,
): PackProblem<NeedlessFigureCode>[] {
  return [
    ...levelsNeverMet(document),
    ...bandsBeyondCeilings(document),
    ...codesCovered(document),
    ...placesCovered(document),
    ...loweringWithoutEffect(document),
  ];
}

/** A value for a hospital level no step that uses the parameter is for, or that an exception always replaces. */
function levelsNeverMet(document: PackDocument): PackProblem<NeedlessFigureCode>[] {
  const uses = parameterUses(document);
  return Object.entries(document.parameters).flatMap(([key, parameter]) => {
    if (!uses.some((use) => use.key === key)) return [];
    const byYearLevels = parameter.unit === 'yuan' ? parameter.byYearLevels : undefined;
    return Object.entries({ byHospitalLevel: parameter.byHospitalLevel, byYearLevels }).flatMap(
      ([form, values]) =>
        hospitalLevels
          .filter(
            (level) =>
              values?.[level] !== undefined &&
              !isEverUsed(document, key, { hospitalLevels: [level] }),
          )
          .map((level) => levelNeverUsed(['parameters', key, form, level], level)),
    );
  });
}

function levelNeverUsed(path: Path, level: HospitalLevel): PackProblem<NeedlessFigureCode> {
  return needlessProblem(path, 'value-never-used', { level });
}

/** A band that begins where the ceiling of every step that uses it is reached already. */
function bandsBeyondCeilings(document: PackDocument): PackProblem<NeedlessFigureCode>[] {
  const problems = new Map<string, PackProblem<NeedlessFigureCode>>();
  const beyond = new Map<string, number[]>();
  for (const { rate, ceilings } of rateTerms(document)) {
    const parameter = document.parameters[rate];
    if (parameter?.unit !== 'percent-bands') continue;
    const ceiling = Math.min(...ceilings.map((key) => highestOf(document.parameters[key])));
    for (const { path, bands } of bandsOf(rate, parameter)) {
      const place = path.join('.');
      const first = firstBandBeyond(bands, ceiling);
      beyond.set(place, [...(beyond.get(place) ?? []), first]);
      // Every use must find it so: the highest of all their limits counts.
      const needless = Math.max(...(beyond.get(place) ?? []));
      if (needless < bands.length) problems.set(place, beyondCeiling([...path, needless]));
      else problems.delete(place);
    }
  }
  return [...problems.values()];
}

type Terms = { readonly rate: string; readonly ceilings: readonly string[] };

function rateTerms({ steps }: PackDocument): Terms[] {
  return steps.flatMap((step) => {
    if (step.rule === 'rate') return termsOf(step);
    return step.rule === 'quota' && step.ordinary !== undefined ? termsOf(step.ordinary) : [];
  });
}

function termsOf(rule: PackRateRule): Terms[] {
  return [rule, ...(rule.variants ?? [])].flatMap((terms) => {
    const rate = terms.rate ?? rule.rate;
    const perVisit = terms.ceilingPerVisit ?? rule.ceilingPerVisit;
    const perYear = terms.ceilingPerYear ?? rule.ceilingPerYear;
    const ceilings = [perVisit, perYear].filter((key) => key !== undefined);
    return rate === undefined ? [] : [{ rate, ceilings }];
  });
}

/** The highest an amount of a pack may come to, in fen; infinite where an exception takes it away. */
function highestOf(parameter: PackParameter | undefined): number {
  if (parameter?.unit !== 'yuan') return Infinity;
  const { value, byHospitalLevel, byHospitalGrade, byYearLevels, except } = parameter;
  const texts = [
    ...(value === undefined ? [] : [value]),
    ...[byHospitalLevel, byHospitalGrade, byYearLevels].flatMap((values) =>
      Object.values(values ?? {}),
    ),
    ...(except ?? []).map((exception) => exception.value),
  ];
  return Math.max(...texts.map((text) => (text === 'none' ? Infinity : fenFromYuanText(text))));
}

type Bands = readonly { readonly above: string; readonly percent: string }[];

function bandsOf(
  key: string,
  {
    value,
    byHospitalLevel,
    byHospitalGrade,
    except,
  }: Extract<PackParameter, { unit: 'percent-bands' }>,
): { readonly path: Path; readonly bands: Bands }[] {
  const of = (form: string, values: Readonly<Record<string, Bands | undefined>> | undefined) =>
    Object.entries(values ?? {}).flatMap(([name, bands]) =>
      bands === undefined ? [] : [{ path: ['parameters', key, form, name], bands }],
    );
  return [
    ...(value === undefined ? [] : [{ path: ['parameters', key, 'value'], bands: value }]),
    ...of('byHospitalLevel', byHospitalLevel),
    ...of('byHospitalGrade', byHospitalGrade),
    ...(except ?? []).map((exception, index) => ({
      path: ['parameters', key, 'except', index, 'value'],
      bands: exception.value,
    })),
  ];
}

/** The first band below which a ceiling is paid out already; their number where there is none. */
function firstBandBeyond(bands: Bands, ceilingFen: number): number {
  let paid = 0;
  for (const [index, { above, percent }] of bands.entries()) {
    if (index > 0 && paid >= ceilingFen) return index;
    const next = bands[index + 1];
    if (next === undefined) return bands.length;
    const width = fenFromYuanText(next.above) - fenFromYuanText(above);
    // A fen less than exact: the rounding of a band may take that much.
    paid += (width * Number(percent)) / 100 - 1;
  }
  return bands.length;
}

function beyondCeiling(path: Path): PackProblem<NeedlessFigureCode> {
  return needlessProblem(path, 'band-beyond-ceiling');
}

/** Codes an entry before or after them stands for already, and diseases at a fixed price never reached. */
function codesCovered(document: PackDocument): PackProblem<NeedlessFigureCode>[] {
  const problems: PackProblem<NeedlessFigureCode>[] = [];
  for (const [key, { codes }] of Object.entries(document.diseaseLists ?? {})) {
    problems.push(...covered(['diseaseLists', key, 'codes'], codes, coversCode));
  }
  const prefixes = [
    ...Object.entries(document.procedureLists ?? {}).map(([key, { codes }]) => ({
      path: ['procedureLists', key, 'codes'],
      codes,
    })),
    ...Object.entries(document.itemLists ?? {}).map(([key, { codes = [] }]) => ({
      path: ['itemLists', key, 'codes'],
      codes,
    })),
  ];
  for (const { path, codes } of prefixes) {
    problems.push(...covered(path, codes, (wide, narrow) => narrow.prefix.startsWith(wide.prefix)));
  }
  for (const [key, { codes }] of Object.entries(document.hospitalLists ?? {})) {
    problems.push(
      ...covered(
        ['hospitalLists', key, 'codes'],
        codes,
        (wide, narrow) => wide.code === narrow.code,
      ),
    );
  }
  for (const [key, { entries }] of Object.entries(document.quotaLists ?? {})) {
    problems.push(
      ...entries.flatMap((entry, index) => {
        const by = entries.slice(0, index).findIndex((earlier) => coversQuota(earlier, entry));
        return by < 0 ? [] : [coveredBy(['quotaLists', key, 'entries', index], by)];
      }),
    );
  }
  return problems;
}

function covered<Entry>(
  path: Path,
  entries: readonly Entry[],
  covers: (wide: Entry, narrow: Entry) => boolean,
): PackProblem<NeedlessFigureCode>[] {
  return entries.flatMap((entry, index) => {
    const by = entries.findIndex(
      (other, at) => at !== index && covers(other, entry) && (at < index || !covers(entry, other)),
    );
    return by < 0 ? [] : [coveredBy([...path, index], by)];
  });
}

type Quota = PackQuotaList['entries'][number];

function coversQuota(wide: Quota, narrow: Quota): boolean {
  return (
    (wide.diagnosis === undefined || narrow.diagnosis?.startsWith(wide.diagnosis) === true) &&
    (wide.procedure === undefined || narrow.procedure?.startsWith(wide.procedure) === true) &&
    isAgeNoLaterThan(wide.age?.from ?? 0, narrow.age?.from ?? 0) &&
    isAgeNoLaterThan(narrow.age?.below ?? Infinity, wide.age?.below ?? Infinity)
  );
}

function coveredBy(path: Path, by: number): PackProblem<NeedlessFigureCode> {
  const place = String(by + 1);
  return needlessProblem(path, 'code-covered', { place });
}

function placesCovered({ appliesTo: { places } }: PackDocument): PackProblem<NeedlessFigureCode>[] {
  return covered(['appliesTo', 'places'], places, (wide, narrow) => narrow.startsWith(wide));
}

const basesInScope: readonly string[] = ['in-scope', 'in-scope-residual', 'year-in-scope-self-pay'];

/** A step on costs in scope lowers those alone, whatever it says it lowers first. */
function loweringWithoutEffect({ steps }: PackDocument): PackProblem<NeedlessFigureCode>[] {
  return steps.flatMap((step, index) => {
    const rules =
      step.rule === 'quota' && step.ordinary !== undefined
        ? [{ path: ['steps', index, 'ordinary'], rule: step.ordinary }]
        : 'base' in step
          ? [{ path: ['steps', index], rule: step }]
          : [];
    return rules.flatMap(({ path, rule }) =>
      rule.lowersFirst === undefined || !basesInScope.includes(rule.base)
        ? []
        : [needlessProblem([...path, 'lowersFirst'], 'lowers-first-without-effect')],
    );
  });
}

const needlessProblem = declareProblems({
  'value-never-used': ({ level }: { readonly level: string }) => [
    `用到它的支付环节都不适用于“${level}”这一级医院，或这一级都另有例外`,
    `no step that uses it is for hospitals of the level "${level}", or exceptions replace it for all of them`,
    '删去这一级，或改正支付环节的 requires.hospitalLevels、例外的条件',
    'remove this level, or correct requires.hospitalLevels of the step or the exceptions',
  ],
  'band-beyond-ceiling': [
    '到这一段之前已达到封顶线，这一段永远用不到',
    'the ceiling is reached before this band begins: it is never used',
    '核对封顶线和分段的起点（单位都是元）',
    'compare the ceiling with where the band begins (both in yuan)',
  ],
  'code-covered': ({ place }: { readonly place: string }) => [
    `第 ${place} 项已包括这一项`,
    `number ${place} of the list stands for this one already`,
    '删去其中一项，或把编码写得更细、窄的写在前面',
    'remove one of them, or write the codes more finely, the narrower one first',
  ],
  'lowers-first-without-effect': [
    '这个支付环节只以政策范围内费用为基数，lowersFirst 不起作用',
    'this step counts on costs in scope only: lowersFirst has no effect',
    '删去 lowersFirst，或改正 base',
    'remove lowersFirst, or correct base',
  ],
});

type NeedlessFigureCode = ProblemCodeOf<typeof needlessProblem>;
