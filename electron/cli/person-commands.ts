import type { PersonQuestionTable } from '../database/person-tables.ts';
import { answerPersonQuestion, openPersonQuestions } from '../identification/person-questions.ts';
import { maskAllButDifference, maskIdNumber } from '../security/mask.ts';
import { answer, callerIn, done, textOption, wrongUsage, type Command } from './command.ts';

/** What waits for somebody to say whether a bill or a list speaks of the person who is known. */
export const personQuestionsCommand: Command = {
  name: 'person-questions',
  usage: '',
  words: [0, 0],
  roles: ['supervisor', 'it-clerk', 'policy-officer', 'auditor'],
  folder: 'opened',
  run: async (_call, services) => done((await openPersonQuestions(services)).map(questionJson)),
};

/** Somebody who has looked at the documents says it. */
export const answerPersonQuestionCommand: Command = {
  name: 'answer-person-question',
  usage: 'QUESTION-ID --same|--other --reason TEXT [--as USER]',
  options: {
    same: { type: 'boolean' },
    other: { type: 'boolean' },
    reason: { type: 'string' },
  },
  words: [1, 1],
  roles: ['supervisor'],
  usual: 'supervisor1',
  folder: 'opened',
  run: async (call, services, callers) => {
    const { same, other } = call.options;
    if ((same === true) === (other === true)) {
      return wrongUsage(
        '请写 --same（是同一个人）或 --other（不是）中的一个。',
        'Say either --same or --other.',
      );
    }
    const [questionId = ''] = call.words;
    const reason = textOption(call, 'reason') ?? '';
    const by = callerIn(callers).userId;
    return answer(
      await answerPersonQuestion(services, { questionId, isSame: same === true, reason, by }),
    );
  },
};

/** Both sides, masked but for what differs. */
function questionJson(row: PersonQuestionTable): object {
  const [knownName, saidName] = maskAllButDifference(row.known_name, row.said_name);
  return {
    ...{ questionId: row.id, cameBy: row.came_by, visitId: row.visit_id, source: row.source },
    ...{
      place: row.place,
      differs: row.differs.split(' '),
      idNumber: maskIdNumber(row.said_number),
    },
    known: { name: knownName, birthDate: row.known_birth_date, sex: row.known_sex },
    said: { name: saidName, birthDate: row.said_birth_date, sex: row.said_sex },
    askedAt: row.asked_at,
  };
}
