import type { AgedBillRow, IntakeList } from '../../shared/contracts/intake-lists.ts';
import type {
  ChangedBillRow,
  PersonQuestionRow,
  RefusedFileView,
} from '../../shared/contracts/intake.ts';
import type { Words } from '../../shared/domain/result.ts';
import type { Sheet, SheetCell } from '../workbooks/write-workbook.ts';

export type Language = keyof Words;

/** A column of a list: what it is called, how wide it is, and what stands in it. */
type Column<Row> = {
  readonly called: Words;
  readonly width: number;
  readonly cell: (row: Row, language: Language) => SheetCell;
};

const words = (zh: string, en: string): Words => ({ zh, en });

export const sheetNames: Readonly<Record<IntakeList, Words>> = {
  'refused-files': words('没收下的文件', 'Refused files'),
  'changed-bills': words('结算后变了的账单', 'Bills changed after settlement'),
  people: words('要确认的人', 'People to decide'),
  ageing: words('未结账单账龄', 'Bills not settled'),
};

/** A problem of a refused file; a file whose note cannot be read has one line without any. */
export type RefusedLine = {
  readonly file: Omit<RefusedFileView, 'problems'>;
  readonly problem: RefusedFileView['problems'][number] | null;
};

/** What a row of each list is. */
export type RowOf = {
  'refused-files': RefusedLine;
  'changed-bills': ChangedBillRow;
  people: PersonQuestionRow;
  ageing: AgedBillRow;
};

const moment = (at: string | null): string | null =>
  at === null ? null : at.slice(0, 16).replace('T', ' ');
const count = (value: number | null): SheetCell => (value === null ? null : { count: value });

const differing: Readonly<Record<PersonQuestionRow['differs'][number], Words>> = {
  number: words('号码写法', 'number'),
  name: words('姓名', 'name'),
  'birth-date': words('出生日期', 'date of birth'),
  sex: words('性别', 'sex'),
};
const cameBy: Readonly<Record<PersonQuestionRow['cameBy'], Words>> = {
  visit: words('账单', 'bill'),
  register: words('名单', 'register'),
};
const sexes = { male: words('男', 'male'), female: words('女', 'female') } as const;
const whoActs: Readonly<Record<AgedBillRow['waitsFor'], Words>> = {
  blocked: words('医院处理', 'the hospital'),
  question: words('有问题等人回答', 'a question waits for an answer'),
  'nobody-came': words('等患者来结算', 'the patient has not come'),
};

const columns: { readonly [List in IntakeList]: readonly Column<RowOf[List]>[] } = {
  'refused-files': [
    { called: words('文件', 'File'), width: 36, cell: ({ file }) => file.name },
    { called: words('拒收时间', 'Refused'), width: 18, cell: ({ file }) => moment(file.refusedAt) },
    { called: words('收下几次就诊', 'Taken'), width: 12, cell: ({ file }) => count(file.taken) },
    {
      called: words('共几处', 'Problems'),
      width: 10,
      cell: ({ file }) => count(file.problemCount),
    },
    { called: words('行', 'Row'), width: 8, cell: ({ problem }) => count(problem?.row ?? null) },
    {
      called: words('列或位置', 'Column or place'),
      width: 24,
      cell: ({ problem }) => problem?.column ?? problem?.place ?? null,
    },
    { called: words('代码', 'Code'), width: 22, cell: ({ problem }) => problem?.code ?? null },
    {
      called: words('问题', 'What is wrong'),
      width: 60,
      cell: ({ problem }, language) => problem?.message[language] ?? null,
    },
    {
      called: words('怎么办', 'What to do'),
      width: 60,
      cell: ({ problem }, language) => problem?.remedy[language] ?? null,
    },
  ],
  'changed-bills': [
    { called: words('结算单号', 'Settlement'), width: 20, cell: (row) => row.settlementNumber },
    { called: words('就诊号', 'Visit'), width: 20, cell: (row) => row.visitId },
    { called: words('姓名', 'Name'), width: 10, cell: (row) => row.maskedName },
    { called: words('结算时间', 'Settled'), width: 18, cell: (row) => moment(row.settledAt) },
    { called: words('新账单时间', 'Came'), width: 18, cell: (row) => moment(row.receivedAt) },
    { called: words('来源', 'Source'), width: 36, cell: (row) => row.source },
  ],
  people: [
    { called: words('证件号码', 'ID number'), width: 22, cell: (row) => row.maskedNumber },
    {
      called: words('不一致', 'Differs in'),
      width: 20,
      cell: ({ differs }, language) =>
        differs.map((each) => differing[each][language]).join(language === 'zh' ? '、' : ', '),
    },
    {
      called: words('来自', 'Came by'),
      width: 8,
      cell: (row, language) => cameBy[row.cameBy][language],
    },
    { called: words('就诊号', 'Visit'), width: 20, cell: (row) => row.visitId },
    { called: words('来源', 'Source'), width: 30, cell: (row) => row.source },
    { called: words('位置', 'Place'), width: 10, cell: (row) => row.place },
    { called: words('原来的姓名', 'Name known'), width: 12, cell: ({ known }) => known.name },
    { called: words('这次的姓名', 'Name said'), width: 12, cell: ({ said }) => said.name },
    { called: words('原来的生日', 'Birth known'), width: 12, cell: ({ known }) => known.birthDate },
    { called: words('这次的生日', 'Birth said'), width: 12, cell: ({ said }) => said.birthDate },
    {
      called: words('原来的性别', 'Sex known'),
      width: 8,
      cell: ({ known: { sex } }, language) => (sex === null ? null : sexes[sex][language]),
    },
    {
      called: words('这次的性别', 'Sex said'),
      width: 8,
      cell: ({ said: { sex } }, language) => (sex === null ? null : sexes[sex][language]),
    },
    { called: words('发现时间', 'Asked'), width: 18, cell: (row) => moment(row.askedAt) },
  ],
  ageing: [
    {
      called: words('出院几天', 'Days since discharge'),
      width: 10,
      cell: (row) => count(row.daysSinceDischarge),
    },
    {
      called: words('到达几天', 'Days since arrival'),
      width: 10,
      cell: (row) => count(row.daysSinceArrival),
    },
    { called: words('姓名', 'Name'), width: 10, cell: (row) => row.maskedName },
    { called: words('科室', 'Department'), width: 16, cell: (row) => row.department },
    { called: words('床号', 'Bed'), width: 8, cell: (row) => row.bed },
    { called: words('住院号', 'Admission number'), width: 16, cell: (row) => row.admissionNumber },
    { called: words('就诊号', 'Visit'), width: 20, cell: (row) => row.visitId },
    { called: words('出院日期', 'Discharged'), width: 12, cell: (row) => row.dischargedOn },
    {
      called: words('首次到达', 'First came'),
      width: 18,
      cell: (row) => moment(row.firstReceivedAt),
    },
    {
      called: words('总费用', 'Total'),
      width: 14,
      cell: ({ totalFen }) => (totalFen === null ? null : { fen: totalFen }),
    },
    {
      called: words('该谁处理', 'Who acts'),
      width: 20,
      cell: (row, language) => whoActs[row.waitsFor][language],
    },
    {
      called: words('原因和找谁', 'Why, and whom to call'),
      width: 60,
      cell: ({ hindrances }, language) =>
        hindrances.map((each) => each[language]).join(language === 'zh' ? '；' : '; '),
    },
    { called: words('来源', 'Source'), width: 36, cell: (row) => row.source },
  ],
};

/** A list as a table whose first row says what stands in each column. */
export function sheetOf<List extends IntakeList>(
  list: List,
  rows: readonly RowOf[List][],
  language: Language,
): Sheet {
  const own: readonly Column<RowOf[List]>[] = columns[list];
  return {
    name: sheetNames[list][language],
    headers: own.map(({ called }) => called[language]),
    widths: own.map(({ width }) => width),
    rows: rows.map((row) => own.map(({ cell }) => cell(row, language))),
  };
}
