import { cardRefusal, type CardRefusal } from '../card.ts';

export const statusOk = 0x9000;

/**
 * The record ended before the length that was asked for: a warning (ISO 7816-4), and the record is there, whole.
 * Most cards say `6Cxx` instead.
 */
export const statusShorter = 0x6282;

/** The card knows no such record: an empty field is not a fault. */
export const statusNoRecord = 0x6a83;

/** Ways a card says that it does not know this form of a command; another form may do. */
export function isAnotherForm(status: number): boolean {
  return [0x6700, 0x6a81, 0x6a82, 0x6a86, 0x6b00, 0x6d00].includes(status);
}

const locked = [0x6283, 0x6a81, 0x6983, 0x9303];
const wantsAuthentication = [0x6982, 0x6300, 0x6985, 0x6a88];

/**
 * What a status means for the reading of a social-security card (ISO 7816-4, PBOC; cards.md 1.7). `at` says what
 * was asked, for the IT clerk.
 */
export function refusalOfStatus(status: number, at: string): CardRefusal {
  const technical = `${at}: status ${status.toString(16).padStart(4, '0')}`;
  if (locked.includes(status)) return cardRefusal('card-locked', { technical });
  if (wantsAuthentication.includes(status)) {
    return cardRefusal('needs-authentication', { technical });
  }
  if (status === 0x6a82) return notThisCard(technical);
  return cardRefusal('card-not-recognised', {
    cause: { zh: '卡的回答不正常。', en: 'The card answered out of order.' },
    remedy: insertAgain,
    technical,
  });
}

/** A card with a chip, but not this kind. */
export function notThisCard(technical: string): CardRefusal {
  return cardRefusal('card-not-recognised', {
    cause: {
      zh: '插入的不是社会保障卡。',
      en: 'What was put in is no social-security card.',
    },
    remedy: {
      zh: '请确认是社会保障卡，芯片朝上插到底；也可以读身份证或输入证件号码查找患者。',
      en: 'Make sure it is a social-security card, put in to the end with the chip upwards; or read the ID card, or type the ID number.',
    },
    technical,
  });
}

export const insertAgain = {
  zh: '请把社保卡芯片朝上插到底，再读一次；仍然不行时请读身份证或输入证件号码。',
  en: 'Put the card in to the end with the chip upwards and read again; if that does not help read the ID card or type the number.',
};

/** A card without an answer: the wrong way round, or without a chip. */
export function muteCard(technical: string): CardRefusal {
  return cardRefusal('card-not-recognised', {
    cause: {
      zh: '卡没有应答，可能插反了。',
      en: 'The card gives no answer; perhaps it is the wrong way round.',
    },
    remedy: {
      zh: '请把卡抽出来，芯片朝上插到底；仍然不行时请读身份证或输入证件号码。',
      en: 'Take the card out and put it in to the end with the chip upwards; if that does not help read the ID card or type the number.',
    },
    technical,
  });
}
