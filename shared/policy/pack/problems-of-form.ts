import type { z } from 'zod';
import { problem, type PackProblem } from './pack-problem.ts';

type Issue = z.core.$ZodIssue;

/** What is wrong with the form of a pack, in words a policy officer understands. */
export function problemsOfForm(issue: Issue): PackProblem[] {
  return problemsAt([], issue);
}

function problemsAt(parent: PackProblem['path'], issue: Issue): PackProblem[] {
  const path = [...parent, ...issue.path.filter((part) => typeof part !== 'symbol')];
  if (issue.code === 'invalid_key') return issue.issues.flatMap((inner) => problemsAt(path, inner));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(path, key));
  if (issue.code === 'invalid_union' && !Object.hasOwn(texts, issue.message)) {
    return problemsOfUnion(path, issue);
  }
  if (issue.input === undefined && issue.code !== 'custom') return [missingField(path)];
  return [formProblem(path, issue)];
}

/** One of several forms: an unknown word for which, or what keeps it from the form it comes nearest to. */
function problemsOfUnion(
  path: PackProblem['path'],
  issue: Extract<Issue, { code: 'invalid_union' }>,
): PackProblem[] {
  const { discriminator, options, input } = issue as typeof issue & {
    readonly discriminator?: string;
    readonly options?: readonly unknown[];
  };
  if (discriminator !== undefined) {
    const isThere =
      typeof input === 'object' && input !== null && Object.hasOwn(input, discriminator);
    return [isThere ? notInList(path, options ?? []) : missingField(path)];
  }
  // A form whose own keys are all there is nearer than one with unknown or missing keys.
  const distance = (issues: readonly Issue[]) =>
    issues.reduce(
      (sum, { code, path: at }) =>
        sum + (code === 'unrecognized_keys' ? 3 : 2) - Math.min(1, at.length),
      0,
    );
  const nearest = issue.errors.toSorted((a, b) => distance(a) - distance(b))[0];
  if (nearest === undefined) return [formProblem(path, issue)];
  return nearest.flatMap((inner) => problemsAt(path, inner));
}

function unknownField(path: PackProblem['path'], key: string): PackProblem {
  if (path.includes('except') && key.startsWith('by')) return oneValueOnly(path, key);
  return problem(
    [...path, key],
    'unknown-field',
    `没有“${key}”这一项`,
    `there is no field "${key}"`,
    '删去它，或按政策包说明改正拼写',
    'remove it, or correct its spelling after the description of packs',
  );
}

/** Allowed one level higher, where the figure itself stands. */
function oneValueOnly(path: PackProblem['path'], key: string): PackProblem {
  return problem(
    [...path, key],
    'unknown-field',
    `例外里只能写一个 value，不能用“${key}”`,
    `an exception has one value, it cannot use "${key}"`,
    '每个不同的数值写一条例外，级别写在它的 when 里，例如 when: { hospitalLevels: [county] }',
    'write one exception for each value, with the level in its when, like when: { hospitalLevels: [county] }',
  );
}

function missingField(path: PackProblem['path']): PackProblem {
  const name = String(path.at(-1) ?? '');
  return problem(
    path,
    'missing-field',
    `缺少“${name}”这一项`,
    `the field "${name}" is missing`,
    '补上它',
    'add it',
  );
}

function notInList(path: PackProblem['path'], values: readonly unknown[]): PackProblem {
  const list = values.map(String).join(', ');
  return problem(
    path,
    'not-in-list',
    `只能是：${list}`,
    `must be one of: ${list}`,
    '改成其中之一',
    'choose one of these',
  );
}

function formProblem(path: PackProblem['path'], issue: Issue): PackProblem {
  const text = texts[issue.message];
  if (text !== undefined) {
    return problem(path, issue.message, text.zh, text.en, text.remedyZh, text.remedyEn);
  }
  switch (issue.code) {
    case 'invalid_value':
      return notInList(path, issue.values);
    case 'invalid_type':
      return wrongType(path, issue.expected);
    case 'too_small':
    case 'too_big': {
      const limit = String(issue.code === 'too_small' ? issue.minimum : issue.maximum);
      const least = issue.code === 'too_small';
      return problem(
        path,
        least ? 'too-few' : 'too-many',
        least ? `至少要有 ${limit}` : `最多只能有 ${limit}`,
        least ? `at least ${limit} is needed` : `at most ${limit} is possible`,
        least ? '补足，或删去这一项' : '减少，或改正数值',
        least ? 'add what is missing, or remove the field' : 'reduce it, or correct the number',
      );
    }
    default:
      return problem(
        path,
        'wrong-form',
        `写法不对（${issue.message}）`,
        `not of the right form (${issue.message})`,
        '按政策包说明改正',
        'correct it after the description of packs',
      );
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

function wrongType(path: PackProblem['path'], expected: string): PackProblem {
  const words = typeWords[expected] ?? { zh: expected, en: expected };
  return problem(
    path,
    'wrong-type',
    `这里应当是${words.zh}`,
    `${words.en} is expected here`,
    '按政策包说明改正',
    'correct it after the description of packs',
  );
}

type FormText = {
  readonly zh: string;
  readonly en: string;
  readonly remedyZh: string;
  readonly remedyEn: string;
};

/** What is said where a text is not of the form its place asks for, by the code the schema gives. */
const texts: Readonly<Record<string, FormText>> = {
  'not-text-amount': {
    zh: '金额必须写成带引号的文字，最多两位小数',
    en: 'an amount must be text in quotes with at most two decimals',
    remedyZh: "写成 '750.00' 这样",
    remedyEn: "write it like '750.00'",
  },
  'not-text-percent': {
    zh: '比例必须写成带引号的百分数，0 到 100，不带百分号',
    en: 'a rate must be text in quotes, a percentage from 0 to 100 without the sign',
    remedyZh: "写成 '86' 或 '85.5' 这样",
    remedyEn: "write it like '86' or '85.5'",
  },
  'not-text-ratio': {
    zh: '比率必须写成带引号的四位小数',
    en: 'a ratio must be text in quotes with four decimals',
    remedyZh: "写成 '0.9089' 这样",
    remedyEn: "write it like '0.9089'",
  },
  'not-a-date': {
    zh: '日期不存在或写法不对',
    en: 'not a day of the calendar',
    remedyZh: '写成 2017-11-27 这样',
    remedyEn: 'write it like 2017-11-27',
  },
  'not-a-name': {
    zh: '名称只能用小写字母、数字和连字符',
    en: 'a name is made of small letters, digits and hyphens',
    remedyZh: '写成 medical-assistance 这样',
    remedyEn: 'write it like medical-assistance',
  },
  'not-a-key': {
    zh: '键名以小写字母开头，只用字母和数字，单词之间用大写字母分开',
    en: 'a key begins with a small letter and is made of letters and digits',
    remedyZh: '写成 basicDeductible 这样',
    remedyEn: 'write it like basicDeductible',
  },
  'not-a-place': {
    zh: '地区代码应是带引号的两位、四位或六位数字',
    en: 'a place is a division code in quotes with two, four or six digits',
    remedyZh: "写成 '430626' 这样",
    remedyEn: "write it like '430626'",
  },
  'not-a-version': {
    zh: '版本号是三个用点分开的数字',
    en: 'a version is three numbers with dots between them',
    remedyZh: '写成 1.0.0 这样',
    remedyEn: 'write it like 1.0.0',
  },
  'not-a-disease-code': {
    zh: '疾病编码应是 ICD-10 编码或它的开头',
    en: 'a disease is an ICD-10 code or its beginning',
    remedyZh: '写成 C18 或 N18.0 这样',
    remedyEn: 'write it like C18 or N18.0',
  },
  'not-a-procedure-code': {
    zh: '手术编码应是 ICD-9-CM-3 编码或它的开头',
    en: 'a procedure is an ICD-9-CM-3 code or its beginning',
    remedyZh: "写成 '13.41' 这样",
    remedyEn: "write it like '13.41'",
  },
  'not-a-case-file': {
    zh: '案例的就诊文件应在 cases 文件夹里，扩展名为 .json',
    en: 'the visit of a case is a .json file in the folder cases',
    remedyZh: '写成 cases/colon-cancer.json 这样',
    remedyEn: 'write it like cases/colon-cancer.json',
  },
  'not-a-pointer': {
    zh: '要改动的位置应以 / 开头',
    en: 'the place of a change begins with /',
    remedyZh: '写成 /visit/hospital/level 这样',
    remedyEn: 'write it like /visit/hospital/level',
  },
};
