import { randomUUID } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { writeSecretFile } from '../app/data-folder.ts';
import { readPlainFile } from '../base/foreign-folder.ts';

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
  try {
    const parsed = runFileSchema.safeParse(JSON.parse(textIn(runFile(home))));
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
    replaceFile(runFile(home), `${JSON.stringify(content)}\n`);
    replaceFile(portFile(home), `${String(content.port)}\n`);
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
  try {
    const port = Number(textIn(portFile(home)).trim());
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0;
  } catch {
    return 0;
  }
}

/** Much more than either file ever is. */
const bytesMax = 65_536;

const textIn = (file: string): string => readPlainFile(file, bytesMax).toString('utf8');

/** Made beside and renamed: what lies under the name may be a link to somebody's file, or a second name of one. */
function replaceFile(file: string, content: string): void {
  const beside = `${file}.${randomUUID().slice(0, 8)}.part`;
  try {
    writeSecretFile(beside, content);
    renameSync(beside, file);
  } catch (problem) {
    rmSync(beside, { force: true });
    throw problem;
  }
}
