import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import Database from 'better-sqlite3';

import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';

export const lockNames = ['upload', 'restore', 'migrate', 'desk'] as const;
export type LockName = (typeof lockNames)[number];

/** Who holds a lock: what the refusal tells the second one. */
export type LockHolder = { readonly pid: number; readonly since: string; readonly doing: string };

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
): Promise<Result<HeldLock>> {
  mkdirSync(locksFolder, { recursive: true, mode: 0o700 });
  const file = join(locksFolder, `${name}.lock`);
  const holderFile = join(locksFolder, `${name}.json`);
  const database = new Database(file, { timeout: 0 });
  try {
    database.exec('begin exclusive');
  } catch (problem) {
    database.close();
    if (!isBusy(problem)) throw problem;
    return Promise.resolve(refused(busy(name, readHolder(holderFile))));
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

function busy(name: LockName, holder: LockHolder | null): Refusal {
  const zh =
    holder === null
      ? '另一个程序刚刚开始'
      : `进程 ${String(holder.pid)} 自 ${holder.since} 起正在${holder.doing}`;
  const en =
    holder === null
      ? 'another program has just begun'
      : `process ${String(holder.pid)} has been at it since ${holder.since}: ${holder.doing}`;
  return {
    code: 'busy',
    message: {
      zh: `${zh}，同时只能有一个（${name}）。什么都没有做，数据没有改动，没有收钱。`,
      en: `Only one may do this at a time (${name}): ${en}. Nothing was done, no money moved.`,
    },
    remedy: {
      zh: '请等它结束后再试；进程若已不在，锁会自动释放。',
      en: 'Try again when it has finished; if that process dies, the lock frees itself.',
    },
    details: holder === null ? [] : [holder],
  };
}
