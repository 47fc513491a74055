import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { json, oneOf } from './column-checks.ts';

/**
 * Payers that answer later: what they left for us, whole, and what of it did not fit; which claims went out in one file;
 * and how many of a run their payers have without having decided.
 */
export async function payerReturns(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements: readonly string[] = [
  `create table payer_returns (
    id text not null primary key,
    profile text not null,
    name text not null,
    sha256 text not null,
    fetched_at text not null,
    ${oneOf('kind', ['unread', 'answers', 'remittance', 'unreadable'])},
    read_at text,
    ${json('content_json')},
    content_version integer not null default 0,
    unique (profile, name, sha256),
    check ((kind = 'unread') = (read_at is null))
  ) strict, without rowid`,
  'create index payer_returns_kind on payer_returns (kind, id)',
  `create table payer_return_findings (
    return_id text not null references payer_returns (id),
    position integer not null check (position >= 0),
    code text not null,
    line integer check (line >= 1),
    field text,
    said text not null,
    ours text not null,
    claim_id text references claims (id),
    primary key (return_id, position)
  ) strict, without rowid`,
  'create index payer_return_findings_claim on payer_return_findings (claim_id)',
  `create table claims_together (
    claim_id text not null primary key references claims (id),
    sent_with text not null,
    answered_at text
  ) strict, without rowid`,
  'create index claims_together_sent_with on claims_together (sent_with)',
  'alter table upload_counts add column acknowledged integer not null default 0 check (acknowledged >= 0)',
];
