import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import Database from 'better-sqlite3';

import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { databaseRefusal, type LockHolder } from './database-refusals.ts';

export const lockNames = ['upload', 'restore', 'migrate', 'desk'] as const;
export type LockName = (typeof lockNames)[number];

export type HeldLock = { release(): void };

/**
 * Takes a lock of a data folder, or refuses `busy` with the holder's pid, since when and doing what. The lock
 * is an exclusive transaction on a small file of its own: the operating system frees it when its holder dies,
 * however it dies, and a pid file left behind means nothing.
 */
export function takeLock(
  locksFolder: string,
  name: LockName,
  doing: string,
  since: string = new Date().toISOString(),
): Promise<Result<HeldLock, 'busy'>> {
  mkdirSync(locksFolder, { recursive: true, mode: 0o700 });
  const file = join(locksFolder, `${name}.lock`);
  const holderFile = join(locksFolder, `${name}.json`);
  const database = new Database(file, { timeout: 0 });
  try {
    database.exec('begin exclusive');
  } catch (problem) {
    database.close();
    if (!isBusy(problem)) throw problem;
    const held = { lock: name, holder: readHolder(holderFile) };
    return Promise.resolve(refused(databaseRefusal('busy', held)));
  }
  const holder: LockHolder = { pid: process.pid, since, doing };
  writeFileSync(holderFile, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  let isHeld = true;
  return Promise.resolve(
    accepted({
      release() {
        if (!isHeld) return;
        isHeld = false;
        // Removed while the lock is still held, so that it is never the next holder's.
        rmSync(holderFile, { force: true });
        database.close();
      },
    }),
  );
}

function isBusy(problem: unknown): boolean {
  return (
    problem instanceof Error &&
    'code' in problem &&
    typeof problem.code === 'string' &&
    /^SQLITE_(?:BUSY|LOCKED)/.test(problem.code)
  );
}

/** The holder's own words; null in the moment before it has written them. */
function readHolder(file: string): LockHolder | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null) return null;
    if (!('pid' in value) || !('since' in value) || !('doing' in value)) return null;
    return { pid: Number(value.pid), since: String(value.since), doing: String(value.doing) };
  } catch {
    return null;
  }
}
