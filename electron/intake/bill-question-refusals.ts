import { declareRefusals } from '../../shared/domain/declare-refusals.ts';

const lookAgain = {
  zh: '请刷新列表，对照两份账单后再回答。',
  en: 'Look at the list again, compare both bills and answer then.',
};

/** Why it is not kept which of two bills is the newer one. Nothing was changed. */
export const billQuestionRefusal = declareRefusals({
  'bill-question-unknown': {
    message: {
      zh: '没有这个“哪份更新”的问题，没有改动。',
      en: 'There is no such question about two bills; nothing was changed.',
    },
    money: 'none',
    remedy: lookAgain,
  },
  'bill-question-answered': {
    message: {
      zh: '这个问题已经有人回答，或后来的账单已使它不用再问，没有改动。',
      en: 'This was answered already, or a later bill has made it no question any more; nothing was changed.',
    },
    money: 'none',
    remedy: lookAgain,
  },
  'bill-question-moved': {
    message: {
      zh: '对照以后，这次就诊的账单又换了，对照过的已不是现在的这份，没有改动。',
      en: 'Since they were compared another bill of the visit has come into force; nothing was changed.',
    },
    money: 'none',
    remedy: lookAgain,
  },
  'bill-question-reason-missing': {
    message: {
      zh: '没有写明凭什么知道哪份更新，没有改动。',
      en: 'What the answer rests on was not said; nothing was changed.',
    },
    money: 'none',
    remedy: {
      zh: '请写明根据，例如“病区核对：退药后重新出的账”。',
      en: 'Say what it rests on, such as "the ward has made it anew after a refund".',
    },
  },
});
