import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';

/**
 * The secret that replaces a page's own when somebody signs in there, until its first use; why a request for a second
 * person was decided so, and that the one who asked took it back.
 */
export async function pageSecretsAndDecisions(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements = [
  'alter table page_sessions add column next_secret_sha256 text',
  'alter table page_sessions add column next_secret_at text',
  'create unique index page_sessions_next on page_sessions (next_secret_sha256)',
  'alter table second_person_requests add column decision_reason text',
  'alter table second_person_requests add column taken_back_at text',
  'create index second_person_requests_asked on second_person_requests (asked_by, asked_at)',
];
