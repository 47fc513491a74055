import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { runInTurns, type Step } from './run-in-turns.ts';
import typeParts from './type-parts.json' with { type: 'json' };

const tsc = path.resolve('node_modules/typescript/bin/tsc');

/** One step per part that has sources; tsc calls a part without any an error, and a new part begins so. */
export const typeSteps: readonly Step[] = typeParts
  .filter((config) => existsSync(config) && hasSources(config))
  .map((config) => ({
    name: `types ${config.replace(/\/tsconfig(\.tests)?\.json$/, '$1')}`,
    command: process.execPath,
    args: [tsc, '-p', config, '--pretty', 'false'],
  }));

function hasSources(config: string): boolean {
  return globSync('**/*.{ts,tsx,mjs}', { cwd: path.dirname(config) }).length > 0;
}

if (import.meta.main) process.exitCode = (await runInTurns(typeSteps)) ? 0 : 1;
