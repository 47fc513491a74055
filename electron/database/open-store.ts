import { AsyncLocalStorage } from 'node:async_hooks';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { Kysely, sql } from 'kysely';

import { accepted } from '../../shared/domain/result.ts';
import { DatabaseBusyError } from './database-errors.ts';
import { aloneKeys, takeKeys, type Scope } from './held-keys.ts';
import { assertNotNewer, migrate, versionOf } from './migrate.ts';
import { migrations } from './migrations/migrations.ts';
import type { LockPlace } from './lock-places.ts';
import { takeLock, tryLock } from './named-lock.ts';
import { repositoriesOn } from './repositories.ts';
import type { Tables } from './schema.ts';
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
  /** Opens nothing for writing: for looking at a copy or at damaged data. No migration is run. */
  readonly readOnly?: boolean;
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
  const { file, key, readOnly = false, window = soleWindow } = options;
  const writer = readOnly ? null : await openDatabase({ file, key, readOnly: false });
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
    opening ??= openDatabase({ file, key, readOnly: true });
    return opening;
  };
  // The reading connection is opened when something is first read: a command may never need it.
  if (readOnly) await reader();
  return {
    ...storeOver(writer, reader, window),
    async close() {
      if (opening !== null) await (await opening).destroy();
      await writer?.destroy();
    },
  };
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

async function openDatabase(options: {
  readonly file: string;
  readonly key: Uint8Array;
  readonly readOnly: boolean;
}): Promise<Kysely<Tables>> {
  const connection = await openWorkerConnection(options);
  return new Kysely<Tables>({ dialect: workerDialect(connection, !options.readOnly) });
}

function storeOver(
  writer: Kysely<Tables> | null,
  reader: () => Promise<Kysely<Tables>>,
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
    read: async (work) => alone(await reader(), work),
    async transact(work, scope) {
      if (writer === null) throw new Error('the data was opened for reading only');
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
