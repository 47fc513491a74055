import path from 'node:path';
import { runProgram } from './bootstrap/run-program.mjs';
import { starterPids } from './bootstrap/starters.mjs';
import packageJson from '../package.json' with { type: 'json' };
import { printAdvisories, writeBillOfMaterials } from './bill-of-materials.ts';
import { buildPage, buildParts } from './outputs.ts';

await buildParts();
await buildPage();
const root = path.resolve(import.meta.dirname, '..');
const production = [
  ...Object.keys(packageJson.dependencies),
  ...Object.keys(packageJson.optionalDependencies),
];
console.error(`${writeBillOfMaterials(root, production)}: 物料清单 (bill of materials)`);
printAdvisories(root);
// `npm run dist -- --linux deb`: what follows goes to electron-builder, which fetches Electron itself.
const builder = path.resolve('node_modules/electron-builder/cli.js');
process.exitCode = await runProgram(
  process.execPath,
  [builder, '--config', 'electron-builder.yml', '--publish', 'never', ...process.argv.slice(2)],
  { starters: starterPids() },
);
