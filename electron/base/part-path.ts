import { fileURLToPath } from 'node:url';

/** The programs and worker threads the application starts by path, and where the source of each one is. */
const sources = {
  'database-worker': '../database/database-worker.ts',
  'intake-worker': '../intake/intake-worker.ts',
  'sql-worker': '../intake/sql/sql-worker.ts',
  'document-worker': '../documents/document-worker.ts',
  'payers-simulator': '../payers-simulator/payers-simulator.ts',
  'second-place-worker': '../second-place/second-place-worker.ts',
  'password-worker': '../security/password-worker.ts',
  'certificate-worker': '../security/certificate-worker.ts',
  'replay-worker': '../replay/replay-worker.ts',
  'list-file-worker': '../intake-lists/list-file-worker.ts',
} as const;

export type PartName = keyof typeof sources;

/**
 * Where a part is. Unbuilt, the program runs from its TypeScript sources; built, every part is one file
 * beside this one, named as `build/parts.json` names it.
 */
export function partPath(name: PartName): string {
  const runsFromSources = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(runsFromSources ? sources[name] : `./${name}.js`, import.meta.url));
}
