import { accepted, refused, type Result, type Words } from '../../../shared/domain/result.ts';
import { cardKindOf, cardRefusal, type CardRead, type CardRefusalCode } from '../card.ts';
import { birthDayIn, sexIn } from '../../../shared/domain/citizen-number.ts';
import { readIdentityNumber } from '../../../shared/domain/identity-number.ts';
import { shanghaiInstant } from '../../../shared/domain/shanghai-time.ts';
import type { CodeMeaning, UnknownCode } from './classify-code.ts';
import type { OwnNumberKind } from './code-settings.ts';
import type { PaymentMeans } from './payment-codes.ts';

export type CodeReadAt = {
  /** The URL of the reader. */
  readonly reader: string;
  readonly now: Date;
  /** From the first byte of the code to the last. */
  readonly elapsedMs: number;
};

/**
 * The card a code stands for (contract: Card JSON), or `card-not-recognised` with the cause: a payment code, a
 * number of our own, a code that was not read whole, or no code of a patient at all. The refusal never holds
 * the code.
 */
export function cardOfCode(
  meaning: CodeMeaning,
  at: CodeReadAt,
): Result<CardRead, CardRefusalCode> {
  const read = {
    reader: at.reader,
    readAt: shanghaiInstant(at.now),
    elapsedMs: Math.max(0, Math.round(at.elapsedMs)),
    validUntil: null,
    longTerm: false,
    warnings: [],
  } as const;
  switch (meaning.kind) {
    case 'e-voucher':
      return accepted({ ...read, card: 'e-voucher', code: meaning.code });
    case 'citizen-number':
      return accepted({
        ...read,
        card: 'resident-id',
        ...personIn(meaning.idNumber),
        code: meaning.idNumber,
        warnings: [{ code: 'number-without-card', text: numberWithoutCard }],
      });
    case 'preferential': {
      const { code, cardNumber, idNumber } = meaning;
      return accepted({
        ...read,
        card: 'preferential',
        ...(cardNumber === undefined ? {} : { cardNumber }),
        ...(idNumber === undefined ? {} : personIn(idNumber)),
        code,
      });
    }
    case 'social-security': {
      const { cardNumber } = meaning;
      return accepted({ ...read, card: 'social-security', cardNumber, code: cardNumber });
    }
    case 'own-number':
      return refuse(ownNumberCauses[meaning.of], ownNumberRemedy, `own number: ${meaning.of}`);
    case 'payment':
      return refuse(paymentCauses[meaning.means], paymentRemedy, `payment: ${meaning.means}`);
    case 'unknown': {
      const { cause, remedy } = unknownTellings[meaning.why];
      return refuse(cause, remedy, `unknown code: ${meaning.why}`);
    }
  }
}

function refuse(cause: Words, remedy: Words, technical: string): Result<never, CardRefusalCode> {
  return refused(cardRefusal('card-not-recognised', { cause, remedy, technical }));
}

/** What a number says of its owner. The kind of card follows from the division it begins with. */
function personIn(
  idNumber: string,
): Required<Pick<CardRead, 'idNumber' | 'kind' | 'birthDate' | 'sex'>> {
  const reading = readIdentityNumber(idNumber, { isFirstHand: true });
  const kind = cardKindOf(reading.kind === 'read' ? reading.document : 'citizen');
  return { idNumber, kind, birthDate: birthDayIn(idNumber), sex: sexIn(idNumber) };
}

const numberWithoutCard: Words = {
  zh: '只有证件号码，没有读到证件，请核对本人。',
  en: 'Only a number, no card was read: make sure it is this person.',
};

const ownNumberCauses: Readonly<Record<OwnNumberKind, Words>> = {
  settlement: {
    zh: '扫到的是本院的结算单号，不是患者的卡或医保码。',
    en: 'This is a settlement number of this hospital, not a card or code of a patient.',
  },
  receipt: {
    zh: '扫到的是本院凭条的编号，不是患者的卡或医保码。',
    en: 'This is the number of a slip of this hospital, not a card or code of a patient.',
  },
  visit: {
    zh: '扫到的是本院的住院或就诊编号，不是患者的卡或医保码。',
    en: 'This is a visit number of this hospital, not a card or code of a patient.',
  },
};
const ownNumberRemedy: Words = {
  zh: '要按编号查找，请按 F3 后再扫；要识别患者，请扫医保码或读卡。',
  en: 'To find by this number press F3 and scan again; to identify the patient scan the e-voucher or read a card.',
};

const paymentCauses: Readonly<Record<PaymentMeans, Words>> = {
  wechat: {
    zh: '这是微信付款码，不是医保码，没有收取任何款项。',
    en: 'This is a WeChat payment code, not an e-voucher; no money was taken.',
  },
  alipay: {
    zh: '这是支付宝付款码，不是医保码，没有收取任何款项。',
    en: 'This is an Alipay payment code, not an e-voucher; no money was taken.',
  },
  unionpay: {
    zh: '这是银联付款码，不是医保码，没有收取任何款项。',
    en: 'This is a UnionPay payment code, not an e-voucher; no money was taken.',
  },
  'bank-card': {
    zh: '这是银行卡，卡上的信息没有保留，也没有收取任何款项。',
    en: 'This is a bank card; nothing of it was kept and no money was taken.',
  },
};
const paymentRemedy: Words = {
  zh: '请患者打开医保码再扫，或读社保卡、身份证。付款在结算时进行。',
  en: 'Ask the patient to open the medical-insurance code, or read a card. Payment comes with the settlement.',
};

const scanAgain: Words = {
  zh: '请对准医保码再扫一次；仍然不行时请读社保卡或身份证，或输入证件号码。',
  en: 'Scan the medical-insurance code again; if that does not help read a card or type the ID number.',
};

const unknownTellings: Readonly<
  Record<UnknownCode, { readonly cause: Words; readonly remedy: Words }>
> = {
  empty: {
    cause: { zh: '扫码器没有传来内容。', en: 'The scanner sent nothing.' },
    remedy: scanAgain,
  },
  'too-long': {
    cause: {
      zh: '这个码的内容太长，不是医保码，也不是卡号。',
      en: 'This code is too long to be an e-voucher or the number of a card.',
    },
    remedy: scanAgain,
  },
  unfinished: {
    cause: {
      zh: '码没有传完整，没有采用。',
      en: 'The code broke off and was not used.',
    },
    remedy: {
      zh: '请再扫一次；每次都这样时，请信息科核对扫码器的结束符设置。',
      en: 'Scan again; if it happens every time the IT clerk checks the suffix set in the scanner.',
    },
  },
  unreadable: {
    cause: { zh: '扫码器传来的内容不是文字。', en: 'What the scanner sent is no text.' },
    remedy: {
      zh: '请再扫一次；每次都这样时，请信息科核对扫码器的波特率和编码。',
      en: 'Scan again; if it happens every time the IT clerk checks the rate and the encoding of the scanner.',
    },
  },
  'blank-stripe': {
    cause: { zh: '这张卡的磁条是空白的。', en: 'The stripe of this card is blank.' },
    remedy: {
      zh: '请确认刷卡方向，或改读芯片；也可以输入证件号码查找患者。',
      en: 'Check which way the card is swiped, or read its chip; the ID number can be typed too.',
    },
  },
  'cut-e-voucher': {
    cause: {
      zh: '像是医保码，但位数不对，可能没有扫完整。',
      en: 'It looks like a medical-insurance code with a wrong number of digits; perhaps it was not read whole.',
    },
    remedy: {
      zh: '请患者刷新医保码，对准再扫一次。',
      en: 'Ask the patient to refresh the code and scan it again.',
    },
  },
  'wrong-id-number': {
    cause: {
      zh: '像是身份证号码，但校验位或出生日期不对。',
      en: 'It looks like an ID number whose check digit or day of birth is wrong.',
    },
    remedy: { zh: '请核对证件后重新输入。', en: 'Compare it with the document and type it again.' },
  },
  'damaged-stripe': {
    cause: { zh: '磁条没有读完整。', en: 'The stripe was not read whole.' },
    remedy: {
      zh: '请匀速再刷一次；多次不行时磁条可能已损坏，请输入证件号码查找患者。',
      en: 'Swipe again at an even pace; if it keeps failing the stripe may be damaged: type the ID number.',
    },
  },
  other: {
    cause: {
      zh: '它不是医保码，也不是本院设置过的卡。',
      en: 'It is neither an e-voucher nor a card this hospital has set up.',
    },
    remedy: scanAgain,
  },
};
