import { rmSync } from 'node:fs';
import path from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isPlantable, plantFault, plantedFaults } from './planted-faults.ts';
import { runKillTest } from './run-kill-test.ts';

const root = path.resolve(import.meta.dirname, '../..');
const depth = Number(process.env['TEST_DEPTH'] ?? '1');
/** Each takes ten seconds: one, another one each time, in the usual run; all of them in the deep one. */
const planted =
  depth >= 10 ? plantedFaults : fc.sample(fc.constantFrom(...plantedFaults), { numRuns: 1 });

describe('the kill test', () => {
  it.each(plantedFaults)('has a place for the fault: $name', (fault) => {
    expect(isPlantable(root, fault)).toBe(true);
  });

  it.each(planted)('notices when somebody lets it $name', async (fault) => {
    const copy = plantFault(root, fault);
    try {
      const report = await runKillTest({
        rounds: 12,
        seed: 2,
        sources: copy,
        points: fault.points,
        outsideOnly: fault.points.length === 0,
        stopAtFirst: true,
      });
      expect(report.problems.join('\n')).toMatch(fault.shows);
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });
});
