import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { day } from './column-checks.ts';

/**
 * The business date that money last counted for, in the one row of id 1. A folder from before knows it from the
 * numbers it has given.
 */
export async function lastBusinessDay(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements: readonly string[] = [
  `create table last_business_day (
    id integer primary key check (id = 1),
    ${day('business_date')}
  ) strict`,
  `insert into last_business_day (id, business_date)
    select 1, business_date from number_days order by business_date desc limit 1`,
];
