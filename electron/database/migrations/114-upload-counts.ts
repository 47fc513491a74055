import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { count } from './column-checks.ts';

/** What came of a run of uploading, payer by payer, so that it can be looked at the morning after. */
export async function uploadCounts(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements: readonly string[] = [
  `create table upload_counts (
    run_id text not null references upload_runs (id),
    destination text not null,
    ${count('claims')},
    ${count('accepted')},
    ${count('rejected')},
    ${count('unknown')},
    ${count('waiting')},
    primary key (run_id, destination)
  ) strict, without rowid`,
];
