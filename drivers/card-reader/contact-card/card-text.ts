import { accepted, refused, type Result, type Warning } from '../../../shared/domain/result.ts';
import type { Day } from '../../../shared/domain/visit.ts';
import { cardKindOf, cardRefusal, type CardRefusalCode } from '../card.ts';
import { birthDayIn, sexIn } from '../../../shared/domain/citizen-number.ts';
import { eighteenIn, type ReadNumber } from '../../../shared/domain/identity-number.ts';
import { writtenName } from '../../../shared/domain/person-name.ts';
import { cutTextOfGb18030, wholeTextOfGb18030 } from './gb18030-text.ts';
import { isBlank, withoutPadding } from './record.ts';

/** Tags of the records that are read, of EF05 (the issuer's) and EF06 (the holder's). LD/T 32, version 2.0. */
export const tags = {
  identifier: 0x01,
  version: 0x03,
  issuedOn: 0x05,
  validUntil: 0x06,
  cardNumber: 0x07,
  idNumber: 0x08,
  name: 0x09,
  nameExtension: 0x4e,
  sex: 0x0a,
  ethnicity: 0x0b,
  birthDate: 0x0d,
} as const;
export type FieldName = keyof typeof tags;

/** What was read, by field; a record the card does not have is absent. */
export type CardFields = Partial<Readonly<Record<FieldName, Uint8Array>>>;

/** What a social-security card says, checked as a whole. */
export type SocialSecurityText = {
  readonly kind: 'resident' | 'hk-macao-taiwan' | 'foreign-permanent';
  readonly idNumber: string;
  readonly name: string;
  readonly sex?: 'male' | 'female';
  readonly ethnicity?: string;
  readonly birthDate: Day;
  readonly cardNumber?: string;
  readonly cardIdentifier?: string;
  readonly issuer?: string;
  readonly specVersion?: string;
  readonly issuedOn?: Day;
  readonly validUntil: Day | null;
  readonly longTerm: boolean;
  readonly warnings: readonly Warning[];
};

/** Thrown and caught inside this file only: the first thing that is wrong ends it. */
class Unusable extends Error {}

/**
 * Makes a person of the records of a card. Whatever contradicts itself (check digit, number against birth day
 * or sex, a day that does not exist, text that is none) refuses the whole card as `card-not-recognised`:
 * there is no such thing as half a person. `today` bounds the birth day.
 */
export function parseCardText(
  fields: CardFields,
  today: Day,
): Result<SocialSecurityText, CardRefusalCode> {
  try {
    return accepted(parse(fields, today));
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    const technical = `social-security card: ${error.message}`;
    return refused(
      cardRefusal('card-not-recognised', {
        cause: {
          zh: '社保卡里的信息残缺或互相矛盾。',
          en: 'What is written on the card is incomplete or contradicts itself.',
        },
        remedy: {
          zh: '请再读一次；仍然不行时请读身份证或输入证件号码，并请患者到发卡机构检查社保卡。',
          en: 'Read again; if that does not help read the ID card or type the number, and have the card checked where it was issued.',
        },
        technical,
      }),
    );
  }
}

function parse(fields: CardFields, today: Day): SocialSecurityText {
  const warnings: Warning[] = [];
  const { number: idNumber, document } = numberOf(fields.idNumber, today);
  const birthDate = birthDayIn(idNumber);
  const stated = dayOf(fields.birthDate, 'birth day');
  if (stated !== null && stated !== birthDate) throw new Unusable('birth day against number');
  const sex = sexOf(fields.sex) ?? sexIn(idNumber);
  if (sex !== sexIn(idNumber)) throw new Unusable('sex against number');
  const name = nameOf(fields.name, fields.nameExtension, warnings);
  const ethnicity = ethnicityOf(fields.ethnicity);
  const identifier = identifierOf(fields.identifier);
  const cardNumber = latinOf(fields.cardNumber, 'card number');
  const specVersion = latinOf(fields.version, 'version');
  const issuedOn = dayOf(fields.issuedOn, 'day of issue');
  return {
    kind: cardKindOf(document),
    idNumber,
    name,
    sex,
    ...(ethnicity === null ? {} : { ethnicity }),
    birthDate,
    ...(cardNumber === null ? {} : { cardNumber }),
    ...(identifier === null ? {} : identifier),
    ...(specVersion === null ? {} : { specVersion }),
    ...(issuedOn === null ? {} : { issuedOn }),
    validUntil: expiryOf(fields.validUntil),
    longTerm: false,
    warnings,
  };
}

function numberOf(value: Uint8Array | undefined, today: Day): ReadNumber {
  const written = latinOf(value, 'number');
  if (written === null) throw new Unusable('no number');
  const read = eighteenIn(written, today);
  if (read === null) throw new Unusable('number');
  return read;
}

/** Bytes there is room for in the name and in its extension. */
const nameRoom = 30;
const extensionRoom = 20;

/** Characters are one or two places of the name; the extension goes on in the middle of one if need be, and the last one may have no room. */
function nameOf(
  value: Uint8Array | undefined,
  extension: Uint8Array | undefined,
  warnings: Warning[],
): string {
  const start = withoutPadding(value ?? new Uint8Array());
  const rest = withoutPadding(extension ?? new Uint8Array());
  const bytes = Uint8Array.of(...start, ...rest);
  const isFull = bytes.length === nameRoom || bytes.length === nameRoom + extensionRoom;
  const read = isFull ? cutTextOfGb18030(bytes) : wholeTextOfGb18030(bytes);
  if (read === null) throw new Unusable('name is no text');
  if (/[\p{Cc}\p{Cn}\p{Cs}]/u.test(read.text.trim())) throw new Unusable('name');
  const name = writtenName(read.text);
  if (name === '') throw new Unusable('name');
  if (read.isCut) warnings.push(nameIsCut);
  if (/\p{Co}/u.test(name)) {
    warnings.push({
      code: 'name-has-private-character',
      text: {
        zh: '姓名中有常用字库以外的字，请与卡面核对。',
        en: 'The name has a character outside the common fonts; compare it with the card.',
      },
    });
  }
  return name;
}

const nameIsCut: Warning = {
  code: 'name-cut',
  text: {
    zh: '姓名太长，卡里没有存全，请与证件核对。',
    en: 'The name is longer than the card has room for; compare it with the document.',
  },
};

function sexOf(value: Uint8Array | undefined): 'male' | 'female' | null {
  const code = latinOf(value, 'sex');
  if (code === '1') return 'male';
  if (code === '2') return 'female';
  // 0 unknown and 9 not stated (GB/T 2261.1) say nothing.
  if (code === null || code === '0' || code === '9') return null;
  throw new Unusable('sex');
}

function ethnicityOf(value: Uint8Array | undefined): string | null {
  const code = packedDigits(value, 'ethnicity');
  if (code === null) return null;
  if (code.length !== 2) throw new Unusable('ethnicity');
  return code;
}

/** 发卡地区行政区划代码 in front, then the registered provider, then what is this card's own. */
function identifierOf(
  value: Uint8Array | undefined,
): { readonly cardIdentifier: string; readonly issuer?: string } | null {
  if (value === undefined || isBlank(value)) return null;
  if (value.length !== 16) throw new Unusable('identifier');
  const cardIdentifier = Buffer.from(value).toString('hex').toUpperCase();
  const division = cardIdentifier.slice(0, 6);
  return { cardIdentifier, ...(/^\d{6}$/.test(division) ? { issuer: division } : {}) };
}

/** Empty, all 00, all FF and any day of the year 9999 mean that none is stated. */
function expiryOf(value: Uint8Array | undefined): Day | null {
  const day = dayOf(value, 'validity');
  return day?.startsWith('9999') === true ? null : day;
}

function dayOf(value: Uint8Array | undefined, what: string): Day | null {
  const digits = packedDigits(value, what);
  if (digits === null) return null;
  if (digits.length !== 8) throw new Unusable(what);
  const day = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  const date = new Date(`${day}T00:00:00Z`);
  // Some days that do not exist become the next one that does.
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day) {
    throw new Unusable(what);
  }
  return day;
}

function packedDigits(value: Uint8Array | undefined, what: string): string | null {
  if (value === undefined || isBlank(value)) return null;
  const digits = Buffer.from(value).toString('hex');
  if (!/^\d+$/.test(digits)) throw new Unusable(what);
  return digits;
}

function latinOf(value: Uint8Array | undefined, what: string): string | null {
  if (value === undefined || isBlank(value)) return null;
  const text = Buffer.from(withoutPadding(value)).toString('latin1').trim();
  if (text === '') return null;
  if (!/^[\x21-\x7e]+$/.test(text)) throw new Unusable(what);
  return text;
}
