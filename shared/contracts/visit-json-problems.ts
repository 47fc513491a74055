import type { z } from 'zod';
import { declareCodes, inFull } from '../domain/declare-refusals.ts';
import { numberRemedies, type NumberProblemCode } from '../domain/number-words.ts';
import { refused, type Refusal, type Words } from '../domain/result.ts';

/** One thing wrong with a Visit JSON, where (a JSON Pointer) and what to do. */
export type VisitProblem = {
  readonly code: VisitProblemCode;
  readonly place: string;
  readonly message: Words;
  readonly remedy: Words;
};

/** A problem at a path; `figures` complete its sentence, e.g. what the amount should have been. */
export function problemAt(
  path: readonly PropertyKey[],
  code: VisitProblemCode,
  figures?: Words,
): VisitProblem {
  const [zh, en, remedyZh, remedyEn] = sentences[code];
  const place = pointer(path);
  return {
    code,
    place,
    message: {
      zh: `${place}：${zh}${figures === undefined ? '' : `（${figures.zh}）`}`,
      en: `${place}: ${en}${figures === undefined ? '' : ` (${figures.en})`}`,
    },
    remedy: { zh: remedyZh, en: remedyEn },
  };
}

/** The refusal of a Visit JSON: the first problem speaks, `details` lists them all. */
export function refusalOf(problems: readonly VisitProblem[]): {
  readonly ok: false;
  readonly refusal: Refusal<VisitProblemCode>;
} {
  const [first] = problems;
  if (first === undefined) throw new Error('a refusal without a problem');
  const count = problems.length;
  const { message } = first;
  return refused({
    code: first.code,
    ...inFull({
      message: {
        zh: `${message.zh}。${count > 1 ? `共 ${String(count)} 处问题。` : ''}这份就诊数据没有采用。`,
        en: `${message.en}. ${count > 1 ? `${String(count)} problems in all. ` : ''}This visit was not taken.`,
      },
      money: 'not-settled',
      remedy: first.remedy,
    }),
    place: first.place,
    details: problems,
  });
}

/** The refusal of a stated year that cannot be, where only the packs there are can tell. */
export function contradictionAt(
  path: readonly PropertyKey[],
  why: Words,
): Refusal<'year-contradicts-itself'> {
  const { refusal } = refusalOf([problemAt(path, 'year-contradicts-itself', why)]);
  return { ...refusal, code: 'year-contradicts-itself' };
}

/** The refusal of a text that gives fields twice, by their paths. */
export function duplicateKeys(paths: readonly (readonly PropertyKey[])[]): {
  readonly ok: false;
  readonly refusal: Refusal<'duplicate-key'>;
} {
  const { refusal } = refusalOf(paths.map((path) => problemAt(path, 'duplicate-key')));
  return { ok: false, refusal: { ...refusal, code: 'duplicate-key' } };
}

/** What the schema found, in our codes. A field misspelt is two problems; the unknown one explains the missing one. */
export function problemsOfIssues(issues: readonly z.core.$ZodIssue[]): VisitProblem[] {
  const isMissing = ({ code }: VisitProblem) => Number(code === 'missing-field');
  return issues
    .flatMap((issue) => problemsOfIssue(issue, []))
    .sort((a, b) => isMissing(a) - isMissing(b));
}

function problemsOfIssue(issue: z.core.$ZodIssue, before: readonly PropertyKey[]): VisitProblem[] {
  const path = [...before, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => problemAt([...path, key], 'unknown-field'));
    case 'invalid_value': {
      if (issue.input === undefined) return [problemAt(path, 'missing-field')];
      const values = issue.values.map(String).join(', ');
      return [problemAt(path, 'not-in-list', { zh: `可用：${values}`, en: `one of: ${values}` })];
    }
    case 'invalid_union':
      return problemsOfUnion(issue, path);
    case 'invalid_key':
      return [problemAt(path, 'not-a-name')];
    default:
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return [problemAt(path, 'missing-field')];
  }
  return [problemAt(path, isVisitProblemCode(issue.message) ? issue.message : 'wrong-type')];
}

/** Of a choice of forms, the one that was meant speaks: the one that fits the type given. */
function problemsOfUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  path: readonly PropertyKey[],
): VisitProblem[] {
  const ofType = issue.errors.filter((issues) =>
    issues.every((each) => each.code !== 'invalid_type' || each.path.length > 0),
  );
  const [meant] = ofType;
  if (typeof issue.input !== 'string' && typeof issue.input !== 'object') {
    const ofAmount = issue.errors.some((issues) =>
      issues.some((each) => each.message === 'not-text-amount'),
    );
    return [problemAt(path, ofAmount ? 'not-text-amount' : 'wrong-type')];
  }
  const object = ofType.at(-1) ?? issue.errors.at(-1);
  const issues = typeof issue.input === 'string' ? meant : object;
  return (issues ?? []).flatMap((each) => problemsOfIssue(each, path));
}

function pointer(path: readonly PropertyKey[]): string {
  return path
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

type Sentence = readonly [zh: string, en: string, remedyZh: string, remedyEn: string];

const correctAtSource: readonly [string, string] = [
  '请信息科核对医院系统导出的数据后重新导入',
  'Ask the IT clerk to check what the hospital system exported, then import it again',
];

function remedyOf(code: NumberProblemCode): readonly [string, string] {
  const { zh, en } = numberRemedies[code];
  return [zh, en];
}

/** What can be wrong with a Visit JSON, each code once: what is wrong, and what to do. */
const sentences = declareCodes({
  'unknown-field': [
    '没有这个字段',
    'there is no such field',
    '删去它，或改正拼写',
    'Remove it, or correct its spelling',
  ],
  'duplicate-key': [
    '同一字段写了两次，不能确定以哪个为准',
    'this field stands twice; which of the two is meant cannot be told',
    '删去其中一个',
    'Remove one of them',
  ],
  'missing-field': ['缺少这个字段', 'this field is missing', '补上它', 'Add it'],
  'wrong-type': [
    '数据类型不对',
    'not of the right type',
    '按接口说明改正',
    'Correct it after the description of the file',
  ],
  'not-in-list': [
    '不在可用的值之内',
    'not one of the values allowed',
    '改成其中之一',
    'Use one of them',
  ],
  'not-text-amount': [
    '金额、数量、单价和比例必须是文字，金额最多两位小数，数量和单价最多六位，不带逗号和单位',
    'amounts, quantities, prices and ratios are text: at most two decimals for amounts, six for the others, no commas or units',
    '写成 "14904.00" 这样',
    'Write it like "14904.00"',
  ],
  'not-a-ratio': [
    '比例必须在 0 到 1 之间',
    'a ratio lies between 0 and 1',
    '写成 "0.10" 这样',
    'Write it like "0.10"',
  ],
  'not-a-date': [
    '日期不存在或写法不对',
    'not a day of the calendar',
    '写成 "2017-11-27" 这样',
    'Write it like "2017-11-27"',
  ],
  'not-a-moment': [
    '时间不存在或写法不对',
    'not a day and time',
    '写成 "2017-11-27 08:30:00" 这样',
    'Write it like "2017-11-27 08:30:00"',
  ],
  'not-a-place': [
    '行政区划必须是六位数字',
    'a division has six digits',
    '写成 "430626" 这样',
    'Write it like "430626"',
  ],
  'not-a-line-number': [
    '行号必须是从 1 开始的整数',
    'a line number is a whole number from 1',
    ...correctAtSource,
  ],
  'not-a-year': ['不是年份', 'not a year', '写成 2017 这样', 'Write it like 2017'],
  'not-a-count': [
    '次数必须是不小于 0 的整数',
    'a count is a whole number, not negative',
    ...correctAtSource,
  ],
  'not-a-name': [
    '支付方和支付环节的名称只能用小写字母、数字和连字符',
    'names of payers and steps are small letters, digits and hyphens',
    '改正名称',
    'Correct the name',
  ],
  'id-number-missing': ['没有证件号码', 'there is no number', ...remedyOf('id-number-missing')],
  'id-number-damaged': [
    '证件号码不完整，认不出是谁',
    "the number is damaged, so it is nobody's",
    ...remedyOf('id-number-damaged'),
  ],
  'id-number-wrong': [
    '证件号码不对',
    'this is no number of a person',
    ...remedyOf('id-number-wrong'),
  ],
  'id-number-needs-document': [
    '要写明是什么证件的号码',
    'which document the number is of has to be said',
    ...remedyOf('id-number-needs-document'),
  ],
  'empty-text': ['不能为空', 'must not be empty', '补上内容', 'Fill it in'],
  'too-long': ['内容过长', 'too long', '缩短内容', 'Shorten it'],
  'no-charges': ['没有费用明细', 'there are no charge lines', ...correctAtSource],
  'too-many-lines': [
    '费用明细行数超过上限',
    'more charge lines than a visit may have',
    ...correctAtSource,
  ],
  'charges-or-totals': [
    '费用明细 charges 和合计 totals 只能有一个',
    'either charges or totals, not both',
    '删去其中一个',
    'Remove one of them',
  ],
  'duplicate-line': ['行号重复', 'this line number stands before', ...correctAtSource],
  'amount-mismatch': [
    '金额与数量×单价相差超过 0.01',
    'the amount is more than 0.01 off quantity × unit price',
    ...correctAtSource,
  ],
  'amount-too-large': [
    '金额超出程序的上限',
    'beyond the largest amount the program carries',
    ...correctAtSource,
  ],
  'negative-amount': ['不能为负数', 'must not be negative', ...correctAtSource],
  'repeated-approval': [
    '同一支付环节有两份审批',
    'there is another approval for this step',
    '只留有效的一份；几次批准的金额合为一份',
    'Keep the one that holds; put amounts approved at several times into one',
  ],
  'empty-list': ['没有任何一项', 'nothing is listed', ...correctAtSource],
  'repeated-payer': [
    '同一支付方列了两次',
    'this payer is named before',
    '把同一支付方的金额合为一项',
    'Put what one payer pays into one entry',
  ],
  'refund-exceeds-line': ['退费超过原明细', 'the refund is more than its line', ...correctAtSource],
  'refund-without-line': [
    '数量或金额为负，却没有写明退的是哪一行',
    'negative, but it does not say which line it refunds',
    '写上 refundsLine',
    'State refundsLine',
  ],
  'refund-of-unknown-line': [
    '所退的行不存在，或本身是退费',
    'the line it refunds is not there, or is itself a refund',
    ...correctAtSource,
  ],
  'refund-of-other-item': [
    '所退的行是另一个项目，或报销类别、先自付比例不同',
    'the line it refunds is of another item, or of another class or first self-pay ratio',
    ...correctAtSource,
  ],
  'refund-not-negative': [
    '退费行的数量和金额必须为负',
    'a refund has negative quantity and amount',
    ...correctAtSource,
  ],
  'first-self-pay-missing': [
    '乙类项目没有先行自付比例',
    'a class B item without its first self-pay ratio',
    '写上 firstSelfPayRatio，没有的写 "0"',
    'State firstSelfPayRatio, "0" where there is none',
  ],
  'negative-total': ['总费用为负数', 'the net total is below zero', ...correctAtSource],
  'totals-do-not-add-up': [
    '后四项相加不等于总费用',
    'the last four do not add up to the total',
    ...correctAtSource,
  ],
  'deposits-do-not-add-up': [
    '预交金各笔相加不等于预交金',
    'the deposits do not add up to the deposit',
    ...correctAtSource,
  ],
  'discharge-before-admission': [
    '出院日期早于入院日期',
    'discharged before admitted',
    ...correctAtSource,
  ],
  'born-after-discharge': ['出生日期晚于出院日期', 'born after the discharge', ...correctAtSource],
  'dates-reversed': [
    '截止日期早于起始日期',
    'the last day is before the first',
    ...correctAtSource,
  ],
  'principal-diagnosis': [
    '主要诊断必须有且只有一个',
    'exactly one diagnosis is the principal one',
    ...correctAtSource,
  ],
  'year-contradicts-itself': [
    '年度累计自相矛盾',
    'the year to date contradicts itself',
    '请信息科核对累计数据的来源；各支付方支付、各支付环节支付与个人负担要一并给出',
    'Ask the IT clerk to check where the figures come from; what payers and steps paid goes with what the person bore',
  ],
  'parts-do-not-add-up': [
    '前几次结算的各项支付、个人负担、医院承担相加不等于其总费用，或政策范围内费用大于总费用',
    'what steps, patient and hospital paid and bore of the earlier parts is not their total, or their in-scope cost is above it',
    '把上一次结算结果中的 earlierParts 原样填入',
    'Hand on earlierParts as the result of the last part gives it',
  ],
  'year-to-date-of-another-year': [
    '年度累计既不是入院年度的，也不是出院年度的',
    'the year to date is neither of the year of admission nor of that of discharge',
    '换成政策所用年度的累计，或去掉 yearToDate',
    'Give the figures of the year the policy counts by, or leave yearToDate out',
  ],
} satisfies Readonly<Record<string, Sentence>>);

export type VisitProblemCode = keyof typeof sentences;

function isVisitProblemCode(text: string): text is VisitProblemCode {
  return Object.hasOwn(sentences, text);
}
