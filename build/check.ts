import path from 'node:path';
import { typeSteps } from './check-types.ts';
import { runInTurns, type Step } from './run-in-turns.ts';

const program = (file: string): string => path.resolve('node_modules', file);
const node = (name: string, ...args: readonly string[]): Step => ({
  name,
  command: process.execPath,
  args,
});

const steps: readonly Step[] = [
  node(
    'lint',
    program('eslint/bin/eslint.js'),
    '--config',
    'build/eslint.config.ts',
    '--cache',
    '--cache-location',
    'node_modules/.cache/eslint/',
    '--cache-strategy',
    'content',
    '.',
  ),
  ...typeSteps,
  node(
    'format',
    program('prettier/bin/prettier.cjs'),
    '--check',
    '--log-level',
    'warn',
    '--cache',
    '.',
  ),
  node('dependency rules', 'build/check-dependencies.ts'),
  node('packs', 'electron/cli.ts', 'check-packs'),
];

// `npm run check -- lint types` runs only the steps whose names begin so.
const wanted = process.argv.slice(2);
const chosen = steps.filter(
  ({ name }) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)),
);
const ok = chosen.length > 0 && (await runInTurns(chosen));
console.log(ok ? 'check passed' : 'check failed');
process.exitCode = ok ? 0 : 1;
