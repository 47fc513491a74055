import { isAgeNoLaterThan } from '../../domain/stay.ts';
import type { PackCondition } from '../../policy/pack/pack-conditions.ts';
import type { PackQuotaList } from '../../policy/pack/pack-figures.ts';
import type { PackDocument } from '../../policy/pack/pack-schema.ts';
import { neverTogether, type Context } from '../condition-logic.ts';
import { contextOfStep, parameterUses } from '../pack-uses.ts';
import { rateRulesOf } from './condition-places.ts';
import { withSwap, withValue, type Mutant, type Path } from './mutant.ts';
import { sameData } from '../same-data.ts';
import { areEither } from './together-mutants.ts';

/**
 * Neighbours changed places: steps, bands, exceptions, variants, diseases at a fixed price, what is paid
 * first. Left out are neighbours no visit can ever both fit, and such as say the same.
 */
export function orderMutants(document: PackDocument): Mutant[] {
  return [
    ...ofSteps(document),
    ...ofBands(document),
    ...ofExceptions(document),
    ...ofVariants(document),
    ...ofQuotas(document),
    ...ofFirstPays(document),
  ];
}

function swapped(
  document: PackDocument,
  path: Path,
  index: number,
  [first, second]: readonly [string, string],
  zh: string,
  en: string,
): Mutant {
  return {
    path: [...path, index],
    before: `${first}, ${second}`,
    after: `${second}, ${first}`,
    missing: { zh, en },
    data: withSwap(document, path, index),
  };
}

const bothFit = ['加一个两条都符合的案例', 'add a case that fits both of them'] as const;

function ofSteps(document: PackDocument): Mutant[] {
  return document.steps.flatMap((step, index) => {
    const next = document.steps[index + 1];
    if (next === undefined) return [];
    const concerned = (each: typeof step) =>
      contextOfStep(document, { ...each, requires: undefined });
    if (neverTogether(document, [...concerned(step), ...concerned(next)])) return [];
    // Of two ways one counts, whichever stands first.
    if (areEither(document, step.id, next.id)) return [];
    return [
      swapped(
        document,
        ['steps'],
        index,
        [step.id, next.id],
        '加一个两个支付环节都出现的案例',
        'add a case both steps concern',
      ),
    ];
  });
}

/** The percentages alone: bands out of order are no bands. */
function ofBands(document: PackDocument): Mutant[] {
  return Object.entries(document.parameters).flatMap(([key, parameter]) => {
    if (parameter.unit !== 'percent-bands') return [];
    const { value, byHospitalLevel, byHospitalGrade, except } = parameter;
    const lists: [Path, typeof value][] = [
      [['value'], value],
      ...Object.entries(byHospitalLevel ?? {}).map(([level, bands]): [Path, typeof value] => [
        ['byHospitalLevel', level],
        bands,
      ]),
      ...Object.entries(byHospitalGrade ?? {}).map(([grade, bands]): [Path, typeof value] => [
        ['byHospitalGrade', grade],
        bands,
      ]),
      ...(except ?? []).map((exception, index): [Path, typeof value] => [
        ['except', index, 'value'],
        exception.value,
      ]),
    ];
    return lists.flatMap(([at, bands = []]) =>
      bands.flatMap((band, index) => {
        const next = bands[index + 1];
        if (next === undefined || Number(next.percent) === Number(band.percent)) return [];
        const path = ['parameters', key, ...at];
        const changed = withValue(document, [...path, index, 'percent'], next.percent);
        return [
          {
            path: [...path, index, 'percent'],
            before: `${band.percent}, ${next.percent}`,
            after: `${next.percent}, ${band.percent}`,
            missing: {
              zh: `加一个基数超过 ${next.above} 元的案例`,
              en: `add a case whose base passes ${next.above}`,
            },
            data: withValue(changed, [...path, index + 1, 'percent'], band.percent),
          },
        ];
      }),
    );
  });
}

function ofExceptions(document: PackDocument): Mutant[] {
  const uses = parameterUses(document);
  return Object.entries(document.parameters).flatMap(([key, { except = [] }]) => {
    const contexts = uses.filter((use) => use.key === key).map(({ context }) => context);
    return except.flatMap(({ when, value }, index) => {
      const next = except[index + 1];
      if (next === undefined || sameData(value, next.value)) return [];
      if (neverMeet(document, contexts, when, next.when)) return [];
      const names = [String(index + 1), String(index + 2)] as const;
      return [swapped(document, ['parameters', key, 'except'], index, names, ...bothFit)];
    });
  });
}

function ofVariants(document: PackDocument): Mutant[] {
  return document.steps.flatMap((step, at) =>
    rateRulesOf(step, ['steps', at]).flatMap(({ path, rule: { variants = [], take, ...own } }) =>
      variants.flatMap((variant, index) => {
        const next = variants[index + 1];
        if (next === undefined) return [];
        if (neverMeet(document, [contextOfStep(document, step)], variant.when, next.when))
          return [];
        const terms = (stated: typeof variant) => ({
          ...own,
          ...stated,
          name: null,
          when: null,
        });
        if (sameData(terms(variant), terms(next))) return [];
        // The best is the best in any order; of equals the figures are the same.
        if (take === 'best') return [];
        const names = [variant.name.zh, next.name.zh] as const;
        return [swapped(document, [...path, 'variants'], index, names, ...bothFit)];
      }),
    ),
  );
}

function neverMeet(
  document: PackDocument,
  contexts: readonly Context[],
  first: PackCondition,
  second: PackCondition,
): boolean {
  return contexts.every((context) => neverTogether(document, [...context, first, second]));
}

function ofQuotas(document: PackDocument): Mutant[] {
  return Object.entries(document.quotaLists ?? {}).flatMap(([key, list]) =>
    list.entries.flatMap((entry, index) => {
      const next = list.entries[index + 1];
      if (next === undefined || !mayBothFit(list, entry, next)) return [];
      if (Number(entry.quota) === Number(next.quota)) return [];
      const names = [entry.name, next.name] as const;
      return [swapped(document, ['quotaLists', key, 'entries'], index, names, ...bothFit)];
    }),
  );
}

type Quota = PackQuotaList['entries'][number];

function mayBothFit({ diagnoses }: PackQuotaList, first: Quota, second: Quota): boolean {
  const { diagnosis: a, age: firstAge } = first;
  const { diagnosis: b, age: secondAge } = second;
  const agesMeet =
    !isAgeNoLaterThan(secondAge?.below ?? Infinity, firstAge?.from ?? 0) &&
    !isAgeNoLaterThan(firstAge?.below ?? Infinity, secondAge?.from ?? 0);
  if (!agesMeet) return false;
  // There is one principal diagnosis; of procedures and of other diagnoses there may be several.
  const oneDiagnosis = diagnoses === 'principal' && a !== undefined && b !== undefined;
  if (!oneDiagnosis || a.startsWith(b) || b.startsWith(a)) return true;
  return false;
}

function ofFirstPays(document: PackDocument): Mutant[] {
  const modifiers = document.modifiers ?? [];
  return modifiers.flatMap(({ id, when, firstPay }, index) => {
    const next = modifiers[index + 1];
    if (firstPay === undefined || next?.firstPay === undefined) return [];
    if (firstPay.parameter === next.firstPay.parameter) return [];
    if (neverTogether(document, [when, next.when])) return [];
    return [swapped(document, ['modifiers'], index, [id, next.id], ...bothFit)];
  });
}
