import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { oneOf } from './column-checks.ts';

/** Whose card it is that lay there when a visit was looked up: what was asked of it, by whom, and what was answered. */
export async function identityQuestions(database: Kysely<Tables>): Promise<void> {
  await sql.raw(table).execute(database);
  await sql.raw(ofVisit).execute(database);
}

const table = `create table identity_questions (
    id text not null primary key,
    visit_id text not null references visits (id),
    code text not null,
    card text not null,
    card_sha256 text not null,
    card_read text not null,
    asked_at text not null,
    asked_by text not null,
    asked_page text not null,
    ${oneOf('state', ['open', 'confirmed', 'fitted', 'set-aside'])},
    answered_at text,
    answered_by text,
    answered_page text,
    check ((state = 'open') = (answered_at is null))
  ) strict, without rowid`;

const ofVisit = `create index identity_questions_visit on identity_questions (visit_id)`;
