import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename } from 'node:path';

import { readPlainFile } from '../base/foreign-folder.ts';
import type { LockHolder } from './database-refusals.ts';
import { holderFile, lockFile, socketNames, type LockPlace } from './lock-places.ts';

/**
 * Who has a lock. On Linux the kernel is asked for the process, since a file may be of a dead one, or copied; what the
 * holder wrote of itself counts only where its process is the same. Null where nobody knows.
 */
export function findHolder(place: LockPlace, name: string): LockHolder | null {
  const said = readSaid(holderFile(place, name));
  const pid = pidOfSocket(place, socketNames(place, name)) ?? pidOfFileLock(lockFile(place, name));
  if (pid === null) return said;
  const seen = lookAtProcess(pid);
  if (said?.pid === pid) return { ...said, ...seen };
  return { pid, since: startOf(pid) ?? '?', doing: '?', ...seen };
}

/** Another process that has a database open, as the kernel lists its lock; null where it lists none or cannot. */
export function findUser(file: string): LockHolder | null {
  const pid = pidOfFileLock(file, ['READ', 'WRITE']);
  if (pid === null) return null;
  const doing = '使用这个数据文件夹 (using the folder)';
  return { pid, since: startOf(pid) ?? '?', doing, ...lookAtProcess(pid) };
}

/** The process that holds an exclusive lock on a file, as the kernel lists it; null where it lists none or cannot. */
export function pidOfFileLock(file: string, kinds: readonly string[] = ['WRITE']): number | null {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  if (found === undefined) return null;
  const { dev, ino } = found;
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & 0xfffff000n);
  const minor = (dev & 0xffn) | ((dev >> 12n) & 0xffffff00n);
  const hex = (part: bigint): string => part.toString(16).padStart(2, '0');
  const wanted = `${hex(major)}:${hex(minor)}:${String(ino)}`;
  for (const line of textOf('/proc/locks').split('\n')) {
    // 1: POSIX  ADVISORY  WRITE 21512 fe:00:4318666 1073741824 1073742335
    const [, , , kind, pid, where] = line.trim().split(/\s+/);
    const isMeant = kind !== undefined && kinds.includes(kind) && where === wanted;
    if (isMeant && Number(pid) > 0) return Number(pid);
  }
  return null;
}

/**
 * Whether somebody who has no business in the folder has a name in the system's memory. Every user of the machine may take
 * any name there, and sees which there are; only the folder's own user and root may hold a lock of it. Who is not root
 * sees the processes of the own user alone: what is not seen is another's, or root's, and between those the lock's file decides.
 */
export function isStrangers(place: LockPlace, socket: string): boolean {
  if (process.platform !== 'linux') return false;
  const pids = pidsOfSockets([socket]);
  if (pids.length === 0) return process.getuid?.() !== 0;
  return !pids.some((pid) => mayHold(place, pid));
}

/** The process that holds a lock by one of these names; null where none is seen (another user's is not). */
function pidOfSocket(place: LockPlace, names: readonly string[]): number | null {
  return pidsOfSockets(names).find((pid) => mayHold(place, pid)) ?? null;
}

/** By the user it acts as: the owner of its folder in /proc is no word to go by, a process can change it. */
function mayHold({ home }: LockPlace, pid: number): boolean {
  const acting = /^Uid:\s+\d+\s+(\d+)/m.exec(textOf(`/proc/${String(pid)}/status`))?.[1];
  const owner = statSync(home, { throwIfNoEntry: false })?.uid;
  return acting !== undefined && [0, owner, process.getuid?.()].includes(Number(acting));
}

function pidsOfSockets(names: readonly string[]): readonly number[] {
  const paths = new Set(names.map((name) => name.replace('\0', '@')));
  const links = new Set<string>();
  for (const line of textOf('/proc/net/unix').split('\n')) {
    const parts = line.trim().split(/\s+/);
    if (paths.has(parts[7] ?? '')) links.add(`socket:[${parts[6] ?? ''}]`);
  }
  if (links.size === 0) return [];
  return namesIn('/proc')
    .filter((each) => /^\d+$/.test(each))
    .filter((pid) => {
      const folder = `/proc/${pid}/fd`;
      return namesIn(folder).some((fd) => links.has(linkOf(`${folder}/${fd}`)));
    })
    .map(Number);
}

function lookAtProcess(pid: number): Pick<LockHolder, 'command' | 'stopped'> {
  const stopped = /^State:\s+[Tt]/m.test(textOf(`/proc/${String(pid)}/status`));
  return { command: commandOf(pid), stopped };
}

/** Program, script and first word: what else stands on a command line may be about a patient. */
function commandOf(pid: number): string | null {
  const words = textOf(`/proc/${String(pid)}/cmdline`).split('\0');
  const [program, ...rest] = words.filter((word) => word !== '' && !word.startsWith('-'));
  if (program === undefined) return null;
  const [script = '', command = ''] = rest;
  const known = /^[a-z][a-z-]*$/.test(command) ? command : '';
  return [basename(program), basename(script), known].filter((word) => word !== '').join(' ');
}

/** When a process began, from the machine's start and the process's age in hundredths of a second. */
function startOf(pid: number): string | null {
  const bootedAt = /^btime (\d+)$/m.exec(textOf('/proc/stat'))?.[1];
  // The name in the second place may hold spaces and brackets; the fields after it do not.
  const fields = textOf(`/proc/${String(pid)}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
  const ticks = Number(fields[19]);
  if (bootedAt === undefined || !Number.isFinite(ticks)) return null;
  return new Date((Number(bootedAt) + Math.floor(ticks / 100)) * 1000).toISOString();
}

/** Much more than a holder says of itself. */
const saidBytesMax = 65_536;

/** The holder's own words; null before it has written them, and where the disk took none. */
function readSaid(file: string): LockHolder | null {
  try {
    const value: unknown = JSON.parse(readPlainFile(file, saidBytesMax).toString('utf8'));
    if (typeof value !== 'object' || value === null) return null;
    if (!('pid' in value) || !('since' in value) || !('doing' in value)) return null;
    const { pid, since, doing } = value;
    return { pid: Number(pid), since: String(since), doing: String(doing), ...unseen };
  } catch {
    return null;
  }
}

const unseen = { command: null, stopped: false };

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Not Linux, another user's, or gone meanwhile.
    return '';
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
