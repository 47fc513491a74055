import type { PrinterState } from '../../drivers/receipt-printer/port.ts';
import type { Refusal } from '../../shared/domain/result.ts';
import type { PrintProblem } from '../database/print-jobs-repository.ts';
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
  return {
    code: 'maybe-printed',
    message: {
      zh: `可能已打印：${cause.zh}。结算已经完成，请看打印机上有没有这张凭条。`,
      en: `Perhaps printed: ${cause.en}. The settlement is complete; look whether the slip is there.`,
    },
    remedy: {
      zh: '有就选“已打印”，没有就选“没有打印”，程序会再打印一次。',
      en: 'Choose "it came out", or "it did not" and it is printed once more.',
    },
  };
}

/** Two printers or programs at once: this sheet was taken by the other. */
export function refusalProblem({ code, message, remedy }: Refusal): PrintProblem {
  return { code, message, ...(remedy === undefined ? {} : { remedy }) };
}

/** The program could not make the sheet; the IT clerk finds the cause in the log. */
export function brokenProblem(): PrintProblem {
  return {
    code: 'document-not-made',
    message: {
      zh: '单据没有做成；结算已经完成，没有影响。',
      en: 'The document could not be made; the settlement is complete and not affected.',
    },
    remedy: {
      zh: '请稍后在“凭单”页补打；仍不行请联系信息科查看日志。',
      en: 'Print again later from the documents page; if it fails, the IT clerk looks into the log.',
    },
  };
}
