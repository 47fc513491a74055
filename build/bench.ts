import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { buildPage, buildParts } from './outputs.ts';

// Figures, never assertions of time: each program prints its own, one after the other so that none disturbs
// another. `npm run bench -- NAME` runs those whose file name holds NAME.
const wanted = process.argv[2] ?? '';
const programs = globSync('build/bench/*.bench.ts')
  .filter((file) => file.includes(wanted))
  .sort();
await buildParts();
await buildPage();
let failed = 0;
for (const program of programs) {
  console.log(`\n${program}`);
  const ran = spawnSync(process.execPath, [program], { stdio: 'inherit' });
  if (ran.status !== 0) failed += 1;
}
console.log(`\n${String(programs.length)} benches, ${String(failed)} failed`);
process.exitCode = programs.length > 0 && failed === 0 ? 0 : 1;
