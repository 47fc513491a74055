import { sql, type Kysely } from 'kysely';

import type { Tables } from '../schema.ts';

/**
 * A step's year is kept in full from now on: its base, what was borne of its deductible, what it paid and what the
 * patient was left with. What stands here knows only what a step paid; each of those figures is marked, for as long
 * as one of them counts the step is known by what it paid alone.
 */
export async function stepsOfTheYear(database: Kysely<Tables>): Promise<void> {
  for (const statement of marks) await sql.raw(statement).execute(database);
}

const marks: readonly string[] = [
  `insert into year_counters (person_id, year, counter, opening, value)
    select person_id, year, mark, opened, opened + settled from (
      select person_id, year, 'step-paid-only:' || substr(counter, 9) as mark,
        (select count(*) from person_year_openings, json_each(opening_json, '$.byStep') as step
          where person_year_openings.person_id = year_counters.person_id
            and person_year_openings.year = year_counters.year
            and step.key = substr(year_counters.counter, 9)) as opened,
        (select count(*) from settlement_counter_changes
          join settlements on settlements.id = settlement_counter_changes.settlement_id
          where settlement_counter_changes.person_id = year_counters.person_id
            and settlement_counter_changes.year = year_counters.year
            and settlement_counter_changes.counter = year_counters.counter
            and settlements.state = 'settled') as settled
      from year_counters where counter like 'by-step:%')`,
  `insert into settlement_counter_changes (settlement_id, person_id, year, counter, change)
    select settlement_id, person_id, year, 'step-paid-only:' || substr(counter, 9), 1
    from settlement_counter_changes where counter like 'by-step:%'`,
];
