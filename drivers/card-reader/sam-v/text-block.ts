import { accepted, refused, type Result, type Warning } from '../../../shared/domain/result.ts';
import type { Day } from '../../../shared/domain/visit.ts';
import { cardRefusal, type CardKind, type CardRefusalCode } from '../card.ts';
import { birthDayIn, sexIn } from '../../../shared/domain/citizen-number.ts';
import { readIdentityNumber, type ReadNumber } from '../../../shared/domain/identity-number.ts';
import { writtenName } from '../../../shared/domain/person-name.ts';

/** Bytes of the text block, UTF-16 with the low byte first (GA/T 490). */
export const textBlockLength = 256;

/** What the text of an ID card says, checked as a whole: there is no such thing as half a person. */
export type IdCardText = {
  readonly kind: CardKind;
  readonly name: string;
  readonly idNumber: string;
  readonly birthDate: Day;
  readonly sex?: 'male' | 'female';
  readonly ethnicity?: string;
  readonly address?: string;
  readonly issuerName?: string;
  readonly issuedOn: Day;
  readonly validUntil: Day | null;
  readonly longTerm: boolean;
  readonly warnings: readonly Warning[];
};

type Field = readonly [offset: number, length: number];

/** Where the fields of a resident's card are; that of Hong Kong, Macao and Taiwan residents agrees. */
const residentLayout = {
  name: [0, 30],
  sex: [30, 2],
  ethnicity: [32, 4],
  birthDate: [36, 16],
  address: [52, 70],
  number: [122, 36],
  issuer: [158, 30],
  from: [188, 16],
  until: [204, 16],
} as const satisfies Record<string, Field>;

/** Foreign permanent residents, 2023: as above, with the English name where the address stands. */
const foreign2023EnglishName: Field = [52, 70];

/** Foreign permanent residents, 2017: a layout of its own, with a number of 15 characters. */
const foreign2017Layout = {
  englishName: [0, 120],
  sex: [120, 2],
  number: [122, 30],
  chineseName: [158, 30],
  from: [188, 16],
  until: [204, 16],
  birthDate: [220, 16],
} as const satisfies Record<string, Field>;

const typeMark: Field = [248, 2];

/** Thrown and caught inside this file only: the first thing that is wrong ends the parsing. */
class Unusable extends Error {}

/**
 * Reads the text block of a resident ID card, of the residence permit for Hong Kong, Macao and Taiwan
 * residents (`J`), and of the permanent residence card for foreigners (`I` of 2017, `Y` of 2023). Anything
 * that contradicts itself (check digit, dates, number against birth date, characters that cannot be) refuses
 * the whole block as `card-not-recognised`. `today` bounds the birth date.
 */
export function parseTextBlock(block: Uint8Array, today: Day): Result<IdCardText, CardRefusalCode> {
  try {
    if (block.length !== textBlockLength) throw new Unusable('text block length');
    return accepted(parseByType(block, today));
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    return refused(
      cardRefusal('card-not-recognised', { technical: `id card text: ${error.message}` }),
    );
  }
}

function parseByType(block: Uint8Array, today: Day): IdCardText {
  const mark = text(block, typeMark, 'type mark');
  if (mark === '') return parseResident(block, today);
  if (mark === 'J') return parseHkMacaoTaiwan(block, today);
  if (mark === 'I') return parseForeign2017(block, today);
  if (mark === 'Y') return parseForeign2023(block, today);
  throw new Unusable('unknown card type');
}

function parseResident(block: Uint8Array, today: Day): IdCardText {
  const { number, document } = numberOf(block, today);
  if (document === 'foreign-permanent') throw new Unusable('number of another card type');
  const warnings: Warning[] = [];
  const ethnicity = ethnicityOf(text(block, residentLayout.ethnicity, 'ethnicity'), warnings);
  return {
    kind: 'resident',
    ...commonFields(block, number, today, warnings),
    ...(ethnicity === undefined ? {} : { ethnicity }),
    ...addressAndIssuer(block),
    warnings,
  };
}

function parseHkMacaoTaiwan(block: Uint8Array, today: Day): IdCardText {
  const { number, document } = numberOf(block, today);
  if (document !== 'hk-macao-taiwan') throw new Unusable('number of another card type');
  const warnings: Warning[] = [];
  const fields = commonFields(block, number, today, warnings);
  return { kind: 'hk-macao-taiwan', ...fields, ...addressAndIssuer(block), warnings };
}

function parseForeign2023(block: Uint8Array, today: Day): IdCardText {
  const { number, document } = numberOf(block, today);
  if (document !== 'foreign-permanent') throw new Unusable('number of another card type');
  const warnings: Warning[] = [];
  const english = nameText(block, foreign2023EnglishName);
  const fields = commonFields(block, number, today, warnings, english);
  return { kind: 'foreign-permanent', ...fields, warnings };
}

function parseForeign2017(block: Uint8Array, today: Day): IdCardText {
  const layout = foreign2017Layout;
  const written = text(block, layout.number, 'number');
  const reading = readIdentityNumber(written, { isFirstHand: true });
  const isOld = reading.kind === 'read' && reading.document === 'foreign-permanent';
  if (!isOld || reading.number.length !== 15) throw new Unusable('number');
  const idNumber = reading.number;
  const warnings: Warning[] = [];
  const chinese = nameText(block, layout.chineseName);
  return {
    kind: 'foreign-permanent',
    name: nameOf(chinese, nameText(block, layout.englishName), warnings),
    idNumber,
    birthDate: birthDay(text(block, layout.birthDate, 'birth date'), today),
    ...sexOf(text(block, layout.sex, 'sex'), null, warnings),
    ...validity(text(block, layout.from, 'from'), text(block, layout.until, 'until'), warnings),
    warnings,
  };
}

function commonFields(
  block: Uint8Array,
  idNumber: string,
  today: Day,
  warnings: Warning[],
  englishName = '',
) {
  const birthDate = birthDay(text(block, residentLayout.birthDate, 'birth date'), today);
  if (birthDate !== birthDayIn(idNumber)) throw new Unusable('birth date and number differ');
  const from = text(block, residentLayout.from, 'from');
  const until = text(block, residentLayout.until, 'until');
  return {
    idNumber,
    name: nameOf(nameText(block, residentLayout.name), englishName, warnings),
    ...sexOf(text(block, residentLayout.sex, 'sex'), sexIn(idNumber), warnings),
    birthDate,
    ...validity(from, until, warnings),
  };
}

function addressAndIssuer(block: Uint8Array): { address?: string; issuerName?: string } {
  const address = text(block, residentLayout.address, 'address');
  const issuerName = text(block, residentLayout.issuer, 'issuer');
  return {
    ...(address === '' ? {} : { address }),
    ...(issuerName === '' ? {} : { issuerName }),
  };
}

/** A field without its padding. Half characters and control characters cannot be on a card. */
function text(block: Uint8Array, at: Field, field: string): string {
  return checkedText(paddedText(block, at), field);
}

/** A name; a character of two units that had room for its first alone is no part of it. */
function nameText(block: Uint8Array, at: Field): string {
  return checkedText(paddedText(block, at).replace(/[\uD800-\uDBFF]$/, ''), 'name');
}

function paddedText(block: Uint8Array, [offset, length]: Field): string {
  const units: number[] = [];
  for (let at = offset; at < offset + length; at += 2) {
    units.push((block[at] ?? 0) | ((block[at + 1] ?? 0) << 8));
  }
  return String.fromCharCode(...units);
}

function checkedText(padded: string, field: string): string {
  const value = padded.replace(/[ \u3000\0]+$/, '');
  if (!value.isWellFormed()) throw new Unusable(`${field}: half a character`);
  if (/[\p{Cc}\p{Zl}\p{Zp}\uFFFE\uFFFF\uFFFD\uFEFF]/u.test(value)) {
    throw new Unusable(`${field}: a character that cannot be`);
  }
  return value;
}

function numberOf(block: Uint8Array, today: Day): ReadNumber {
  const written = text(block, residentLayout.number, 'number');
  const reading = readIdentityNumber(written, { isFirstHand: true, bornBy: today });
  if (reading.kind === 'read' && reading.number.length === 18) return reading;
  throw new Unusable(`number: ${reading.kind === 'refused' ? reading.why : reading.kind}`);
}

function nameOf(chinese: string, english: string, warnings: Warning[]): string {
  const written = chinese === '' ? english : chinese;
  if (written !== written.trimStart()) throw new Unusable('name');
  const name = writtenName(written);
  if (name === '') throw new Unusable('name');
  if (/\p{Co}/u.test(name)) {
    warnings.push({
      code: 'name-has-private-character',
      text: {
        zh: '姓名里有系统字库没有的字，请对照证件核对姓名。',
        en: 'The name has a character outside the common fonts; compare it with the card.',
      },
    });
  }
  return name;
}

function birthDay(digits: string, today: Day): Day {
  const day = dayOf(digits);
  if (day === null) throw new Unusable('birth date');
  if (day > today) throw new Unusable('birth date in the future');
  return day;
}

function sexOf(
  mark: string,
  expected: 'male' | 'female' | null,
  warnings: Warning[],
): { sex?: 'male' | 'female' } {
  if (!/^[0129]$/.test(mark)) throw new Unusable('sex');
  if (mark === '0' || mark === '9') return {};
  const sex = mark === '1' ? 'male' : 'female';
  if (expected !== null && sex !== expected) {
    warnings.push({
      code: 'sex-differs-from-number',
      text: {
        zh: '卡上的性别与证件号码不一致，请核对。',
        en: 'The sex on the card and the number do not agree; please check.',
      },
    });
  }
  return { sex };
}

/** GB/T 3304: 01 to 56, 97 other, 98 naturalised foreigners. Anything else is left out with a warning. */
function ethnicityOf(code: string, warnings: Warning[]): string | undefined {
  if (!/^\d\d$/.test(code)) throw new Unusable('ethnicity');
  const number = Number(code);
  if ((number >= 1 && number <= 56) || number === 97 || number === 98) return code;
  warnings.push({
    code: 'ethnicity-unknown',
    text: {
      zh: `卡上的民族代码 ${code} 不在国标里。`,
      en: `Ethnicity code ${code} is not in the standard.`,
    },
  });
  return undefined;
}

function validity(
  from: string,
  until: string,
  warnings: Warning[],
): { issuedOn: Day; validUntil: Day | null; longTerm: boolean } {
  const issuedOn = dayOf(from);
  if (issuedOn === null) throw new Unusable('valid from');
  if (until === '长期') return { issuedOn, validUntil: null, longTerm: true };
  if (until === '') {
    warnings.push({
      code: 'expiry-unknown',
      text: { zh: '卡上没有写有效期止。', en: 'The card states no last day of validity.' },
    });
    return { issuedOn, validUntil: null, longTerm: false };
  }
  const validUntil = dayOf(until) ?? lastOfFebruary(until);
  if (validUntil === null || validUntil < issuedOn) throw new Unusable('valid until');
  return { issuedOn, validUntil, longTerm: false };
}

/** A card issued on 29 February may end on one that does not exist; it is then valid to the 28th. */
function lastOfFebruary(digits: string): Day | null {
  return digits.endsWith('0229') ? dayOf(`${digits.slice(0, 4)}0228`) : null;
}

/** `YYYYMMDD` as a day that exists, or null. */
function dayOf(digits: string): Day | null {
  const match = /^((?:19|20)\d\d)(\d\d)(\d\d)$/.exec(digits);
  if (match === null) return null;
  const [, year, month, day] = match;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const written = `${String(year)}-${String(month)}-${String(day)}`;
  return date.toISOString().slice(0, 10) === written ? written : null;
}
