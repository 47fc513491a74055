import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { oneOf } from './column-checks.ts';

/** Which card is whose, as registers of cards say, and whether it still counts. */
export async function personCards(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements: readonly string[] = [
  `create table person_cards (
    ${oneOf('kind', ['social-security', 'preferential'])},
    number text not null check (number <> ''),
    source text not null,
    id_number text not null,
    name text not null,
    ${oneOf('state', ['valid', 'lost', 'replaced', 'cancelled'])},
    primary key (kind, number, source)
  ) strict, without rowid`,
  'create index person_cards_source on person_cards (source)',
];
