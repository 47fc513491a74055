import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './longest-first.ts';

const root = path.resolve(import.meta.dirname, '..');
// Programs and threads that tests start from the sources read them compiled: that is half of what a start costs.
process.env['NODE_COMPILE_CACHE'] ??= path.join(root, 'node_modules/.cache/compiled');
const never = ['**/node_modules/**', 'out/**', '.bench/**'];
/** The built program, started, killed and started again, mostly with a browser beside it. */
const wholeProgram = [
  'electron/e2e/**/*.test.ts',
  'build/kill-test/**/*.test.ts',
  'build/soak/**/*.test.ts',
  'build/packed-program/{packed-program,installer}.test.ts',
];
/**
 * Packing and compiling installers take half a minute of a core each, a database server 60 MB: only
 * `npm run test:deep` needs them.
 */
const deepOnly =
  Number(process.env['TEST_DEPTH'] ?? '1') >= 10
    ? []
    : [
        'build/packed-program/{packed-program,installer}.test.ts',
        'electron/database/postgresql.test.ts',
      ];
/** Devices on real lines and the card service: nearly all of their time they wait for an answer. */
const waiting = [
  'drivers/card-reader/{pcsc,ccid,scanner}/**/*.test.ts',
  'drivers/card-reader/serial-reader.test.ts',
  'drivers/transport/**/*.test.ts',
  'drivers/receipt-printer/**/*.test.ts',
];

/** They put something else in place of a module; a process of their own keeps that from the others. */
const mocking = ['electron/main.test.ts', 'electron/preload.test.ts'];

/** What is waited for may take as long as it takes on a busy machine. */
const patienceMs = 300_000;

const common = {
  globalSetup: [path.join(root, 'build/tests-in-memory.ts')],
  // One more than a small machine has cores: while one waits for a device or a page, two calculate. Four took longer.
  maxWorkers: 3,
  // A test waits for many things.
  testTimeout: 4 * patienceMs,
  hookTimeout: 4 * patienceMs,
};

export default defineConfig({
  root,
  cacheDir: path.join(root, 'node_modules/.cache/vitest'),
  test: {
    expect: { poll: { timeout: patienceMs } },
    reporters: ['default', path.join(root, 'build/summary-reporter.ts')],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          ...common,
          name: 'whole program',
          include: wholeProgram,
          exclude: [...never, ...deepOnly],
          globalSetup: [...common.globalSetup, path.join(root, 'electron/e2e/prepared-desk.ts')],
          setupFiles: path.join(root, 'electron/e2e/page-watch.setup.ts'),
        },
      },
      {
        extends: true,
        test: { ...common, name: 'waiting', include: [...waiting, ...mocking], exclude: never },
      },
      {
        extends: true,
        test: {
          ...common,
          name: 'unit',
          include: ['{drivers,electron,renderer,build,shared}/**/*.test.{ts,tsx}'],
          exclude: [...never, ...wholeProgram, ...waiting, ...mocking, ...deepOnly],
          setupFiles: path.join(root, 'electron/database/kept-threads-setup.test-support.ts'),
          // They leave nothing behind in their process, and so read what they import once.
          isolate: false,
        },
      },
    ],
  },
});
