/**
 * The place of an ID number in a command's answer that is neither masked nor among those whose showing is in the audit;
 * null: there is none. Such an answer is a fault of the program and does not leave.
 */
export function bareNumberIn(json: unknown, shown: readonly string[], place = ''): string | null {
  if (typeof json !== 'object' || json === null) return null;
  for (const [name, value] of Object.entries(json)) {
    const here = `${place}/${name}`;
    if (name === 'idNumber' && typeof value === 'string') {
      if (value !== '' && !value.includes('*') && !shown.includes(value)) return here;
      continue;
    }
    const found = bareNumberIn(value, shown, here);
    if (found !== null) return found;
  }
  return null;
}
