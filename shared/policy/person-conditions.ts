import type { Person, SettlementInput } from '../domain/person.ts';
import type { Day } from '../domain/visit.ts';
import type { CategoriesCondition, PackDiseaseList } from './pack-schema.ts';

/** The day that decides which of the person's categories count. */
export function decidingDayOf(
  pack: { decidingDay: 'admission' | 'discharge' },
  input: SettlementInput,
): Day {
  return pack.decidingDay === 'admission' ? input.visit.admittedOn : input.visit.dischargedOn;
}

/** Whether the person meets a condition on categories on a day. Open-ended recognitions are valid; `until` is the last valid day. */
export function meetsCategories(
  condition: CategoriesCondition | null | undefined,
  person: Person,
  day: Day,
): boolean {
  if (condition === null || condition === undefined) return true;
  const holdsOneOf = (names: readonly string[]) =>
    person.categories.some(
      ({ name, from, until }) =>
        names.includes(name) &&
        (from === undefined || from <= day) &&
        (until === undefined || day <= until),
    );
  return 'any' in condition ? holdsOneOf(condition.any) : !holdsOneOf(condition.none);
}

/** Whether a diagnosis of the visit is on the list; a code is on it when it begins with a listed one. */
export function isListedDisease(list: PackDiseaseList, input: SettlementInput, day: Day): boolean {
  return input.visit.diagnoses.some(
    ({ code, principal }) =>
      (principal || list.diagnoses === 'any') &&
      list.codes.some(
        ({ prefix, youngerThan }) =>
          code.startsWith(prefix) &&
          (youngerThan === undefined || ageOn(input.person.birthDate, day) < youngerThan),
      ),
  );
}

/** Full years of age on a day. */
export function ageOn(birthDate: Day, day: Day): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}
