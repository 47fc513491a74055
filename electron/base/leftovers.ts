import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Where a file is written before it gets its name: beside it, hidden, with the number of the program that writes it, so
 * that what a program left which died can be told from what a living one writes, and a part nobody can know before: where
 * others may write, a link could wait under a name that can be guessed.
 */
export function besideOf(file: string): string {
  const own = randomUUID().slice(0, 8);
  return join(dirname(file), `.${basename(file)}.${String(process.pid)}-${own}.part`);
}

/**
 * Removes from a folder what programs that died left beside the files whose names `isOurs` knows. Nothing is thrown: a
 * folder that has vanished, or somebody else's removing, is found by whoever writes next.
 */
export async function removeLeftovers(
  folder: string,
  isOurs: (name: string) => boolean,
): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const [, ofFile, pid] = /^\.(.+)\.(\d+)(?:-[0-9a-f]{8})?\.part(?:-journal)?$/.exec(name) ?? [];
    if (ofFile === undefined || !isOurs(ofFile) || isAlive(Number(pid))) continue;
    await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (problem) {
    return problem instanceof Error && 'code' in problem && problem.code === 'EPERM';
  }
}
