import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import { backupRefusal } from '../backups/backup-refusals.ts';
import {
  copyBackup,
  restoreBackup,
  type RestoreCode,
  type Restored,
  type RestoreOrder,
} from '../backups/restore-backup.ts';
import { isNamedFile } from '../base/foreign-folder.ts';
import { systemClock } from '../base/clock.ts';
import { lookAtBooks } from '../database/anchor/look-at-books.ts';
import { DatabaseError } from '../database/database-errors.ts';
import {
  folderExists,
  makeDataFolder,
  openDataFolder,
  readLiveKey,
  type FolderCode,
} from './data-folder.ts';

type RestoreFolderOrder = RestoreOrder & {
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Where the folder is not there, it is made, with the identity the backup has: a spare machine takes over. */
  readonly makesFolder: boolean;
};

/** Restores a backup into a folder that exists, or into a new one that becomes the folder the backup is of. */
export async function restoreFolder(
  order: RestoreFolderOrder,
): Promise<Result<Restored, RestoreCode | FolderCode>> {
  const { home, environment, makesFolder } = order;
  const clock = systemClock(null);
  if (folderExists(home) || !makesFolder) {
    const folder = openDataFolder(home, null, environment);
    return folder.ok ? restoreBackup({ folder: folder.value, clock }, order) : folder;
  }
  const id = idOfBackup(order.file, home, environment);
  if (!id.ok) return id;
  const kept: { restored?: Restored } = {};
  try {
    const made = await makeDataFolder(
      home,
      'live',
      environment,
      async (folder) => {
        const result = await restoreBackup({ folder, clock }, order);
        // What was made so far is removed again.
        if (!result.ok) throw new NotRestored(result.refusal);
        kept.restored = result.value;
      },
      id.value,
    );
    if (!made.ok) return made;
  } catch (problem) {
    if (problem instanceof NotRestored) return refused(problem.refusal);
    throw problem;
  }
  if (kept.restored === undefined) {
    throw new Error('another program made the folder meanwhile');
  }
  return accepted(kept.restored);
}

class NotRestored extends Error {
  readonly refusal: Refusal<RestoreCode>;

  constructor(refusal: Refusal<RestoreCode>) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** Whose backup it is; null for one from before backups said so. */
function idOfBackup(
  file: string,
  home: string,
  environment: NodeJS.ProcessEnv,
): Result<string | null, RestoreCode | FolderCode> {
  if (!isNamedFile(file)) return refused(backupRefusal('backup-missing', { file }));
  const key = readLiveKey(home, environment);
  if (!key.ok) return key;
  mkdirSync(dirname(home), { recursive: true });
  const aside = mkdtempSync(`${home}.looking-`);
  try {
    const copy = join(aside, 'settlement.db');
    const copied = copyBackup(file, copy);
    if (!copied.ok) return copied;
    const whose = lookAtBooks(copy, key.value, 0).own?.folder ?? '';
    return accepted(whose === '' ? null : whose);
  } catch (problem) {
    if (!(problem instanceof DatabaseError)) throw problem;
    return refused(backupRefusal('backup-damaged', { file, problems: [problem.message] }));
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
