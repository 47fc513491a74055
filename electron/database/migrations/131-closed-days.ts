import { sql, type Kysely } from 'kysely';

import { ledgerKinds } from '../remittance-tables.ts';
import type { Tables } from '../schema.ts';
import { count, day, oneOf } from './column-checks.ts';

/** What was compared with which payer for which day, and the days that are closed. */
export async function closedDays(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements: readonly string[] = [
  `create table day_comparisons (
    ${day('business_date')},
    payer text not null,
    id text not null,
    compared_at text not null,
    compared_by text not null,
    ${oneOf('ledger', ledgerKinds)},
    ${count('claims_here')},
    ${count('claimed_fen')},
    ${count('claims_there')},
    ${count('there_fen')},
    problem text,
    primary key (business_date, payer)
  ) strict, without rowid`,

  `create table day_closes (
    business_date text not null primary key,
    closed_at text not null,
    closed_by text not null,
    ${count('entry')},
    ${count('explained')}
  ) strict, without rowid`,

  'create index claims_day on claims (business_date, destination, message_id)',
];
