import { rmSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { plantFault, plantedFaults } from './planted-faults.ts';
import { runKillTest } from './run-kill-test.ts';

const root = path.resolve(import.meta.dirname, '../..');

describe('the kill test', () => {
  it.each(plantedFaults)('notices when somebody lets it $name', async (fault) => {
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
