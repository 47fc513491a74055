import { sql, type Kysely, type RawBuilder } from 'kysely';

import { writtenNumber } from '../../shared/domain/identity-number.ts';
import { asSeen } from '../../shared/domain/written-text.ts';
import { wordsLookedFor } from '../base/search-words.ts';
import type { Tables } from './schema.ts';
import { summaryOf, summaryQuery, type VisitSummary } from './visit-summaries.ts';

/** More words than anybody types into a finder. */
const wordsMost = 5;
/** A part of a number that is shorter stands in too many of them. */
const partLeast = 4;
/** As many visits are looked at one by one; where a word finds more, the newest are gone through until there are enough. */
const fewMost = 500;

/**
 * Visits a text finds, unsettled ones first, then the newest. A whole number (visit, admission, document) finds what bears it
 * alone; else every word has to be found: in the name, its pinyin or initials, the department and bed, or as a part of a number.
 */
export async function findVisits(
  db: Kysely<Tables>,
  { text, limit }: { readonly text: string; readonly limit: number },
): Promise<readonly VisitSummary[]> {
  const whole = await ofWholeNumber(db, text, limit);
  if (whole.length > 0) return whole;
  const words = wordsLookedFor(text).slice(0, wordsMost);
  if (words.length === 0) return [];
  for (const word of words) {
    const few = await fewOf(db, word);
    if (few === null) continue;
    if (few.length === 0) return [];
    const others = words.filter((each) => each !== word);
    return summaries(
      db,
      [sql<boolean>`visits.id in (${sql.join(few)})`, ...others.map(foundBy)],
      limit,
    );
  }
  const conditions = words.map(foundBy);
  const unsettled = sql<boolean>`visits.state = 'unsettled'`;
  const found = await summaries(db, [unsettled, ...conditions], limit);
  if (found.length >= limit) return found;
  const settled = sql<boolean>`visits.state = 'settled'`;
  return [...found, ...(await summaries(db, [settled, ...conditions], limit - found.length))];
}

async function summaries(
  db: Kysely<Tables>,
  conditions: readonly RawBuilder<boolean>[],
  limit: number,
): Promise<readonly VisitSummary[]> {
  let query = summaryQuery(db)
    .orderBy('visits.state', 'desc')
    .orderBy('visits.discharged_on', 'desc')
    .orderBy('visits.id', 'desc')
    .limit(limit);
  for (const condition of conditions) query = query.where(condition);
  return (await query.execute()).map(summaryOf);
}

async function ofWholeNumber(
  db: Kysely<Tables>,
  written: string,
  limit: number,
): Promise<readonly VisitSummary[]> {
  const text = asSeen(written).trim();
  const number = writtenNumber(text);
  if (number === '') return [];
  const linked = sql`select person_id from person_numbers where id_number = ${number}`;
  const own = sql`select id from persons where id_number = ${number}`;
  const ids = await sql<{ id: string }>`
    select id from visits where id in (${text}, ${number})
    union select id from visits where admission_number in (${text}, ${number})
    union select id from visits where person_id in (${own})
    union select id from visits where person_id in (${linked})
    limit ${fewMost}`.execute(db);
  if (ids.rows.length === 0) return [];
  const few = sql.join(ids.rows.map(({ id }) => id));
  return summaries(db, [sql<boolean>`visits.id in (${few})`], limit);
}

/** The visits of a word where they are few; null: they are many. */
async function fewOf(db: Kysely<Tables>, word: string): Promise<readonly string[] | null> {
  const found = new Set<string>();
  for (const query of [ofWord(word), ...partsOf(word)]) {
    const { rows } = await sql<{ id: string }>`select id from (${query}) as found
      limit ${fewMost + 1}`.execute(db);
    for (const { id } of rows) found.add(id);
    if (found.size > fewMost) return null;
  }
  return [...found];
}

const foundBy = (word: string): RawBuilder<boolean> =>
  sql<boolean>`(${sql.join(
    [ofWord(word), ...partsOf(word)].map((query) => sql`visits.id in (${query})`),
    sql` or `,
  )})`;

/** After every text that begins with a word. */
const last = '\u{10FFFF}';

const ofWord = (word: string): RawBuilder<unknown> => sql`select distinct visit_id as id
  from visit_words where word >= ${word} and word < ${word + last}`;

/** The visits of which a number has this part. */
function partsOf(word: string): readonly RawBuilder<unknown>[] {
  if (!/^[a-z\d]+$/.test(word) || !/\d/.test(word) || word.length < partLeast) return [];
  // Both sides small: whether `like` looks at the case of letters is another thing on each engine. Numbers are gone through in
  // their own indexes; what else a row holds would be read with it.
  const part = `%${word}%`;
  const documents = sql`select id_number from persons where lower(id_number) like ${part}`;
  const linked = sql`select id_number from person_numbers where lower(id_number) like ${part}`;
  const admissions = sql`select admission_number from visits where lower(admission_number) like ${part}`;
  const persons = sql`select id from persons where id_number in (${documents})
    union all select person_id from person_numbers where id_number in (${linked})`;
  return [
    sql`select id from visits where id in (select id from visits where lower(id) like ${part})`,
    sql`select id from visits where admission_number in (${admissions})`,
    sql`select id from visits where person_id in (${persons})`,
  ];
}
