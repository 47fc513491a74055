import { randomInt } from 'node:crypto';
import path from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { crashPoints, type CrashPoint } from '../../electron/base/crash-points.ts';
import { killHost } from './kill-host.ts';
import { pointsInSources } from './points-in-sources.ts';

const root = path.resolve(import.meta.dirname, '../..');
const depth = Number(process.env['TEST_DEPTH'] ?? '1');
const isDeep = depth >= 10;
const rounds = Array.from({ length: isDeep ? depth : 1 }, (_, index) => index + 1);

const areaOf = (point: CrashPoint): string => point.replace(/:.*$/, '');
const areas = [...new Set(crashPoints.map(areaOf))];
const [someAreas = areas] = fc.sample(
  fc.shuffledSubarray(areas, { minLength: 3, maxLength: 3 }),
  1,
);
/** A point of some areas, others each time; all of them in the deep run. */
const chosen: readonly CrashPoint[] = isDeep
  ? crashPoints
  : someAreas.flatMap((area) =>
      fc.sample(fc.constantFrom(...crashPoints.filter((point) => areaOf(point) === area)), 1),
    );

describe('killing the real host', () => {
  it('knows points that the program passes, all of them', () => {
    const inSources = pointsInSources(root);
    expect(crashPoints.filter((point) => !inSources.has(point))).toEqual([]);
  });

  it.each(rounds)(
    'loses nothing it acknowledged and doubles nothing, round %i',
    async () => {
      const order = { points: chosen, outside: isDeep ? 10 : 1, seed: randomInt(2 ** 31) };
      const report = await killHost(order);
      expect({ ...order, problems: report.problems }).toEqual({ ...order, problems: [] });
      expect(report.neverHit).toEqual([]);
      expect(report.kills).toBeGreaterThanOrEqual(chosen.length);
      process.stderr.write(
        `kill test: ${String(report.kills)} kills of the host, ${String(report.acknowledged)} acts acknowledged\n`,
      );
    },
    3_600_000,
  );
});
