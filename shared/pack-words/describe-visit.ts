import type { ReadablePack } from '../contracts/policies.ts';
import { visitFieldName } from '../contracts/visit-field-name.ts';

type InputLine = ReadablePack['cases'][number]['input'][number];

/**
 * The whole visit a case is about: every field as it stands in the file, with what the case sets, under its Chinese
 * name; what the case sets itself is marked. Of a number of a person only its ends are shown.
 */
export function visitLines(
  data: unknown,
  settings: Readonly<Record<string, unknown>>,
): InputLine[] {
  const lines: InputLine[] = [];
  collect(data, [], lines, Object.keys(settings));
  return lines;
}

function collect(
  value: unknown,
  path: readonly string[],
  lines: InputLine[],
  set: readonly string[],
): void {
  const isPlain = typeof value !== 'object' || value === null;
  const own = isPlain || (Array.isArray(value) && value.every((each) => typeof each !== 'object'));
  if (own) {
    const pointer = `/${path.join('/')}`;
    const texts = (Array.isArray(value) ? value : [value]).map((each) => textOf(each, path));
    lines.push({
      pointer,
      name: visitFieldName(path) ?? path.join('.'),
      text: texts.length === 0 ? '—' : texts.join('、'),
      isSet: set.some((each) => pointer === each || pointer.startsWith(`${each}/`)),
    });
    return;
  }
  for (const [key, each] of Object.entries(value)) collect(each, [...path, key], lines, set);
}

function textOf(value: unknown, path: readonly string[]): string {
  if (value === null) return '—';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return path.at(-1) === 'idNumber' ? masked(text) : text;
}

/** A number of a person: its first six and its last four signs. */
function masked(number: string): string {
  return number.length <= 10 ? number : `${number.slice(0, 6)}********${number.slice(-4)}`;
}
