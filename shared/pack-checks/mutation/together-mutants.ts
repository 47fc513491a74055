import type { PackDocument } from '../../policy/pack/pack-schema.ts';
import type { PackEither, PackSharedCeiling } from '../../policy/pack/pack-together.ts';
import { without, withEntry, withValue, type Mutant } from './mutant.ts';

/** Ceilings of several steps, and ways of which only one counts. */
export function togetherMutants(document: PackDocument): Mutant[] {
  return [
    ...(document.sharedCeilings ?? []).flatMap((ceiling, index) =>
      ofCeiling(document, ceiling, index),
    ),
    ...(document.either ?? []).flatMap((choice, index) => ofChoice(document, choice, index)),
  ];
}

function ofCeiling(
  document: PackDocument,
  { name, per, steps }: PackSharedCeiling,
  index: number,
): Mutant[] {
  const path = ['sharedCeilings', index];
  const isOnly = document.sharedCeilings?.length === 1;
  const other = per === 'visit' ? 'year' : 'visit';
  const reached = {
    zh: `加一个“${name.zh}”由几个支付环节合起来用完的案例`,
    en: `add a case in which the steps use up "${name.en}" together`,
  };
  const others = document.steps.filter(
    (step) => !steps.includes(step.id) && step.rule !== 'quota' && step.rule !== 'not-stated',
  );
  return [
    {
      path,
      before: name.zh,
      after: '',
      missing: reached,
      data: without(document, isOnly ? ['sharedCeilings'] : path),
    },
    {
      path: [...path, 'per'],
      before: per,
      after: other,
      missing: {
        zh: '加一个本年度已有支付（yearToDate.byStep）、按次和按年结果不同的案例',
        en: 'add a case with payments earlier in the year (yearToDate.byStep), where per visit and per year differ',
      },
      data: withValue(document, [...path, 'per'], other),
    },
    // Of two steps the reader refuses one alone: a ceiling of one step is no shared one.
    ...(steps.length < 3 ? [] : steps).map((step, at) => ({
      path: [...path, 'steps', at],
      before: step,
      after: '',
      missing: {
        zh: `加一个支付环节“${step}”用掉“${name.zh}”一部分的案例`,
        en: `add a case in which the step "${step}" uses up a part of "${name.en}"`,
      },
      data: without(document, [...path, 'steps', at]),
    })),
    ...others.map(({ id }) => ({
      path: [...path, 'steps'],
      before: '',
      after: id,
      missing: {
        zh: `加一个支付环节“${id}”在“${name.zh}”之外支付的案例`,
        en: `add a case in which the step "${id}" pays beside "${name.en}"`,
      },
      data: withEntry(document, [...path, 'steps'], id),
    })),
  ];
}

function ofChoice(document: PackDocument, { name, ways }: PackEither, index: number): Mutant[] {
  const path = ['either', index];
  const isOnly = document.either?.length === 1;
  return [
    {
      path,
      before: name.zh,
      after: '',
      missing: {
        zh: `加一个“${name.zh}”的几种办法都适用的案例`,
        en: `add a case in which several ways of "${name.en}" concern the person`,
      },
      data: without(document, isOnly ? ['either'] : path),
    },
    ...(ways.length < 3 ? [] : ways).map((way, at) => ({
      path: [...path, 'ways', at],
      before: way.name.zh,
      after: '',
      missing: {
        zh: `加一个“${way.name.zh}”对个人最有利的案例`,
        en: `add a case in which "${way.name.en}" is the best for the patient`,
      },
      data: without(document, [...path, 'ways', at]),
    })),
  ];
}

/** Whether two steps belong to different ways of one choice, so that no visit is paid by both. */
export function areEither({ either = [] }: PackDocument, one: string, other: string): boolean {
  return either.some(({ ways }) => {
    const wayOf = (step: string) => ways.findIndex(({ steps }) => steps.includes(step));
    return wayOf(one) >= 0 && wayOf(other) >= 0 && wayOf(one) !== wayOf(other);
  });
}
