import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Filling a demo folder takes a second or two. It is done once per run; each test gets a copy of its own.

const variable = 'PREPARED_DESK';

/** A filled demo folder that no program has open, to be copied; null where none was prepared. */
export function preparedDeskOf(environment: NodeJS.ProcessEnv): string | null {
  return environment[variable] ?? null;
}

/** Vitest's global setup: prepares the folder, names it to the tests, and removes it after the last of them. */
export default function prepareDesk(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'prepared-desk-'));
  const home = join(folder, 'desk');
  const filled = spawnSync(
    process.execPath,
    ['out/electron/cli.js', 'settings', '--demo', '--home', home],
    { encoding: 'utf8' },
  );
  // Where the program was not built, the tests themselves say so.
  if (filled.status === 0) process.env[variable] = home;
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}
