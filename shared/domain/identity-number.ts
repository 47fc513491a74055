import { birthDayIn, hasKnownProvince, hasRightCheckDigit, isBirthDay } from './citizen-number.ts';
import type { IdentityDocument } from './closed-values.ts';
import type { Day } from './day.ts';
import { asSeen, narrow } from './written-text.ts';

/** A document that has a number. */
export type NumberedDocument = Exclude<IdentityDocument, 'none'>;

/**
 * Why a text is nobody's number. `digits-lost`: a spreadsheet kept 15 of 18 digits. `perhaps-lost`: it ends as if it had,
 * and its check digit is right all the same. `masked`: somebody covered a part of it.
 */
export const numberFaults = [
  'spreadsheet-number',
  'digits-lost',
  'perhaps-lost',
  'masked',
  'length',
  'check-digit',
  'birth-date',
  'characters',
  'not-of-document',
  'old-number-alone',
] as const;
export type NumberFault = (typeof numberFaults)[number];

/** What a text is, read as the number of a person. */
export type NumberReading =
  | {
      readonly kind: 'read';
      readonly number: string;
      readonly document: NumberedDocument;
      /** Fifteen digits, as citizens' numbers were until 1999 and ID cards until 2013. */
      readonly isOldForm: boolean;
      /** Whether it begins with a division there is; only citizens' numbers tell. */
      readonly hasKnownDivision: boolean;
    }
  /** Nothing, zeros, or a word for having none. */
  | { readonly kind: 'no-number' }
  | { readonly kind: 'refused'; readonly why: NumberFault }
  /** It may be the number of a permit or passport; which one must be said. */
  | { readonly kind: 'needs-document'; readonly number: string };

/** What is known beside the number. */
export type NumberContext = {
  /** The document that was named; absent: none was. */
  readonly document?: IdentityDocument | undefined;
  readonly birthDate?: Day | undefined;
  /** Nobody the number may be of is born after it. */
  readonly bornBy?: Day | undefined;
  /** It came from a card or from somebody's hand, so no spreadsheet can have cut it. */
  readonly isFirstHand?: boolean;
};

/**
 * How a number is written everywhere: without what is invisible, spaces and the marks of a spreadsheet (`'…`, `="…"`), in
 * narrow capitals, with the last X of a citizen's number as that letter. Says nothing about whether it is a number.
 */
export function writtenNumber(text: string): string {
  const bare = withoutMarks(text).text.replaceAll(' ', '').toUpperCase();
  return bare
    .replace(/^(\d{17})[\u00D7\u2169\u2715\u03A7\u0425]$/u, '$1X')
    .replace(takenApart, '$1$2');
}

/** Permits of Taiwan residents used to bear the letter of their edition in brackets. */
const takenApart = /^(\d{10})\(([A-Z])\)$/;

function withoutMarks(written: string): { readonly text: string; readonly isMarked: boolean } {
  const seen = narrow(asSeen(written)).trim();
  let text = seen;
  for (;;) {
    const before = text;
    text = (/^=? ?["\u201C\u201D](.*)["\u201C\u201D]$/u.exec(text)?.[1] ?? text)
      .replace(/^['`\u2018\u2019\u00B4]+/u, '')
      .trim();
    if (text === before) return { text, isMarked: text !== seen };
  }
}

/**
 * The one reading of a person's number, for every door it comes in by. A number that is clear is read however it was
 * written; what a spreadsheet or a hand has damaged is refused and never taken for another number.
 */
export function readIdentityNumber(text: string, context: NumberContext = {}): NumberReading {
  const number = writtenNumber(text);
  if (number === '' || /^[0\-.]+$/.test(number) || noNumberWords.has(number)) {
    return { kind: 'no-number' };
  }
  const { document } = context;
  if (isOfSpreadsheet(number, document)) return refusedAs('spreadsheet-number');
  if (/[*\u25CF\u25CB\u2588#?]/u.test(number)) return refusedAs('masked');
  if (/^\d{17}[\dX]$/.test(number)) {
    if (document !== undefined && !isOfEighteen(document)) return refusedAs('not-of-document');
    const isVouchedFor = context.isFirstHand === true || withoutMarks(text).isMarked;
    return readEighteen(number, { isVouchedFor, bornBy: context.bornBy ?? latestBirth });
  }
  if (document !== undefined && document !== 'citizen') return readOf(document, number);
  if (/^\d{15}$/.test(number)) return readFifteen(number, context.birthDate);
  if (document === undefined) {
    for (const [apparent, form] of apparentForms) {
      if (form.test(number)) return readAs(apparent, number);
    }
    if (/^(?:\d{8}|\d{10}[A-Z]|(?=.*\d)(?=.*[A-Z])[A-Z\d]{5,15})$/.test(number)) {
      return { kind: 'needs-document', number };
    }
  }
  return refusedAs(/^\d+X?$/.test(number) ? 'length' : 'characters');
}

/** Forms that no other document has; the number alone says which it is. */
const apparentForms = [
  ['foreign-permanent', /^[A-Z]{3}\d{12}$/],
  // Eight digits for life, and two that count how often it was issued.
  ['hk-macao-permit', /^[HM](?:\d{8}|\d{10})$/],
] as const satisfies readonly (readonly [NumberedDocument, RegExp])[];

/** Forms of documents whose numbers say nothing by themselves, besides those above. */
const forms: Readonly<Record<Exclude<NumberedDocument, 'citizen'>, RegExp>> = {
  ...Object.fromEntries(apparentForms),
  'foreign-permanent': apparentForms[0][1],
  'hk-macao-permit': apparentForms[1][1],
  // Its eighteen digits are read before.
  'hk-macao-taiwan': /^(?!)/,
  'taiwan-permit': /^(?:\d{8}|\d{10}[A-Z]?)$/,
  passport: /^(?=.*\d)[A-Z\d]{5,15}$/,
  'birth-certificate': /^[A-Z]\d{9}$/,
};

function readOf(document: Exclude<IdentityDocument, 'citizen'>, number: string): NumberReading {
  if (document === 'none') return refusedAs('not-of-document');
  return forms[document].test(number) ? readAs(document, number) : refusedAs('not-of-document');
}

/** Citizens, residents of Hong Kong, Macao and Taiwan (81 to 83), and foreigners since 2023 (9) have the same form. */
function isOfEighteen(document: IdentityDocument): boolean {
  return (
    document === 'citizen' || document === 'hk-macao-taiwan' || document === 'foreign-permanent'
  );
}

/** Where nobody says by when the person was born: no number of today is of somebody born after it. */
const latestBirth = '2099-12-31';

function readEighteen(
  number: string,
  { isVouchedFor, bornBy }: { readonly isVouchedFor: boolean; readonly bornBy: Day },
): NumberReading {
  const endsAsCut = number.endsWith('000');
  if (!hasRightCheckDigit(number)) return refusedAs(endsAsCut ? 'digits-lost' : 'check-digit');
  if (endsAsCut && !isVouchedFor) return refusedAs('perhaps-lost');
  const born = birthDayIn(number);
  if (!isBirthDay(born) || born > bornBy) return refusedAs('birth-date');
  const document = /^8[123]/.test(number)
    ? 'hk-macao-taiwan'
    : number.startsWith('9')
      ? 'foreign-permanent'
      : 'citizen';
  return { ...readAs(document, number), hasKnownDivision: hasKnownProvince(number) };
}

/**
 * A number of before 1999: no century, no check digit. It could as well be one of eighteen digits that was cut, so it is
 * taken only where the day of birth is given beside it and is the same.
 */
function readFifteen(number: string, birthDate: Day | undefined): NumberReading {
  const born = `19${number.slice(6, 8)}-${number.slice(8, 10)}-${number.slice(10, 12)}`;
  if (!isBirthDay(born) || !hasKnownProvince(number)) return refusedAs('length');
  if (birthDate === undefined) return refusedAs('old-number-alone');
  if (birthDate !== born) return refusedAs('length');
  return { ...readAs('citizen', number), isOldForm: true };
}

export type ReadNumber = Extract<NumberReading, { readonly kind: 'read' }>;

function readAs(document: NumberedDocument, number: string): ReadNumber {
  return { kind: 'read', number, document, isOldForm: false, hasKnownDivision: true };
}

function refusedAs(why: NumberFault): NumberReading {
  return { kind: 'refused', why };
}

/**
 * What a spreadsheet makes of long digits: `4.30626E+17`, `430626197008153000.00`, digits in groups, or a sign of an
 * error. A passport may have an E among its digits.
 */
function isOfSpreadsheet(number: string, document: IdentityDocument | undefined): boolean {
  if (/^#+$|^#(?:N\/A|REF!|VALUE!|NUM!|NAME\?|NULL!|DIV\/0!)$/.test(number)) return true;
  if (/^\d{1,3}(?:,\d{3})+(?:\.\d*)?$|^\d+\.\d*$/.test(number)) return true;
  return document === 'passport'
    ? /^\d(?:\.\d+)?E\+\d+$/.test(number)
    : /^\d+(?:\.\d+)?E\+?\d+$/.test(number);
}

/** What people and programs write where there is no number. */
const noNumberWords: ReadonlySet<string> = new Set([
  ...['无', '无证', '无证件', '无身份证', '没有', '暂无', '不详', '不祥', '不明', '未知', '未提供'],
  ...[
    '未填',
    '空',
    '无名氏',
    '新生儿',
    '婴儿',
    '待补',
    '待查',
    '保密',
    '/',
    '\\',
    '-',
    '--',
    '—',
    '——',
  ],
  ...['NULL', 'NONE', 'NIL', 'N/A', 'NA', 'UNKNOWN', 'UNDEFINED', 'NAN', '""'],
]);

/**
 * The number of eighteen characters a card, a code or a hand gives; null where it is none of a division there is. By
 * chance about one in 50,000 numbers of 18 digits passes.
 */
export function eighteenIn(text: string, today: Day): ReadNumber | null {
  const reading = readIdentityNumber(text, { isFirstHand: true, bornBy: today });
  const isEighteen =
    reading.kind === 'read' && reading.number.length === 18 && reading.hasKnownDivision;
  return isEighteen ? reading : null;
}

/** What bears the number of a person: what the number itself says, else what was named; null: there is no number. */
export function documentOfNumber(
  idNumber: string,
  named: IdentityDocument | undefined,
  birthDate?: Day,
): NumberedDocument | null {
  if (idNumber === '' || named === 'none') return null;
  const reading = readIdentityNumber(idNumber, { isFirstHand: true, birthDate });
  return reading.kind === 'read' ? reading.document : (named ?? 'citizen');
}

/** The number of eighteen digits of somebody whose old number of fifteen this is: born in the 1900s. */
export function eighteenOfFifteen(number: string): string {
  const seventeen = `${number.slice(0, 6)}19${number.slice(6)}`;
  const last = Array.from('0123456789X').find((digit) => hasRightCheckDigit(seventeen + digit));
  return seventeen + (last ?? '');
}

/**
 * The number under which the same person may be known besides: the old one of fifteen digits of one of eighteen, and the
 * other way round. Null where a number has no other form.
 */
export function otherFormOf(number: string): string | null {
  if (/^\d{15}$/.test(number)) return eighteenOfFifteen(number);
  if (!/^\d{6}19\d{9}[\dX]$/.test(number)) return null;
  return number.slice(0, 6) + number.slice(8, 17);
}
