import { AsyncLocalStorage } from 'node:async_hooks';

import { sql, type Kysely } from 'kysely';

import type { OpenAnchor } from './anchor/anchor-file.ts';
import type { AnchorRecord } from './anchor/anchor-record.ts';
import { anchorName } from './anchor/missing-from-books.ts';
import { auditKeySince, loadAuditKey, type AuditKey } from './audit-key.ts';
import { countUnit } from './books-units.ts';
import { DatabaseError, DatabaseFullError } from './database-errors.ts';
import { databaseRefusal, type MissingFromBooks } from './database-refusals.ts';
import { roomUnwatched, type DiskRoom } from './disk-room.ts';
import { fileAt, filesInPlace, type FilesInPlace } from './files-in-place.ts';
import { aloneKeys, takeKeys, type Scope } from './held-keys.ts';
import { assertNotNewer, versionOf } from './migrate.ts';
import { bringUpToDate, migrateAlone, newestVersion } from './migrate-alone.ts';
import { migrations } from './migrations/migrations.ts';
import { journalRepository } from './journal-repository.ts';
import { keepKeyCheck, keyCheckName } from './key-check.ts';
import {
  findBooks,
  startAnchor,
  type AnchorFindings,
  type BooksPlace,
  type FoundBooks,
} from './open-books.ts';
import { openDatabase } from './open-database.ts';
import { copyAside, makePrivateCopy } from './private-copy.ts';
import { lastUnit, ReadingOnlyError, type ReadingOnly } from './reading-only.ts';
import { repositoriesOn } from './repositories.ts';
import { touchedRows } from './row-marks.ts';
import type { Tables } from './schema.ts';
import { inMemoryFile } from './sqlite-connection.ts';
import type { Repositories, Store } from './store.ts';
import { whyTooOld } from './too-old.ts';
import { soleWindow, type UnitOfWork, type Window } from './unit-of-work.ts';
import { noteUnitKept } from './units-kept.ts';

export type OpenStoreOptions = {
  readonly file: string;
  /** 32 raw bytes. */
  readonly key: Uint8Array;
  /** Why nothing may be written: then nothing is opened for writing and no migration is run. */
  readonly readingOnly?: ReadingOnly;
  /** The folder had a database before: where it is gone or empty, nothing is made in its place. */
  readonly mustExist?: boolean;
  /** The room on the folder's disk; absent: nobody looks at it. */
  readonly room?: DiskRoom;
  /** Which window this is; absent: the only one of the folder. */
  readonly window?: Window;
  /** The folder's own id: its anchor and its database are known by it. */
  readonly folderId?: string;
  /** Told when the folder could not write down how far its books are. The act itself is kept. */
  readonly onAnchorFault?: (problem: unknown) => void;
};

/** The id of a folder that was opened without naming any. */
const soleFolder = 'folder';

/** A store and, for its own folder's tests and checks, the two databases under it. */
export type OpenedStore = Store & {
  readonly writer: Kysely<Tables> | null;
  readonly reader: () => Promise<Kysely<Tables>>;
  /** Null where nothing is written, or where a copy is nobody's. */
  readonly files: FilesInPlace | null;
  /** The key of the audit chain; null before anything was read where nothing is written. */
  readonly auditKey: () => AuditKey | null;
};

/**
 * Opens the data of a folder, making or migrating the tables. A folder that remembers more than its database holds
 * is opened for reading only (`readingOnly`), and nothing in it is touched. Rejects with a `DatabaseKeyError` for a
 * wrong key, a `DatabaseForeignError`, a `DatabaseDamagedError`, a `DatabaseNewerError`, a `DatabaseBusyError`, or a
 * `DatabaseDocumentError` where a document of an older program cannot be brought up to date.
 */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const {
    file,
    key,
    mustExist = false,
    window = soleWindow,
    room = roomUnwatched,
    onAnchorFault,
  } = options;
  const place = { file, key, folderId: options.folderId ?? soleFolder };
  const found = findBooks(place, mustExist);
  const readingOnly =
    found.missing.length === 0
      ? (options.readingOnly ?? null)
      : databaseRefusal('database-lost', { missing: found.missing });
  const compareWithAnchor = (): AnchorFindings => {
    const { missing, remembered } = findBooks(place, mustExist || found.books !== null);
    return { missing, strangeLines: remembered.strangeLines };
  };
  if (readingOnly !== null) {
    let reading: Promise<Reading> | null = null;
    let auditKey: AuditKey | null = null;
    const reader = async (): Promise<Kysely<Tables>> => {
      reading ??= openForReading(place, found, window);
      const opened = await reading;
      ({ auditKey } = opened);
      return opened.database;
    };
    return {
      ...storeOver(
        {
          ...openedForReading,
          reader,
          readingOnly,
          room,
          compareWithAnchor,
          auditKey: () => auditKey,
        },
        window,
      ),
      close: async () => (await reading)?.close(),
    };
  }
  const before = found.books === null ? undefined : fileAt(file);
  const writer = await openDatabase({ file, key, readOnly: false });
  let anchor: OpenAnchor;
  let auditKey: AuditKey;
  try {
    auditKey = await migrateAlone(writer, place, window);
    anchor = await startAnchor(writer, place, found, onAnchorFault ?? ignore);
  } catch (problem) {
    await writer.destroy();
    throw problem;
  }
  const files = filesInPlace(file, before);
  keepKeyCheck(place);
  let opening: Promise<Kysely<Tables>> | null = null;
  // The reading connection is opened when something is first read: a command may never need it.
  const reader = (): Promise<Kysely<Tables>> => {
    opening ??= openDatabase({ file, key, readOnly: true });
    return opening;
  };
  const append = async (record: AnchorRecord): Promise<void> => {
    // The act is kept whatever happens here; the record after it makes up for one that is missing.
    await anchor.append(record).catch(onAnchorFault ?? ignore);
  };
  return {
    ...storeOver(
      {
        ...{ writer, reader, readingOnly, room, anchor: append, compareWithAnchor, files },
        auditKey: () => auditKey,
        readerApart: () => openDatabase({ file, key, readOnly: true }),
      },
      window,
    ),
    async close() {
      if (opening !== null) await (await opening).destroy();
      anchor.close();
      await writer.destroy();
    },
  };
}

const ignore = (): void => undefined;

const openedForReading = { writer: null, anchor: null, files: null, readerApart: null };

/**
 * The same on a private copy of database, log and anchor, for a folder that cannot be written to: `reason` says why. The
 * copy goes when the store is closed.
 */
export async function openStoreOnCopy(
  options: Pick<OpenStoreOptions, 'file' | 'key' | 'window' | 'folderId' | 'mustExist'>,
  reason: ReadingOnly,
): Promise<OpenedStore> {
  const copy = await makePrivateCopy(options.file, [anchorName, keyCheckName]);
  try {
    const store = await openStore({ ...options, file: copy.file, readingOnly: reason });
    // Opened now: a file that cannot be read is to be heard of here.
    await store.reader();
    return {
      ...store,
      async close() {
        await store.close();
        copy.remove();
      },
    };
  } catch (problem) {
    copy.remove();
    throw problem;
  }
}

/**
 * Opens a copy of a database that lies outside of its folder: nothing remembers it, and nothing is remembered of it.
 * With `writes` its tables are brought up to date first. Rejects as `openStore` does.
 */
export async function openCopy({
  file,
  key,
  writes,
  window = soleWindow,
}: Pick<OpenStoreOptions, 'file' | 'key' | 'window'> & {
  readonly writes: boolean;
}): Promise<OpenedStore> {
  const database = await openDatabase({ file, key, readOnly: !writes });
  let auditKey: AuditKey | null = null;
  try {
    if (writes) auditKey = await migrateAlone(database, { file, key }, window);
    else {
      const version = await versionOf(database);
      assertNotNewer(version, migrations);
      if (version >= auditKeySince) auditKey = await loadAuditKey(database, key);
    }
  } catch (problem) {
    await database.destroy();
    throw problem;
  }
  const writer = writes ? database : null;
  const reader = () => Promise.resolve(database);
  const compareWithAnchor = (): AnchorFindings => ({ missing: [], strangeLines: [] });
  const anchor = () => Promise.resolve();
  return {
    ...storeOver(
      {
        ...{ writer, reader, readingOnly: null, room: roomUnwatched },
        ...{ anchor, compareWithAnchor, files: null, auditKey: () => auditKey, readerApart: null },
      },
      window,
    ),
    close: () => database.destroy(),
  };
}

type Reading = {
  readonly database: Kysely<Tables>;
  readonly auditKey: AuditKey | null;
  readonly close: () => Promise<void>;
};

/**
 * Opens what is there without writing to it: the file as it is; a copy of one whose tables are those of an older
 * program; empty tables in memory where there is no database.
 */
async function openForReading(
  { file, key }: BooksPlace,
  { books }: FoundBooks,
  window: Window,
): Promise<Reading> {
  if (books !== null && books.tablesVersion === newestVersion) {
    const database = await openDatabase({ file, key, readOnly: true });
    const auditKey = await loadAuditKey(database, key);
    return { database, auditKey, close: () => database.destroy() };
  }
  const copies = books === null ? null : copyAside(file);
  const database = await openDatabase({
    file: copies?.file ?? inMemoryFile,
    key,
    readOnly: false,
  });
  const auditKey = await bringUpToDate(database, key, window);
  return {
    database,
    auditKey,
    async close() {
      await database.destroy();
      copies?.remove();
    },
  };
}

type Opened = {
  readonly writer: Kysely<Tables> | null;
  readonly reader: () => Promise<Kysely<Tables>>;
  /** Another reading connection, whose caller closes it; null where the one there is has nobody to keep waiting. */
  readonly readerApart: (() => Promise<Kysely<Tables>>) | null;
  readonly readingOnly: ReadingOnly | null;
  /** Keeps outside of the database how far the books are; null where nothing is written. */
  readonly anchor: ((record: AnchorRecord) => Promise<void>) | null;
  readonly compareWithAnchor: () => AnchorFindings;
  readonly room: DiskRoom;
  readonly files: FilesInPlace | null;
  readonly auditKey: () => AuditKey | null;
};

function storeOver(opened: Opened, window: Window): Omit<OpenedStore, 'close'> {
  const { writer, reader, readerApart, readingOnly, room } = opened;
  const { anchor, compareWithAnchor, files, auditKey } = opened;
  const unitOfWork = new AsyncLocalStorage<{ open: boolean }>();
  /** Once a newer program has changed the tables so that this one may write no more, that stays so. */
  let tooOld: ReadingOnly | null = null;
  const lookWhetherTooOld = async (database: Kysely<Tables>): Promise<ReadingOnly | null> => {
    tooOld ??= await whyTooOld(database, window.program, newestVersion);
    return tooOld;
  };
  /** What was done to the files stays so: a file that is put back may have missed what was written meanwhile. */
  let lost: ReadingOnly | null = null;
  const lookWhetherLost = (during: readonly MissingFromBooks[] = []): ReadingOnly | null => {
    const happened = lost === null ? (files?.whatHappened() ?? null) : null;
    if (happened !== null) {
      lost = databaseRefusal('database-lost', { missing: [happened, ...during] });
    }
    return lost;
  };

  /** Files that were cut or deleted make SQLite fail in ways that sound like a full disk. */
  const throwIfLost = (problem: unknown): void => {
    const reason = problem instanceof DatabaseError ? lookWhetherLost() : null;
    if (reason !== null) throw new ReadingOnlyError(reason);
  };

  /** A second unit of work inside a first would wait for itself, or read what the first has not kept yet. */
  const alone = async <T>(
    database: Kysely<Tables>,
    work: (transaction: Kysely<Tables>, unit: UnitOfWork) => Promise<T>,
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
          return work(transaction, {
            ...{ window, keys, numbersGiven: new Map(), marks: touchedRows() },
            auditKey: auditKey(),
          });
        }),
      );
    } finally {
      unit.open = false;
    }
  };

  const readOn = <T>(
    database: Kysely<Tables>,
    work: (repositories: Repositories) => Promise<T>,
  ): Promise<T> =>
    alone(database, (transaction, unit) => work(repositoriesOn(transaction, unit))).catch(
      (problem: unknown) => {
        throwIfLost(problem);
        throw problem;
      },
    );

  return {
    writer,
    reader,
    files,
    auditKey,
    readingOnly: () => readingOnly ?? lookWhetherLost() ?? tooOld,
    noRoom() {
      const missing = room.missingFor();
      return missing === null ? null : databaseRefusal('disk-no-room', missing);
    },
    compareWithAnchor,
    read: async (work) => readOn(await reader(), work),
    async readApart(work) {
      const database = await (readerApart ?? reader)();
      try {
        return await readOn(database, work);
      } finally {
        if (readerApart !== null) await database.destroy();
      }
    },
    async transact(work, scope) {
      if (readingOnly !== null) throw new ReadingOnlyError(readingOnly);
      if (writer === null || anchor === null) throw new Error('the data is not open for writing');
      const attempt = () =>
        alone(
          writer,
          async (transaction, unit) => {
            // Asked inside, where no other program can migrate any more before this is kept.
            const reason = lookWhetherLost() ?? (await lookWhetherTooOld(transaction));
            if (reason !== null) throw new ReadingOnlyError(reason);
            const repositories = repositoriesOn(transaction, unit);
            const kept = await work(repositories);
            await repositories.rowMarks.endUnit();
            const counted = await countUnit(transaction, unit);
            await journalRepository(transaction).endUnit(counted.at);
            return { value: kept, record: counted };
          },
          scope,
        );
      room.letFinish();
      const { value, record } = await attempt().catch((problem: unknown) => {
        throwIfLost(problem);
        // Taken back whole. With the reserve freed, what had begun before the disk was full comes to its end.
        if (!(problem instanceof DatabaseFullError) || !room.freeReserve()) throw problem;
        return attempt();
      });
      // What was kept in files that are gone was not kept: nobody says that it was.
      const reason = lookWhetherLost([lastUnit]);
      if (reason !== null) throw new ReadingOnlyError(reason);
      await anchor(record);
      noteUnitKept();
      return value;
    },
    async dataVersion() {
      const database = await reader();
      const { rows } = await sql<{ data_version: number }>`PRAGMA data_version`.execute(database);
      // Who watches for changes learns of this one, too: the desk says so before anyone tries to settle.
      if (readingOnly === null) await lookWhetherTooOld(database);
      return rows[0]?.data_version ?? 0;
    },
  };
}
