import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { count, oneOf } from './column-checks.ts';

/** The pages that were let in: who sits at each, since when, and how it ended. Of its secret only a hash is kept. */
export async function pageSessions(database: Kysely<Tables>): Promise<void> {
  await sql.raw(table).execute(database);
  await sql.raw(live).execute(database);
}

const table = `create table page_sessions (
    id text not null primary key,
    window_id text not null,
    secret_sha256 text not null unique,
    ${oneOf('page', ['browser', 'window'])},
    user_id text,
    opened_at text not null,
    last_used_at text not null,
    ${count('lived_ms')},
    ended_at text,
    end_reason text check (end_reason in ('idle', 'too-old', 'stopped', 'signed-out', 'by-administrator', 'account-ended')),
    check ((ended_at is null) = (end_reason is null))
  ) strict, without rowid`;

const live = `create index page_sessions_live on page_sessions (window_id, ended_at, opened_at)`;
