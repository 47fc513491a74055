import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { readReason } from '../../shared/domain/written-text.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import type { PersonQuestionTable } from '../database/person-tables.ts';
import type { Store } from '../database/store.ts';
import { nothingMoved } from '../database/stored-documents/moved-document.ts';
import { transactResult } from '../database/transact-result.ts';
import { identityRefusal } from './identity-refusals.ts';

/** Why a question about a person is not answered. */
export type PersonQuestionCode =
  'person-question-unknown' | 'person-question-answered' | 'person-question-reason-missing';

/** More are not listed at a time. */
const questionsMost = 500;

/** What waits for somebody to say whether it is the same person, oldest first, after one of them. */
export async function openPersonQuestions(
  { store }: { readonly store: Store },
  page: { readonly limit: number; readonly after?: string } = { limit: questionsMost },
): Promise<readonly PersonQuestionTable[]> {
  return store.read(({ personQuestions }) => personQuestions.open(page));
}

/**
 * Somebody says whether a bill or a list speaks of the person known under its number. `same`: a bill is taken in now (by
 * whoever calls this, `intake/take-in-answered.ts`), a list the next time it comes, and what it says of the person counts from then on; where the person was known under the other form of the number,
 * both are numbers of that person. `other`: it is not taken before its number is another one. Kept in the audit.
 */
export async function answerPersonQuestion(
  { store, clock }: { readonly store: Store; readonly clock: Pick<Clock, 'now'> },
  {
    questionId,
    isSame,
    reason: written,
    by,
  }: {
    readonly questionId: string;
    readonly isSame: boolean;
    readonly reason: string;
    readonly by: string;
  },
): Promise<
  Result<
    {
      readonly questionId: string;
      readonly state: 'same' | 'other';
      /** Whom it was about: the bills that waited for it are taken in now. */
      readonly personId: string;
    },
    PersonQuestionCode
  >
> {
  const reason = readReason(written);
  if (reason === '') return refused(identityRefusal('person-question-reason-missing'));
  const at = shanghaiInstant(clock.now());
  const state = isSame ? 'same' : 'other';
  return transactResult(store, async ({ personQuestions, persons, audit }) => {
    const question = await personQuestions.find(questionId);
    if (question === null) return refused(identityRefusal('person-question-unknown'));
    if (question.state === 'gone' || question.state === state) {
      return refused(identityRefusal('person-question-answered', { state: question.state }));
    }
    await personQuestions.answer(questionId, { state, at, by, reason });
    const differs = question.differs.split(' ');
    if (isSame && differs.includes('number')) {
      const { said_number: idNumber, person_id: personId } = question;
      await persons.linkNumber({ idNumber, personId, at, by, reason, moved: nothingMoved });
    }
    const about = question.visit_id ?? question.person_id;
    const detail = { question: questionId, state, differs, source: question.source, reason };
    await audit.append({ at, who: by, act: 'answer-person-question', about, detail });
    return accepted({ questionId, state, personId: question.person_id });
  });
}
