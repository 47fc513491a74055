import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { crashPoints } from '../../electron/base/crash-points.ts';
import { pointsInSources } from './points-in-sources.ts';
import { roundsForAll, runKillTest } from './run-kill-test.ts';

const root = path.resolve(import.meta.dirname, '../..');
const depth = Number(process.env['TEST_DEPTH'] ?? '1');
const inSources = pointsInSources(root);
const points = crashPoints.filter((point) => inSources.has(point));
/** The deep run has the time for a round of its own for every point. */
const pointsPerRound = depth > 1 ? 1 : 4;

describe('killing the desk', () => {
  it(
    'loses nothing it acknowledged and doubles nothing, at every crash point and at random moments',
    { timeout: 600_000 * depth },
    async () => {
      const report = await runKillTest({
        rounds: roundsForAll(points, pointsPerRound) * depth,
        pointsPerRound,
        seed: 20171127,
        sources: root,
        points,
      });
      expect(report.problems).toEqual([]);
      expect(report.neverHit).toEqual([]);
      expect(report.kills).toBeGreaterThanOrEqual(points.length * depth);
    },
  );
});
