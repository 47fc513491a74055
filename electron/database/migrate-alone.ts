import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import type { Kysely } from 'kysely';

import { loadAuditKey, type AuditKey } from './audit-key.ts';
import { DatabaseBusyError } from './database-errors.ts';
import type { LockPlace } from './lock-places.ts';
import { assertNotNewer, migrate, versionOf } from './migrate.ts';
import { migrations } from './migrations/migrations.ts';
import { takeLock, tryLock, type HeldLock } from './named-lock.ts';
import type { BooksPlace } from './open-books.ts';
import type { Tables } from './schema.ts';
import { startAuditKey } from './start-audit-key.ts';
import { areRowsMarked, startRowMarks } from './start-row-marks.ts';
import {
  areDocumentVersionsRecorded,
  checkStoredDocuments,
  recordDocumentVersions,
} from './stored-documents/check-stored-documents.ts';
import type { Window } from './unit-of-work.ts';

/** How long a second program waits for the first one's migration before it is refused with the holder's name. */
const migrationWaitMs = 20_000;

/**
 * Migrates under the lock of that name, so that two programs that start together take turns. Who finds that another was
 * faster waits for the lock no longer.
 */
export async function migrateAlone(
  database: Kysely<Tables>,
  { file, key }: Pick<BooksPlace, 'file' | 'key'>,
  window: Window,
): Promise<AuditKey> {
  const place = { home: dirname(file), databaseFile: file };
  const until = performance.now() + migrationWaitMs;
  for (;;) {
    const ready = (await isUpToDate(database)) ? await loadAuditKey(database, key) : null;
    if (ready !== null) return ready;
    const lock = await lockForMigrating(place, until);
    if (lock === null) continue;
    try {
      assertNotNewer(await versionOf(database), migrations);
      // What cannot be brought up to date is found before anything is changed.
      await checkStoredDocuments(database, await versionOf(database));
      return await bringUpToDate(database, key, window);
    } finally {
      lock.release();
    }
  }
}

/** Migrates, and starts what is done once: the key of the chain, the marks of rows. */
export async function bringUpToDate(
  database: Kysely<Tables>,
  key: Uint8Array,
  window: Window,
): Promise<AuditKey> {
  await migrate(database, migrations, window);
  await recordDocumentVersions(database);
  await startAuditKey(database, key, window);
  const auditKey = await loadAuditKey(database, key);
  if (auditKey === null) throw new Error('the audit chain was given no key');
  await startRowMarks(database, auditKey, window);
  return auditKey;
}

/** Null where another has it and there is time to look again; throws a `DatabaseBusyError` with its name where not. */
async function lockForMigrating(place: LockPlace, until: number): Promise<HeldLock | null> {
  const doing = '升级数据表 (migrating the tables)';
  if (performance.now() < until) {
    const lock = await tryLock(place, 'migrate', doing);
    if (lock === null) await setTimeout(50);
    return lock;
  }
  const lock = await takeLock(place, 'migrate', doing);
  if (!lock.ok) throw new DatabaseBusyError('MIGRATING', lock.refusal.message.en);
  return lock.value;
}

/** The version of the tables that this program makes. */
export const newestVersion = migrations.at(-1)?.number ?? 0;

async function isUpToDate(database: Kysely<Tables>): Promise<boolean> {
  const version = await versionOf(database);
  return (
    version === newestVersion &&
    (await areDocumentVersionsRecorded(database, version)) &&
    (await areRowsMarked(database))
  );
}
