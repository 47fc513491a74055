import { answerBillQuestion, openBillQuestions } from '../intake/answer-bill-question.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { billQuestionRow, billQuestionView } from '../ipc/bill-question-view.ts';
import { showBillQuestion } from '../settlement/show-bill-question.ts';
import { comparedJson } from './changed-bills-command.ts';
import { textOption, type Command } from './command.ts';
import { commandOfActs, wrongUse, type ActCall } from './command-of-acts.ts';

const usage =
  '[list | show QUESTION-ID | newer|older QUESTION-ID --bill-version N --reason TEXT] [--as USER]';
const name = 'bill-questions';

/** Bills of which nobody can tell whether they are newer than the one in force: both sides, and what a person says. */
export const billQuestionsCommand: Command = commandOfActs({
  ...{ name, usage },
  options: { reason: { type: 'string' }, 'bill-version': { type: 'string' } },
  roles: ['it-clerk', 'supervisor'],
  list: async (services) =>
    (await openBillQuestions(services, { limit: questionsListedMax })).map(billQuestionRow),
  acts: {
    show: async ({ services, about }) => {
      const shown = await showBillQuestion(services, about);
      return shown.ok ? accepted(comparedJson(billQuestionView(shown.value))) : shown;
    },
    newer: (given) => answered(given, true),
    older: (given) => answered(given, false),
  },
});

/** The version is the one that `show` gave: of a bill that came since nothing is said. */
async function answered(
  { call, services, about, by }: ActCall,
  isNewer: boolean,
): Promise<Result<unknown> | ReturnType<typeof wrongUse>> {
  const version = textOption(call, 'bill-version') ?? '';
  if (!/^\d{1,9}$/.test(version)) return wrongUse({ name, usage });
  const said = await answerBillQuestion(services, {
    ...{ questionId: about, isNewer, billVersion: Number(version), by: by().userId },
    reason: textOption(call, 'reason') ?? '',
  });
  if (!said.ok || said.value.refusal === null) return said;
  return refused(said.value.refusal);
}

/** As many as anybody reads on a command line. */
const questionsListedMax = 1000;
