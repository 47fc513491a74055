import { declareRefusals } from '../../shared/domain/declare-refusals.ts';
import type { Words } from '../../shared/domain/result.ts';

/** What is wrong with a payer's results, and in which cell. */
export type ResultsProblem = {
  readonly row?: number;
  readonly column?: string;
  readonly code: string;
  readonly message: Words;
  readonly remedy: Words;
};

const mendCell = {
  zh: '请在该文件里改正这一格后再试。',
  en: 'Correct this cell of the file and try again.',
};
const asText = {
  zh: '请让支付方重新导出，或在 Excel 里把这一列设为“文本”后重新填写完整号码。',
  en: 'Have the payer export it again, or make the column a text in Excel and enter the whole number anew.',
};
const columnsAsListed = {
  zh: '列为：就诊号、支付方、支付金额，可加支付环节；其他列请删去。',
  en: 'The columns are visit.id, payer, amount and, if wanted, step; remove others.',
};
const smallerFile = {
  zh: '请按月或按支付方分开导出。',
  en: 'Export it by month or by payer.',
};
const saveAgain = {
  zh: '请在 Excel 里打开后另存为 .xlsx 或 CSV（UTF-8）再试。',
  en: 'Open it in Excel, save it as .xlsx or as CSV in UTF-8, and try again.',
};

/** What is wrong with a cell, a column or the whole file; `said` is what stands there. */
const problemWords = {
  'cell-empty': () => ({
    message: { zh: '这一格是空的', en: 'This cell is empty' },
    remedy: mendCell,
  }),
  'cell-computed': () => ({
    message: {
      zh: '这一格是公式、是非值或错误值，不是文字或数字',
      en: 'This cell is a formula, a truth or an error and no text or number',
    },
    remedy: {
      zh: '请把公式换成它的值（复制，选择性粘贴为数值）。',
      en: 'Put the value in the place of the formula (copy, paste as values).',
    },
  }),
  'id-broken': (said: string) => ({
    message: {
      zh: `就诊号“${said}”被 Excel 改成了数字，后几位已经丢失`,
      en: `Excel has made a number of the visit id "${said}", and its last digits are lost`,
    },
    remedy: asText,
  }),
  'unknown-payer': (said: string) => ({
    message: { zh: `没有支付方“${said}”`, en: `There is no payer "${said}"` },
    remedy: {
      zh: '请写支付方的代码或名称，与政策里的一致。',
      en: 'Write the id or the name of a payer as the pack has it.',
    },
  }),
  'unknown-step': (said: string) => ({
    message: {
      zh: `这个支付方没有支付环节“${said}”`,
      en: `This payer has no step "${said}"`,
    },
    remedy: {
      zh: '请写政策里的支付环节，或把这一格留空（按支付方合计比较）。',
      en: 'Write a step of the pack, or leave the cell empty to compare the payer as a whole.',
    },
  }),
  'not-an-amount': (said: string) => ({
    message: {
      zh: `“${said}”不是金额：应为元，最多两位小数，不带千分号`,
      en: `"${said}" is no amount: yuan with at most two decimals and no separators`,
    },
    remedy: mendCell,
  }),
  'row-twice': (said: string) => ({
    message: {
      zh: `同一就诊、支付方、支付环节已经在第 ${said} 行`,
      en: `The same visit, payer and step stands in row ${said}`,
    },
    remedy: {
      zh: '请留下一行；分次支付的请先加总。',
      en: 'Leave one of them; what was paid in parts is to be added up first.',
    },
  }),
  'unknown-column': (said: string) => ({
    message: { zh: `不认识的列“${said}”`, en: `The column "${said}" is not known` },
    remedy: columnsAsListed,
  }),
  'column-twice': (said: string) => ({
    message: { zh: `列“${said}”出现了两次`, en: `The column "${said}" stands twice` },
    remedy: columnsAsListed,
  }),
  'missing-column': (said: string) => ({
    message: { zh: `缺少列“${said}”`, en: `The column "${said}" is missing` },
    remedy: columnsAsListed,
  }),
  'no-rows': () => ({
    message: { zh: '文件里没有数据行', en: 'The file has no rows' },
    remedy: saveAgain,
  }),
  'too-many-rows': (said: string) => ({
    message: { zh: `超过 ${said} 行`, en: `There are more than ${said} rows` },
    remedy: smallerFile,
  }),
  'workbook-too-large': (said: string) => ({
    message: { zh: `工作簿超过 ${said}`, en: `The workbook is larger than ${said}` },
    remedy: smallerFile,
  }),
  'workbook-damaged': () => ({
    message: { zh: '工作簿已损坏，读不出来', en: 'The workbook is damaged and cannot be read' },
    remedy: saveAgain,
  }),
  'workbook-hides': () => ({
    message: {
      zh: '有内容打开时看不到（隐藏的行或列，或单元格格式不显示里面的数）',
      en: 'Something is not seen when it is opened (a hidden row or column, or a format that does not show what stands in the cell)',
    },
    remedy: saveAgain,
  }),
  'workbook-locked': () => ({
    message: {
      zh: '工作簿有密码，或是旧的 .xls',
      en: 'The workbook has a password or is an old .xls',
    },
    remedy: saveAgain,
  }),
} as const satisfies Readonly<
  Record<string, (said: string) => { readonly message: Words; readonly remedy: Words }>
>;

export type ResultsProblemCode = keyof typeof problemWords;

/** Something that is wrong with a payer's results, at its place. */
export function resultsProblem(
  code: ResultsProblemCode,
  where: Pick<ResultsProblem, 'row' | 'column'>,
  said = '',
): ResultsProblem {
  return { ...where, code, ...problemWords[code](said) };
}

/** What settling again refuses. */
export const replayRefusal = declareRefusals({
  'replay-stopped': ({ persons, of }: { readonly persons: number; readonly of: number }) => ({
    message: {
      zh: `重算已停止：${String(of)} 人中算了 ${String(persons)} 人。没有写出文件，没有结算任何东西。`,
      en: `It was stopped after ${String(persons)} of ${String(of)} persons. No file was written and nothing was settled.`,
    },
    money: 'none',
    remedy: {
      zh: '需要结果时请重新开始；想快一点可以先抽样。',
      en: 'Start it again for a result; a sample is faster.',
    },
    details: [{ persons, of }],
  }),
  'replay-under-way': {
    message: {
      zh: '本窗口正在重算另一份政策。没有开始新的。',
      en: 'This desk is settling again under another pack. Nothing new was begun.',
    },
    money: 'none',
    remedy: { zh: '请等它算完，或先停止它。', en: 'Wait until it is done, or stop it first.' },
  },
  'no-replay': {
    message: {
      zh: '还没有重算的结果。没有导出。',
      en: 'There is no result yet. Nothing was exported.',
    },
    money: 'none',
    remedy: { zh: '请先开始重算并等它算完。', en: 'Start one first and wait for its result.' },
  },
  'results-refused': ({
    file,
    problems,
  }: {
    readonly file: string;
    readonly problems: readonly ResultsProblem[];
  }) => {
    const [first] = problems;
    const { zh, en } = placeWords(first);
    return {
      place: first?.row === undefined ? file : `${file}:${String(first.row)}`,
      message: {
        zh: `支付方结果文件 ${file} 用不了：${zh}${first?.message.zh ?? ''}。没有比较任何就诊。`,
        en: `The payer's results ${file} cannot be used: ${en}${first?.message.en ?? ''}. No visit was compared.`,
      },
      money: 'none',
      remedy: first?.remedy ?? mendCell,
      details: problems,
    };
  },
  'results-too-much': ({ file }: { readonly file: string }) => ({
    place: file,
    message: {
      zh: `支付方结果文件 ${file} 太大或已损坏，读到一半读取程序就结束了。没有比较任何就诊。`,
      en: `The payer's results ${file} are too much for the program or damaged: reading ended half way. No visit was compared.`,
    },
    money: 'none',
    remedy: smallerFile,
  }),
});

function placeWords(problem: ResultsProblem | undefined): Words {
  if (problem?.row === undefined) return { zh: '', en: '' };
  const { row, column } = problem;
  const inColumn =
    column === undefined ? { zh: '', en: '' } : { zh: `${column} 列`, en: `, column ${column}` };
  return {
    zh: `第 ${String(row)} 行${inColumn.zh}：`,
    en: `row ${String(row)}${inColumn.en}: `,
  };
}
