import type { NumberFault, NumberReading } from './identity-number.ts';
import type { Words } from './result.ts';
import { asSeen, narrow } from './written-text.ts';

/** What is wrong with the number of a person, by what there is to do about it. */
export type NumberProblemCode =
  'id-number-missing' | 'id-number-damaged' | 'id-number-wrong' | 'id-number-needs-document';

/** Why a number is not taken: what was read, why it is none, and what to do. */
export type NumberProblem = {
  readonly code: NumberProblemCode;
  readonly why: Words;
  readonly remedy: Words;
};

/** What is wrong with a text that was read as a number; null: nothing, it is one. */
export function problemOfNumber(written: string, reading: NumberReading): NumberProblem | null {
  const read = quoted(written);
  switch (reading.kind) {
    case 'read':
      return null;
    case 'no-number':
      return {
        code: 'id-number-missing',
        why: {
          zh: `读到“${read}”，没有证件号码`,
          en: `"${read}" was read, which is no number`,
        },
        remedy: numberRemedies['id-number-missing'],
      };
    case 'needs-document':
      return {
        code: 'id-number-needs-document',
        why: {
          zh: `读到“${read}”，不是居民身份证号码，也没有写明是什么证件`,
          en: `"${read}" was read, which is no citizen's number, and which document it is of is not said`,
        },
        remedy: numberRemedies['id-number-needs-document'],
      };
    case 'refused': {
      const { code, zh, en } = faults[reading.why];
      return {
        code,
        why: { zh: `读到“${read}”，${zh}`, en: `"${read}" was read: ${en}` },
        remedy: numberRemedies[code],
      };
    }
  }
}

/** A number as a message shows it: figures of a spreadsheet whole, of what may be somebody's number its two ends. */
function quoted(written: string): string {
  const text = narrow(asSeen(written)).trim();
  const characters = [...text];
  if (/[.+#,]/.test(text) || characters.length <= 10) return characters.slice(0, 40).join('');
  const hidden = '*'.repeat(Math.min(characters.length, 30) - 10);
  return characters.slice(0, 6).join('') + hidden + characters.slice(-4).join('');
}

type Fault = { readonly code: NumberProblemCode } & Words;

const faults: Readonly<Record<NumberFault, Fault>> = {
  'spreadsheet-number': {
    code: 'id-number-damaged',
    zh: '这是电子表格改写过的数字，后面几位已经丢失',
    en: 'a spreadsheet made a figure of it and its last digits are lost',
  },
  'digits-lost': {
    code: 'id-number-damaged',
    zh: '最后三位是 000、校验位不对：电子表格只留了前 15 位',
    en: 'it ends in 000 and its check digit is wrong: a spreadsheet kept only 15 digits',
  },
  'perhaps-lost': {
    code: 'id-number-damaged',
    zh: "最后三位是 000，可能是电子表格只留了前 15 位；确实是这个号码的，请在前面加一个单引号（'）写成文字",
    en: "it ends in 000, as where a spreadsheet kept only 15 digits; if it is the number, write it as a text with an apostrophe (') before it",
  },
  masked: {
    code: 'id-number-damaged',
    zh: '中间几位被遮住了',
    en: 'a part of it is covered',
  },
  length: {
    code: 'id-number-wrong',
    zh: '居民身份证号码是 18 位，这里多了或少了',
    en: "a citizen's number has 18 characters, here are more or fewer",
  },
  'check-digit': {
    code: 'id-number-wrong',
    zh: '校验位不对，号码里有写错的数字',
    en: 'its check digit is wrong, so one of its digits is',
  },
  'birth-date': {
    code: 'id-number-wrong',
    zh: '号码里的出生日期不存在，或者还没有到',
    en: 'the day of birth in it does not exist or has not come yet',
  },
  characters: {
    code: 'id-number-wrong',
    zh: '有号码里不会有的字',
    en: 'it has characters that no number has',
  },
  'not-of-document': {
    code: 'id-number-wrong',
    zh: '不是所写证件类型的号码',
    en: 'it is no number of the document that is named',
  },
  'old-number-alone': {
    code: 'id-number-wrong',
    zh: '像是 15 位的旧号码，也可能是 18 位号码被截断了',
    en: 'it looks like an old number of 15 digits, or like one of 18 that was cut',
  },
};

/** What to do where a number is not taken. */
export const numberRemedies: Readonly<Record<NumberProblemCode, Words>> = {
  'id-number-missing': {
    zh: '请在原系统补上证件号码后重新导出、导入；是别的证件的，写明证件类型（person.document）；新生儿、无名氏等确实没有证件的，证件类型写 none，号码留空',
    en: 'Have the number filled in where it comes from and import it again; name the document (person.document) where it is another one, and none, without a number, where there is really no document (newborn, unknown patient)',
  },
  'id-number-damaged': {
    zh: '请从原系统重新导出。要用 Excel 打开的：先把“身份证号”列设为“文本”，用“数据－从文本/CSV”导入，不要双击打开；存成“CSV UTF-8”。已经变成 4.3E+17 或末尾是 000 的号码补不回来',
    en: 'Export it again where it comes from. To look at it in Excel, use Data, From Text/CSV with the column of the number as Text, never a double click, and save it as CSV UTF-8. A number that shows as 4.3E+17 or ends in 000 cannot be mended',
  },
  'id-number-wrong': {
    zh: '请对照证件，在原系统改正号码后重新导出、导入',
    en: 'Compare it with the document, correct it where it comes from, export and import it again',
  },
  'id-number-needs-document': {
    zh: '请写明证件类型（person.document，中文列名“证件类型”）：passport 护照、taiwan-permit 台湾居民来往大陆通行证、hk-macao-permit 港澳居民来往内地通行证、birth-certificate 出生医学证明',
    en: 'Name the document (person.document): passport, taiwan-permit, hk-macao-permit, birth-certificate',
  },
};
