import type { Refusal, Words } from '../../shared/domain/result.ts';
import type { RegisteredCardState } from '../database/cards-repository.ts';

const anotherDocument: Words = {
  zh: '请病人出示身份证，或按 F3 输入证件号码查找；卡的问题请病人到发卡机构办理。',
  en: 'Ask for the ID card, or press F3 and type the ID number; the card is a matter for its issuer.',
};

const causes: Readonly<Record<Exclude<RegisteredCardState, 'valid'>, Words>> = {
  lost: {
    zh: '这张卡已经挂失，不能使用。请留意拿卡的人是不是本人。',
    en: 'This card was reported as lost and may not be used. Mind who holds it.',
  },
  replaced: {
    zh: '这张卡已经补换新卡，旧卡不能使用。',
    en: 'This card was replaced by another and counts no more.',
  },
  cancelled: { zh: '这张卡已经注销，不能使用。', en: 'This card was cancelled.' },
};

/** A card its register says counts no more. */
export const cardNotValid = (state: Exclude<RegisteredCardState, 'valid'>): Refusal => ({
  code: `card-${state}`,
  message: {
    zh: `${causes[state].zh}没有动钱。`,
    en: `${causes[state].en} No money moved.`,
  },
  remedy: anotherDocument,
});

/** Registers, or the card and a register, name two owners. */
export const cardOfTwo: Refusal = {
  code: 'card-of-two-persons',
  message: {
    zh: '这张卡登记在两个证件号码名下，无法确定是谁的。没有动钱。',
    en: 'This card is registered to two ID numbers, so its owner is not certain. No money moved.',
  },
  remedy: {
    zh: '请病人出示身份证再读；请信息科核对卡册（import-cards）。',
    en: 'Ask for the ID card; the IT clerk checks the registers of cards (import-cards).',
  },
};

/** A card without an ID number that no register knows. */
export const cardUnknown: Refusal = {
  code: 'card-unknown',
  message: {
    zh: '卡册里没有这张卡，认不出是谁。没有动钱。',
    en: 'No register knows this card, so its owner is not known. No money moved.',
  },
  remedy: {
    zh: '请读社保卡或身份证，或按 F3 输入证件号码查找；请信息科导入卡册（import-cards）。',
    en: 'Read another card, or press F3 and type the ID number; the IT clerk imports the register of cards (import-cards).',
  },
};
