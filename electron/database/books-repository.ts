import { sql, type Kysely } from 'kysely';

import type { Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** Settlement numbers of a day whose settlements are lost, first and last included. */
type LostRange = {
  readonly businessDate: string;
  readonly first: number;
  readonly last: number;
};

/** What the books say of themselves. */
export type BooksRepository = {
  /**
   * The books go on from a restored state: everything written before is behind from now on, and the lost numbers
   * count as given.
   */
  goOnAs(generation: number, lost: readonly LostRange[], at: string): Promise<void>;
};

export function booksRepository(db: Kysely<Tables>, { keys }: UnitOfWork): BooksRepository {
  return {
    async goOnAs(generation, lost, at) {
      keys.assertAlone('the generation of the books');
      await db.updateTable('books').set({ generation }).where('id', '=', 1).execute();
      for (const { businessDate, first, last } of lost) {
        keys.takeHotRow('number_days');
        await db
          .insertInto('number_days')
          .values({ business_date: businessDate, last })
          .onConflict((conflict) =>
            conflict
              .column('business_date')
              .doUpdateSet({ last: sql<number>`excluded.last` })
              .whereRef('number_days.last', '<', 'excluded.last'),
          )
          .execute();
        await db
          .insertInto('numbers_lost')
          .values({ business_date: businessDate, first, last, found_at: at })
          .execute();
      }
    },
  };
}
