/**
 * A name as others may see it: 张*三, 张*. Whole characters are counted, so a rare one outside the basic
 * plane is one character too.
 */
export function maskName(name: string): string {
  const characters = Array.from(name);
  const first = characters[0] ?? '';
  if (characters.length <= 2) return `${first}*`;
  return `${first}${'*'.repeat(characters.length - 2)}${characters.at(-1) ?? ''}`;
}

/** An ID number as others may see it: its first six and last four, 430626********0016. */
export function maskIdNumber(idNumber: string): string {
  if (idNumber.length <= 10) return '*'.repeat(idNumber.length);
  return idNumber.slice(0, 6) + '*'.repeat(idNumber.length - 10) + idNumber.slice(-4);
}
