import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { dayOrNull, json, oneOf } from './column-checks.ts';

/**
 * Who somebody is: bills and lists whose person is known under the same number as somebody else, until a person says which
 * it is; the other numbers a person is known by; and what was warned of when a bill came in.
 */
export async function personQuestions(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements: readonly string[] = [
  `create table person_questions (
    id text not null primary key,
    person_id text not null references persons (id),
    ${oneOf('came_by', ['visit', 'register'])},
    visit_id text,
    source text not null,
    place text,
    differs text not null,
    said_number text not null,
    said_name text not null,
    ${dayOrNull('said_birth_date')},
    said_sex text check (said_sex in ('male', 'female')),
    known_name text not null,
    ${dayOrNull('known_birth_date')},
    known_sex text check (known_sex in ('male', 'female')),
    asked_at text not null,
    ${oneOf('state', ['open', 'same', 'other', 'gone'])},
    answered_at text,
    answered_by text,
    answer_reason text,
    check ((state = 'open') = (answered_at is null)),
    check ((came_by = 'visit') = (visit_id is not null))
  ) strict, without rowid`,
  'create index person_questions_person on person_questions (person_id)',
  'create index person_questions_state on person_questions (state, asked_at)',

  `create table person_numbers (
    id_number text not null primary key,
    person_id text not null references persons (id),
    linked_at text not null,
    linked_by text not null,
    reason text not null,
    ${json('moved_json')},
    moved_version integer not null default 0
  ) strict, without rowid`,
  'create index person_numbers_person on person_numbers (person_id)',

  `alter table visits add column ${json('warnings_json')} default '[]'`,
  'alter table visits add column warnings_version integer not null default 0',
  `alter table set_aside_bills add column ${json('warnings_json')} default '[]'`,
  'alter table set_aside_bills add column warnings_version integer not null default 0',
];
