import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  rmSync,
  statfsSync,
  statSync,
  type BigIntStats,
} from 'node:fs';
import { copyFile, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { DatabaseBusyError, DatabaseFullError } from './database-errors.ts';

/** A copy of a database with its log, encrypted as it is, that only this user can read. */
export type PrivateCopy = { readonly file: string; remove(): void };

const prefix = 'settlement-window-copy-';
/** Tables of an older program are brought up to date in the copy. */
const slackBytes = 16 * 1024 * 1024;
/** A desk that writes meanwhile may move its log into the file under the copying; it does that seldom. */
const triesMax = 5;

/**
 * Copies a database, its log and what else is named beside it to a place that can be written, for reading where the
 * folder cannot be: in memory (`/dev/shm`) if it takes at most a quarter of that, else in the system's temporary folder.
 * Removed by `remove`, at the latest when the program ends; what a killed program left is removed by the next. Throws a
 * `DatabaseFullError` where there is no place, a `DatabaseBusyError` where it is written to without a pause.
 */
export async function makePrivateCopy(
  source: string,
  beside: readonly string[],
  places: readonly string[] = ['/dev/shm', tmpdir()],
  ownUserId: number | undefined = process.getuid?.(),
): Promise<PrivateCopy> {
  const bytes = sizeOf(source) + sizeOf(`${source}-wal`) + slackBytes;
  const place = places.find((each) => hasRoomFor(each, bytes));
  if (place === undefined) {
    throw new DatabaseFullError(
      'NO_PLACE',
      `no place for a copy of ${String(bytes)} bytes: ${places.join(', ')}`,
    );
  }
  await removeLeftOvers(place, ownUserId);
  const folder = await mkdtemp(join(place, `${prefix}${String(process.pid)}-`));
  const remove = (): void => {
    process.off('exit', remove);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove);
  try {
    const file = join(folder, 'settlement.db');
    await copyWhole(source, file);
    for (const name of beside) await copyIfThere(join(dirname(source), name), join(folder, name));
    return { file, remove };
  } catch (problem) {
    remove();
    throw problem;
  }
}

async function copyWhole(source: string, target: string): Promise<void> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const before = stateOf(source);
    for (const ending of ['', '-wal']) {
      rmSync(target + ending, { force: true });
      await copyIfThere(source + ending, target + ending);
    }
    if (stateOf(source) === before) return;
  }
  throw new DatabaseBusyError('COPYING', 'the database is written to while it is copied');
}

async function copyIfThere(source: string, target: string): Promise<void> {
  if (sizeOf(source) > 0) await copyFile(source, target);
}

/** Changes whenever the database or its log does. */
function stateOf(file: string): string {
  return [file, `${file}-wal`]
    .map((each) => statSync(each, { bigint: true, throwIfNoEntry: false }))
    .map((found: BigIntStats | undefined) =>
      found === undefined
        ? '-'
        : `${String(found.size)} ${String(found.mtimeNs)} ${String(found.ino)}`,
    )
    .join(' ');
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

function hasRoomFor(place: string, bytes: number): boolean {
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(place);
    const inMemory = place === '/dev/shm';
    return bavail * bsize >= bytes * (inMemory ? 4 : 1);
  } catch {
    return false;
  }
}

/**
 * What killed programs of this user left. Everybody may write there: a folder of another's under such a name may turn into a link
 * to files of ours while it is emptied, so it is not touched; his next program removes it.
 */
async function removeLeftOvers(place: string, ownUserId: number | undefined): Promise<void> {
  for (const name of await readdir(place).catch(() => [])) {
    const pid = Number(/^settlement-window-copy-(\d+)-/.exec(name)?.[1] ?? 0);
    if (pid > 0 && !isAlive(pid) && isOwnFolder(join(place, name), ownUserId)) {
      try {
        rmSync(join(place, name), { recursive: true, force: true });
      } catch {
        // In use or on a disk that takes nothing: it is encrypted, and the next program tries again.
      }
    }
  }
}

/** On Windows the temporary folder is the user's own, and no file names its owner. */
function isOwnFolder(path: string, ownUserId: number | undefined): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() !== true) return false;
  return ownUserId === undefined || found.uid === ownUserId;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A copy of a database with its log, encrypted as it is, in a folder of its own. */
export function copyAside(file: string): { readonly file: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'settlement-copy-'));
  const copy = join(folder, basename(file));
  for (const ending of ['', '-wal']) {
    if (existsSync(file + ending)) copyFileSync(file + ending, copy + ending);
  }
  return {
    file: copy,
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
