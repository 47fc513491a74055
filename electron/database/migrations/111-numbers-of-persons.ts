import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { json } from './column-checks.ts';

/**
 * Numbers that are of one person: a settlement may come to another person's years, though only together with its visit; and
 * a bill that was set aside until somebody says whose it is lies here, so that it comes in by itself.
 */
export async function numbersOfPersons(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
}

const statements: readonly string[] = [
  'drop trigger settlements_stay',
  `create trigger settlements_stay before update on settlements
    when old.state = 'cancelled' or new.id <> old.id or new.number <> old.number
      or new.visit_id <> old.visit_id
      or (new.person_id <> old.person_id
        and new.person_id <> (select person_id from visits where visits.id = new.visit_id))
      or new.result_json <> old.result_json or new.input_json <> old.input_json
      or new.total_fen <> old.total_fen or new.patient_pays_fen <> old.patient_pays_fen
      or new.hospital_bears_fen <> old.hospital_bears_fen or new.window_id <> old.window_id
      or new.program <> old.program or (old.entry > 0 and new.entry <> old.entry)
    begin select raise(abort, 'a settlement is never changed, only cancelled once'); end`,

  `create table bills_in_doubt (
    question_id text not null primary key references person_questions (id),
    visit_id text not null,
    source text not null,
    received_at text not null,
    ${json('bill_json')},
    bill_version integer not null default 0
  ) strict, without rowid`,
  'create index bills_in_doubt_visit on bills_in_doubt (visit_id)',
];
