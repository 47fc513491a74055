import { accepted, type Result } from '../../shared/domain/result.ts';
import {
  answerPersonQuestion,
  type PersonQuestionCode,
} from '../identification/person-questions.ts';
import { asIntakeOwner } from './intake-owner.ts';
import type { IntakeDependencies } from './keep-visit-document.ts';
import { takeInAnswered, type AnsweredBill } from './take-in-answered.ts';

/**
 * Somebody says whether a bill or a list speaks of the person known under its number, and the bills that waited for it are taken in.
 * Nothing is answered before intake is ours: a bill whose question is answered has nobody else to take it in.
 */
export function answerAboutPerson(
  dependencies: IntakeDependencies,
  answer: {
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
      readonly bills: readonly AnsweredBill[];
    },
    PersonQuestionCode
  >
> {
  const owner = { ...dependencies, takenInBy: answer.by };
  return asIntakeOwner(owner, '确认患者后接收账单 (taking in what was asked about)', async () => {
    const answered = await answerPersonQuestion(dependencies, answer);
    if (!answered.ok) return answered;
    const { questionId, state, personId } = answered.value;
    const bills = answer.isSame ? await takeInAnswered(owner, personId) : [];
    return accepted({ questionId, state, bills });
  });
}
