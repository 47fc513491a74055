import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

/** What stands at the top of the repository is fixed; everything else has a room below. */
const fixed = [
  'LICENSE',
  'README.md',
  'README.zh-CN.md',
  'build',
  'drivers',
  'electron',
  'electron-builder.yml',
  'package-lock.json',
  'package.json',
  'renderer',
  'shared',
  'tsconfig.json',
];
/** What commands make there, and git leaves out. */
const made = ['node_modules', 'out', 'coverage'];

it('has nothing at the top that is not fixed to stand there', () => {
  const root = path.resolve(import.meta.dirname, '..');
  const found = readdirSync(root).filter((name) => !name.startsWith('.') && !made.includes(name));
  expect(found.sort()).toEqual(fixed);
});
