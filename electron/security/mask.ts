/**
 * A name as others may see it: 张*三, 张*, M* A* L*. Whole characters are counted, so a rare one outside the
 * basic plane is one character too. Of a name in Latin letters the first of each word is left, however long.
 */
export function maskName(name: string): string {
  if (/^[\p{Script=Latin}\s,.'-]+$/u.test(name)) {
    return name.replace(/(\p{Script=Latin})[^\s,]*,?/gu, '$1*');
  }
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

/**
 * Two names or numbers that differ, masked except for where: the two a person must compare. The first character
 * stays; where one is longer, both are shown whole, for then any place may be the one.
 */
export function maskAllButDifference(one: string, other: string): readonly [string, string] {
  const [ones, others] = [Array.from(one), Array.from(other)];
  if (ones.length !== others.length) return [one, other];
  const shown = (characters: readonly string[]): string =>
    characters.map((each, at) => (at === 0 || ones[at] !== others[at] ? each : '*')).join('');
  return [shown(ones), shown(others)];
}
