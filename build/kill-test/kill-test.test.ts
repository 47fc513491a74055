import { rmSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { crashPoints } from '../../electron/base/crash-points.ts';
import { plantFault, plantedFaults } from './planted-faults.ts';
import { pointsInSources } from './points-in-sources.ts';
import { runKillTest } from './run-kill-test.ts';

const root = path.resolve(import.meta.dirname, '../..');
const depth = Number(process.env['TEST_DEPTH'] ?? '1');
const inSources = pointsInSources(root);
const points = crashPoints.filter((point) => inSources.has(point));

describe('killing the desk', () => {
  it(
    'loses nothing it acknowledged and doubles nothing, at every crash point and at random moments',
    async () => {
      const report = await runKillTest({
        rounds: 20 * depth,
        seed: 20171127,
        sources: root,
        points,
      });
      expect(report.problems).toEqual([]);
      expect(report.neverHit).toEqual([]);
      expect(report.kills).toBeGreaterThanOrEqual(report.rounds);
    },
    180_000 * depth,
  );

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
