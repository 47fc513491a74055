import type { Kysely } from 'kysely';

import type { BillOrigin } from '../../shared/domain/bill-order.ts';
import type { BillHashes } from './bill-identity.ts';
import { knownBillOf, originColumns, type KnownBill } from './bill-origin.ts';
import { canonicalJson } from './canonical-json.ts';
import { touchPart } from './row-marks.ts';
import type { BillQuestionTable, Tables } from './schema.ts';
import { billInDoubtDocument } from './stored-documents/bill-in-doubt-document.ts';
import { readStored } from './stored-documents/stored-kind.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** A bill of which nobody can tell whether it is newer than the one in force, as it was received. */
export type BillQuestion = {
  readonly id: string;
  readonly visitId: string;
  readonly bill: KnownBill;
  /** The bill that was in force when it came. */
  readonly knownHash: string;
  readonly source: string;
  readonly state: BillQuestionTable['state'];
  readonly document: unknown;
  readonly hashes: BillHashes;
};

/** A question in a list: of what the bill says only whose it is. */
export type BillQuestionRow = Pick<
  BillQuestionTable,
  'id' | 'visit_id' | 'source' | 'received_at'
> &
  Pick<BillQuestionTable, 'sent_version' | 'made_at' | 'made_by'> & {
    readonly person_name: string;
    readonly known_source: string;
    readonly known_received_at: string;
  };

export type BillQuestionAnswer = {
  readonly state: Exclude<BillQuestionTable['state'], 'open'>;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
};

/** Which of two bills of a visit is the newer one, where nothing tells: what was asked and what was answered. */
export type BillQuestionsRepository = {
  ask(question: {
    readonly id: string;
    readonly visitId: string;
    readonly knownHash: string;
    readonly source: string;
    readonly receivedAt: string;
    readonly origin: BillOrigin;
    readonly document: unknown;
    readonly hashes: BillHashes;
  }): Promise<void>;
  find(id: string): Promise<BillQuestion | null>;
  /** All that was ever asked of a visit, oldest first. */
  ofVisit(visitId: string): Promise<readonly BillQuestion[]>;
  /** Those that wait for an answer, oldest first, after one of them. */
  open(page: {
    readonly limit: number;
    readonly after?: string;
  }): Promise<readonly BillQuestionRow[]>;
  countOpen(): Promise<number>;
  answer(id: string, answer: BillQuestionAnswer): Promise<void>;
};

export function billQuestionsRepository(
  db: Kysely<Tables>,
  { keys, marks, auditKey }: UnitOfWork,
): BillQuestionsRepository {
  const questions = () => db.selectFrom('bill_questions').selectAll().orderBy('id');
  return {
    async ask({ id, visitId, knownHash, source, receivedAt, origin, document, hashes }) {
      keys.assertHeld('visit', visitId);
      marks.touch('bill_questions', [id]);
      await db
        .insertInto('bill_questions')
        .values({
          ...{ id, visit_id: visitId, bill_hash: hashes.bill, known_hash: knownHash },
          ...{ source, received_at: receivedAt, ...originColumns(origin) },
          bill_json: canonicalJson({ document, hashes }),
          bill_version: billInDoubtDocument.newest,
          ...{ state: 'open', answered_at: null, answered_by: null, answer_reason: null },
        })
        .execute();
    },
    async find(id) {
      const row = await questions().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : questionOf(row);
    },
    async ofVisit(visitId) {
      return (await questions().where('visit_id', '=', visitId).execute()).map(questionOf);
    },
    open({ limit, after = '' }) {
      return db
        .selectFrom('bill_questions')
        .innerJoin('visits', 'visits.id', 'bill_questions.visit_id')
        .select([
          'bill_questions.id',
          'bill_questions.visit_id',
          'bill_questions.source',
          'bill_questions.received_at',
          'bill_questions.sent_version',
          'bill_questions.made_at',
          'bill_questions.made_by',
          'visits.person_name',
          'visits.source as known_source',
          'visits.received_at as known_received_at',
        ])
        .where('bill_questions.state', '=', 'open')
        .where('bill_questions.id', '>', after)
        .orderBy('bill_questions.id')
        .limit(limit)
        .execute();
    },
    async countOpen() {
      const { questions: count } = await db
        .selectFrom('bill_questions')
        .select((select) => select.fn.countAll<number>().as('questions'))
        .where('state', '=', 'open')
        .executeTakeFirstOrThrow();
      return count;
    },
    async answer(id, { state, at, by, reason }) {
      const { visit_id: visitId } = await db
        .selectFrom('bill_questions')
        .select('visit_id')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      keys.assertHeld('visit', visitId);
      await touchPart(db, { marks, auditKey }, 'bill_questions', [[id]]);
      await db
        .updateTable('bill_questions')
        .set({ state, answered_at: at, answered_by: by, answer_reason: reason })
        .where('id', '=', id)
        .execute();
    },
  };
}

function questionOf(row: BillQuestionTable): BillQuestion {
  return {
    ...{ id: row.id, visitId: row.visit_id, bill: knownBillOf(row), knownHash: row.known_hash },
    ...{ source: row.source, state: row.state },
    ...readStored(billInDoubtDocument, {
      ...{ id: row.id, version: row.bill_version, text: row.bill_json },
    }),
  };
}
