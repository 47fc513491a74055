import type { Kysely } from 'kysely';

import type { Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** How far one piece of work by the clock has come at this window. */
export type ScheduledJobRecord = {
  readonly name: string;
  /** Every time the clock named up to this instant is done with. */
  readonly doneUntil: string;
  /** How often the time that is due was begun. */
  readonly attempts: number;
  readonly lastBeganAt: string | null;
  /** When it last ended well; null: never yet. */
  readonly lastEndedAt: string | null;
  /** Why it last did not end well; null after it did. */
  readonly lastProblem: string | null;
};

export type ScheduledJobsRepository = {
  /** null: this window never had this work. */
  find(name: string): Promise<ScheduledJobRecord | null>;
  keep(record: ScheduledJobRecord): Promise<void>;
};

export function scheduledJobsRepository(
  db: Kysely<Tables>,
  { window, keys }: UnitOfWork,
): ScheduledJobsRepository {
  return {
    async find(name) {
      const row = await db
        .selectFrom('scheduled_jobs')
        .selectAll()
        .where('window_id', '=', window.id)
        .where('name', '=', name)
        .executeTakeFirst();
      if (row === undefined) return null;
      return {
        name,
        doneUntil: row.done_until,
        attempts: row.attempts,
        lastBeganAt: row.last_began_at,
        lastEndedAt: row.last_ended_at,
        lastProblem: row.last_problem,
      };
    },
    async keep({ name, doneUntil, attempts, lastBeganAt, lastEndedAt, lastProblem }) {
      keys.assertAlone(`the job ${name}`);
      const values = {
        done_until: doneUntil,
        attempts,
        last_began_at: lastBeganAt,
        last_ended_at: lastEndedAt,
        last_problem: lastProblem,
      };
      await db
        .insertInto('scheduled_jobs')
        .values({ window_id: window.id, name, ...values })
        .onConflict((conflict) => conflict.columns(['window_id', 'name']).doUpdateSet(values))
        .execute();
    },
  };
}
