import { z } from 'zod';

import { recordIn, type StoredKind } from './stored-kind.ts';
import { storedWords } from './stored-words.ts';

const problem = z.object({ code: z.string(), message: storedWords, remedy: storedWords });

/** Why a sheet is where it is, in words; `code` names it. */
export type PrintProblem = Readonly<z.infer<typeof problem>>;

/** What a sheet of version 0 did not always say. */
const lookAtPrinter = {
  zh: '请看打印机上有没有这张单据；没有的，在“结算”页打开该患者，按 F9 补打。',
  en: 'Look whether the printer has the sheet; if not, open the patient on the settlement page and press F9.',
};

export const printProblemDocument: StoredKind<PrintProblem> = {
  id: 'print-problem',
  name: { zh: '打印问题', en: 'problem of sheet' },
  newest: 1,
  // Since version 1 it always says what to do.
  steps: [(json) => ({ remedy: lookAtPrinter, ...recordIn(json) })],
  decode: (json) => problem.parse(json),
};

/** The text of a problem and its version, as the row keeps them; none: the sheet is well. */
export function printProblemColumns(of: PrintProblem | null) {
  return {
    problem_json: of === null ? null : JSON.stringify(of),
    problem_version: printProblemDocument.newest,
  };
}
