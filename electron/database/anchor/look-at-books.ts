import { closeSync, openSync, readSync, statSync } from 'node:fs';

import Database from 'better-sqlite3';

import { databaseError, DatabaseForeignError } from '../database-errors.ts';
import { busyTimeoutMs } from '../sqlite-connection.ts';
import type { BooksMark } from './anchor-record.ts';

/** How far the books of a database are, as far as its tables can say. */
export type Books = {
  readonly tablesVersion: number;
  /** Whose books they are and how far; null where the tables are from before that was kept. */
  readonly own: (BooksMark & { readonly folder: string; readonly anchored: boolean }) | null;
  /** The last settlement number of each day. */
  readonly days: Readonly<Record<string, number>>;
  /** The hash of the audit entry that was asked for; null where it is not there. */
  readonly hashAsked: string | null;
};

/** From this version of the tables on they say whose they are and how far. */
const booksSince = 50;
const dayCountersSince = 40;

/** Whether there is nothing that could be a database. */
export function isMissingOrEmpty(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0;
}

/**
 * Looks at the books of a database without writing to it; `entry` is the number of an audit entry whose hash is
 * wanted. Throws a `DatabaseKeyError` where the key does not fit, a `DatabaseForeignError` for a file that is no
 * encrypted database at all, and SQLite's own troubles as a `DatabaseError`.
 */
export function lookAtBooks(file: string, key: Uint8Array, entry: number): Books {
  let database: Database.Database | null = null;
  try {
    database = new Database(file, { readonly: true, timeout: busyTimeoutMs });
    database.pragma(`key="raw:${Buffer.from(key).toString('hex')}"`);
    return booksIn(database, entry);
  } catch (problem) {
    if (!(problem instanceof Error) || !('code' in problem)) throw problem;
    if (problem.code === 'SQLITE_NOTADB' && isPlainDatabase(file)) {
      throw new DatabaseForeignError('FOREIGN', `${file} is not encrypted`);
    }
    throw databaseError(String(problem.code), problem.message);
  } finally {
    database?.close();
  }
}

const plainHeader = Buffer.from('SQLite format 3\0', 'latin1');

/**
 * Asked only of what the key does not open: closing a file here frees the locks that this program's other connections
 * hold on it.
 */
function isPlainDatabase(file: string): boolean {
  const header = Buffer.alloc(plainHeader.length);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, header, 0, header.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return header.equals(plainHeader);
}

function booksIn(database: Database.Database, entry: number): Books {
  // The first read is where a wrong key shows, and a file that ends too early.
  database.prepare('select count(*) from sqlite_schema').get();
  const tablesVersion = Number(database.pragma('user_version', { simple: true }));
  if (tablesVersion === 0) return { tablesVersion, own: null, days: {}, hashAsked: null };
  const hash = database.prepare('select hash from audit_entries where sequence = ?').pluck();
  const hashAsked: unknown = entry === 0 ? null : hash.get(entry);
  return {
    tablesVersion,
    own: tablesVersion < booksSince ? null : ownOf(database),
    days: daysOf(database, tablesVersion),
    hashAsked: typeof hashAsked === 'string' ? hashAsked : null,
  };
}

type OwnRow = {
  readonly folder: string;
  readonly generation: number;
  readonly units: number;
  readonly anchored: number;
};
type HeadRow = { readonly sequence: number; readonly hash: string };

function ownOf(database: Database.Database): Books['own'] {
  const row = database
    .prepare<[], OwnRow>('select folder, generation, units, anchored from books where id = 1')
    .get();
  if (row === undefined) return null;
  const head = database
    .prepare<[], HeadRow>('select sequence, hash from audit_head where id = 1')
    .get();
  const { folder, generation, units } = row;
  const entries = head?.sequence ?? 0;
  return {
    folder,
    generation,
    units,
    anchored: row.anchored === 1,
    entries,
    head: head?.hash ?? '',
  };
}

function daysOf(
  database: Database.Database,
  tablesVersion: number,
): Readonly<Record<string, number>> {
  const statement =
    tablesVersion < dayCountersSince
      ? 'select business_date as day, max(sequence) as last from settlement_intents group by business_date'
      : 'select business_date as day, last from number_days';
  const rows = database.prepare<[], { day: string; last: number }>(statement).all();
  return Object.fromEntries(rows.map(({ day, last }) => [day, last]));
}
