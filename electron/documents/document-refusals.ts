import { declareRefusals } from '../../shared/domain/declare-refusals.ts';
import type { Words } from '../../shared/domain/result.ts';

/** Why a sheet is not made or printed. The settlement itself stands as it is. */
export const documentRefusal = declareRefusals({
  /** `whole`: the amounts of the settlement; `fees`: the bill by category. */
  'document-does-not-foot': ({
    of,
    wrong,
  }: {
    readonly of: 'whole' | 'fees';
    readonly wrong: readonly string[];
  }) => ({
    ...(of === 'whole' ? wholeDoesNotFoot : feesDoNotFoot),
    ...(wrong.length === 0 ? {} : { details: wrong }),
  }),
  /** Bytes left, and nobody knows what the paper shows. */
  'maybe-printed': ({ cause }: { readonly cause: Words }) => ({
    message: {
      zh: `可能已打印：${cause.zh}。请看打印机上有没有这张凭条。`,
      en: `Perhaps printed: ${cause.en}. Look whether the slip is there.`,
    },
    money: 'settlement-stands',
    remedy: {
      zh: '有就选“出来了”，没有就选“没有出来，再打一张”，程序会再打印一次。',
      en: 'Choose "it came out", or "it did not" and it is printed once more.',
    },
  }),
  /** The program stopped, or heard nothing for a minute, while a sheet was being sent. */
  'print-interrupted': ({ cause }: { readonly cause: Words }) => ({
    message: {
      zh: `可能已打印：${cause.zh}。请看打印机上有没有这张凭条。`,
      en: `Perhaps printed: ${cause.en}. Look whether the slip is there.`,
    },
    money: 'settlement-stands',
    remedy: {
      zh: '有就选“出来了”，没有就选“没有出来，再打一张”；再打的一张会标明“补打”，以防两张都在患者手里。',
      en: 'Choose "it came out", or "it did not": what is then printed is marked as a copy, lest the patient hold two originals.',
    },
  }),
  /** `receipt --printer`: another program is printing this very sheet. */
  'sheet-taken': {
    message: {
      zh: '这张单据正由结算窗口打印，这里没有再打。',
      en: 'The desk is printing this very sheet; nothing was printed here.',
    },
    money: 'none',
    remedy: {
      zh: '请看窗口的打印机；还要一张时再执行一次，会是补打。',
      en: 'Look at the desk’s printer; for one more sheet run this again, it will be a copy.',
    },
  },
  /** The program could not make the sheet; the IT clerk finds the cause in the log. */
  'document-not-made': {
    message: {
      zh: '单据没有做成。',
      en: 'The document could not be made.',
    },
    money: 'settlement-stands',
    remedy: {
      zh: '请稍后在“结算”页打开该患者，按 F9 补打凭条，或点“打开结算单”；仍不行请联系信息科查看日志。',
      en: 'Later open the patient on the settlement page and press F9 to print again, or open the statement; if it fails, the IT clerk looks into the log.',
    },
  },
  'print-job-not-unknown': {
    message: {
      zh: '这张单据已经有了结果，不需要再确认；没有多打印。',
      en: 'This sheet is no longer uncertain; nothing more was printed.',
    },
    money: 'none',
    remedy: {
      zh: '需要再打一张，请按 F9 补打凭条。',
      en: 'For one more sheet press F9.',
    },
  },
  'no-printer': {
    message: {
      zh: '没有设置打印机，没有打印。',
      en: 'No printer is set; nothing was printed.',
    },
    money: 'none',
    remedy: {
      zh: '请信息科在设置中填写打印机地址（settings printer-url）。',
      en: 'The IT clerk enters the address of the printer (settings printer-url).',
    },
  },
});

const wholeDoesNotFoot = {
  message: {
    zh: '存档的金额加不平，没有打印单据；结算本身没有改动。',
    en: 'The stored amounts do not add up; no sheet was made. The settlement itself was not changed.',
  },
  money: 'none',
  remedy: {
    zh: '请不要交给患者任何手写的数字，立即联系信息科核对该结算。',
    en: 'Hand out no figures written by hand; have the IT clerk check this settlement now.',
  },
} as const;

const feesDoNotFoot = {
  message: {
    zh: '按费用类别汇总与存档的总额不符，没有打印结算单；结算本身没有改动。',
    en: 'The fees by category do not come to the stored total; no statement was made.',
  },
  money: 'none',
  remedy: {
    zh: '请联系信息科核对该结算的费用明细。',
    en: 'Have the IT clerk check the charge lines of this settlement.',
  },
} as const;
