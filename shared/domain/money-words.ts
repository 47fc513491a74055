import type { Words } from './result.ts';

/** What a refusal says of money, each sentence once. A new one is added here and says so, too. */
const sentences = {
  none: { zh: '没有动钱。', en: 'No money moved.' },
  'not-collected': { zh: '没有收钱。', en: 'No money moved.' },
  'not-settled': { zh: '没有结算，没有收钱。', en: 'Nothing was settled, no money moved.' },
  'not-cancelled': { zh: '没有取消，没有退钱。', en: 'Nothing was cancelled, no money moved.' },
  'not-taken': { zh: '没有采用，没有收钱。', en: 'It was not taken and no money moved.' },
  'not-sent': {
    zh: '没有发送任何申报，没有动钱。',
    en: 'No claim was sent and no money moved.',
  },
  unchanged: {
    zh: '什么都没有改动，没有动钱。',
    en: 'Nothing was changed, no money moved.',
  },
  /** The act was about paper, after the settlement. */
  'settlement-stands': {
    zh: '结算已经完成，金额不受影响。',
    en: 'The settlement is complete and its amounts are not affected.',
  },
  /** Nobody knows from here whether the step was done. */
  'see-patient': {
    zh: '已确认的结算都已存好；刚才这一步是否完成、钱是否已记账，请看该患者的当前状态。',
    en: "Whatever was confirmed is stored; look at the patient's present state to see whether this step was done and the money booked.",
  },
} as const satisfies Readonly<Record<string, Words>>;

/** Whether money moved: which of the sentences is true of a refusal. */
export type MoneyState = keyof typeof sentences;

export const moneyStates = Object.keys(sentences) as readonly MoneyState[];

/** What happened, and then whether money moved. */
export function withMoney({ zh, en }: Words, money: MoneyState): Words {
  const sentence = sentences[money];
  return { zh: `${zh}${sentence.zh}`, en: `${en} ${sentence.en}` };
}
