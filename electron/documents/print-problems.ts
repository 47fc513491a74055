import type { PrinterState } from '../../drivers/receipt-printer/port.ts';
import type { Refusal } from '../../shared/domain/result.ts';
import type { PrintProblem } from '../database/print-jobs-repository.ts';
import { documentRefusal } from './document-refusals.ts';
import { printerWords } from './printer-words.ts';

/** Nothing was sent: it is printed by itself once the printer is well. */
export function notSentProblem(state: PrinterState): PrintProblem {
  const { words, remedy } = printerWords(state);
  return {
    code: `printer-${state}`,
    message: {
      zh: `${words.zh}，凭条还没有打印；结算已经完成。`,
      en: `${words.en}; the slip is not printed yet. The settlement is complete.`,
    },
    ...(remedy === null ? {} : { remedy }),
  };
}

/** Bytes left, and nobody knows what the paper shows. */
export function maybePrintedProblem(state: PrinterState | 'interrupted'): PrintProblem {
  const cause =
    state === 'interrupted'
      ? { zh: '打印中途程序停止', en: 'The program stopped while printing' }
      : printerWords(state).words;
  return documentRefusal('maybe-printed', { cause });
}

/** Two printers or programs at once: this sheet was taken by the other. */
export function refusalProblem({ code, message, remedy }: Refusal): PrintProblem {
  return { code, message, ...(remedy === undefined ? {} : { remedy }) };
}
