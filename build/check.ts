import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { typeStep } from './check-types.ts';
import { runInTurns, type Step } from './run-in-turns.ts';

const cacheFolder = path.resolve('node_modules/.cache');
const program = (file: string): string => path.resolve('node_modules', file);
const node = (name: string, ...args: readonly string[]): Step => ({
  name,
  command: process.execPath,
  args,
});

const lint: Step = {
  name: 'lint',
  command: process.execPath,
  // The cache is named by the declarations, which are there once the types are checked.
  after: typeStep.name,
  args: () => [
    program('eslint/bin/eslint.js'),
    ...['--config', 'build/eslint.config.ts'],
    ...['--cache', '--cache-strategy', 'content'],
    ...['--cache-location', path.join(cacheFolder, 'eslint', declarationsHash())],
    '.',
  ],
};

const steps: readonly Step[] = [
  typeStep,
  node('packs', 'electron/cli.ts', 'check-packs'),
  node('dependency rules', 'build/check-dependencies.ts'),
  node(
    'unused names',
    program('knip/bin/knip.js'),
    ...['--config', 'build/knip.config.ts', '--no-progress', '--cache'],
    ...['--cache-location', path.join(cacheFolder, 'knip')],
  ),
  node(
    'format',
    program('prettier/bin/prettier.cjs'),
    ...['--check', '--log-level', 'warn', '--cache', '--cache-strategy', 'content', '.'],
  ),
  lint,
  // Said, never counted: what to do about an advisory is for people to weigh.
  node('advisories', 'build/bill-of-materials.ts'),
];

// `npm run check -- lint types` runs only the steps whose names begin so.
const wanted = process.argv.slice(2);
const chosen = steps.filter(
  ({ name }) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)),
);
const ok = chosen.length > 0 && (await runInTurns(chosen));
console.log(ok ? 'check passed' : 'check failed');
process.exitCode = ok ? 0 : 1;

/**
 * What a file may know of the others, and what is installed. The linter keeps its answers file by file, but
 * many of its rules look at the types of what a file imports: where a declaration changed, all are asked anew.
 */
function declarationsHash(): string {
  const types = path.join(cacheFolder, 'types');
  const hash = createHash('sha256').update(readFileSync('package-lock.json'));
  for (const file of globSync('**/*.d.{ts,mts}', { cwd: types }).sort()) {
    hash.update(`${file}\0`).update(readFileSync(path.join(types, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
