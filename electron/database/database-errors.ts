import type { Words } from '../../shared/domain/result.ts';

/** What went wrong in the database, by a name the services can tell apart. `code` is SQLite's own. */
export class DatabaseError extends Error {
  override readonly name: string = 'DatabaseError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Another program held the data for longer than the busy timeout. Nothing was written; trying again is safe. */
export class DatabaseBusyError extends DatabaseError {
  override readonly name = 'DatabaseBusyError';
}

/** The file is damaged. Nothing is deleted or mended by itself: a verified backup is the way back. */
export class DatabaseDamagedError extends DatabaseError {
  override readonly name = 'DatabaseDamagedError';
}

/** The key does not open the file, or the file is none of ours. */
export class DatabaseKeyError extends DatabaseError {
  override readonly name = 'DatabaseKeyError';
  /** The folder knows its key and this is not it; else the file may be damaged as well. */
  readonly isCertain: boolean;

  constructor(code: string, message: string, isCertain = false) {
    super(code, message);
    this.isCertain = isCertain;
  }
}

/** The file is no database of this folder: of another one, or of another program. */
export class DatabaseForeignError extends DatabaseError {
  override readonly name = 'DatabaseForeignError';
}

/** No room or no way to write: the transaction was taken back whole. */
export class DatabaseFullError extends DatabaseError {
  override readonly name = 'DatabaseFullError';
}

/** A rule of the tables was broken, such as a second live settlement of one visit. */
export class DatabaseConstraintError extends DatabaseError {
  override readonly name = 'DatabaseConstraintError';
}

/** A connection would have committed without waiting for the disk, so the commit was refused. */
export class DatabaseNotDurableError extends DatabaseError {
  override readonly name = 'DatabaseNotDurableError';
}

/** The data was written by a newer version of the program. */
export class DatabaseNewerError extends DatabaseError {
  override readonly name: string = 'DatabaseNewerError';
}

/** A stored document was written by a newer version of the program, in a form this one does not know. */
export class DatabaseDocumentNewerError extends DatabaseNewerError {
  override readonly name = 'DatabaseDocumentNewerError';
  readonly document: Words;

  constructor(document: Words, version: number, newest: number) {
    const versions = `version ${String(version)}, this program knows ${String(newest)}`;
    super('DOCUMENT_NEWER', `${document.en} is of ${versions}`);
    this.document = document;
  }
}

/** A stored document cannot be read, or not be brought up to the newest version. Nothing was changed. */
export class DatabaseDocumentError extends DatabaseError {
  override readonly name = 'DatabaseDocumentError';
  readonly document: Words;

  constructor(document: Words, version: number, why: string) {
    super('DOCUMENT', `${document.en}, version ${String(version)}, cannot be read: ${why}`);
    this.document = document;
  }
}

/** The error of a database code, as the thread that owns the connection reported it. */
export function databaseError(code: string, message: string): DatabaseError {
  const text = `${code}: ${message}`;
  if (/^SQLITE_(?:BUSY|LOCKED|PROTOCOL)/.test(code)) return new DatabaseBusyError(code, text);
  if (code.startsWith('SQLITE_CORRUPT')) return new DatabaseDamagedError(code, text);
  if (code.startsWith('SQLITE_NOTADB')) return new DatabaseKeyError(code, text);
  if (/^SQLITE_(?:FULL|IOERR|READONLY|CANTOPEN)/.test(code)) {
    return new DatabaseFullError(code, text);
  }
  if (code.startsWith('SQLITE_CONSTRAINT')) return new DatabaseConstraintError(code, text);
  if (code === notDurableCode) return new DatabaseNotDurableError(code, text);
  return new DatabaseError(code, text);
}

/** Reported in place of an SQLite code when `synchronous` is not FULL at a commit. */
export const notDurableCode = 'NOT_DURABLE';
