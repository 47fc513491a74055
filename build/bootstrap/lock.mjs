// @ts-check
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { allAlive } from './starters.mjs';

const lookEveryMs = 200;

/**
 * Does `work` while no other process does work under the same lock: two commands started together on a
 * fresh clone must not install, or build, into each other's files. A holder that died is not waited for.
 * @template T
 * @param {string} lock a file that exists while the lock is held
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function holdingLock(lock, work) {
  mkdirSync(path.dirname(lock), { recursive: true });
  while (!take(lock)) await wait(lookEveryMs);
  const release = () => {
    rmSync(lock, { force: true });
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** @param {string} lock */
function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (problem) {
    if (/** @type {NodeJS.ErrnoException} */ (problem).code !== 'EEXIST') throw problem;
  }
  const holder = holderOf(lock);
  // The holder may have written its name only a moment ago; an empty file is looked at again.
  if (holder !== null && !allAlive([holder])) rmSync(lock, { force: true });
  return false;
}

/**
 * @param {string} lock
 * @returns {number | null}
 */
function holderOf(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}
