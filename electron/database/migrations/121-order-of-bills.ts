import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { json, oneOf } from './column-checks.ts';

/**
 * Which of two bills of a visit is the later one: the sender's version and the time each was made, as far as they are known;
 * and bills of which nobody can tell, until a person says it.
 */
export async function orderOfBills(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const madeBy = `made_by text check (made_by in ('sender', 'file', 'read'))`;

const statements: readonly string[] = [
  ...['visits', 'set_aside_bills'].flatMap((table) => [
    `alter table ${table} add column sent_version integer check (sent_version >= 0)`,
    `alter table ${table} add column made_at text`,
    `alter table ${table} add column ${madeBy}`,
  ]),
  'alter table bills_in_doubt add column made_at text',
  `alter table bills_in_doubt add column ${madeBy}`,

  `create table bill_questions (
    id text not null primary key,
    visit_id text not null references visits (id),
    bill_hash text not null,
    known_hash text not null,
    source text not null,
    received_at text not null,
    sent_version integer check (sent_version >= 0),
    made_at text,
    ${madeBy},
    ${json('bill_json')},
    bill_version integer not null default 0,
    ${oneOf('state', ['open', 'newer', 'older', 'gone'])},
    answered_at text,
    answered_by text,
    answer_reason text,
    check ((state = 'open') = (answered_at is null))
  ) strict, without rowid`,
  'create index bill_questions_visit on bill_questions (visit_id)',
  'create index bill_questions_state on bill_questions (state, id)',
];
