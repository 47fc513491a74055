import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';
import type { TestOutcome } from './trust/trust-rows.ts';

/** What the end of `npm test` is made of. */
export type RunSummary = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** How long each file took: its hooks and its tests, without the loading of its imports. */
  readonly files: readonly { readonly file: string; readonly ms: number }[];
  readonly tests: readonly TestOutcome[];
};

/**
 * Writes the summary to the file named by `TEST_SUMMARY` for `build/test.ts`. A file that cannot be loaded and
 * an error outside every test count as one failure each: neither may pass in silence.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const target = process.env['TEST_SUMMARY'];
    if (target === undefined) return;
    let [passed, failed, skipped] = [0, errors.length, 0];
    const tests: TestOutcome[] = [];
    for (const module of modules) {
      let failedTests = 0;
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        tests.push({
          file: module.relativeModuleId,
          name: test.fullName,
          state: state === 'pending' ? 'skipped' : state,
        });
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failedTests += 1;
        else skipped += 1;
      }
      const failedAsWhole = failedTests === 0 && module.state() === 'failed';
      failed += failedTests + (failedAsWhole ? 1 : 0);
    }
    const files = modules.map((module) => ({
      file: module.relativeModuleId,
      ms: module.diagnostic().duration,
    }));
    const summary: RunSummary = { passed, failed, skipped, files, tests };
    writeFileSync(target, JSON.stringify(summary));
  }
}
