import { declareRefusals } from '../../shared/domain/declare-refusals.ts';

const anotherDocument = {
  zh: '请患者出示身份证，或按 F3 输入证件号码查找；卡的问题请患者到发卡机构办理。',
  en: 'Ask for the ID card, or press F3 and type the ID number; the card is a matter for its issuer.',
};

const otherWays = {
  zh: '请读社保卡或身份证；也可以按 F3 输入证件号码查找患者。',
  en: 'Read the social-security card or the ID card, or press F3 and type the ID number.',
};

/** Why it is not known, or not taken, whose a card is and who acts for the patient. */
export const identityRefusal = declareRefusals({
  'identity-question-open': {
    message: {
      zh: '为这次就诊读过的卡与患者登记的不符，“是不是同一个人”还没有回答，不能结算。',
      en: 'A card that was read for this visit does not quite fit its patient, and whether it is the same person was not answered yet: it is not settled.',
    },
    money: 'none',
    remedy: {
      zh: '请患者把卡重新放上并回答；卡不是本人的，请读本人的社保卡或身份证；没有带卡的，核对证件后按 Enter，记为不凭卡办理。',
      en: 'Put the card down again and answer; read the own card of the patient where it is not; without a card look at the document and press Enter: it is noted as settled without a card.',
    },
  },
  'visit-settled': {
    message: {
      zh: '这次就诊已经结算，没有登记代办人。',
      en: 'This visit is settled; nobody was noted as acting for the patient.',
    },
    money: 'none',
    remedy: {
      zh: '代办人在结算之前登记。',
      en: 'Who acts for the patient is noted before settling.',
    },
  },
  'card-lost': {
    message: {
      zh: '这张卡已经挂失，不能使用。请留意拿卡的人是不是本人。',
      en: 'This card was reported as lost and may not be used. Mind who holds it.',
    },
    money: 'none',
    remedy: anotherDocument,
  },
  'card-replaced': {
    message: {
      zh: '这张卡已经补换新卡，旧卡不能使用。',
      en: 'This card was replaced by another and counts no more.',
    },
    money: 'none',
    remedy: anotherDocument,
  },
  'card-cancelled': {
    message: {
      zh: '这张卡已经注销，不能使用。',
      en: 'This card was cancelled.',
    },
    money: 'none',
    remedy: anotherDocument,
  },
  /** Registers, or the card and a register, name two owners. */
  'card-of-two-persons': {
    message: {
      zh: '这张卡登记在两个证件号码名下，无法确定是谁的。',
      en: 'This card is registered to two ID numbers, so its owner is not certain.',
    },
    money: 'none',
    remedy: {
      zh: '请患者出示身份证再读；请信息科核对卡册（import-cards）。',
      en: 'Ask for the ID card; the IT clerk checks the registers of cards (import-cards).',
    },
  },
  /** A card without an ID number that no register knows. */
  'card-unknown': {
    message: {
      zh: '卡册里没有这张卡，认不出是谁。',
      en: 'No register knows this card, so its owner is not known.',
    },
    money: 'none',
    remedy: {
      zh: '请读社保卡或身份证，或按 F3 输入证件号码查找；请信息科导入卡册（import-cards）。',
      en: 'Read another card, or press F3 and type the ID number; the IT clerk imports the register of cards (import-cards).',
    },
  },
  'question-unknown': {
    message: {
      zh: '读卡器上的卡已经换了，刚才的确认没有采用。',
      en: 'Another card lies on the reader; the answer was not used.',
    },
    money: 'none',
    remedy: { zh: '请把患者的卡放好，按 F2 重新读。', en: 'Lay the card down and press F2.' },
  },
  'person-question-unknown': {
    message: {
      zh: '没有这个待定的问题，没有改动任何登记。',
      en: 'There is no such question; nothing was changed.',
    },
    money: 'none',
    remedy: {
      zh: '请用 person-questions 列出待定的问题，再按编号回答。',
      en: 'List what waits with person-questions and answer by its id.',
    },
  },
  'person-question-answered': ({ state }: { readonly state: 'same' | 'other' | 'gone' }) => ({
    message:
      state === 'gone'
        ? {
            zh: '这个问题已经不用回答：账单或名单后来写的与登记的一致。',
            en: 'This needs no answer any more: the bill or list came again without the difference.',
          }
        : {
            zh: `这个问题已经这样回答过了（${state === 'same' ? '是同一个人' : '不是同一个人'}）。`,
            en: `This was answered so before (${state === 'same' ? 'the same person' : 'another person'}).`,
          },
    money: 'none',
    remedy: {
      zh: '回答错了的，用另一个回答（--same 或 --other）改正。',
      en: 'Give the other answer (--same or --other) where it was wrong.',
    },
  }),
  'person-question-reason-missing': {
    message: {
      zh: '没有写明根据什么认定，没有采用这个回答。',
      en: 'What the answer rests on was not said; it was not used.',
    },
    money: 'none',
    remedy: {
      zh: '请用 --reason 写明，例如“已看身份证”。',
      en: 'Say it with --reason, such as "saw the ID card".',
    },
  },
  'proxy-is-patient': {
    message: {
      zh: '读到的是患者本人的证件，没有登记代办人。',
      en: 'This is the card of the patient; no proxy was noted.',
    },
    money: 'none',
    remedy: {
      zh: '请放代办人的身份证，再按 F11；患者本人来的不用登记。',
      en: 'Lay down the ID card of the proxy and press F11; none is needed where the patient came.',
    },
  },
  'proxy-unnamed': {
    message: {
      zh: '这张卡上没有姓名和证件号码，不能登记代办人。',
      en: 'This card bears no name and ID number, so it names no proxy.',
    },
    money: 'none',
    remedy: {
      zh: '请放代办人的身份证或社保卡，再按 F11。',
      en: 'Lay down the ID card of the proxy and press F11.',
    },
  },
  /** A slip or a wristband whose number is not one of ours. */
  'own-number-unknown': {
    message: {
      zh: '扫到的编号在本机没有找到。',
      en: 'The number scanned is not known here.',
    },
    money: 'none',
    remedy: {
      zh: '请核对是不是本院的凭条，或按 F3 用姓名、证件号查找。',
      en: 'Check whether the slip is of this hospital, or press F3 and find by name or number.',
    },
  },
  'e-voucher-not-set': {
    message: {
      zh: '扫到了医保码，但本机没有设置医保码解码服务，认不出是谁。',
      en: 'This is an e-voucher, but no decoding service is set, so its owner is not known.',
    },
    money: 'none',
    remedy: {
      zh: `${otherWays.zh}信息科可以设置 e-voucher-url。`,
      en: `${otherWays.en} The IT clerk can set e-voucher-url.`,
    },
  },
  'e-voucher-plain': {
    message: {
      zh: '医保码解码服务的地址是不加密的 http，谁都能在线路上读到，所以没有去问。',
      en: 'The decoding service is set as plain http, which anybody on the line can read, so it was not asked.',
    },
    money: 'none',
    remedy: {
      zh: `${otherWays.zh}请信息科把 e-voucher-url 改成 https 地址。`,
      en: `${otherWays.en} Have the IT clerk set e-voucher-url to an https address.`,
    },
  },
  'e-voucher-unanswered': ({ why }: { readonly why: string }) => ({
    message: {
      zh: '医保码解码服务没有回答，认不出是谁。',
      en: 'The decoding service for e-vouchers did not answer, so its owner is not known.',
    },
    money: 'none',
    remedy: {
      zh: `请患者刷新医保码再扫一次；仍然不行时，${otherWays.zh}`,
      en: `Ask the patient to refresh the code and scan it again. ${otherWays.en}`,
    },
    details: [{ why }],
  }),
  /** `code` and `said` are the service's own. */
  'e-voucher-refused': ({ code, said }: { readonly code: number; readonly said: string }) => ({
    message: {
      zh: `医保码没有被接受：${said === '' ? String(code) : said}。`,
      en: `The e-voucher was not accepted: ${said === '' ? String(code) : said}.`,
    },
    money: 'none',
    remedy: {
      zh: `医保码约一分钟更新一次、只能用一次：请患者刷新后再扫。${otherWays.zh}`,
      en: `A code is good once and for about a minute: ask the patient to refresh it. ${otherWays.en}`,
    },
    details: [{ code }],
  }),
});
