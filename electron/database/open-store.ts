import { AsyncLocalStorage } from 'node:async_hooks';
import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { Kysely, sql } from 'kysely';

import { accepted } from '../../shared/domain/result.ts';
import { DatabaseBusyError } from './database-errors.ts';
import { databaseRefusal } from './database-refusals.ts';
import { aloneKeys, takeKeys, type Scope } from './held-keys.ts';
import { assertNotNewer, migrate, versionOf } from './migrate.ts';
import { migrations } from './migrations/migrations.ts';
import type { LockPlace } from './lock-places.ts';
import { takeLock, tryLock } from './named-lock.ts';
import { ReadingOnlyError, type ReadingOnly } from './reading-only.ts';
import { repositoriesOn } from './repositories.ts';
import type { Tables } from './schema.ts';
import { inMemoryFile } from './sqlite-connection.ts';
import {
  areDocumentVersionsRecorded,
  checkStoredDocuments,
  recordDocumentVersions,
} from './stored-documents/check-stored-documents.ts';
import type { Repositories, Store } from './store.ts';
import { soleWindow, type Window } from './unit-of-work.ts';
import { openWorkerConnection } from './worker-connection.ts';
import { workerDialect } from './worker-dialect.ts';

export type OpenStoreOptions = {
  readonly file: string;
  /** 32 raw bytes. */
  readonly key: Uint8Array;
  /** Why nothing may be written: then nothing is opened for writing and no migration is run. */
  readonly readingOnly?: ReadingOnly;
  /** The folder had a database before: where it is gone or empty, nothing is made in its place. */
  readonly mustExist?: boolean;
  /** Which window this is; absent: the only one of the folder. */
  readonly window?: Window;
};

/** A store and, for its own folder's tests and checks, the two databases under it. */
export type OpenedStore = Store & {
  readonly writer: Kysely<Tables> | null;
  readonly reader: () => Promise<Kysely<Tables>>;
};

/**
 * Opens the data of a folder, making or migrating the tables. Rejects with a `DatabaseKeyError` for a wrong
 * key or a foreign file, a `DatabaseDamagedError`, a `DatabaseNewerError`, a `DatabaseBusyError`, or a
 * `DatabaseDocumentError` where a document of an older program cannot be brought up to date.
 */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const { file, key, window = soleWindow } = options;
  const isGone = options.mustExist === true && isMissingOrEmpty(file);
  const readingOnly = isGone ? lostDatabase(file) : (options.readingOnly ?? null);
  const writer = readingOnly === null ? await openDatabase({ file, key, readOnly: false }) : null;
  if (writer !== null) {
    try {
      await migrateAlone(writer, file, window);
    } catch (problem) {
      await writer.destroy();
      throw problem;
    }
  }
  let opening: Promise<Kysely<Tables>> | null = null;
  const reader = (): Promise<Kysely<Tables>> => {
    opening ??= isGone
      ? openEmptyDatabase(key, window)
      : openDatabase({ file, key, readOnly: true });
    return opening;
  };
  // The reading connection is opened when something is first read: a command may never need it.
  if (readingOnly !== null) await reader();
  return {
    ...storeOver({ writer, reader, readingOnly }, window),
    async close() {
      if (opening !== null) await (await opening).destroy();
      await writer?.destroy();
    },
  };
}

function isMissingOrEmpty(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0;
}

function lostDatabase(file: string): ReadingOnly {
  const name = basename(file);
  const text = {
    zh: `数据文件 ${name} 不在或是空的`,
    en: `the data file ${name} is gone or empty`,
  };
  return databaseRefusal('database-lost', { missing: [{ about: name, text }] });
}

/** What is shown where there is no database: empty tables in memory, so that nothing on the disk is touched. */
async function openEmptyDatabase(key: Uint8Array, window: Window): Promise<Kysely<Tables>> {
  const database = await openDatabase({ file: inMemoryFile, key, readOnly: false });
  await migrate(database, migrations, window);
  await recordDocumentVersions(database);
  return database;
}

/** How long a second program waits for the first one's migration before it is refused with the holder's name. */
const migrationWaitMs = 5000;

/** Migrates under the lock of that name, so that two programs that start together take turns. */
async function migrateAlone(database: Kysely<Tables>, file: string, window: Window): Promise<void> {
  if (await isUpToDate(database)) return;
  const place = { home: dirname(file), databaseFile: file };
  const until = performance.now() + migrationWaitMs;
  const lock = await lockForMigrating(place, until);
  if (!lock.ok) throw new DatabaseBusyError('MIGRATING', lock.refusal.message.en);
  try {
    assertNotNewer(await versionOf(database), migrations);
    // What cannot be brought up to date is found before anything is changed.
    await checkStoredDocuments(database, await versionOf(database));
    await migrate(database, migrations, window);
    await recordDocumentVersions(database);
  } finally {
    lock.value.release();
  }
}

async function lockForMigrating(place: LockPlace, until: number) {
  const doing = '升级数据表 (migrating the tables)';
  while (performance.now() < until) {
    const lock = await tryLock(place, 'migrate', doing);
    if (lock !== null) return accepted(lock);
    await setTimeout(50);
  }
  return takeLock(place, 'migrate', doing);
}

async function isUpToDate(database: Kysely<Tables>): Promise<boolean> {
  const version = await versionOf(database);
  const newest = migrations.at(-1)?.number ?? 0;
  return version === newest && (await areDocumentVersionsRecorded(database, version));
}

type Opened = {
  readonly writer: Kysely<Tables> | null;
  readonly reader: () => Promise<Kysely<Tables>>;
  readonly readingOnly: ReadingOnly | null;
};

async function openDatabase(options: {
  readonly file: string;
  readonly key: Uint8Array;
  readonly readOnly: boolean;
}): Promise<Kysely<Tables>> {
  const connection = await openWorkerConnection(options);
  return new Kysely<Tables>({ dialect: workerDialect(connection, !options.readOnly) });
}

function storeOver(
  { writer, reader, readingOnly }: Opened,
  window: Window,
): Omit<OpenedStore, 'close'> {
  const unitOfWork = new AsyncLocalStorage<{ open: boolean }>();

  /** A second unit of work inside a first would wait for itself, or read what the first has not kept yet. */
  const alone = async <T>(
    database: Kysely<Tables>,
    work: (repositories: Repositories) => Promise<T>,
    scope?: Scope,
  ): Promise<T> => {
    if (unitOfWork.getStore()?.open === true) {
      throw new Error('inside a unit of work its own repositories are used, not a second one');
    }
    const unit = { open: true };
    try {
      return await unitOfWork.run(unit, () =>
        database.transaction().execute(async (transaction) => {
          const keys = scope === undefined ? aloneKeys : await takeKeys(transaction, scope);
          return work(repositoriesOn(transaction, { window, keys }));
        }),
      );
    } finally {
      unit.open = false;
    }
  };

  return {
    writer,
    reader,
    readingOnly: () => readingOnly,
    read: async (work) => alone(await reader(), work),
    async transact(work, scope) {
      if (readingOnly !== null) throw new ReadingOnlyError(readingOnly);
      if (writer === null) throw new Error('the data is not open for writing');
      return alone(writer, work, scope);
    },
    async dataVersion() {
      const { rows } = await sql<{ data_version: number }>`PRAGMA data_version`.execute(
        await reader(),
      );
      return rows[0]?.data_version ?? 0;
    },
  };
}
