import { declareCodes } from '../../shared/domain/declare-refusals.ts';
import type { NumberedDocument } from '../../shared/domain/identity-number.ts';
import type { Refusal, Warning, Words } from '../../shared/domain/result.ts';
import type { Day } from '../../shared/domain/visit.ts';

export const cardTypes = ['social-security', 'resident-id', 'preferential', 'e-voucher'] as const;
export type CardType = (typeof cardTypes)[number];

export const cardKinds = ['resident', 'foreign-permanent', 'hk-macao-taiwan'] as const;
export type CardKind = (typeof cardKinds)[number];

/** The kind of card a person with the number of this document holds. */
export function cardKindOf(document: NumberedDocument): CardKind {
  return document === 'foreign-permanent' || document === 'hk-macao-taiwan' ? document : 'resident';
}

/**
 * What was read from one card (contract: Card JSON). A field the card does not have is absent. Photo and
 * fingerprints are never part of it: they are dropped where the bytes come in.
 */
export type CardRead = {
  readonly card: CardType;
  readonly kind?: CardKind;
  /** The URL of the reader. */
  readonly reader: string;
  /** Instant with the offset of Asia/Shanghai. */
  readonly readAt: string;
  /** From the card being found to the data being checked. */
  readonly elapsedMs: number;
  readonly idNumber?: string;
  readonly name?: string;
  readonly sex?: 'male' | 'female';
  /** GB/T 3304, two digits. */
  readonly ethnicity?: string;
  readonly birthDate?: Day;
  readonly address?: string;
  readonly cardNumber?: string;
  readonly cardIdentifier?: string;
  /** Six-digit division. */
  readonly issuer?: string;
  readonly issuerName?: string;
  readonly specVersion?: string;
  readonly issuedOn?: Day;
  /** Last valid day; null where the card states none. */
  readonly validUntil: Day | null;
  /** 长期 is printed on the card: it does not expire. */
  readonly longTerm: boolean;
  /** The text of a code or stripe. */
  readonly code?: string;
  readonly warnings: readonly Warning[];
};

export const cardRefusalCodes = [
  'no-reader',
  'no-card',
  'card-removed',
  'card-not-recognised',
  'card-locked',
  'card-expired',
  'needs-authentication',
  'reader-failed',
  'reader-removed',
  'checksum',
  'timeout',
] as const;
export type CardRefusalCode = (typeof cardRefusalCodes)[number];

/** Why a card was not read. `details` holds technical words for the IT clerk, never what is on the card. */
export type CardRefusal = Refusal<CardRefusalCode>;

type Telling = { readonly message: Words; readonly remedy: Words };

const tellings: Readonly<Record<CardRefusalCode, Telling>> = declareCodes({
  'no-reader': {
    message: { zh: '没有找到读卡器。', en: 'No card reader was found.' },
    remedy: {
      zh: '请检查读卡器的电源和数据线；仍然没有时，请信息科在设置中核对读卡器地址。也可以直接输入证件号码查找患者。',
      en: 'Check the power and the cable of the reader; if that does not help, ask the IT clerk to check the address in the settings. The patient can also be found by typing the ID number.',
    },
  },
  'no-card': {
    message: { zh: '没有读到卡。', en: 'No card was read.' },
    remedy: {
      zh: '请把证件平放在读卡区，不要移动；已经放着的，请拿起来再放一次。',
      en: 'Lay the card flat on the plate and leave it there; if it is there already, lift it and put it down again.',
    },
  },
  'card-removed': {
    message: {
      zh: '读卡没有完成，卡可能被拿走或移动了。',
      en: 'The reading was not finished; the card was probably moved.',
    },
    remedy: {
      zh: '请把卡放好不动，再读一次。',
      en: 'Lay the card down, leave it still, and read it again.',
    },
  },
  'card-not-recognised': {
    message: {
      zh: '这张卡读不出有效的信息，没有采用其中任何内容。',
      en: 'This card gives no valid information; nothing of it was used.',
    },
    remedy: {
      zh: '请确认放的是一张居民身份证，拿起来再放一次；仍然读不出时，请核对证件后输入号码。',
      en: 'Make sure it is one resident ID card, lift it and put it down again; if it still cannot be read, check the card by eye and type the number.',
    },
  },
  'card-locked': {
    message: { zh: '这张卡已被锁定。', en: 'This card is locked.' },
    remedy: {
      zh: '请患者到发卡机构解锁；现在可以核对证件后输入号码。',
      en: 'The patient has it unlocked where it was issued; for now check a document and type the number.',
    },
  },
  'card-expired': {
    message: { zh: '这张卡已过有效期。', en: 'This card has expired.' },
    remedy: {
      zh: '请患者出示有效证件；确认是本人后，可以输入号码查找。',
      en: 'Ask for a valid document; once the person is certain, find them by typing the number.',
    },
  },
  'needs-authentication': {
    message: { zh: '这张卡要求先认证才能读取。', en: 'This card wants authentication first.' },
    remedy: {
      zh: '请信息科为读卡器配置认证（PSAM 卡或加密机）；现在可以核对证件后输入号码。',
      en: 'The IT clerk sets up authentication (PSAM card or security module); for now check a document and type the number.',
    },
  },
  'reader-failed': {
    message: { zh: '读卡器接上了，但不能工作。', en: 'The reader is connected but does not work.' },
    remedy: {
      zh: '请把读卡器断电再接上；仍然不行时请联系信息科。也可以直接输入证件号码查找患者。',
      en: 'Cut the power of the reader and connect it again; if that does not help call the IT clerk. The patient can also be found by typing the ID number.',
    },
  },
  'reader-removed': {
    message: {
      zh: '读卡器断开了，这次没有读到任何信息。',
      en: 'The reader was disconnected; nothing was read.',
    },
    remedy: {
      zh: '请插好读卡器的数据线，接通后会自动恢复，不用重开程序。',
      en: 'Plug the cable of the reader in; it recovers by itself, the program need not be restarted.',
    },
  },
  checksum: {
    message: {
      zh: '读卡器传来的数据有差错，已重试一次，没有采用。',
      en: 'The data from the reader was damaged; it was tried again once and not used.',
    },
    remedy: {
      zh: '请再读一次；经常出现时请信息科更换数据线或接口。',
      en: 'Read again; if it happens often the IT clerk should change the cable or the port.',
    },
  },
  timeout: {
    message: { zh: '读卡器没有在规定时间内回答。', en: 'The reader did not answer in time.' },
    remedy: {
      zh: '请再读一次；仍然不行时，请把读卡器断电再接上。',
      en: 'Read again; if that does not help cut the power of the reader and connect it again.',
    },
  },
});

/**
 * A refusal in words. `cause` says more exactly what happened, in the cashier's words, after the general
 * sentence; `technical` is for the IT clerk.
 */
export function cardRefusal(
  code: CardRefusalCode,
  more: { readonly cause?: Words; readonly remedy?: Words; readonly technical?: string } = {},
): CardRefusal {
  const telling = tellings[code];
  const { cause, technical } = more;
  return {
    code,
    message:
      cause === undefined
        ? telling.message
        : {
            zh: `${telling.message.zh}${cause.zh}`,
            en: `${telling.message.en} ${cause.en}`,
          },
    remedy: more.remedy ?? telling.remedy,
    ...(technical === undefined ? {} : { details: [{ technical }] }),
  };
}
