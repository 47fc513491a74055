import { declareRefusals } from '../../shared/domain/declare-refusals.ts';
import type { Words } from '../../shared/domain/result.ts';

/** Why a printer cannot be used. */
export const printerRefusal = declareRefusals({
  'printer-url': ({ text, why }: { readonly text: string; readonly why: Words }) => ({
    message: {
      zh: `打印机地址“${text}”不能用：${why.zh}。没有打印任何东西。`,
      en: `The printer address "${text}" is unusable: ${why.en}. Nothing was printed.`,
    },
    money: 'none',
    remedy: {
      zh: '请信息科更正，例如 tcp://192.168.1.50:9100?model=generic-80。',
      en: 'The IT clerk corrects it, e.g. tcp://192.168.1.50:9100?model=generic-80.',
    },
  }),
});
