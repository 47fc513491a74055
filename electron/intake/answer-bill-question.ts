import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import { readReason } from '../../shared/domain/written-text.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { madeAtOf } from '../database/bill-origin.ts';
import type { BillQuestion, BillQuestionRow } from '../database/bill-questions-repository.ts';
import { assertRoom } from '../database/reading-only.ts';
import type { Repositories, Store } from '../database/store.ts';
import { transactResult } from '../database/transact-result.ts';
import { billQuestionRefusal } from './bill-question-refusals.ts';
import { asIntakeOwner } from './intake-owner.ts';
import {
  checkDocument,
  keepPreparedVisit,
  type IntakeDependencies,
} from './keep-visit-document.ts';

/** Bills of which a person has to say whether they are newer than the one in force, oldest first, after one of them. */
export function openBillQuestions(
  { store }: { readonly store: Pick<Store, 'read'> },
  page: { readonly limit: number; readonly after?: string },
): Promise<readonly BillQuestionRow[]> {
  return store.read(({ billQuestions }) => billQuestions.open(page));
}

/** Why a question is not answered. */
export type AnswerBillCode =
  | 'bill-question-unknown'
  | 'bill-question-answered'
  | 'bill-question-moved'
  | 'bill-question-reason-missing';

export type AnswerBill = {
  readonly questionId: string;
  readonly isNewer: boolean;
  /** The version of the bill in force that it was compared with. */
  readonly billVersion: number;
  readonly reason: string;
  readonly by: string;
};

export type AnsweredBillQuestion = {
  readonly questionId: string;
  readonly visitId: string;
  /** Why a bill that is said to be newer is not taken all the same, and the question waits on; null: there is no such thing. */
  readonly refusal: Refusal | null;
};

/**
 * Somebody who has compared two bills says which is the newer one. `isNewer`: the one that came is taken in now, in the same unit of
 * work; otherwise the one in force stays. Refused where another bill is in force by now than the one that was compared. Audited.
 */
export function answerBillQuestion(
  dependencies: IntakeDependencies,
  answer: AnswerBill,
): Promise<Result<AnsweredBillQuestion, AnswerBillCode>> {
  const reason = readReason(answer.reason);
  if (reason === '')
    return Promise.resolve(refused(billQuestionRefusal('bill-question-reason-missing')));
  assertRoom(dependencies.store);
  const by = { ...dependencies, takenInBy: answer.by };
  return asIntakeOwner(by, '回答哪份账单更新 (answering which bill is newer)', () =>
    answerAsOwner(by, { ...answer, reason }),
  );
}

async function answerAsOwner(
  dependencies: IntakeDependencies,
  answer: AnswerBill,
): Promise<Result<AnsweredBillQuestion, AnswerBillCode>> {
  const { store, clock } = dependencies;
  const found = await store.read((all) => answerable(all, answer));
  if (!found.ok) return found;
  const question = found.value;
  const { visitId, source, document, hashes } = question;
  const answered = { questionId: question.id, visitId };
  const keepAnswer = async (
    repositories: Repositories,
    at: string,
  ): Promise<Result<null, AnswerBillCode>> => {
    // As it is inside the unit of work: nobody else has answered meanwhile.
    const still = await answerable(repositories, answer);
    if (!still.ok) return still;
    const { isNewer, by, reason } = answer;
    const state = isNewer ? 'newer' : 'older';
    await repositories.billQuestions.answer(question.id, { state, at, by, reason });
    const detail = { question: question.id, state, source, reason };
    await repositories.audit.append({
      ...{ at, who: by, act: 'answer-bill-question', about: visitId, detail },
    });
    return { ok: true, value: null };
  };
  if (!answer.isNewer) {
    const at = shanghaiInstant(clock.now());
    const kept = await transactResult(store, (all) => keepAnswer(all, at));
    return kept.ok ? accepted({ ...answered, refusal: null }) : kept;
  }
  const prepared = { document, visitId, hashes, reading: checkDocument(document) };
  const arrival = { source, made: madeAtOf(question.bill.made) };
  const kept = await keepPreparedVisit(dependencies, prepared, arrival, keepAnswer);
  return accepted({ ...answered, refusal: kept.ok ? null : kept.refusal });
}

/** The question as it waits, beside the bill that was compared. */
async function answerable(
  { billQuestions, visits }: Pick<Repositories, 'billQuestions' | 'visits'>,
  { questionId, billVersion }: AnswerBill,
): Promise<Result<BillQuestion, AnswerBillCode>> {
  const question = await billQuestions.find(questionId);
  if (question === null) return refused(billQuestionRefusal('bill-question-unknown'));
  if (question.state !== 'open') return refused(billQuestionRefusal('bill-question-answered'));
  const visit = await visits.find(question.visitId);
  return visit?.billVersion === billVersion
    ? accepted(question)
    : refused(billQuestionRefusal('bill-question-moved'));
}
