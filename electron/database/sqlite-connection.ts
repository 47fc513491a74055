import Database from 'better-sqlite3';

import { DatabaseError, notDurableCode } from './database-errors.ts';

/** Where the data is and how it is opened. The key is 32 raw bytes, never a passphrase. */
export type ConnectionOptions = {
  readonly file: string;
  readonly key: Uint8Array;
  readonly readOnly: boolean;
};

/**
 * What may be bound to a parameter; numbers must be whole and safe, for no amount is ever a float, and texts
 * without NUL.
 */
export type SqlParameter = string | number | bigint | boolean | null | Uint8Array;
export type SqlRow = Record<string, unknown>;
export type SqlAnswer = {
  readonly rows: SqlRow[];
  readonly changes: number | null;
  readonly insertId: bigint | null;
};

/** One open connection. Only the worker thread that opened it may use it. */
export type SqliteConnection = {
  execute(sql: string, parameters: readonly SqlParameter[]): SqlAnswer;
  close(): void;
};

/** In place of a file: a database that is gone with its connection. */
export const inMemoryFile = ':memory:';

/** How long a connection waits for another program's transaction. */
export const busyTimeoutMs = 5000;

/** To this size, in bytes, SQLite cuts its log when it begins it anew. */
export const logSizeLimit = 64 * 1024 * 1024;

/** Statements kept prepared; more than the program has, so that only odd ones are prepared again. */
const statementsMax = 500;

/** Versions before this one may damage a file that several connections write (the "WAL-reset" fault). */
const safeVersion = [3, 51, 3] as const;

/** `PRAGMA synchronous` as a number: every commit waits until it is on disk. */
const synchronousFull = 2;

/** Opens the file with its key and sets what every connection needs. Throws SQLite's errors with their `code`. */
export function openSqliteConnection(options: ConnectionOptions): SqliteConnection {
  if (options.key.length !== 32) throw new Error('the key of a database is 32 bytes');
  const database = new Database(options.file, {
    readonly: options.readOnly,
    timeout: busyTimeoutMs,
  });
  try {
    prepareConnection(database, options);
    return connectionOf(database);
  } catch (problem) {
    database.close();
    throw problem;
  }
}

function prepareConnection(
  database: Database.Database,
  { file, key, readOnly }: ConnectionOptions,
): void {
  // What is in memory alone is not encrypted, and has no log.
  const inMemory = file === inMemoryFile;
  if (!inMemory) database.pragma(`key="raw:${Buffer.from(key).toString('hex')}"`);
  assertVersion(database);
  // Sorting spills to temporary files, and those would lie on the disk unencrypted.
  database.pragma('temp_store=MEMORY');
  // Each connection kept up to 16 MB of pages; a settlement needs a few hundred of them.
  database.pragma('cache_size=-2000');
  if (!readOnly) {
    const mode = database.pragma('journal_mode=WAL', { simple: true });
    if (mode !== 'wal' && !inMemory)
      throw new Error(`the database is not in WAL mode but in ${String(mode)}`);
  }
  database.pragma('synchronous=FULL');
  database.pragma('foreign_keys=ON');
  database.pragma('trusted_schema=OFF');
  database.pragma('cell_size_check=ON');
  database.pragma(`journal_size_limit=${String(logSizeLimit)}`);
  // The first read is where a wrong key shows.
  database.prepare('select count(*) from sqlite_schema').get();
}

function assertVersion(database: Database.Database): void {
  const version: unknown = database.prepare('select sqlite_version()').pluck().get();
  const parts = String(version).split('.').map(Number);
  for (const [index, wanted] of safeVersion.entries()) {
    const part = parts[index] ?? 0;
    if (part > wanted) return;
    if (part < wanted) {
      throw new Error(`SQLite ${String(version)} is older than ${safeVersion.join('.')}`);
    }
  }
}

function connectionOf(database: Database.Database): SqliteConnection {
  const statements = new Map<string, Database.Statement<unknown[], SqlRow>>();

  const statementOf = (sql: string): Database.Statement<unknown[], SqlRow> => {
    const kept = statements.get(sql);
    if (kept !== undefined) return kept;
    const statement = database.prepare<unknown[], SqlRow>(sql).safeIntegers(true);
    if (statements.size >= statementsMax) statements.clear();
    statements.set(sql, statement);
    return statement;
  };

  const assertDurable = (): void => {
    // Prepared each time: a statement that is kept answers with the level of when it was prepared.
    const level: unknown = database.prepare('PRAGMA synchronous').pluck().get();
    if (level !== synchronousFull) {
      throw new DatabaseError(notDurableCode, `synchronous is ${String(level)}, not FULL`);
    }
  };

  return {
    execute(sql, parameters) {
      // After an error SQLite may have taken the transaction back by itself.
      if (sql === 'rollback' && !database.inTransaction) return noAnswer;
      // Asked here because the level SQLite really uses shows only after the first write.
      if (sql === 'commit') assertDurable();
      const statement = statementOf(sql);
      const bound = parameters.map(boundParameter);
      if (statement.reader) {
        const rows = statement.all(...bound);
        rows.forEach(narrowIntegers);
        return { rows, changes: null, insertId: null };
      }
      const { changes, lastInsertRowid } = statement.run(...bound);
      return { rows: [], changes, insertId: BigInt(lastInsertRowid) };
    },
    close() {
      database.close();
    },
  };
}

const noAnswer: SqlAnswer = { rows: [], changes: 0, insertId: null };

/**
 * A JavaScript number would be bound as a float, so whole numbers go as integers and others not at all. NUL in a
 * text is refused here as a database server refuses it.
 */
function boundParameter(value: SqlParameter): unknown {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number: ${String(value)}`);
    return BigInt(value);
  }
  if (typeof value === 'string' && value.includes('\0')) {
    throw new RangeError('a text holds the character NUL, which not every engine keeps');
  }
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value instanceof Uint8Array) return Buffer.from(value);
  return value;
}

function narrowIntegers(row: SqlRow): void {
  for (const column in row) {
    const value = row[column];
    if (typeof value !== 'bigint') continue;
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw new RangeError(`${column} is beyond a safe integer`);
    row[column] = number;
  }
}
