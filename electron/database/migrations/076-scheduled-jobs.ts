import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { count } from './column-checks.ts';

/** How far each window's work by the clock has come, so that a night is neither missed nor worked twice. */
export async function scheduledJobs(database: Kysely<Tables>): Promise<void> {
  await sql.raw(table).execute(database);
}

const table = `create table scheduled_jobs (
    window_id text not null,
    name text not null,
    done_until text not null,
    ${count('attempts')},
    last_began_at text,
    last_ended_at text,
    last_problem text,
    primary key (window_id, name)
  ) strict, without rowid`;
