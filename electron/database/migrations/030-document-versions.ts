import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { count } from './column-checks.ts';

/** Stored JSON has a format version; a bill is known again by what was received. */
export async function documentVersions(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const version = (table: string, column: string): string =>
  `alter table ${table} add column ${column} integer not null default 0 check (${column} >= 0)`;

const statements: readonly string[] = [
  version('visits', 'input_version'),
  // Over everything received of the visit, the year too; null for what came before.
  'alter table visits add column received_hash text',
  version('set_aside_bills', 'input_version'),
  version('settlements', 'input_version'),
  version('settlements', 'result_version'),
  version('hospital_files', 'payload_version'),
  version('audit_entries', 'detail_version'),
  version('person_year_openings', 'opening_version'),
  `create trigger settlement_versions_stay before update on settlements
    when new.input_version <> old.input_version or new.result_version <> old.result_version
    begin select raise(abort, 'a settlement is never changed, only cancelled once'); end`,
  `create table document_versions (
    kind text primary key,
    ${count('newest')}
  ) strict, without rowid`,
];
