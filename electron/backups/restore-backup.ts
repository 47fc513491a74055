import { randomUUID } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { accepted, refused, type Result, type Words } from '../../shared/domain/result.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { copyNamedFile, isNamedFile, whyNot } from '../base/foreign-folder.ts';
import { crashPoint } from '../base/crash-points.ts';
import { syncFolderNow } from '../base/sync-folder.ts';
import { programVersion } from '../base/program-version.ts';
import type { BooksMark } from '../database/anchor/anchor-record.ts';
import { isBehind } from '../database/anchor/anchor-record.ts';
import { lookAtBooks, type Books } from '../database/anchor/look-at-books.ts';
import { lostNumbers, type LostNumbers } from '../database/anchor/missing-from-books.ts';
import {
  DatabaseDamagedError,
  DatabaseForeignError,
  DatabaseKeyError,
} from '../database/database-errors.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import { holdAlone, type HeldAlone } from '../database/hold-alone.ts';
import { findUser } from '../database/lock-holder.ts';
import { takeLock } from '../database/named-lock.ts';
import { readRemembered, rememberBooks } from '../database/open-books.ts';
import { openCopy, type OpenedStore } from '../database/open-store.ts';
import { maybePrintedProblem } from '../documents/print-problems.ts';
import { verifyFolder } from '../settlement/verify-folder.ts';
import { backupRefusal, type Reach } from './backup-refusals.ts';
import { reachOf } from './reach.ts';

/** The folder whose books are replaced. */
export type RestoreFolder = {
  readonly home: string;
  readonly id: string;
  readonly key: Uint8Array;
  readonly databaseFile: string;
};

export type RestoreOrder = {
  readonly file: string;
  /** The backup may be behind what the folder remembers; what is lost was said before. */
  readonly mayBeOlder: boolean;
  readonly who: string;
};

export type Restored = {
  readonly file: string;
  readonly reach: Reach;
  /** What the folder remembered before. */
  readonly before: Reach;
  /** Settlement numbers that were given and whose settlements are lost; they are never given again. */
  readonly lost: readonly LostNumbers[];
  /** Claims of the backup that were not final and may have moved on since. */
  readonly claimsUnknown: number;
  /** Sheets that may have been printed since: the cashier is asked. */
  readonly sheetsUnknown: number;
  /** Where the replaced database is kept; null where there was none. */
  readonly replaced: string | null;
};

type RestoreDependencies = {
  readonly folder: RestoreFolder;
  readonly clock: Clock;
  /** How long a command that has the folder open is waited for. */
  readonly patienceMs?: number;
};

/** Most commands are done within it. */
const commandPatienceMs = 10_000;

export type RestoreCode =
  | 'backup-missing'
  | 'backup-unreadable'
  | 'backup-damaged'
  | 'backup-foreign'
  | 'backup-older'
  | 'busy';

/**
 * Puts a backup in the place of a folder's database. It is copied, opened and verified before anything of the folder
 * is touched; a damaged, foreign or older one is refused. The replaced database is kept aside. Where the backup is
 * behind, lost numbers stay used and what may have gone on meanwhile becomes unknown. No desk may have the folder; a
 * command that has it is waited for, and refuses the folder from then on. Killed at any point, the folder is as it was
 * or as it is restored, never between: whole files change their names, in one step.
 */
export async function restoreBackup(
  { folder, clock, patienceMs = commandPatienceMs }: RestoreDependencies,
  order: RestoreOrder,
): Promise<Result<Restored, RestoreCode>> {
  if (!isNamedFile(order.file)) return refused(backupRefusal('backup-missing', order));
  const doing = '恢复备份 (restoring a backup)';
  const restoring = await takeLock(folder, 'restore', doing);
  if (!restoring.ok) return restoring;
  const desk = await takeLock(folder, 'desk', doing);
  if (!desk.ok) {
    restoring.value.release();
    return desk;
  }
  const aside = join(folder.home, `${asidePrefix}${randomUUID().slice(0, 8)}`);
  removeLeftAside(folder.home);
  mkdirSync(aside, { mode: 0o700 });
  try {
    return await restoreFrom({ folder, clock, aside, patienceMs }, order);
  } finally {
    rmSync(aside, { recursive: true, force: true });
    desk.value.release();
    restoring.value.release();
  }
}

const asidePrefix = 'restoring-';

/** What a restore that was killed had prepared: a copy that never counted. */
function removeLeftAside(home: string): void {
  for (const name of readdirSync(home)) {
    if (name.startsWith(asidePrefix)) rmSync(join(home, name), { recursive: true, force: true });
  }
}

type Place = {
  readonly folder: RestoreFolder;
  readonly clock: Clock;
  readonly aside: string;
  readonly patienceMs: number;
};

async function restoreFrom(
  { folder, clock, aside, patienceMs }: Place,
  { file, mayBeOlder, who }: RestoreOrder,
): Promise<Result<Restored, RestoreCode>> {
  const copy = join(aside, 'settlement.db');
  const copied = copyBackup(file, copy);
  if (!copied.ok) return copied;
  const looked = lookAtBackup(file, copy, folder);
  if (!looked.ok) return looked;
  const books = looked.value;
  const now = stateOf(folder);
  const backup = books.own ?? { generation: 0, units: 0 };
  const older = now.mark !== null && isBehind(backup, now.mark);
  const lost = lostNumbers(now.days, books.days);
  const reach = reachOf(backup.units, books.days);
  const before = reachOf(now.mark?.units ?? 0, now.days);
  if ((older || lost.length > 0) && !mayBeOlder) {
    const words =
      lost.length === 0
        ? [changesLost(before.changes - reach.changes)]
        : lost.map(({ text }) => text);
    return refused(
      backupRefusal('backup-older', { file, backup: reach, folder: before, lost: words }),
    );
  }
  const at = shanghaiInstant(clock.now());
  const generation = Math.max(backup.generation, now.mark?.generation ?? 0) + 1;
  const names = lost.map(({ about }) => about);
  const detail = { file: basename(file), backup: reach, folder: before, lost: names };
  const prepared = await prepareCopy(folder, copy, { at, who, generation, lost, older, detail });
  if (Array.isArray(prepared)) {
    return refused(backupRefusal('backup-damaged', { file, problems: prepared }));
  }
  crashPoint('restore:copy-ready');
  const alone = await holdAlone(folder.databaseFile, folder.key, patienceMs);
  if (alone.kind === 'in-use') {
    const holder = findUser(folder.databaseFile);
    return refused(databaseRefusal('busy', { lock: 'restore', holder }));
  }
  const replaced = putInPlace(folder, copy, alone, shanghaiInstant(clock.now()));
  rememberBooks(
    { file: folder.databaseFile, key: folder.key, folderId: folder.id },
    shanghaiInstant(clock.now()),
  );
  return accepted({ file, reach, before, lost, ...prepared, replaced });
}

/**
 * Copies a backup from wherever it lies: whatever else lies there under names that SQLite would look at is left alone, and a
 * stick may be pulled out later.
 */
export function copyBackup(file: string, copy: string): Result<null, 'backup-unreadable'> {
  try {
    for (const ending of ['', '-wal']) {
      if (isNamedFile(file + ending)) copyNamedFile(file + ending, copy + ending);
    }
    return accepted(null);
  } catch (problem) {
    const why = whyNot(problem);
    // No room for the copy is a trouble of this machine.
    if (why === 'unknown' || why === 'ENOSPC' || why === 'EDQUOT') throw problem;
    return refused(backupRefusal('backup-unreadable', { file, why }));
  }
}

const changesLost = (changes: number): Words => ({
  zh: `最近 ${String(changes)} 次改动`,
  en: `the last ${String(changes)} changes`,
});

function lookAtBackup(
  file: string,
  copy: string,
  folder: RestoreFolder,
): Result<Books, 'backup-damaged' | 'backup-foreign'> {
  try {
    const books = lookAtBooks(copy, folder.key, 0);
    const whose = books.own?.folder ?? '';
    const isOurs = books.tablesVersion > 0 && (whose === '' || whose === folder.id);
    return isOurs ? accepted(books) : refused(backupRefusal('backup-foreign', { file }));
  } catch (problem) {
    if (problem instanceof DatabaseForeignError)
      return refused(backupRefusal('backup-foreign', { file }));
    if (problem instanceof DatabaseDamagedError || problem instanceof DatabaseKeyError) {
      return refused(backupRefusal('backup-damaged', { file, problems: [problem.message] }));
    }
    throw problem;
  }
}

type FolderState = {
  readonly mark: Pick<BooksMark, 'generation' | 'units'> | null;
  readonly days: Readonly<Record<string, number>>;
};

/** How far the folder is: by what it remembers and by its database, whichever is further; both may be gone. */
function stateOf({ databaseFile, key, id }: RestoreFolder): FolderState {
  const remembered = readRemembered({ file: databaseFile, key, folderId: id });
  let books: Books | null = null;
  try {
    books = existsSync(databaseFile) ? lookAtBooks(databaseFile, key, 0) : null;
  } catch {
    // Damaged or foreign: that is why a backup is restored, and it is kept aside as it is.
  }
  const own = books?.own?.folder === id ? books.own : null;
  const { furthest } = remembered;
  const days = { ...furthest?.days };
  for (const [day, last] of Object.entries(own === null ? {} : (books?.days ?? {}))) {
    days[day] = Math.max(days[day] ?? 0, last);
  }
  if (own === null || furthest === null) return { mark: own ?? furthest, days };
  return { mark: isBehind(own, furthest) ? furthest : own, days };
}

type Doubted = { readonly claimsUnknown: number; readonly sheetsUnknown: number };

type GoingOn = {
  readonly at: string;
  readonly who: string;
  readonly generation: number;
  readonly lost: readonly LostNumbers[];
  readonly older: boolean;
  readonly detail: object;
};

/** Verifies every page of the copy and makes it ready; what is wrong with it where it cannot be. */
async function prepareCopy(
  folder: RestoreFolder,
  copy: string,
  going: GoingOn,
): Promise<Doubted | string[]> {
  const window = { id: folder.id, program: programVersion };
  let store: OpenedStore | null = null;
  try {
    store = await openCopy({ file: copy, key: folder.key, writes: true, window });
    const { checks } = await verifyFolder({ store });
    const unreadable = checks.find(({ name, ok }) => name === 'file' && !ok);
    if (unreadable !== undefined) return unreadable.problems.map(({ problem }) => problem);
    return await goOn(store, going);
  } catch (problem) {
    if (problem instanceof DatabaseDamagedError) return [problem.message];
    throw problem;
  } finally {
    await store?.close();
  }
}

/** What a restored database must know before anybody works with it, in one unit of work. */
function goOn(
  store: OpenedStore,
  { at, who, generation, lost, older, detail }: GoingOn,
): Promise<Doubted> {
  return store.transact(async ({ books, claims, printJobs, audit }) => {
    await books.goOnAs(generation, lost, at);
    const doubted = {
      claimsUnknown: older ? await claims.doubtUnfinished(at) : 0,
      sheetsUnknown: older ? await printJobs.doubtWaiting(maybePrintedProblem('restored'), at) : 0,
    };
    await audit.append({
      at,
      who,
      act: 'restore',
      about: 'settlement.db',
      detail: { ...detail, ...doubted },
    });
    return doubted;
  });
}

/**
 * The copy takes the name of the database in one step. A whole one, which is held, keeps its name until then and goes
 * on under a second one; what cannot be opened, or has no books, is moved aside first.
 */
function putInPlace(
  { home, databaseFile }: RestoreFolder,
  copy: string,
  alone: Exclude<HeldAlone, { kind: 'in-use' }>,
  at: string,
): string | null {
  const stamp = at.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const replaced = join(home, 'replaced', `${stamp}-${randomUUID().slice(0, 4)}`);
  const old = ['', '-wal', '-shm'].map((ending) => databaseFile + ending).filter(existsSync);
  if (old.length > 0) mkdirSync(replaced, { recursive: true, mode: 0o700 });
  try {
    if (alone.kind === 'held') secondName(databaseFile, join(replaced, basename(databaseFile)));
    else for (const path of old) renameSync(path, join(replaced, basename(path)));
    crashPoint('restore:before-name');
    renameSync(copy, databaseFile);
    syncFolderNow(dirname(databaseFile));
    crashPoint('restore:after-name');
  } finally {
    if (alone.kind === 'held') alone.release();
  }
  return old.length > 0 ? replaced : null;
}

/** Another name for a file; a copy on a disk that knows no second names (a stick). */
function secondName(file: string, name: string): void {
  try {
    linkSync(file, name);
  } catch {
    copyFileSync(file, name);
  }
  syncFolderNow(dirname(name));
}
