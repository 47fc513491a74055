import path from 'node:path';
import { defineConfig } from 'vitest/config';

const root = path.resolve(import.meta.dirname, '..');
const never = ['**/node_modules/**', 'out/**', '.bench/**'];
/** Programs started, killed and started again: they want the machine for themselves. */
const wholeProgram = ['electron/e2e/**/*.test.ts', 'build/kill-test/**/*.test.ts'];

export default defineConfig({
  root,
  cacheDir: path.join(root, 'node_modules/.cache/vitest'),
  test: {
    reporters: ['default', path.join(root, 'build/summary-reporter.ts')],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{shared,drivers,electron,renderer,build}/**/*.test.{ts,tsx}'],
          exclude: [...never, ...wholeProgram],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'whole program',
          include: wholeProgram,
          exclude: never,
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
