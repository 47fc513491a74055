import { execFileSync } from 'node:child_process';
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
it('has nothing at the top that is not fixed to stand there', () => {
  const root = path.resolve(import.meta.dirname, '..');
  const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n');
  const found = new Set(
    files.map((file) => file.split('/')[0] ?? '').filter((name) => name !== ''),
  );
  expect([...found].filter((name) => !name.startsWith('.')).sort()).toEqual(fixed);
});
