import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { count } from './column-checks.ts';

/**
 * The audit chain has a key, closed under the folder's, and its end is sealed with it; what was made of the books on the
 * disk, statements and files for the hospital's system, has its hash in them.
 */
export async function keyedAudit(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements: readonly string[] = [
  `create table audit_keys (
    id integer primary key check (id = 1),
    ${count('first_entry')},
    sealed text not null,
    made_at text not null
  ) strict`,
  `create trigger audit_keys_stay before update on audit_keys
    begin select raise(abort, 'the key of the audit is never changed'); end`,
  `create trigger audit_keys_remain before delete on audit_keys
    begin select raise(abort, 'the key of the audit is never removed'); end`,
  // Empty where the last entry has a plain hash.
  `alter table audit_head add column seal text not null default ''`,

  'alter table print_jobs add column file_sha256 text',
  'alter table hospital_files add column file_sha256 text',
];
