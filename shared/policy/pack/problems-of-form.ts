import { z } from 'zod';
import type { Words } from '../../domain/result.ts';
import { nearestWord } from './nearest-word.ts';
import { packSchema } from './pack-schema.ts';
import {
  declareProblemCodes,
  declareProblems,
  type PackProblem,
  type ProblemCodeOf,
} from './pack-problem.ts';

type Issue = z.core.$ZodIssue;

/** What is wrong with the form of a pack, in words a policy officer understands. */
export function problemsOfForm(issue: Issue): PackProblem<FormProblemCode>[] {
  return problemsAt([], issue);
}

function problemsAt(parent: PackProblem['path'], issue: Issue): PackProblem<FormProblemCode>[] {
  const path = [...parent, ...issue.path.filter((part) => typeof part !== 'symbol')];
  if (issue.code === 'invalid_key') return issue.issues.flatMap((inner) => problemsAt(path, inner));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(path, key));
  if (issue.code === 'invalid_union' && problemOfText(path, issue.message) === null) {
    return problemsOfUnion(path, issue);
  }
  if (issue.input === undefined && issue.code !== 'custom') return [missingField(path)];
  return [problemOf(path, issue)];
}

/** One of several forms: an unknown word for which, or what keeps it from the form it comes nearest to. */
function problemsOfUnion(
  path: PackProblem['path'],
  issue: Extract<Issue, { code: 'invalid_union' }>,
): PackProblem<FormProblemCode>[] {
  const { discriminator, options, input } = issue as typeof issue & {
    readonly discriminator?: string;
    readonly options?: readonly unknown[];
  };
  if (discriminator !== undefined) {
    const isThere =
      typeof input === 'object' && input !== null && Object.hasOwn(input, discriminator);
    if (!isThere) return [missingField(path)];
    const given = (input as Readonly<Record<string, unknown>>)[discriminator];
    return [notInList(path, options ?? [], given)];
  }
  // A form whose own keys are all there is nearer than one with unknown or missing keys.
  const distance = (issues: readonly Issue[]) =>
    issues.reduce(
      (sum, { code, path: at }) =>
        sum + (code === 'unrecognized_keys' ? 3 : 2) - Math.min(1, at.length),
      0,
    );
  const nearest = issue.errors.toSorted((a, b) => distance(a) - distance(b))[0];
  if (nearest === undefined) return [problemOf(path, issue)];
  return nearest.flatMap((inner) => problemsAt(path, inner));
}

function unknownField(path: PackProblem['path'], key: string): PackProblem<FormProblemCode> {
  // Allowed one level higher, where the figure itself stands.
  const inException = path.includes('except') && key.startsWith('by');
  const meant = nearestWord(key, fieldNames());
  return formProblem([...path, key], 'unknown-field', { key, inException, meant });
}

function missingField(path: PackProblem['path']): PackProblem<FormProblemCode> {
  const name = String(path.at(-1) ?? '');
  return formProblem(path, 'missing-field', { name });
}

function notInList(
  path: PackProblem['path'],
  values: readonly unknown[],
  input: unknown,
): PackProblem<FormProblemCode> {
  const known = values.map(String);
  const meant = typeof input === 'string' ? nearestWord(input, known) : null;
  return formProblem(path, 'not-in-list', { list: known.join(', '), meant });
}

let names: readonly string[] | null = null;

/** The fields a pack may have anywhere, from its schema. */
function fieldNames(): readonly string[] {
  names ??= [...namesIn(z.toJSONSchema(packSchema, { unrepresentable: 'any', io: 'input' }))];
  return names;
}

function* namesIn(schema: unknown): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') yield* Object.keys(value as object);
    yield* namesIn(value);
  }
}

const didYouMean = (meant: string) =>
  [`是不是要写“${meant}”？`, `did you mean "${meant}"?`] as const;

/** The problem of a text, by the code the schema gives as its message; null where it is another message. */
function problemOfText(
  path: PackProblem['path'],
  code: string,
): PackProblem<FormProblemCode> | null {
  if (code === 'not-text-amount') return formProblem(path, 'not-text-amount', {});
  return isTextCode(code) ? textProblem(path, code) : null;
}

function textProblem(path: PackProblem['path'], code: TextCode): PackProblem<TextCode> {
  const [zh, en, remedyZh, remedyEn] = textWords[code];
  return { path, code, message: { zh, en }, remedy: { zh: remedyZh, en: remedyEn } };
}

const isTextCode = (code: string): code is TextCode => Object.hasOwn(textWords, code);

function problemOf(path: PackProblem['path'], issue: Issue): PackProblem<FormProblemCode> {
  const ofText = problemOfText(path, issue.message);
  if (ofText !== null) return ofText;
  switch (issue.code) {
    case 'invalid_value':
      return notInList(path, issue.values, issue.input);
    case 'invalid_type':
      return wrongType(path, issue.expected);
    case 'too_small':
    case 'too_big': {
      const limit = String(issue.code === 'too_small' ? issue.minimum : issue.maximum);
      const least = issue.code === 'too_small';
      return formProblem(path, least ? 'too-few' : 'too-many', { limit });
    }
    default:
      return formProblem(path, 'wrong-form', { said: issue.message });
  }
}

const typeWords: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  string: { zh: '文字', en: 'text' },
  number: { zh: '不带引号的整数', en: 'a whole number without quotes' },
  int: { zh: '不带引号的整数', en: 'a whole number without quotes' },
  boolean: { zh: 'true 或 false', en: 'true or false' },
  array: { zh: '列表：[…] 或以 - 开头的多行', en: 'a list: […] or lines that begin with -' },
  object: {
    zh: '带下级项目的一组：{…} 或缩进的多行',
    en: 'a group of fields: {…} or indented lines',
  },
  record: {
    zh: '带下级项目的一组：{…} 或缩进的多行',
    en: 'a group of fields: {…} or indented lines',
  },
};

function wrongType(path: PackProblem['path'], expected: string): PackProblem<FormProblemCode> {
  const words = typeWords[expected] ?? { zh: expected, en: expected };
  return formProblem(path, 'wrong-type', { words });
}

/** What is said where a text is not of the form its place asks for, by the code the schema gives. */
const textWords = declareProblemCodes({
  'not-text-percent': [
    '比例必须写成带引号的百分数，0 到 100，不带百分号',
    'a rate must be text in quotes, a percentage from 0 to 100 without the sign',
    "写成 '86' 或 '85.5' 这样",
    "write it like '86' or '85.5'",
  ],
  'not-text-ratio': [
    '比率必须写成带引号的四位小数',
    'a ratio must be text in quotes with four decimals',
    "写成 '0.9089' 这样",
    "write it like '0.9089'",
  ],
  'not-a-date': [
    '日期不存在或写法不对',
    'not a day of the calendar',
    '写成 2017-11-27 这样',
    'write it like 2017-11-27',
  ],
  'not-a-name': [
    '名称只能用小写字母、数字和连字符',
    'a name is made of small letters, digits and hyphens',
    '写成 medical-assistance 这样',
    'write it like medical-assistance',
  ],
  'not-a-key': [
    '键名以小写字母开头，只用字母和数字，单词之间用大写字母分开',
    'a key begins with a small letter and is made of letters and digits',
    '写成 basicDeductible 这样',
    'write it like basicDeductible',
  ],
  'not-a-place': [
    '地区代码应是带引号的两位、四位或六位数字',
    'a place is a division code in quotes with two, four or six digits',
    "写成 '430626' 这样",
    "write it like '430626'",
  ],
  'not-a-version': [
    '版本号是三个用点分开的数字',
    'a version is three numbers with dots between them',
    '写成 1.0.0 这样',
    'write it like 1.0.0',
  ],
  'not-a-disease-code': [
    '疾病编码应是 ICD-10 编码或它的开头',
    'a disease is an ICD-10 code or its beginning',
    '写成 C18 或 N18.0 这样',
    'write it like C18 or N18.0',
  ],
  'not-a-procedure-code': [
    '手术编码应是 ICD-9-CM-3 编码或它的开头',
    'a procedure is an ICD-9-CM-3 code or its beginning',
    "写成 '13.41' 这样",
    "write it like '13.41'",
  ],
  'not-a-case-file': [
    '案例的就诊文件应在 cases 文件夹里，扩展名为 .json',
    'the visit of a case is a .json file in the folder cases',
    '写成 cases/colon-cancer.json 这样',
    'write it like cases/colon-cancer.json',
  ],
  'not-a-pointer': [
    '要改动的位置应以 / 开头',
    'the place of a change begins with /',
    '写成 /visit/hospital/level 这样',
    'write it like /visit/hospital/level',
  ],
});

type TextCode = keyof typeof textWords;

/** A version written as a number: YAML reads `1.0` as one. */
export function versionIsNumber(): PackProblem<FormProblemCode> {
  return textProblem(['version'], 'not-a-version');
}

/** What else can be wrong with the form of a pack. */
export const formProblem = declareProblems({
  /** `fraction`: as it was written, where it is a number and no text. */
  'not-text-amount': ({ fraction }: { readonly fraction?: string }) =>
    fraction === undefined
      ? [
          '金额必须写成带引号的文字，最多两位小数',
          'an amount must be text in quotes with at most two decimals',
          "写成 '750.00' 这样",
          "write it like '750.00'",
        ]
      : [
          `${fraction} 是小数；金额和比例必须写成带引号的文字`,
          `${fraction} is a fraction; amounts and rates are text in quotes`,
          `写成 '${fraction}'`,
          `write '${fraction}'`,
        ],
  'unknown-field': ({
    key,
    inException,
    meant,
  }: {
    readonly key: string;
    readonly inException: boolean;
    readonly meant: string | null;
  }) =>
    inException
      ? [
          `例外里只能写一个 value，不能用“${key}”`,
          `an exception has one value, it cannot use "${key}"`,
          '每个不同的数值写一条例外，级别写在它的 when 里，例如 when: { hospitalLevels: [county] }',
          'write one exception for each value, with the level in its when, like when: { hospitalLevels: [county] }',
        ]
      : [
          `没有“${key}”这一项`,
          `there is no field "${key}"`,
          ...(meant === null
            ? ([
                '删去它，或按政策包说明改正拼写',
                'remove it, or correct its spelling after the description of packs',
              ] as const)
            : didYouMean(meant)),
        ],
  /** A field by its name, or how an amount is rounded. */
  'missing-field': (of: { readonly name: string } | 'rounding') =>
    of === 'rounding'
      ? [
          '没有写明怎样取整',
          'it does not say how the amount is rounded',
          '写 rounding: { unit: fen, mode: up } 这样',
          'add it, like rounding: { unit: fen, mode: up }',
        ]
      : [`缺少“${of.name}”这一项`, `the field "${of.name}" is missing`, '补上它', 'add it'],
  'not-in-list': ({ list, meant }: { readonly list: string; readonly meant: string | null }) => [
    `只能是：${list}`,
    `must be one of: ${list}`,
    ...(meant === null ? (['改成其中之一', 'choose one of these'] as const) : didYouMean(meant)),
  ],
  'wrong-form': ({ said }: { readonly said: string }) => [
    `写法不对（${said}）`,
    `not of the right form (${said})`,
    '按政策包说明改正',
    'correct it after the description of packs',
  ],
  'too-few': ({ limit }: { readonly limit: string }) => [
    `至少要有 ${limit}`,
    `at least ${limit} is needed`,
    '补足，或删去这一项',
    'add what is missing, or remove the field',
  ],
  'too-many': ({ limit }: { readonly limit: string }) => [
    `最多只能有 ${limit}`,
    `at most ${limit} is possible`,
    '减少，或改正数值',
    'reduce it, or correct the number',
  ],
  'wrong-type': ({ words }: { readonly words: Words }) => [
    `这里应当是${words.zh}`,
    `${words.en} is expected here`,
    '按政策包说明改正',
    'correct it after the description of packs',
  ],
});

export type FormProblemCode = ProblemCodeOf<typeof formProblem> | TextCode;
