import path from 'node:path';
import { runProgram } from './bootstrap/run-program.mjs';
import { starterPids } from './bootstrap/starters.mjs';
import { buildPage, buildParts } from './outputs.ts';

await buildParts();
await buildPage();
// `npm run dist -- --linux deb`: what follows goes to electron-builder, which fetches Electron itself.
const builder = path.resolve('node_modules/electron-builder/cli.js');
process.exitCode = await runProgram(
  process.execPath,
  [builder, '--config', 'electron-builder.yml', '--publish', 'never', ...process.argv.slice(2)],
  { starters: starterPids() },
);
