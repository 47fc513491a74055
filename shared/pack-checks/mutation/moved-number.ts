import type { Words } from '../../domain/result.ts';
import type { Age } from '../../domain/stay.ts';
import { withValue, type Mutant, type Path } from './mutant.ts';

/** An age one year, month or day up and down, in the unit it is stated in; `at` is the age that tells them apart. */
export function movedAge(
  document: object,
  path: Path,
  age: Age,
): (Mutant & { readonly at: Age; readonly after: string; readonly next: Age })[] {
  const [unit, value] = unitOf(age);
  const numberPath = unit === null ? path : [...path, unit];
  const words = {
    zh: unit === 'days' ? '日龄' : unit === 'months' ? '月龄' : '年龄',
    en: unit === null ? 'the age' : `the age in ${unit}`,
  };
  return movedNumber(document, numberPath, value, words).map(({ at, ...mutant }) => ({
    ...mutant,
    at: ageOf(unit, at),
    next: ageOf(unit, at + 1),
  }));
}

function unitOf(age: Age): readonly ['days' | 'months' | null, number] {
  if (typeof age === 'number') return [null, age];
  return 'days' in age ? ['days', age.days] : ['months', age.months];
}

function ageOf(unit: 'days' | 'months' | null, value: number): Age {
  if (unit === null) return value;
  return unit === 'days' ? { days: value } : { months: value };
}

/** A whole number one up and one down; where it is the last that counts (`until`), the path says so. */
export function movedNumber(
  document: object,
  path: Path,
  value: number,
  { zh, en }: Words,
): (Mutant & { readonly at: number })[] {
  // Before the bound the one side, on it the other: these two cases tell a bound from its neighbours.
  const other = path.at(-1) === 'until' ? value : value - 1;
  return [value + 1, value - 1].map((after) => {
    const at = after < value ? other : other + 1;
    return {
      at,
      path,
      before: String(value),
      after: String(after),
      missing: {
        zh: `加一个${zh}正好是 ${at} 的案例`,
        en: `add a case in which ${en} is exactly ${at}`,
      },
      data: withValue(document, path, after),
    };
  });
}
