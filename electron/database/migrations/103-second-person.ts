import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { oneOf } from './column-checks.ts';

/** What takes a second person: what, for whom, by whom, when and from which page, and who consented from which. */
export async function secondPerson(database: Kysely<Tables>): Promise<void> {
  await sql.raw(table).execute(database);
  await sql.raw(byState).execute(database);
}

const table = `create table second_person_requests (
    id text not null primary key,
    act text not null,
    about text not null,
    visit_id text references visits (id),
    reason text not null,
    asked_at text not null,
    asked_by text not null,
    asked_page text not null,
    expires_at text not null,
    ${oneOf('state', ['pending', 'approved', 'refused', 'used', 'expired'])},
    decided_at text,
    decided_by text,
    decided_page text,
    emergency_reason text,
    used_at text,
    used_for text,
    reviewed_at text,
    reviewed_by text,
    check (decided_by is null or decided_by <> asked_by),
    check ((state = 'used') = (used_at is not null)),
    check (state <> 'used' or decided_by is not null or emergency_reason is not null)
  ) strict, without rowid`;

const byState = `create index second_person_requests_state on second_person_requests (state, asked_at)`;
