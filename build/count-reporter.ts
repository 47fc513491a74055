import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** What the last line of `npm test` is made of. */
export type Counts = { passed: number; failed: number; skipped: number };

/**
 * Writes the counts to the file named by `TEST_COUNTS` for `build/test.ts`. A file that cannot be loaded and
 * an error outside every test count as one failure each: neither may pass in silence.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const target = process.env['TEST_COUNTS'];
    if (target === undefined) return;
    const counts: Counts = { passed: 0, failed: errors.length, skipped: 0 };
    for (const module of modules) {
      let failedTests = 0;
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state === 'passed') counts.passed += 1;
        else if (state === 'failed') failedTests += 1;
        else counts.skipped += 1;
      }
      const failedAsWhole = failedTests === 0 && module.state() === 'failed';
      counts.failed += failedTests + (failedAsWhole ? 1 : 0);
    }
    writeFileSync(target, JSON.stringify(counts));
  }
}
