import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { count, oneOf } from './column-checks.ts';

/**
 * A register is written in many short units of work and counts from the last one on: what it says is kept with the
 * version it was added in and the one it is no more in, and one row says which version of a register counts.
 */
export async function registersInParts(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const cardColumns = 'kind, number, source, id_number, name, state';

const statements: readonly string[] = [
  `create table registers (
    ${oneOf('kind', ['persons', 'cards'])},
    source text not null,
    ${count('version')},
    building text,
    primary key (kind, source)
  ) strict, without rowid`,

  'alter table person_categories add column added_in integer not null default 0 check (added_in >= 0)',
  'alter table person_categories add column removed_in integer check (removed_in >= 1)',
  'drop index person_categories_source',
  'create index person_categories_source on person_categories (source, removed_in)',

  'alter table persons add column of_register text',
  'alter table persons add column register_version integer check (register_version >= 1)',

  'alter table person_cards rename to person_cards_before',
  'drop index person_cards_source',
  `create table person_cards (
    id integer primary key,
    ${oneOf('kind', ['social-security', 'preferential'])},
    number text not null check (number <> ''),
    source text not null,
    id_number text not null,
    name text not null,
    ${oneOf('state', ['valid', 'lost', 'replaced', 'cancelled'])},
    ${count('added_in')},
    removed_in integer check (removed_in >= 1),
    unique (kind, number, source, added_in)
  ) strict`,
  `insert into person_cards (${cardColumns}, added_in)
    select ${cardColumns}, 0 from person_cards_before`,
  'drop table person_cards_before',
  'create index person_cards_source on person_cards (source, removed_in)',
];
