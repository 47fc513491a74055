import { sql, type Kysely } from 'kysely';
import { z } from 'zod';

import type { Tables } from '../schema.ts';

/**
 * Since when a bill waits to be settled: when it came first, which its time of arrival no longer says once it has come again,
 * and the day of discharge of one whose patient is in doubt. Of what was settled before, the first time is not known: it is
 * empty, and comes before all others. The queue is counted by who has to act without reading the visits themselves.
 */
export async function waitingBills(database: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database);
  const bills = await database
    .selectFrom('bills_in_doubt')
    .select(['question_id', 'bill_json'])
    .execute();
  for (const { question_id: id, bill_json: text } of bills) {
    await database
      .updateTable('bills_in_doubt')
      .set({ discharged_on: dayIn(JSON.parse(text)) })
      .where('question_id', '=', id)
      .execute();
  }
}

const kept = z.object({
  document: z.object({ visit: z.object({ dischargedOn: z.iso.date() }) }),
});

/** As the bill says it; empty: it does not. */
function dayIn(bill: unknown): string {
  const read = kept.safeParse(bill);
  return read.success ? read.data.document.visit.dischargedOn : '';
}

const statements: readonly string[] = [
  `alter table visits add column first_received_at text not null default ''`,
  `update visits set first_received_at = received_at where state = 'unsettled'`,
  'drop index visits_to_settle',
  'create index visits_to_settle on visits (state, discharged_on, id, blocker_count)',
  'create index visits_by_arrival on visits (state, first_received_at, id, blocker_count)',
  `alter table bills_in_doubt add column discharged_on text not null default ''`,
];
