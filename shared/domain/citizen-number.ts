import { isDay, type Day } from './day.ts';

/** Weights and check characters of GB 11643 (ISO 7064 MOD 11-2). */
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const checkCharacters = '10X98765432';

/** Whether 18 characters are digits (the last may be X) with the right check character. */
export function hasRightCheckDigit(number: string): boolean {
  if (!/^\d{17}[\dX]$/.test(number)) return false;
  const sum = weights.reduce((total, weight, at) => total + weight * Number(number[at]), 0);
  return checkCharacters[sum % 11] === number[17];
}

/** The day of birth in an 18-digit number, as `YYYY-MM-DD`, whether it exists or not. */
export function birthDayIn(number: string): Day {
  return `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
}

/** The sex an 18-digit number says: an odd order number is male. */
export function sexIn(number: string): 'male' | 'female' {
  return Number(number[16]) % 2 === 1 ? 'male' : 'female';
}

/**
 * Divisions of provinces a number can begin with (GB/T 2260): 81 to 83 are residents of Hong Kong, Macao and
 * Taiwan, 91 foreign permanent residents by the place that issued theirs, of which only the 9 is fixed.
 */
const provinces = /^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[1-9])/;

const earliestBirth = '1900-01-01';

/** Whether a number begins with a province there is. */
export function hasKnownProvince(number: string): boolean {
  return provinces.test(number);
}

/** Whether a day exists and somebody born on it may live. */
export function isBirthDay(day: Day): boolean {
  return isDay(day) && day >= earliestBirth;
}
