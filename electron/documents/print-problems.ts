import type { PrinterState } from '../../drivers/receipt-printer/port.ts';
import type { Refusal, Words } from '../../shared/domain/result.ts';
import type { PrintProblem } from '../database/stored-documents/print-problem-document.ts';
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
    remedy: remedy ?? printedByItself,
  };
}

const printedByItself = {
  zh: '打印机好了会自动打印，不用再按。',
  en: 'It is printed by itself once the printer is well.',
};

/** Bytes left, and nobody knows what the paper shows. */
export function maybePrintedProblem(state: PrinterState | Interruption): PrintProblem {
  if (state === 'interrupted' || state === 'no-word' || state === 'restored')
    return documentRefusal('print-interrupted', { cause: interruptions[state] });
  return documentRefusal('maybe-printed', { cause: noConfirmation(state) });
}

/** `interrupted`: the program stopped; `no-word`: nothing was heard of the sheet for too long; `restored`: the books are from before it was sent, if it was. */
type Interruption = 'interrupted' | 'no-word' | 'restored';

const interruptions: Readonly<Record<Interruption, Words>> = {
  interrupted: { zh: '打印中途程序停止', en: 'The program stopped while printing' },
  restored: { zh: '数据是从较早的备份恢复的', en: 'The data was restored from an earlier backup' },
  'no-word': { zh: '送出后一直没有结果', en: 'Nothing was heard of it after it was sent' },
};

/** A printer that is well, and that was to confirm the document, did not. */
function noConfirmation(state: PrinterState): Words {
  if (state !== 'ready' && state !== 'unknown') return printerWords(state).words;
  return {
    zh: '打印机没有回报已经打完（从不回报的机器，请信息科把型号改为 silent-80 或 silent-58）',
    en: 'The printer did not confirm it (one that never does needs the model silent-80 or silent-58: IT clerk)',
  };
}

/** Two printers or programs at once: this sheet was taken by the other. */
export function refusalProblem({ code, message, remedy }: Refusal): PrintProblem {
  return { code, message, remedy };
}
