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
  ...node('lint', 'build/lint.ts'),
  // What it must look at again is told by the declarations, which are there once the types are checked.
  after: typeStep.name,
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
