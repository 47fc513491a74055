import type { Kysely } from 'kysely';

import type { Day } from '../../shared/domain/visit.ts';
import type { Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** The business date that money last counted for. */
export type BusinessDayRepository = {
  /** null: nothing was settled or cancelled here yet. The last in order, which need not be the latest. */
  last(): Promise<Day | null>;
  /** From now on money counts for this day. A row that every window writes: a unit of work does it first. */
  enter(businessDate: Day): Promise<void>;
};

export function businessDayRepository(
  db: Kysely<Tables>,
  { keys }: UnitOfWork,
): BusinessDayRepository {
  return {
    async last() {
      const row = await db
        .selectFrom('last_business_day')
        .select('business_date')
        .where('id', '=', 1)
        .executeTakeFirst();
      return row?.business_date ?? null;
    },
    async enter(businessDate) {
      keys.takeHotRow('last_business_day');
      await db
        .insertInto('last_business_day')
        .values({ id: 1, business_date: businessDate })
        .onConflict((conflict) =>
          conflict.column('id').doUpdateSet({ business_date: businessDate }),
        )
        .execute();
    },
  };
}
