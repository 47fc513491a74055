import path from 'node:path';
import { defineConfig } from 'vitest/config';

const root = path.resolve(import.meta.dirname, '..');
// Programs and threads that tests start from the sources read them compiled: that is half of what a start costs.
process.env['NODE_COMPILE_CACHE'] ??= path.join(root, 'node_modules/.cache/compiled');
const never = ['**/node_modules/**', 'out/**', '.bench/**'];
/** The built program, started, killed and started again, mostly with a browser beside it. */
const wholeProgram = [
  'electron/e2e/**/*.test.ts',
  'build/kill-test/**/*.test.ts',
  'build/packed-program/{packed-program,installer}.test.ts',
];
/** Packing and compiling installers take half a minute of a core each: only `npm run test:deep` does it. */
const deepOnly =
  Number(process.env['TEST_DEPTH'] ?? '1') >= 10
    ? []
    : ['build/packed-program/{packed-program,installer}.test.ts'];
/** Devices on real lines and the card service: nearly all of their time they wait for an answer. */
const waiting = [
  'drivers/card-reader/{pcsc,ccid,scanner}/**/*.test.ts',
  'drivers/card-reader/serial-reader.test.ts',
  'drivers/transport/**/*.test.ts',
  'drivers/receipt-printer/**/*.test.ts',
];

/** What is pure leaves nothing behind: its files need no process each, and read what they import once. */
const pure = ['shared/**/*.test.ts'];

// As many files at once as a small machine has cores, and twice as many of those that only wait. The groups
// run one after the other.
export default defineConfig({
  root,
  cacheDir: path.join(root, 'node_modules/.cache/vitest'),
  test: {
    // What is waited for may take as long as it takes on a busy machine.
    expect: { poll: { timeout: 60_000 } },
    reporters: ['default', path.join(root, 'build/summary-reporter.ts')],
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: pure,
          exclude: never,
          isolate: false,
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{drivers,electron,renderer,build}/**/*.test.{ts,tsx}'],
          exclude: [...never, ...wholeProgram, ...waiting],
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'waiting',
          include: waiting,
          exclude: never,
          maxWorkers: 4,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'whole program',
          include: wholeProgram,
          exclude: [...never, ...deepOnly],
          globalSetup: path.join(root, 'electron/e2e/prepared-desk.ts'),
          setupFiles: path.join(root, 'electron/e2e/page-watch.setup.ts'),
          maxWorkers: 2,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
