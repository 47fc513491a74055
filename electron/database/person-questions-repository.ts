import type { Kysely } from 'kysely';

import type { BillHashes } from './bill-identity.ts';
import type { MadeAt } from '../../shared/domain/bill-order.ts';
import { madeAtOf, madeOf } from './bill-origin.ts';
import { canonicalJson } from './canonical-json.ts';
import type { PersonQuestionTable } from './person-tables.ts';
import { touchPart } from './row-marks.ts';
import type { Tables } from './schema.ts';
import { billInDoubtDocument } from './stored-documents/bill-in-doubt-document.ts';
import { readStored } from './stored-documents/stored-kind.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import { dischargeDayIn } from './waiting-bills.ts';

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

/** A bill that lies here until somebody says whose it is, as it was received. */
export type BillSetAsideInDoubt = {
  readonly questionId: string;
  readonly visitId: string;
  readonly source: string;
  readonly receivedAt: string;
  readonly document: unknown;
  readonly hashes: BillHashes;
  /** When it was made, besides what its sender says; null: nobody knows. */
  readonly made: MadeAt | null;
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
  countOpen(): Promise<number>;
  openOfVisit(visitId: string): Promise<readonly PersonQuestionTable[]>;
  openOfRegister(source: string): Promise<readonly PersonQuestionTable[]>;
  answer(id: string, answer: PersonQuestionAnswer): Promise<void>;
  /** Keeps the bill of a question, in the place of an earlier one of the same visit. */
  keepBill(bill: BillSetAsideInDoubt): Promise<void>;
  /** The bills that wait for a word about one person. */
  billsOfPerson(personId: string): Promise<readonly BillSetAsideInDoubt[]>;
  dropBillsOfVisit(visitId: string): Promise<void>;
};

export function personQuestionsRepository(
  db: Kysely<Tables>,
  { keys, marks, auditKey }: UnitOfWork,
): PersonQuestionsRepository {
  const questions = () => db.selectFrom('person_questions').selectAll().orderBy('id');
  return {
    async ask(question) {
      keys.assertAlone('a question about a person');
      marks.touch('person_questions', [question.id]);
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
    async countOpen() {
      const { questions: count } = await db
        .selectFrom('person_questions')
        .select((select) => select.fn.countAll<number>().as('questions'))
        .where('state', '=', 'open')
        .executeTakeFirstOrThrow();
      return count;
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
      await touchPart(db, { marks, auditKey }, 'person_questions', [[id]]);
      await db
        .updateTable('person_questions')
        .set({ state, answered_at: at, answered_by: by, answer_reason: reason })
        .where('id', '=', id)
        .execute();
    },
    async keepBill({ questionId, visitId, source, receivedAt, document, hashes, made }) {
      keys.assertAlone('a question about a person');
      const row = {
        ...{ visit_id: visitId, source, received_at: receivedAt },
        ...{ made_at: made?.at ?? null, made_by: made?.by ?? null },
        discharged_on: dischargeDayIn(document),
        bill_json: canonicalJson({ document, hashes }),
        bill_version: billInDoubtDocument.newest,
      };
      const dropped = await db
        .deleteFrom('bills_in_doubt')
        .where('visit_id', '=', visitId)
        .where('question_id', '<>', questionId)
        .returning('question_id')
        .execute();
      marks.touchIds('bills_in_doubt', [questionId, ...dropped.map(({ question_id: id }) => id)]);
      await db
        .insertInto('bills_in_doubt')
        .values({ question_id: questionId, ...row })
        .onConflict((conflict) => conflict.column('question_id').doUpdateSet(row))
        .execute();
    },
    async billsOfPerson(personId) {
      const rows = await db
        .selectFrom('bills_in_doubt')
        .innerJoin('person_questions', 'person_questions.id', 'bills_in_doubt.question_id')
        .selectAll('bills_in_doubt')
        .where('person_questions.person_id', '=', personId)
        .orderBy('bills_in_doubt.question_id')
        .execute();
      return rows.map((row) => ({
        questionId: row.question_id,
        ...{ visitId: row.visit_id, source: row.source, receivedAt: row.received_at },
        made: madeAtOf(madeOf(row)),
        ...readStored(billInDoubtDocument, {
          ...{ id: row.question_id, version: row.bill_version, text: row.bill_json },
        }),
      }));
    },
    async dropBillsOfVisit(visitId) {
      keys.assertAlone('a question about a person');
      const dropped = await db
        .deleteFrom('bills_in_doubt')
        .where('visit_id', '=', visitId)
        .returning('question_id')
        .execute();
      marks.touchIds(
        'bills_in_doubt',
        dropped.map(({ question_id: id }) => id),
      );
    },
  };
}
