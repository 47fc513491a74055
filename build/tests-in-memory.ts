import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Every store a test opens waits for its disk again and again: on a disk of some milliseconds that is a third of
// the whole run. What the tests prove of a disk (full, read-only, without power) they prove on one of their own.

const inMemory = '/dev/shm';
const ours = /^settlement-tests-(\d+)$/;
const gibibyte = 2 ** 30;
/** A whole run keeps less than a quarter of this at a time; the programs it starts need memory as well. */
const roomNeeded = 2 * gibibyte;
const memoryNeeded = 4 * gibibyte;

/**
 * Vitest's global setup: temporary folders of the tests are in memory where there is plenty of it, unless the caller
 * names a place for them; otherwise on the disk as ever.
 */
export default function keepTestsInMemory(): void {
  // Also the second and third project of one run.
  if (process.env['TMPDIR'] !== undefined) return;
  if (process.platform !== 'linux' || !existsSync(inMemory)) return;
  removeWhatDeadRunsLeft();
  const { bavail, bsize } = statfsSync(inMemory);
  if (bavail * bsize < roomNeeded || process.availableMemory() < memoryNeeded) return;
  const folder = join(inMemory, `settlement-tests-${String(process.pid)}`);
  try {
    // A database server of another user finds its way to its own folder in it.
    mkdirSync(folder, { mode: 0o711 });
  } catch {
    // Not ours to write in.
    return;
  }
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  if (mayRunPrograms(folder)) process.env['TMPDIR'] = folder;
}

/** A run that was killed could not clean up, and memory is dearer than a disk. */
function removeWhatDeadRunsLeft(): void {
  for (const name of readdirSync(inMemory)) {
    const pid = ours.exec(name)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    rmSync(join(inMemory, name), { recursive: true, force: true });
  }
}

/** Some machines let no program be run from there, and some tests put programs into their folders. */
function mayRunPrograms(folder: string): boolean {
  const program = join(folder, 'program');
  writeFileSync(program, '#!/bin/sh\nexit 0\n', { mode: 0o700 });
  const { status } = spawnSync(program);
  rmSync(program);
  return status === 0;
}
