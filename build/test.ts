import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { needsOfTests } from './bootstrap/chosen-tests.mjs';
import type { RunSummary } from './summary-reporter.ts';
import { trustPromises } from './trust/promises.ts';
import { trustRows, type TrustRows } from './trust/trust-rows.ts';

// Everything after `npm test --` goes to vitest: names of files, `-t`, `--project`. `npm run test:trust` runs the
// files that hold the promises of the matrix, and fails on a row that does not hold.
const given = process.argv.slice(2);
const isTrust = process.env['TEST_TRUST'] === '1';
const attacked = new Set(trustPromises.flatMap(({ attacks }) => attacks.map(({ file }) => file)));
const words = isTrust ? [...attacked, ...given] : given;

const noRows: TrustRows = { lines: [], broken: [] };

// The end-to-end tests run what is built. What cannot be built is a failure, and the other tests still count.
let notBuilt = 0;
if (needsOfTests(path.resolve(import.meta.dirname, '..'), words, []).built) {
  const { buildPage, buildParts } = await import('./outputs.ts');
  for (const build of [buildParts, buildPage]) {
    await build().catch((problem: unknown) => {
      console.error(problem);
      notBuilt += 1;
    });
  }
}

const folder = mkdtempSync(path.join(tmpdir(), 'settlement-window-tests-'));
const summaryFile = path.join(folder, 'summary.json');
const vitest = spawn(
  process.execPath,
  [
    path.resolve('node_modules/vitest/vitest.mjs'),
    'run',
    '--config',
    path.join(import.meta.dirname, 'vitest.config.ts'),
    ...words,
  ],
  { stdio: 'inherit', env: { ...process.env, TEST_SUMMARY: summaryFile } },
);

vitest.on('close', (code) => {
  const summary = readSummary();
  const { passed, skipped } = summary;
  // The matrix is that of a whole run: one of some files tries only some of it.
  const matrix = isTrust || given.length === 0 ? trustRows(trustPromises, summary.tests) : noRows;
  const found = summary.failed + notBuilt + (isTrust ? matrix.broken.length : 0);
  // A run that ends badly without a failed test has failed all the same.
  const failed = Math.max(found, code === 0 ? 0 : 1);
  rmSync(folder, { recursive: true });
  const skippedToo = skipped > 0 ? `, ${String(skipped)} skipped` : '';
  process.stdout.write(
    `${rowsOf(matrix)}${slowest(summary)}${String(passed)} passed, ${String(failed)} failed${skippedToo}\n`,
    () => {
      process.exitCode = failed === 0 ? 0 : 1;
    },
  );
});

function rowsOf({ lines }: TrustRows): string {
  return lines.length === 0 ? '' : `What may be relied on:\n  ${lines.join('\n  ')}\n`;
}

/** The files that took longest, so that a suite that grows slow is seen while it does. */
function slowest({ files }: RunSummary): string {
  if (files.length < 2) return '';
  const lines = files
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, 10)
    .map(({ file, ms }) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${file}\n`);
  return `The slowest files:\n${lines.join('')}`;
}

function readSummary(): RunSummary {
  try {
    return JSON.parse(readFileSync(summaryFile, 'utf8')) as RunSummary;
  } catch {
    // Vitest never came to its end: nothing is known to have passed.
    return { passed: 0, failed: 1, skipped: 0, files: [], tests: [] };
  }
}
