import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';

import { build } from 'vite';

import parts from '../parts.json' with { type: 'json' };
import partsConfig from '../vite.parts.config.ts';

const root = path.resolve(import.meta.dirname, '../..');

export type BuiltDesk = { readonly program: string; readonly remove: () => void };

/**
 * Builds the desk of some sources as the program is built, with the packs of `out/policy-packs/` in the form a
 * start reads at once: it is started a hundred times, and from sources every start takes seconds.
 */
export async function buildDeskProgram(sources: string): Promise<BuiltDesk> {
  mkdirSync(path.join(root, 'out'), { recursive: true });
  // Within the project, so that the packages of npm are found from there.
  const folder = mkdtempSync(path.join(root, 'out', 'kill-test-'));
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  const { rolldownOptions } = partsConfig.build;
  await build({
    ...partsConfig,
    root: sources,
    build: {
      ...partsConfig.build,
      outDir: path.join(folder, 'electron'),
      sourcemap: false,
      rolldownOptions: {
        ...rolldownOptions,
        input: {
          'desk-program': path.join(sources, 'build/kill-test/desk-program.ts'),
          'database-worker': path.join(sources, parts['database-worker']),
        },
      },
    },
  }).catch((problem: unknown) => {
    remove();
    throw problem;
  });
  symlinkSync(path.join(root, 'out', 'policy-packs'), path.join(folder, 'policy-packs'));
  return { program: path.join(folder, 'electron', 'desk-program.js'), remove };
}
