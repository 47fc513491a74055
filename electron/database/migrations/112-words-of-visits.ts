import { sql, type Kysely } from 'kysely';

import { wordsOfVisit } from '../../base/search-words.ts';
import type { Tables } from '../schema.ts';

/** The words visits are found by. */
export async function wordsOfVisits(database: Kysely<Tables>): Promise<void> {
  await sql.raw(table).execute(database);
  await sql.raw(ofVisit).execute(database);
  for (let after = ''; ;) {
    const visits = await database
      .selectFrom('visits')
      .select(['id', 'person_name', 'bed', 'department'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(visitsAtOnce)
      .execute();
    const rows = visits.flatMap(({ id, person_name: name, bed, department }) =>
      wordsOfVisit({ name, bed, department }).map((word) => ({ word, visit_id: id })),
    );
    if (rows.length > 0) await database.insertInto('visit_words').values(rows).execute();
    if (visits.length < visitsAtOnce) return;
    after = visits.at(-1)?.id ?? after;
  }
}

/** Each has at most sixty words of two values; a statement takes some thirty thousand values. */
const visitsAtOnce = 200;

const table = `create table visit_words (
    word text not null,
    visit_id text not null references visits (id),
    primary key (word, visit_id)
  ) strict, without rowid`;

const ofVisit = 'create index visit_words_visit on visit_words (visit_id)';
