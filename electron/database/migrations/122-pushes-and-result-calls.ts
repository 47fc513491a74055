import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { count, oneOf } from './column-checks.ts';

/**
 * Who may push bills over HTTP, each with a token of which only a hash is kept; and results that are called back to the hospital's
 * system: what came of each call until it was answered.
 */
export async function pushesAndResultCalls(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements: readonly string[] = [
  `create table push_senders (
    id text not null primary key,
    name text not null,
    token_sha256 text not null unique,
    made_at text not null,
    made_by text not null,
    last_push_at text,
    ended_at text,
    ended_by text,
    end_reason text,
    check ((ended_at is null) = (ended_by is null) and (ended_at is null) = (end_reason is null))
  ) strict, without rowid`,

  `create table result_calls (
    file_id text not null primary key references hospital_files (id),
    visit_id text not null,
    ${oneOf('state', ['trying', 'given-up'])},
    ${count('attempts')},
    last_at text not null,
    last_problem text not null
  ) strict, without rowid`,
  'create index result_calls_state on result_calls (state, file_id)',
];
