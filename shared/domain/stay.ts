import type { Day } from './visit.ts';

/** Completed years of age on a day. */
export function ageOn(birthDate: Day, day: Day): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** Nights between admission and discharge; a stay of one day counts as one. */
export function stayDays(admittedOn: Day, dischargedOn: Day): number {
  const nights = (Date.parse(dischargedOn) - Date.parse(admittedOn)) / 86_400_000;
  return Math.max(1, nights);
}
