import type { Kysely } from 'kysely';

import type { SecondPersonRequestTable } from './page-tables.ts';
import type { Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

export type SecondPersonState = SecondPersonRequestTable['state'];

/** What takes a second person, and who consented. */
export type SecondPersonRepository = {
  insert(request: SecondPersonRequestTable): Promise<void>;
  find(id: string): Promise<SecondPersonRequestTable | null>;
  /** In one of the states, oldest first. */
  inStates(
    states: readonly SecondPersonState[],
    limit: number,
  ): Promise<readonly SecondPersonRequestTable[]>;
  /** What this user has asked for, whatever became of it, the latest first. */
  askedBy(userId: string, limit: number): Promise<readonly SecondPersonRequestTable[]>;
  /** Done in an emergency and looked at by nobody yet, oldest first. */
  emergencies(limit: number): Promise<readonly SecondPersonRequestTable[]>;
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
    inStates: (states, limit) =>
      db
        .selectFrom('second_person_requests')
        .selectAll()
        .where('state', 'in', states)
        .orderBy('asked_at')
        .orderBy('id')
        .limit(limit)
        .execute(),
    askedBy: (userId, limit) =>
      db
        .selectFrom('second_person_requests')
        .selectAll()
        .where('asked_by', '=', userId)
        .orderBy('asked_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
    emergencies: (limit) =>
      db
        .selectFrom('second_person_requests')
        .selectAll()
        .where('emergency_reason', 'is not', null)
        .where('reviewed_at', 'is', null)
        .orderBy('asked_at')
        .orderBy('id')
        .limit(limit)
        .execute(),
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
