import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { accepted, refused, type Result, type Words } from '../../shared/domain/result.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { lookAtBooks } from '../database/anchor/look-at-books.ts';
import { copyDatabase } from '../database/copy-database.ts';
import { DatabaseFullError } from '../database/database-errors.ts';
import { openCopy } from '../database/open-store.ts';
import type { ReadingOnlyCode } from '../database/reading-only.ts';
import type { Store } from '../database/store.ts';
import { verifyFolder, type Check } from '../settlement/verify-folder.ts';
import { backupRefusal, type Reach } from './backup-refusals.ts';
import { reachOf } from './reach.ts';

/** Whose books are copied. */
export type BackupDependencies = {
  readonly folder: { readonly databaseFile: string; readonly key: Uint8Array };
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
 * removed. The folder keeps when the last one was made and the audit by whom.
 */
export async function makeBackup(
  dependencies: BackupDependencies,
  { file, who }: { readonly file: string; readonly who: string },
): Promise<Result<Backup, BackupCode>> {
  const { folder, store, clock, onProgress } = dependencies;
  const readingOnly = store.readingOnly();
  // Books that are known to lack something are no backup; their files stay where they are.
  if (readingOnly !== null) return refused(readingOnly);
  if (existsSync(file)) return refused(backupRefusal('backup-file-exists', { file }));
  const beside = join(dirname(file), `.${basename(file)}.${randomUUID().slice(0, 8)}.part`);
  try {
    onProgress?.({ zh: '正在复制数据 …', en: 'Copying the data …' });
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
    renameSync(beside, file);
    await syncFolder(dirname(file));
    const { size: bytes } = statSync(file);
    const madeAt = shanghaiInstant(clock.now());
    const { reach, failing: problems } = looked;
    const backup = { file, bytes, madeAt, reach, booksAddUp: problems.length === 0, problems };
    await store.transact(async ({ folderFacts, audit }) => {
      await folderFacts.set(lastBackupFact, { file, madeAt, bytes, reach });
      const detail = { file: basename(file), bytes, ...reach };
      await audit.append({ at: madeAt, who, act: 'backup', about: basename(file), detail });
    });
    return accepted(backup);
  } finally {
    rmSync(beside, { force: true });
  }
}

type Looked =
  | { readonly ok: true; readonly reach: Reach; readonly failing: readonly Check[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Opens a copy again, reads every page and adds up the books in it. */
async function lookAtCopy(file: string, key: Uint8Array): Promise<Looked> {
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

const lastBackupFact = 'last-backup';

const lastBackupSchema = z.object({ file: z.string(), madeAt: z.string() });
export type LastBackup = z.infer<typeof lastBackupSchema>;

/** The last backup that was verified; null where there never was one. */
export async function lastBackup(store: Store): Promise<LastBackup | null> {
  const kept = await store.read(({ folderFacts }) => folderFacts.get(lastBackupFact));
  const parsed = lastBackupSchema.safeParse(kept);
  return parsed.success ? parsed.data : null;
}

/** Makes a new name durable; Windows keeps names by itself and opens no folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
