import { sql, type Kysely } from 'kysely';

import { differenceClasses, differenceStates } from '../remittance-tables.ts';
import type { Tables } from '../schema.ts';
import { amount, amountOrNull, count, day, oneOf } from './column-checks.ts';

/** What payers say they paid, line by line, and what does not agree. */
export async function remittances(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements: readonly string[] = [
  `create table remittance_files (
    payer text not null,
    sha256 text not null,
    file_name text not null,
    content_base64 text not null,
    received_at text not null,
    received_by text not null,
    refused_as text,
    primary key (payer, sha256)
  ) strict, without rowid`,

  `create table remittances (
    id text not null primary key,
    payer text not null,
    number text not null,
    sha256 text not null,
    ${day('paid_on')},
    ${count('line_count')},
    ${amount('claimed_fen')},
    ${amount('approved_fen')},
    ${amount('adjusted_fen')},
    ${amount('paid_fen')},
    ${day('business_date')},
    taken_at text not null,
    taken_by text not null,
    ${count('entry')},
    ${oneOf('state', ['taken', 'taken-back'])},
    taken_back_at text,
    taken_back_by text,
    taken_back_reason text,
    foreign key (payer, sha256) references remittance_files (payer, sha256),
    check ((state = 'taken-back') = (taken_back_at is not null)),
    check ((state = 'taken-back') = (taken_back_by is not null))
  ) strict, without rowid`,
  `create unique index remittances_number on remittances (payer, number) where state = 'taken'`,
  `create unique index remittances_file on remittances (payer, sha256) where state = 'taken'`,

  `create table remittance_lines (
    remittance_id text not null references remittances (id),
    ${count('position')},
    reference text not null,
    step text,
    claim_id text references claims (id),
    ${amount('claimed_fen')},
    ${amount('approved_fen')},
    ${amount('adjusted_fen')},
    ${amount('paid_fen')},
    code text,
    words text,
    ${oneOf('state', ['booked', 'difference'])},
    primary key (remittance_id, position),
    check (approved_fen - adjusted_fen = paid_fen),
    check (state <> 'booked' or claim_id is not null)
  ) strict, without rowid`,
  'create index remittance_lines_claim on remittance_lines (claim_id)',

  `create table differences (
    id text not null primary key,
    ${day('business_date')},
    payer text not null,
    ${oneOf('class', differenceClasses)},
    subject text not null,
    claim_id text references claims (id),
    settlement_id text references settlements (id),
    step text,
    remittance_id text references remittances (id),
    position integer,
    ${amountOrNull('ours_fen')},
    ${amountOrNull('theirs_fen')},
    claim_state text,
    said text,
    seen_in text not null,
    opened_at text not null,
    opened_by text not null,
    ${oneOf('state', differenceStates)},
    closed_at text,
    closed_by text,
    reason text,
    unique (business_date, payer, class, subject),
    check ((state = 'open') = (closed_at is null)),
    check ((state = 'open') = (closed_by is null)),
    check (state <> 'explained' or reason is not null)
  ) strict, without rowid`,
  'create index differences_state on differences (state, business_date)',
  'create index differences_line on differences (remittance_id, position)',

  'create index claims_reference on claims (payer_reference)',
];
