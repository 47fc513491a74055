import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Where numbers and names of persons are read and compared, and nowhere else. */
const readers = /^shared\/domain\/(identity-number|citizen-number|person-name|written-text)\.ts$/;

/** Places that do one of these things for another reason, each with its reason. */
const others: Readonly<Record<string, string>> = {
  'electron/database/stored-documents/bill-encoding-0.ts':
    'writes what documents of version 0 were hashed over, as it was then',
  'drivers/card-reader/codes/classify-code.ts':
    'says of a code that was refused what it looked like',
  'electron/security/mask.ts': 'hides whatever could be a number in a text that people wrote',
  'drivers/card-reader/codes/payment-codes.ts': 'knows payment codes by their length',
};

const ownWays: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a form of ID numbers of its own', /\\d\{1[5678]\}/],
  [
    'a number tidied by hand',
    /\b(idNumber|id_number|idNo|certno)\b[^;\n]{0,60}\.(toUpperCase|toLowerCase|trim|normalize|replace|replaceAll)\(/,
  ],
  [
    'names compared by hand',
    /\b(person|owner|patient|holder|personName)(\.name)\s*[!=]==|[!=]==\s*(person|owner|patient|holder)\.name\b/,
  ],
  ['check digits reckoned by hand', /10X98765432|\[7, 9, 10, 5, 8, 4, 2/],
];

function ownWaysIn(path: string, text: string): readonly string[] {
  if (readers.test(path) || path in others) return [];
  return text
    .split('\n')
    .flatMap((line, index) =>
      ownWays
        .filter(([, pattern]) => pattern.test(line))
        .map(([what]) => `${path}:${String(index + 1)}: ${what}`),
    );
}

/** The simulator of the payers is independent of us by design. */
const isOfProgram = (path: string): boolean =>
  /^(electron|renderer|shared|drivers)\//.test(path) &&
  !/\.test\.|test-support|^electron\/payers-simulator\/|\/simulator\/|\/e2e\//.test(path);

describe('numbers and names of persons', () => {
  it('are read and compared in one place, by every door', () => {
    const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.tsx'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 16 * 1024 * 1024,
    });
    const paths = listed.split('\n').filter(isOfProgram);
    expect(paths.length).toBeGreaterThan(400);
    const found = paths.flatMap((path) => ownWaysIn(path, readFileSync(join(root, path), 'utf8')));
    expect(found).toEqual([]);
  });

  it.each([
    ['if (/^\\d{17}[\\dX]$/.test(text)) return text;', 'a form of ID numbers of its own'],
    ['const key = row.idNumber.trim();', 'a number tidied by hand'],
    ['where id_number = ${text.toUpperCase()}', 'a number tidied by hand'],
    ['if (person.name === name) return;', 'names compared by hand'],
    ['return said !== owner.name;', 'names compared by hand'],
    ["const last = '10X98765432'[sum % 11];", 'check digits reckoned by hand'],
  ])('are not read by hand: %s', (line, what) => {
    expect(ownWaysIn('electron/intake/another-door.ts', `fine\n${line}`)).toContain(
      `electron/intake/another-door.ts:2: ${what}`,
    );
  });

  it('have no exception that is not needed', () => {
    for (const path of Object.keys(others)) {
      const text = readFileSync(join(root, path), 'utf8');
      expect(
        ownWays.some(([, pattern]) => pattern.test(text)),
        path,
      ).toBe(true);
    }
  });
});
