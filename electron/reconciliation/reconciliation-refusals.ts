import { declareRefusals } from '../../shared/domain/declare-refusals.ts';
import type { IntakeProblem } from '../intake/intake-problem.ts';

const nothingTaken = {
  zh: '这份拨付文件没有入账，原件已加密保存。',
  en: 'Nothing of this remittance was booked; the file is kept as it came, encrypted.',
};

/** Why a remittance is not taken in or not taken back, and why a difference stays open. */
export const reconciliationRefusal = declareRefusals({
  'payer-never-claimed-from': ({
    payer,
    known,
  }: {
    readonly payer: string;
    readonly known: readonly string[];
  }) => ({
    message: {
      zh: `没有向支付方“${payer}”申报过，文件没有采用。`,
      en: `Nothing was ever claimed from the payer "${payer}"; the file was not taken in.`,
    },
    money: 'unchanged',
    remedy: {
      zh: `请用 --payer 写明：${known.join('、')}`,
      en: `Name one of these with --payer: ${known.join(', ')}`,
    },
  }),
  'remittance-refused': ({
    file,
    problems,
  }: {
    readonly file: string;
    readonly problems: readonly IntakeProblem[];
  }) => ({
    message: {
      zh: `${file} 有 ${String(problems.length)} 处不对。${nothingTaken.zh}`,
      en: `${file} is wrong in ${String(problems.length)} places. ${nothingTaken.en}`,
    },
    money: 'unchanged',
    remedy: {
      zh: '请按下面的行和列请支付方改正，重新取得整份文件后再采用。',
      en: 'Have the payer mend what is listed by row and column, and take the whole file in again.',
    },
    details: problems,
  }),
  'remittance-number-used': ({
    number,
    takenAt,
  }: {
    readonly number: string;
    readonly takenAt: string;
  }) => ({
    message: {
      zh: `拨付单 ${number} 已于 ${takenAt} 采用过，这次的内容和上次不一样。${nothingTaken.zh}`,
      en: `Remittance ${number} was taken in at ${takenAt}, with other content. ${nothingTaken.en}`,
    },
    money: 'unchanged',
    remedy: {
      zh: '请向支付方问清哪一份算数；上次的作废，就先用 take-back-remittance 撤回，再采用这一份。',
      en: 'Ask the payer which one counts; if it is this one, take the other back first with take-back-remittance.',
    },
  }),
  'remittance-broken-off': {
    message: {
      zh: '文件没有传完整，没有采用。',
      en: 'The file did not come whole; it was not taken in.',
    },
    money: 'unchanged',
    remedy: { zh: '请重新选择文件。', en: 'Choose the file again.' },
  },
  'remittance-unknown': ({ id }: { readonly id: string }) => ({
    message: { zh: `没有拨付单 ${id}。`, en: `There is no remittance ${id}.` },
    money: 'unchanged',
    remedy: {
      zh: '请用 remittances 查看拨付单的编号。',
      en: 'See the ids of the remittances with: remittances.',
    },
  }),
  'remittance-taken-back': ({ number }: { readonly number: string }) => ({
    message: {
      zh: `拨付单 ${number} 已经撤回过。`,
      en: `Remittance ${number} was taken back before.`,
    },
    money: 'unchanged',
    remedy: { zh: '不用再做什么。', en: 'Nothing more is to be done.' },
  }),
  'difference-unknown': ({ id }: { readonly id: string }) => ({
    message: { zh: `没有差异 ${id}。`, en: `There is no difference ${id}.` },
    money: 'unchanged',
    remedy: {
      zh: '请用 differences 查看差异的编号。',
      en: 'See the ids of the differences with: differences.',
    },
  }),
  'difference-closed': ({ state }: { readonly state: string }) => ({
    message: {
      zh: `这条差异已经不是待处理（${state}），没有再改。`,
      en: `This difference is not open any more (${state}); it was not changed.`,
    },
    money: 'unchanged',
    remedy: {
      zh: '请刷新差异列表，看是谁、怎么处理的。',
      en: 'Refresh the list to see who closed it and how.',
    },
  }),
  'difference-reason-missing': {
    message: {
      zh: '没有写明原因，差异没有关闭。',
      en: 'No reason was given; the difference stays open.',
    },
    money: 'unchanged',
    remedy: {
      zh: '请写明原因：问了支付方哪位、怎么答复、以后怎么处理。',
      en: 'State who at the payer said what, and what becomes of it.',
    },
  },
  'day-not-over': ({
    businessDate,
    today,
  }: {
    readonly businessDate: string;
    readonly today: string;
  }) => ({
    message: {
      zh: `${businessDate} 还没有过完（现在的业务日是 ${today}），没有日结。`,
      en: `${businessDate} is not over (the business date is ${today}); it was not closed.`,
    },
    money: 'unchanged',
    remedy: { zh: '请在第二天日结。', en: 'Close it the day after.' },
  }),
  'day-not-compared': ({
    businessDate,
    payers,
  }: {
    readonly businessDate: string;
    readonly payers: readonly string[];
  }) => ({
    message: {
      zh: `${businessDate} 还没有和这些支付方对完账：${payers.join('、')}，没有日结。`,
      en: `${businessDate} is not compared with ${payers.join(', ')}, or has changed since; it was not closed.`,
    },
    money: 'unchanged',
    remedy: {
      zh: '请先对账；支付方连不上的，等线路恢复后再对。',
      en: 'Reconcile the day first; where a payer was not reached, when the line stands again.',
    },
    details: payers,
  }),
  'day-has-differences': ({
    businessDate,
    open,
  }: {
    readonly businessDate: string;
    readonly open: number;
  }) => ({
    message: {
      zh: `${businessDate} 还有 ${String(open)} 条差异没有处理，没有日结。`,
      en: `${String(open)} differences of ${businessDate} are open; it was not closed.`,
    },
    money: 'unchanged',
    remedy: {
      zh: '请逐条写明原因或做更正，再日结。',
      en: 'Explain or correct each of them, then close the day.',
    },
  }),
  'line-not-bookable': ({ why }: { readonly why: string }) => ({
    message: {
      zh: `这一行拨付现在还不能记到申报上（${why}），差异没有关闭。`,
      en: `This line cannot be booked to a claim as things stand (${why}); the difference stays open.`,
    },
    money: 'unchanged',
    remedy: {
      zh: '先把申报的状态弄清（再查问、重新申报），或写明原因关闭差异。',
      en: 'Settle the state of the claim first (ask again, claim anew), or explain the difference.',
    },
  }),
});

/** What is wrong in a payer's file, at its row and column. */
export const remittanceProblem = declareRefusals({
  'column-missing': ({ zh, path }: { readonly zh: string; readonly path: string }) => ({
    message: { zh: `没有“${zh}”这一列。`, en: `The column ${path} is missing.` },
    money: 'unchanged',
    remedy: {
      zh: '可用 template remittances 生成表样。',
      en: 'See the columns in the form made by: template remittances.',
    },
  }),
  'field-missing': ({ zh, path }: { readonly zh: string; readonly path: string }) => ({
    message: { zh: `“${zh}”是空的。`, en: `${path} is empty.` },
    money: 'unchanged',
    remedy: { zh: '请支付方补上这一项。', en: 'Have the payer fill it in.' },
  }),
  'amount-wrong': ({ said }: { readonly said: string }) => ({
    message: {
      zh: `“${said}”不是金额（元，最多两位小数）。`,
      en: `"${said}" is no amount in yuan with at most two decimals.`,
    },
    money: 'unchanged',
    remedy: { zh: '请支付方改正这一格。', en: 'Have the payer mend this cell.' },
  }),
  'day-wrong': ({ said }: { readonly said: string }) => ({
    message: { zh: `“${said}”不是日期。`, en: `"${said}" is no day.` },
    money: 'unchanged',
    remedy: { zh: '请写成 2017-12-15 这样。', en: 'Write it as 2017-12-15.' },
  }),
  'text-too-long': ({ most }: { readonly most: number }) => ({
    message: {
      zh: `这一格超过 ${String(most)} 个字。`,
      en: `This cell has more than ${String(most)} characters.`,
    },
    money: 'unchanged',
    remedy: { zh: '请支付方写短一些。', en: 'Have the payer shorten it.' },
  }),
  'figures-contradict': {
    message: {
      zh: '核定金额减去扣款金额不等于拨付金额。',
      en: 'Approved less adjusted is not what was paid.',
    },
    money: 'unchanged',
    remedy: { zh: '请支付方改正这一行。', en: 'Have the payer mend this row.' },
  },
  'header-differs': ({ zh, path }: { readonly zh: string; readonly path: string }) => ({
    message: {
      zh: `这一行的“${zh}”和第一行不同：一份文件只能是一张拨付单。`,
      en: `${path} is another one than in the first row: a file is one remittance.`,
    },
    money: 'unchanged',
    remedy: { zh: '请按拨付单分开成几份文件。', en: 'Make a file of each remittance.' },
  }),
  'trailer-missing': {
    message: {
      zh: '最后一行不是合计行，文件可能不完整。',
      en: 'The last row is no trailer with the sums; the file may be cut.',
    },
    money: 'unchanged',
    remedy: {
      zh: '请重新取得整份文件；合计行的“申报编号”写“合计”，并写明笔数和四个合计。',
      en: 'Get the whole file; the claim of the trailer is TOTAL, with the count of lines and the four sums.',
    },
  },
  'trailer-not-last': {
    message: { zh: '合计行后面还有别的行。', en: 'Rows follow the trailer.' },
    money: 'unchanged',
    remedy: { zh: '请重新取得整份文件。', en: 'Get the whole file again.' },
  },
  'trailer-differs': ({
    zh,
    said,
    found,
  }: {
    readonly zh: string;
    readonly said: string;
    readonly found: string;
  }) => ({
    message: {
      zh: `合计行的${zh}是 ${said}，各行加起来是 ${found}。`,
      en: `The trailer says ${said}, its rows come to ${found} (${zh}).`,
    },
    money: 'unchanged',
    remedy: {
      zh: '文件可能少了行或被改过，请重新取得整份文件。',
      en: 'Rows are missing or were changed: get the whole file again.',
    },
  }),
  'no-lines': {
    message: { zh: '文件里没有一行拨付。', en: 'The file has no line that pays anything.' },
    money: 'unchanged',
    remedy: { zh: '请核对取得的文件。', en: 'Check which file it is.' },
  },
  'remittance-too-long': ({ most }: { readonly most: number }) => ({
    message: {
      zh: `超过 ${String(most)} 行：整份入账要一次完成，太长会挡住收费窗口。`,
      en: `More than ${String(most)} lines: a file is booked at once, and would keep the windows waiting.`,
    },
    money: 'unchanged',
    remedy: {
      zh: '请支付方分成几张拨付单。',
      en: 'Have the payer make several remittances of it.',
    },
  }),
  'remittance-too-large': ({ most }: { readonly most: string }) => ({
    message: { zh: `文件超过 ${most}。`, en: `The file has more than ${most}.` },
    money: 'unchanged',
    remedy: {
      zh: '请支付方分成几张拨付单。',
      en: 'Have the payer make several remittances of it.',
    },
  }),
  'remittance-json-wrong': ({ said }: { readonly said: string }) => ({
    message: { zh: `JSON 读不出：${said}`, en: `This is no JSON of a remittance: ${said}` },
    money: 'unchanged',
    remedy: {
      zh: '请核对文件，字段见 electron/reconciliation/README.md。',
      en: 'Check the file; the fields are in electron/reconciliation/README.md.',
    },
  }),
});
