import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';

/** What is stored as JSON beside the settlements has a format version, too. What stands there is of version 0. */
export async function moreDocumentVersions(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const version = (table: string, column: string): string =>
  `alter table ${table} add column ${column} integer not null default 0 check (${column} >= 0)`;

const statements: readonly string[] = [
  version('folder_facts', 'value_version'),
  version('persons', 'more_version'),
  version('claims', 'last_problem_version'),
  version('claim_events', 'detail_version'),
  version('print_jobs', 'problem_version'),
  version('intake_refusals', 'message_version'),
];
