import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

import { z } from 'zod';

import { accepted, refused, type Result, type Words } from '../../shared/domain/result.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { whyNot } from '../base/foreign-folder.ts';
import { crashPoint } from '../base/crash-points.ts';
import { besideOf, removeLeftovers } from '../base/leftovers.ts';
import { syncFolder } from '../base/sync-folder.ts';
import { lookAtBooks } from '../database/anchor/look-at-books.ts';
import { copyDatabase } from '../database/copy-database.ts';
import { DatabaseDamagedError, DatabaseFullError } from '../database/database-errors.ts';
import { fileAt } from '../database/files-in-place.ts';
import { openCopy } from '../database/open-store.ts';
import type { ReadingOnlyCode } from '../database/reading-only.ts';
import type { Store } from '../database/store.ts';
import { verifyFolder, type Check } from '../settlement/verify-folder.ts';
import { backupRefusal, type Reach } from './backup-refusals.ts';
import { reachOf } from './reach.ts';

/** Whose books are copied. */
export type BackupDependencies = {
  readonly folder: {
    readonly home: string;
    readonly databaseFile: string;
    readonly key: Uint8Array;
  };
  readonly store: Store;
  readonly clock: Clock;
  /** Told what takes long and how far it is. */
  readonly onProgress?: (words: Words) => void;
};

/** A backup that was opened again and verified. */
export type Backup = {
  readonly file: string;
  readonly bytes: number;
  readonly madeAt: string;
  readonly reach: Reach;
  /** Whether the books in it add up; what does not, does not in the folder either. */
  readonly booksAddUp: boolean;
  /** The checks that found something. */
  readonly problems: readonly Check[];
};

export type BackupCode = 'backup-file-exists' | 'backup-place' | 'backup-damaged' | ReadingOnlyCode;

/**
 * Copies the books into a file, encrypted with the folder's key, while the desk works on. It counts once it was
 * opened again and every page and sum in it verified; until then it has another name, and a file that fails is
 * removed. The audit keeps who began it, the folder when the last one was verified.
 */
export async function makeBackup(
  dependencies: BackupDependencies,
  { file, who }: { readonly file: string; readonly who: string },
): Promise<Result<Backup, BackupCode>> {
  const { folder, store, clock, onProgress } = dependencies;
  const readingOnly = store.readingOnly();
  // Books that are known to lack something are no backup; their files stay where they are.
  if (readingOnly !== null) return refused(readingOnly);
  const place = placeOf(file);
  if (place !== 'free') {
    return refused(
      place === 'taken'
        ? backupRefusal('backup-file-exists', { file })
        : backupRefusal('backup-place', { file, why: place.why }),
    );
  }
  if (!existsSync(dirname(file))) {
    return refused(backupRefusal('backup-place', { file, why: 'no such folder' }));
  }
  const beside = besideOf(`${file}${copying}`);
  await removeLeftovers(dirname(file), (name) => name.endsWith(copying));
  const madeAt = shanghaiInstant(clock.now());
  const about = basename(file);
  // Before the copy, so that the copy has it and the folder has nothing that its backup lacks.
  await store.transact(({ audit }) =>
    audit.append({ at: madeAt, who, act: 'backup', about, detail: {} }),
  );
  try {
    onProgress?.({ zh: '正在复制数据 …', en: 'Copying the data …' });
    try {
      // Made here, for this user alone: on a stick or a share nobody else gets to it first.
      closeSync(openSync(beside, 'wx', 0o600));
    } catch (problem) {
      return refused(backupRefusal('backup-place', { file, why: whyNot(problem) }));
    }
    const own = fileAt(beside)?.ino;
    try {
      await copyDatabase({ file: folder.databaseFile, key: folder.key }, beside);
    } catch (problem) {
      if (!(problem instanceof DatabaseFullError)) throw problem;
      return refused(backupRefusal('backup-place', { file, why: problem.message }));
    }
    onProgress?.({ zh: '正在核对备份 …', en: 'Verifying the backup …' });
    const looked = await lookAtCopy(beside, folder.key);
    if (!looked.ok) {
      return refused(backupRefusal('backup-damaged', { file, problems: looked.problems }));
    }
    crashPoint('backup:before-name');
    // What was verified is what gets the name; a link that was put there is neither.
    if (lstatSync(beside, { bigint: true }).ino !== own || placeOf(file) !== 'free') {
      return refused(backupRefusal('backup-place', { file, why: 'swapped' }));
    }
    renameSync(beside, file);
    await syncFolder(dirname(file));
    crashPoint('backup:after-name');
    const { size: bytes } = statSync(file);
    const { reach, failing: problems } = looked;
    writeLastBackup(folder.home, { file, madeAt, bytes, reach });
    const backup = { file, bytes, madeAt, reach, booksAddUp: problems.length === 0, problems };
    return accepted(backup);
  } catch (problem) {
    const why = whyOfPlace(problem) ?? (placeOf(beside) === 'taken' ? null : 'ENOENT');
    if (why === null) throw problem;
    return refused(backupRefusal('backup-place', { file, why }));
  } finally {
    for (const ending of ['', '-journal']) removeFromPlace(beside + ending);
  }
}

/** What the system or SQLite says of a place that went away under the writing; null: it is another fault. */
function whyOfPlace(problem: unknown): string | null {
  if (problem instanceof DatabaseFullError) return problem.message;
  const why = whyNot(problem);
  return /^E[A-Z0-9]+$/.test(why) ? why : null;
}

/** From a stick that is not there any more nothing can be removed: the next backup there does. */
function removeFromPlace(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It is encrypted and bears no name of a backup.
  }
}

/** Whether a name is free. Also a link to nothing bears one; and some cannot be a name at all. */
function placeOf(file: string): 'free' | 'taken' | { readonly why: string } {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) === undefined ? 'free' : 'taken';
  } catch (problem) {
    return { why: whyNot(problem) };
  }
}

type Looked =
  | { readonly ok: true; readonly reach: Reach; readonly failing: readonly Check[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Opens a copy again, reads every page and adds up the books in it. */
async function lookAtCopy(file: string, key: Uint8Array): Promise<Looked> {
  try {
    return await addUpCopy(file, key);
  } catch (problem) {
    if (problem instanceof DatabaseDamagedError) return { ok: false, problems: [problem.message] };
    throw problem;
  }
}

async function addUpCopy(file: string, key: Uint8Array): Promise<Looked> {
  const { own, days } = lookAtBooks(file, key, 0);
  const copy = await openCopy({ file, key, writes: false });
  try {
    const { checks } = await verifyFolder({ store: copy });
    const failing = checks.filter(({ ok }) => !ok);
    const unreadable = failing.find(({ name }) => name === 'file');
    return unreadable === undefined
      ? { ok: true, reach: reachOf(own?.units ?? 0, days), failing }
      : { ok: false, problems: unreadable.problems.map(({ problem }) => problem) };
  } finally {
    await copy.close();
  }
}

/**
 * Marks a copy that is not verified yet. With the machine's name: on a share lie other machines' copies too, and only this
 * one's programs can be told to be dead.
 */
const copying = `.copying-${hostname()}`;

/** Kept outside of the database: it is asked for when the database is lost. */
const lastBackupFile = (home: string): string => join(home, 'last-backup.json');

const lastBackupSchema = z.object({ file: z.string(), madeAt: z.string() });

function writeLastBackup(home: string, last: object): void {
  const beside = `${lastBackupFile(home)}.${randomUUID().slice(0, 8)}.part`;
  writeFileSync(beside, `${JSON.stringify(last)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(beside, lastBackupFile(home));
}

/** The last backup that was made of a folder and verified; null where there never was one. */
export function lastBackup(home: string): z.infer<typeof lastBackupSchema> | null {
  try {
    return lastBackupSchema.parse(JSON.parse(readFileSync(lastBackupFile(home), 'utf8')));
  } catch {
    return null;
  }
}
