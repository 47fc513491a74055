import { declareRefusals } from '../../shared/domain/declare-refusals.ts';

/** Why a list is not written as a file. */
export const listRefusal = declareRefusals({
  'list-too-long': ({ most }: { readonly most: number }) => ({
    message: {
      zh: `这张表超过 ${String(most)} 行，没有导出：一个文件放不下，截短的表会让人以为是全部。`,
      en: `The list has more than ${String(most)} rows and was not written: one file does not hold it, and a part would be taken for the whole.`,
    },
    money: 'none',
    remedy: {
      zh: '请先处理掉一部分；未结账单可以按该谁处理、按天数分开导出。',
      en: 'Work some of it off first; bills that wait can be exported by who has to act and by days.',
    },
  }),
});
