import type { Kysely } from 'kysely';

import type { PersonQuestionTable } from './person-tables.ts';
import type { Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** A question as it is asked. */
export type NewPersonQuestion = Omit<
  PersonQuestionTable,
  'state' | 'answered_at' | 'answered_by' | 'answer_reason'
>;

export type PersonQuestionAnswer = {
  readonly state: Exclude<PersonQuestionTable['state'], 'open'>;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
};

/** Whether bills and lists speak of the person known under their number: what was asked and what was answered. */
export type PersonQuestionsRepository = {
  ask(question: NewPersonQuestion): Promise<void>;
  find(id: string): Promise<PersonQuestionTable | null>;
  /** All that was ever asked of a person, oldest first. */
  ofPerson(personId: string): Promise<readonly PersonQuestionTable[]>;
  /** Those that wait for an answer, oldest first, after one of them. */
  open(page: {
    readonly limit: number;
    readonly after?: string;
  }): Promise<readonly PersonQuestionTable[]>;
  openOfVisit(visitId: string): Promise<readonly PersonQuestionTable[]>;
  openOfRegister(source: string): Promise<readonly PersonQuestionTable[]>;
  answer(id: string, answer: PersonQuestionAnswer): Promise<void>;
};

export function personQuestionsRepository(
  db: Kysely<Tables>,
  { keys }: UnitOfWork,
): PersonQuestionsRepository {
  const questions = () => db.selectFrom('person_questions').selectAll().orderBy('id');
  return {
    async ask(question) {
      keys.assertAlone('a question about a person');
      await db
        .insertInto('person_questions')
        .values({
          ...question,
          ...{ state: 'open', answered_at: null, answered_by: null, answer_reason: null },
        })
        .execute();
    },
    find: async (id) => (await questions().where('id', '=', id).executeTakeFirst()) ?? null,
    ofPerson: (personId) => questions().where('person_id', '=', personId).execute(),
    open({ limit, after = '' }) {
      return questions().where('state', '=', 'open').where('id', '>', after).limit(limit).execute();
    },
    openOfVisit: (visitId) =>
      questions().where('state', '=', 'open').where('visit_id', '=', visitId).execute(),
    openOfRegister: (source) =>
      questions()
        .where('state', '=', 'open')
        .where('came_by', '=', 'register')
        .where('source', '=', source)
        .execute(),
    async answer(id, { state, at, by, reason }) {
      keys.assertAlone('a question about a person');
      await db
        .updateTable('person_questions')
        .set({ state, answered_at: at, answered_by: by, answer_reason: reason })
        .where('id', '=', id)
        .execute();
    },
  };
}
