import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { count } from './column-checks.ts';

/**
 * Rows that wait to be settled bear a keyed mark, and how many of each table do, with a sum of their marks, is sealed with the
 * end of the audit chain. Rows that are there are marked when the store is opened, once it has the key (`start-row-marks.ts`).
 */
export async function rowMarks(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements: readonly string[] = [
  `create table row_marks (
    kind text not null,
    row_key text not null,
    mark text not null,
    primary key (kind, row_key)
  ) strict, without rowid`,
  `create table row_sums (
    kind text primary key,
    ${count('rows')},
    sum text not null
  ) strict`,
];
