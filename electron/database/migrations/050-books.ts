import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';
import { count, day } from './column-checks.ts';

/**
 * The books know whose they are and how many units of work were ever kept in them, so that a database that is older
 * or shorter than its folder remembers is seen; settlement numbers that were lost are kept, so that none is given
 * to a second patient.
 */
export async function books(database: Kysely<Tables>): Promise<void> {
  for (const statement of tables) await sql.raw(statement).execute(database);
}

const tables: readonly string[] = [
  `create table books (
    id integer primary key check (id = 1),
    folder text not null,
    ${count('generation')},
    ${count('units')},
    anchored integer not null check (anchored in (0, 1))
  ) strict`,
  // Whose they are is said with the folder's first anchor record.
  `insert into books (id, folder, generation, units, anchored) values (1, '', 0, 0, 0)`,
  `create table numbers_lost (
    ${day('business_date')},
    ${count('first')},
    ${count('last')},
    found_at text not null,
    primary key (business_date, first),
    check (first <= last)
  ) strict, without rowid`,
  `create trigger books_go_on before update on books
    when (new.folder <> old.folder and old.anchored = 1) or new.anchored < old.anchored
      or new.generation < old.generation
      or (new.generation = old.generation and new.units < old.units)
    begin select raise(abort, 'the books never go back'); end`,
  `create trigger books_remain before delete on books
    begin select raise(abort, 'the books are never removed'); end`,
  `create trigger numbers_lost_stay before update on numbers_lost
    begin select raise(abort, 'a lost number is never found again by a change'); end`,
  `create trigger numbers_lost_remain before delete on numbers_lost
    begin select raise(abort, 'a lost number is never given again'); end`,
];
