import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Counts } from './count-reporter.ts';
import { buildPage, buildParts } from './outputs.ts';

// The end-to-end tests run what is built. What cannot be built is a failure, and the other tests still count.
let notBuilt = 0;
for (const build of [buildParts, buildPage]) {
  await build().catch((problem: unknown) => {
    console.error(problem);
    notBuilt += 1;
  });
}

// Everything after `npm test --` goes to vitest: names of files, `-t`, `--project`.
const folder = mkdtempSync(path.join(tmpdir(), 'settlement-window-tests-'));
const countsFile = path.join(folder, 'counts.json');
const vitest = spawn(
  process.execPath,
  [
    path.resolve('node_modules/vitest/vitest.mjs'),
    'run',
    '--config',
    path.join(import.meta.dirname, 'vitest.config.ts'),
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', env: { ...process.env, TEST_COUNTS: countsFile } },
);

vitest.on('close', (code) => {
  const counts = readCounts();
  counts.failed += notBuilt;
  // A run that ends badly without a failed test has failed all the same.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  rmSync(folder, { recursive: true });
  const skipped = counts.skipped > 0 ? `, ${String(counts.skipped)} skipped` : '';
  process.stdout.write(
    `${String(counts.passed)} passed, ${String(counts.failed)} failed${skipped}\n`,
    () => {
      process.exitCode = counts.failed === 0 ? 0 : 1;
    },
  );
});

function readCounts(): Counts {
  try {
    return JSON.parse(readFileSync(countsFile, 'utf8')) as Counts;
  } catch {
    // Vitest never came to its end: nothing is known to have passed.
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
