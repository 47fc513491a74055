import type { Kysely } from 'kysely';

import type { SecondPersonRequestTable } from './page-tables.ts';
import type { Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** When a request is over: it expired before `now`, or was asked after `askedUntil` by a clock set back since. */
export type WaitingTime = { readonly now: string; readonly askedUntil: string };

/** What takes a second person, and who consented. */
export type SecondPersonRepository = {
  insert(request: SecondPersonRequestTable): Promise<void>;
  find(id: string): Promise<SecondPersonRequestTable | null>;
  /** What waits to be decided or used and is not over, oldest first; of one user where one is named. */
  waiting(
    time: WaitingTime,
    limit: number,
    askedBy?: string,
  ): Promise<readonly SecondPersonRequestTable[]>;
  /** What this user has asked for, whatever became of it, the latest first. */
  askedBy(userId: string, limit: number): Promise<readonly SecondPersonRequestTable[]>;
  /** Done in an emergency and looked at by nobody yet, oldest first; of one user where one is named. */
  emergencies(limit: number, askedBy?: string): Promise<readonly SecondPersonRequestTable[]>;
  change(
    request: Pick<SecondPersonRequestTable, 'id' | 'visit_id'>,
    change: Partial<SecondPersonRequestTable>,
  ): Promise<void>;
};

export function secondPersonRepository(
  db: Kysely<Tables>,
  { keys }: UnitOfWork,
): SecondPersonRepository {
  const assertHeld = ({ id, visit_id }: Pick<SecondPersonRequestTable, 'id' | 'visit_id'>) => {
    if (visit_id === null) keys.assertAlone(`the request ${id}`);
    else keys.assertHeld('visit', visit_id);
  };
  return {
    async insert(request) {
      assertHeld(request);
      await db.insertInto('second_person_requests').values(request).execute();
    },
    async find(id) {
      const row = await db
        .selectFrom('second_person_requests')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return row ?? null;
    },
    waiting({ now, askedUntil }, limit, askedBy) {
      // What is over keeps its state; it must not stand before what waits.
      const all = db
        .selectFrom('second_person_requests')
        .selectAll()
        .where('state', 'in', ['pending', 'approved'])
        .where('expires_at', '>=', now)
        .where('asked_at', '<=', askedUntil);
      const found = askedBy === undefined ? all : all.where('asked_by', '=', askedBy);
      return found.orderBy('asked_at').orderBy('id').limit(limit).execute();
    },
    askedBy: (userId, limit) =>
      db
        .selectFrom('second_person_requests')
        .selectAll()
        .where('asked_by', '=', userId)
        .orderBy('asked_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
    emergencies(limit, askedBy) {
      const all = db
        .selectFrom('second_person_requests')
        .selectAll()
        .where('emergency_reason', 'is not', null)
        .where('reviewed_at', 'is', null);
      const found = askedBy === undefined ? all : all.where('asked_by', '=', askedBy);
      return found.orderBy('asked_at').orderBy('id').limit(limit).execute();
    },
    async change(request, change) {
      assertHeld(request);
      await db
        .updateTable('second_person_requests')
        .set(change)
        .where('id', '=', request.id)
        .execute();
    },
  };
}
