import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { crashPoints } from '../../electron/base/crash-points.ts';
import { pointsInSources } from './points-in-sources.ts';
import { runKillTest } from './run-kill-test.ts';

const root = path.resolve(import.meta.dirname, '../..');
const depth = Number(process.env['TEST_DEPTH'] ?? '1');
const inSources = pointsInSources(root);
const points = crashPoints.filter((point) => inSources.has(point));
/**
 * The usual run kills the real host at every point (`kill-host.test.ts`); the small desk that goes through its acts
 * without a page and without waiting is killed far more often in the deep one, and a few times here.
 */
const rounds = depth > 1 ? points.length * depth : 1;
const pointsPerRound = depth > 1 ? 1 : 4;

describe('killing the desk', () => {
  it(
    'loses nothing it acknowledged and doubles nothing, at every crash point and at random moments',
    { timeout: 600_000 * depth },
    async () => {
      const report = await runKillTest({
        rounds,
        pointsPerRound,
        seed: 20171127,
        sources: root,
        points,
      });
      expect(report.problems).toEqual([]);
      expect(report.kills).toBeGreaterThanOrEqual(rounds * pointsPerRound);
      if (depth > 1) expect(report.neverHit).toEqual([]);
    },
  );
});
