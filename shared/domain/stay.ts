import type { Day } from './visit.ts';

/** Completed years of age on a day; whoever is born on it or after it is of age 0. */
export function ageOn(birthDate: Day, day: Day): number {
  return Math.floor(monthsOn(birthDate, day) / 12);
}

/** An age that rules speak of: years, or days or months of a small child. */
export type Age = number | { readonly days: number } | { readonly months: number };

/** Whether a person is of an age on a day already. */
export function hasReachedAge(birthDate: Day, day: Day, age: Age): boolean {
  if (typeof age === 'number') return ageOn(birthDate, day) >= age;
  if ('months' in age) return monthsOn(birthDate, day) >= age.months;
  return Math.max(0, Date.parse(day) - Date.parse(birthDate)) >= age.days * dayMs;
}

/** Completed months of age on a day. */
function monthsOn(birthDate: Day, day: Day): number {
  if (day <= birthDate) return 0;
  const years = yearOfDay(day) - yearOfDay(birthDate);
  const months = twoDigits(day, 5) - twoDigits(birthDate, 5);
  return years * 12 + months - (twoDigits(day, 8) < twoDigits(birthDate, 8) ? 1 : 0);
}

/** The year a day is in. Read digit by digit, for every visit asks for a year and an age, and cutting a text makes new ones. */
export function yearOfDay(day: Day): number {
  return twoDigits(day, 0) * 100 + twoDigits(day, 2);
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - zero) * 10 + (text.charCodeAt(at + 1) - zero);
}

const zero = 48;

/**
 * Whether everybody has come to one age once he has come to another; false also where the days of the months between
 * leave it open, as with 30 days and a month.
 */
export function isAgeNoLaterThan(one: Age, other: Age): boolean {
  return ofOneUnit(one, other) ?? daysOf(one).most <= daysOf(other).least;
}

function ofOneUnit(one: Age, other: Age): boolean | null {
  const days = [one, other].map((age) =>
    typeof age === 'object' && 'days' in age ? age.days : null,
  );
  const [a = null, b = null] = days;
  if (a !== null && b !== null) return a <= b;
  if (a !== null || b !== null) return null;
  return inMonths(one) <= inMonths(other);
}

function inMonths(age: Age): number {
  if (typeof age === 'number') return age * 12;
  return 'months' in age ? age.months : Number.NaN;
}

/** In how many days an age is reached at the earliest and at the latest. */
function daysOf(age: Age): { readonly least: number; readonly most: number } {
  if (typeof age === 'object' && 'days' in age) return { least: age.days, most: age.days };
  const months = inMonths(age);
  if (!Number.isFinite(months)) return { least: Infinity, most: Infinity };
  // No month has fewer than 28 days or more than 31; two running ones have 59 to 62, and so on.
  return { least: Math.floor(months * 29.5) - 1, most: months * 31 };
}

const dayMs = 86_400_000;

/** Nights between admission and discharge; a stay of one day counts as one. */
export function stayDays(admittedOn: Day, dischargedOn: Day): number {
  const nights = (Date.parse(dischargedOn) - Date.parse(admittedOn)) / dayMs;
  return Math.max(1, nights);
}
