import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { writeSecretFile } from '../app/data-folder.ts';

/** Who runs the desk of a folder and how its owner reaches it; only the folder's owner can read it. */
const runFileSchema = z.strictObject({
  pid: z.int(),
  port: z.int(),
  since: z.string(),
  ownerSecret: z.string(),
});
export type RunFile = z.infer<typeof runFileSchema>;

const runFile = (home: string): string => join(home, 'run.json');
const portFile = (home: string): string => join(home, 'last-port');

/** The desk that says it runs here; null where none does. The desk's lock says whether that still holds. */
export function readRunFile(home: string): RunFile | null {
  if (!existsSync(runFile(home))) return null;
  try {
    const parsed = runFileSchema.safeParse(JSON.parse(readFileSync(runFile(home), 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/**
 * Says where the desk is. False where the disk takes nothing: it runs all the same, and only `stop` and `open` do not
 * find it.
 */
export function writeRunFile(home: string, content: RunFile): boolean {
  try {
    writeSecretFile(runFile(home), `${JSON.stringify(content)}\n`);
    writeSecretFile(portFile(home), `${String(content.port)}\n`);
    return true;
  } catch {
    removeRunFile(home);
    return false;
  }
}

export function removeRunFile(home: string): void {
  try {
    rmSync(runFile(home), { force: true });
  } catch {
    // A disk that became read-only: the lock says that nobody is here.
  }
}

/** The port the desk had last, so that an open page finds it again; 0: none. */
export function lastPort(home: string): number {
  if (!existsSync(portFile(home))) return 0;
  const port = Number(readFileSync(portFile(home), 'utf8').trim());
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0;
}
