import { accepted } from '../../shared/domain/result.ts';
import { answerBillQuestion, openBillQuestions } from '../intake/answer-bill-question.ts';
import { showBillQuestion } from '../settlement/show-bill-question.ts';
import { billQuestionRow, billQuestionView } from './bill-question-view.ts';
import type { DeskParts } from './desk-parts.ts';
import type { CallHandlers } from './handle-call.ts';

/** Questions listed at once. */
const questionsPageMax = 100;

type BillsOfIntake = 'intake:bill-questions' | 'intake:bill-question' | 'intake:answer-bill';

/** Bills of which a person has to say whether they are newer than the one in force. */
export function intakeBillCalls({
  services,
  tellPages,
}: Pick<DeskParts, 'services' | 'tellPages'>) {
  return {
    'intake:bill-questions': async (page) => {
      const rows = await openBillQuestions(services, { ...page, limit: questionsPageMax + 1 });
      return accepted({
        questions: rows.slice(0, questionsPageMax).map(billQuestionRow),
        hasMore: rows.length > questionsPageMax,
      });
    },
    'intake:bill-question': async ({ questionId }) => {
      const shown = await showBillQuestion(services, questionId);
      return shown.ok ? accepted(billQuestionView(shown.value)) : shown;
    },
    'intake:answer-bill': async (answer, { userId: by }) => {
      const answered = await answerBillQuestion(services, { ...answer, by });
      if (!answered.ok) return answered;
      tellPages('visits');
      const { visitId, refusal } = answered.value;
      if (refusal === null) return accepted({ visitId, refusal: null });
      const { code, message, remedy } = refusal;
      return accepted({ visitId, refusal: { code, message, remedy } });
    },
  } satisfies Pick<CallHandlers, BillsOfIntake>;
}
