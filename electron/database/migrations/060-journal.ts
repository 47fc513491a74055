import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { count, json, oneOf } from './column-checks.ts';

/**
 * What a folder with a second place keeps for it: every changed row in the order of the changes, and whether there is
 * such a place. The triggers that write it are no part of a migration: they are made anew from the tables after the
 * last one (`journal-triggers.ts`), so that a column that comes later cannot be forgotten.
 */
export async function journal(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements: readonly string[] = [
  // The last row is never removed, so that no number is given twice.
  `create table journal (
    sequence integer primary key,
    table_name text not null,
    ${oneOf('act', ['put', 'change', 'remove', 'end'])},
    ${json('row_json')},
    at text,
    check ((act = 'end') = (at is not null))
  ) strict`,
  `create table journal_places (
    id integer primary key check (id = 1),
    ${count('term')}
  ) strict`,
];
