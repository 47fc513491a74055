import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { programSources } from './refusal-codes.ts';

const root = path.resolve(import.meta.dirname, '..');

/** One row: what is asked, and the tests that show it, or why it is not met or does not concern us. */
type Row = { readonly item: string; readonly met: string; readonly shownBy: string };

function rowsOf(file: string): readonly Row[] {
  return readFileSync(path.join(root, file), 'utf8')
    .split('\n')
    .filter((line) => /^\| \d/.test(line))
    .map((line) => {
      const cells = line.slice(1, -1).split(' | ');
      const [item = '', , met = '', shownBy = '', ...more] = cells.map((cell) => cell.trim());
      if (more.length > 0) throw new Error(`${file}: ${item} has a cell too many`);
      return { item, met, shownBy };
    });
}

/** Each test as it is named: its file, and the words of its title or of its group's. */
function testsOf({ item, shownBy }: Row): readonly (readonly [string, string])[] {
  return shownBy.split('<br>').map((each) => {
    const [, file, title] = /^`([^`]+\.test\.tsx?)`: (.+)$/.exec(each) ?? [];
    if (file === undefined || title === undefined)
      throw new Error(`${item}: "${each}" names no test`);
    return [file, title];
  });
}

/** A row that no test shows says so in one of these two ways. */
const withoutTest = /^(?:not met: |no test: ).{10,}/;

const tables = ['electron/security/electron-checklist.md', 'electron/security/asvs.md'].filter(
  (file) => existsSync(path.join(root, file)),
);

describe.each(tables)('%s', (file) => {
  const rows = rowsOf(file);

  it('has a row for each item once, each with where it is met', () => {
    expect(rows.length).toBeGreaterThanOrEqual(20);
    expect(new Set(rows.map(({ item }) => item)).size).toBe(rows.length);
    expect(rows.filter(({ met }) => met.length < 3)).toEqual([]);
  });

  it('names only tests that are there, by their titles', () => {
    const missing = rows
      .filter(({ shownBy }) => !withoutTest.test(shownBy))
      .flatMap((row) => testsOf(row).map(([test, title]) => ({ item: row.item, test, title })))
      .filter(({ test, title }) => !hasTitle(path.join(root, test), title));
    expect(missing).toEqual([]);
  });
});

/** Whether a test file has a test or a group of this title. */
function hasTitle(file: string, title: string): boolean {
  if (!existsSync(file)) return false;
  const quoted = [`'${title.replaceAll("'", "\\'")}'`, `"${title}"`, `\`${title}\``];
  const text = readFileSync(file, 'utf8');
  return quoted.some((each) => text.includes(each));
}

describe('the program', () => {
  it("hands nothing to the system's own programs", () => {
    const opening = programSources(root)
      .filter(({ text }) => /\bopenExternal\b|\bshell\.open/.test(text))
      .map(({ path: file }) => file);
    expect(opening).toEqual([]);
  });
});
