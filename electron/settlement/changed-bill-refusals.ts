import { declareRefusals } from '../../shared/domain/declare-refusals.ts';

/** Why nothing is decided of a bill that came after settlement. Nothing was changed. */
export const changedBillRefusal = declareRefusals({
  'changed-bill-unknown': {
    message: {
      zh: '没有这份结算后又送来的账单，没有改动。',
      en: 'There is no such bill that came after settlement; nothing was changed.',
    },
    money: 'none',
    remedy: { zh: '请刷新列表。', en: 'Look at the list again.' },
  },
  'changed-bill-answered': {
    message: {
      zh: '这份账单已经处理过：有人写明了原因，或结算已取消、改按它结算。这次没有改动。',
      en: 'This bill was dealt with already: a reason was given, or the settlement was cancelled and it counts now. Nothing was changed.',
    },
    money: 'none',
    remedy: { zh: '请刷新列表。', en: 'Look at the list again.' },
  },
  'changed-bill-reason-missing': {
    message: {
      zh: '没有写明为什么原来的结算不变，没有改动。',
      en: 'Why the settlement stands was not said; nothing was changed.',
    },
    money: 'none',
    remedy: {
      zh: '请写明根据，例如“病区核对：只改了医生姓名”。',
      en: 'Say what it rests on, such as "the ward has only corrected a name".',
    },
  },
});
