// @ts-check
import { readFileSync } from 'node:fs';

/**
 * The processes that started this one: its parent and, behind a shell, npm. A killed npm does not end the
 * shell it started, so the parent alone would not tell. Where there is no /proc the parent has to do.
 * @returns {number[]}
 */
export function starterPids() {
  const parent = process.ppid;
  const pids = [parent];
  const above = parentOf(parent);
  if (above !== null && above > 1 && /^(sh|dash|bash)$/.test(nameOf(parent)) && isNpm(above)) {
    pids.push(above);
  }
  return pids.filter((pid) => pid > 1);
}

/**
 * Ends this process (as a terminal would, so that it may close what it has open) when its parent goes: a
 * command that serves others would else never end. Does not keep the process alive by itself.
 */
export function endWithParent() {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}

/**
 * @param {readonly number[]} pids
 * @returns {boolean} whether all of them still run
 */
export function allAlive(pids) {
  return pids.every(isAlive);
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (problem) {
    return /** @type {NodeJS.ErrnoException} */ (problem).code === 'EPERM';
  }
  // A killed process whose own starter has not yet taken its exit code still answers to signals.
  return !/^State:\s+Z/m.test(statusOf(pid));
}

/** @param {number} pid */
function isNpm(pid) {
  try {
    return /\bnpm\b|npm-cli/.test(readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8'));
  } catch {
    return false;
  }
}

/** @param {number} pid */
function nameOf(pid) {
  return /^Name:\s+(\S+)/m.exec(statusOf(pid))?.[1] ?? '';
}

/**
 * @param {number} pid
 * @returns {number | null}
 */
function parentOf(pid) {
  const found = /^PPid:\s+(\d+)/m.exec(statusOf(pid))?.[1];
  return found === undefined ? null : Number(found);
}

/** @param {number} pid */
function statusOf(pid) {
  try {
    return readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  } catch {
    return '';
  }
}
