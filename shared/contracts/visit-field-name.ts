import { visitColumns } from './visit-columns.ts';

/** What the columns of a table of visits are called, by their paths; a charge line is one of many. */
const names = new Map([
  ...visitColumns.map(({ path, zh }) => [path.replace(/^charge\./, 'visit.charges.'), zh] as const),
  // In a table these stand in one cell.
  ['visit.diagnoses.code', '诊断编码'],
  ['visit.diagnoses.name', '诊断名称'],
  ['visit.diagnoses.principal', '主要诊断'],
  ['visit.procedures.code', '手术操作编码'],
  ['visit.procedures.name', '手术操作名称'],
]);

/** The last parts of all paths there are: what a field may be called. */
export const visitFieldWords: readonly string[] = [
  ...new Set([...names.keys()].flatMap((path) => path.split('.'))),
];

/** The Chinese name of a field of a visit, with its place in a list (金额 3); null where no visit has such a field. */
export function visitFieldName(path: readonly string[]): string | null {
  const plain = path.filter((key) => !isPlace(key)).join('.');
  const at = path.find(isPlace);
  const place = at === undefined ? '' : ` ${String(Number(at) + 1)}`;
  const known = names.get(plain);
  if (known !== undefined) return `${known}${place}`;
  // Figures of the year by payer and by step stand under names of the pack.
  for (let length = path.length - 1; length > 0; length -= 1) {
    const above = names.get(path.slice(0, length).join('.'));
    if (above !== undefined) return `${above} ${path.slice(length).join(' ')}`;
  }
  return null;
}

const isPlace = (key: string): boolean => /^\d+$/.test(key);
