import type { Kysely } from 'kysely';

import type { IdentityQuestionTable } from './page-tables.ts';
import type { Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** What became of a question: the cashier said yes, a card that fits was read, or it is settled without a card. */
export type IdentityAnswer = {
  readonly state: Exclude<IdentityQuestionTable['state'], 'open'>;
  readonly at: string;
  readonly by: string;
  /** The session of the page it was answered at. */
  readonly page: string;
};

/** A question as it is asked. */
export type NewIdentityQuestion = Omit<
  IdentityQuestionTable,
  'state' | 'answered_at' | 'answered_by' | 'answered_page'
>;

/** Whose card it was: what was asked of a visit and what was answered. */
export type IdentityQuestionsRepository = {
  ask(question: NewIdentityQuestion): Promise<void>;
  /** All that was ever asked of some visits, oldest first. */
  ofVisits(visitIds: readonly string[]): Promise<readonly IdentityQuestionTable[]>;
  /** Whether something asked of the visit waits for its answer. */
  isOpen(visitId: string): Promise<boolean>;
  answer(
    question: Pick<IdentityQuestionTable, 'id' | 'visit_id'>,
    answer: IdentityAnswer,
  ): Promise<void>;
};

export function identityQuestionsRepository(
  db: Kysely<Tables>,
  { keys }: UnitOfWork,
): IdentityQuestionsRepository {
  return {
    async ask(question) {
      keys.assertHeld('visit', question.visit_id);
      await db
        .insertInto('identity_questions')
        .values({
          ...question,
          state: 'open',
          answered_at: null,
          answered_by: null,
          answered_page: null,
        })
        .execute();
    },
    async ofVisits(visitIds) {
      if (visitIds.length === 0) return [];
      return db
        .selectFrom('identity_questions')
        .selectAll()
        .where('visit_id', 'in', visitIds)
        .orderBy('id')
        .execute();
    },
    async isOpen(visitId) {
      const row = await db
        .selectFrom('identity_questions')
        .select('id')
        .where('visit_id', '=', visitId)
        .where('state', '=', 'open')
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    async answer({ id, visit_id }, { state, at, by, page }) {
      keys.assertHeld('visit', visit_id);
      await db
        .updateTable('identity_questions')
        .set({ state, answered_at: at, answered_by: by, answered_page: page })
        .where('id', '=', id)
        .execute();
    },
  };
}
