import path from 'node:path';
import { parseArgs } from 'node:util';

import { crashPoints } from '../../electron/base/crash-points.ts';
import { buildParts } from '../outputs.ts';
import { pointsInSources } from './points-in-sources.ts';
import { numberOfPoint, runKillTest } from './run-kill-test.ts';

// node build/kill-test/kill-test.ts --rounds 200 [--seed N]
// Kills the desk so many times, prints what was lost or doubled and how often each crash point was hit; exit 1
// if anything was lost, doubled or never hit.

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string' } },
});
const root = path.resolve(import.meta.dirname, '../..');
const seed = Number(values.seed ?? Date.now() % 1_000_000);
await buildParts();
const inSources = pointsInSources(root);
const report = await runKillTest({
  rounds: Number(values.rounds),
  seed,
  sources: root,
  points: crashPoints.filter((point) => inSources.has(point)),
  say: (line) => {
    console.log(line);
  },
});
const notCalled = crashPoints.filter((point) => !inSources.has(point));

console.log(
  `\nseed ${String(seed)}: ${String(report.rounds)} rounds, ${String(report.kills)} kills`,
);
console.log(
  `${String(report.acknowledged)} acts acknowledged; crash points and how often each was hit:`,
);
for (const point of crashPoints) {
  const hits = inSources.has(point) ? String(report.hits[point] ?? 0) : 'nobody passes it';
  console.log(`  ${String(numberOfPoint(point)).padStart(2)} ${point.padEnd(28)} ${hits}`);
}
for (const problem of report.problems) console.log(problem);
const isWell =
  report.problems.length === 0 && report.neverHit.length === 0 && notCalled.length === 0;
console.log(isWell ? 'nothing acknowledged was lost, nothing was doubled' : 'FAILED');
process.exitCode = isWell ? 0 : 1;
