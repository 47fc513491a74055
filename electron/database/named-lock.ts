import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import Database from 'better-sqlite3';

import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { databaseRefusal, type LockHolder } from './database-refusals.ts';
import { findHolder, isStrangers, pidOfFileLock } from './lock-holder.ts';
import {
  holderFile,
  isSocketTaken,
  lockFile,
  socketNames,
  takeSocket,
  type LockPlace,
} from './lock-places.ts';

export const lockNames = [
  'upload',
  'reconcile',
  'restore',
  'migrate',
  'desk',
  'anchor',
  'register',
  'intake',
  'pull',
  'second-place',
] as const;
export type LockName = (typeof lockNames)[number];

export type HeldLock = { release(): void };

/** Two who begin at the same instant see each other's first steps; one of them gets the file within this time. */
const fileWaitMs = 200;

/**
 * Takes a lock of a data folder, or refuses `busy` with the holder's pid, since when, doing what and as which command.
 * It is held in three places at once: a name in the system's memory for the database, one for the folder
 * (`socketNames`), and an exclusive transaction on a file in `locks/`. The operating system frees all three when the
 * holder dies, however it dies. The file alone is lost with its folder; the names alone are not seen by a program in
 * another network namespace (a container). A name that another user of the machine has taken locks nobody out: the
 * file then stands for it, in a folder that is the owner's alone.
 */
export async function takeLock(
  place: LockPlace,
  name: LockName,
  doing: string,
  since?: string,
): Promise<Result<HeldLock, 'busy'>> {
  const lock = await tryLock(place, name, doing, since);
  if (lock !== null) return accepted(lock);
  return refused(databaseRefusal('busy', { lock: name, holder: findHolder(place, name) }));
}

/** The same for who will try again: null where someone has it, without looking for whom. */
export async function tryLock(
  place: LockPlace,
  name: LockName,
  doing: string,
  since: string = new Date().toISOString(),
): Promise<HeldLock | null> {
  const held: (() => void)[] = [];
  const letGo = (): void => {
    for (const free of held.splice(0).reverse()) free();
  };
  try {
    // The database's comes first and is given to one alone, so of two at the same instant one has all of them.
    for (const socket of socketNames(place, name)) {
      const server = await takeSocket(socket);
      if (server !== null) held.push(() => void server.close());
      else if (!isStrangers(place, socket)) {
        letGo();
        return null;
      }
    }
    const file = takeFile(place, name, held.length > 0);
    if (file === null) {
      letGo();
      return null;
    }
    held.push(file);
    // While it is open its inode is given to no other folder, whose lock would then seem held.
    if (process.platform === 'linux') held.push(openFolder(place.home));
  } catch (problem) {
    letGo();
    throw problem;
  }
  writeHolder(place, name, { pid: process.pid, since, doing });
  return {
    release() {
      if (held.length === 0) return;
      removeHolder(place, name);
      letGo();
    },
  };
}

/**
 * Who holds a lock; null where it is free. Asking takes nothing on Linux and Windows. `unknown`: someone of whom no more
 * is seen.
 */
export async function lockHolder(
  place: LockPlace,
  name: LockName,
): Promise<LockHolder | 'unknown' | null> {
  for (const socket of socketNames(place, name)) {
    if ((await isSocketTaken(socket)) && !isStrangers(place, socket))
      return findHolder(place, name) ?? 'unknown';
  }
  const file = lockFile(place, name);
  if (process.platform === 'linux') {
    return pidOfFileLock(file) === null ? null : (findHolder(place, name) ?? 'unknown');
  }
  const taken = takeFile(place, name, true);
  if (taken === null) return findHolder(place, name) ?? 'unknown';
  taken();
  return null;
}

/**
 * An exclusive transaction on the lock's file; null where someone has it. On a disk that is full or only read the file
 * may not come into being: `othersHold` says that the lock is held elsewhere too, and then it stands without.
 */
function takeFile(place: LockPlace, name: LockName, othersHold: boolean): (() => void) | null {
  const file = lockFile(place, name);
  let database: Database.Database | null = null;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const opened = new Database(file, { timeout: fileWaitMs });
    database = opened;
    opened.exec('begin exclusive');
    return () => void opened.close();
  } catch (problem) {
    database?.close();
    const code = codeOf(problem);
    if (/^SQLITE_(?:BUSY|LOCKED)/.test(code)) return null;
    if (
      othersHold &&
      /^SQLITE_(?:CANTOPEN|FULL|IOERR|READONLY)|^ENOSPC$|^EROFS$|^EDQUOT$/.test(code)
    ) {
      return () => undefined;
    }
    throw problem;
  }
}

function openFolder(home: string): () => void {
  const folder = openSync(home, 'r');
  return () => {
    closeSync(folder);
  };
}

function writeHolder(place: LockPlace, name: LockName, holder: object): void {
  try {
    writeFileSync(holderFile(place, name), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  } catch {
    // A full disk: the lock is held all the same, and the kernel knows by whom.
  }
}

/** Done while the lock is still held, so that it is never the next holder's. */
function removeHolder(place: LockPlace, name: LockName): void {
  try {
    rmSync(holderFile(place, name), { force: true });
  } catch {
    // A disk that has become read-only: what is left names a process that has let go, and nobody goes by it.
  }
}

function codeOf(problem: unknown): string {
  return problem instanceof Error && 'code' in problem ? String(problem.code) : '';
}
