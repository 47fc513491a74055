import { contracts, type OutputOf } from '../../shared/contracts/contracts.ts';
import type {
  BillQuestionRow,
  BillQuestionView,
  ChangedBillView,
  ComparedLine,
  LinkReportView,
  PersonQuestionRow,
  RefusedFileView,
} from '../../shared/contracts/intake.ts';
import type { GivenUpResultRow } from '../../shared/contracts/intake-results.ts';
import { fen } from '../../shared/money/fen.ts';
import { aged, agedCounts } from './aged-bills.ts';
import type { DevState } from './dev-state.ts';
import { cashierSits, type Making } from './people-states.ts';

type Overview = OutputOf<'intake:overview'>;

const folder: Overview['sources'][number] = {
  ...{ id: 'folder', kind: 'folder', where: '\\\\his-server\\settlement\\in', state: 'working' },
  ...{ problem: null, askedAt: '2017-11-27T09:15:02.000+08:00' },
  last: {
    ...{ at: '2017-11-27T09:14:31.000+08:00', what: 'bills-20171127-0914.csv' },
    ...{ taken: 41, refused: 3 },
  },
};
const others: readonly Overview['sources'][number][] = [
  {
    ...{ id: 'results', kind: 'results', where: '\\\\his-server\\settlement\\out' },
    ...{ state: 'working', problem: null, askedAt: null, last: null },
  },
  {
    ...{ id: 'pushed', kind: 'pushed', where: 'https://127.0.0.1:8443', state: 'working' },
    ...{ problem: null, askedAt: null },
    last: { at: '2017-11-27T09:12:05.000+08:00', what: 'HIS', taken: 1, refused: 0 },
  },
  {
    ...{ id: 'files', kind: 'files', where: null, state: 'by-hand' },
    ...{ problem: null, askedAt: null, last: null },
  },
];
const overview = (change: Partial<Overview> = {}): Overview => ({
  sources: [folder, ...others],
  lastReceivedAt: '2017-11-27T09:14:31.000+08:00',
  waiting: {
    ...{ refusedFiles: 3, changedBills: 2, billQuestions: 1, results: 1 },
    ...{ personQuestions: 2, unsettled: 47 },
  },
  ...change,
});

const numberProblem: RefusedFileView['problems'][number] = {
  ...{ row: 14, column: '身份证号', code: 'number-scientific' },
  message: {
    zh: '第 14 行“身份证号”是 4.30626E+17：Excel 把号码变成了数字，后面的位数已经丢了',
    en: 'Row 14, number: 4.30626E+17 is what Excel made of a number; its last digits are lost',
  },
  remedy: {
    zh: '请把该列设为“文本”后从原系统重新导出，再导入。',
    en: 'Set the column to text and export it again, then import it.',
  },
};
const files: readonly RefusedFileView[] = [
  {
    ...{ fileId: 'F1', name: 'bills-20171127-0914.csv', taken: 41, problemCount: 3 },
    refusedAt: '2017-11-27T09:14:32.000+08:00',
    problems: [
      numberProblem,
      { ...numberProblem, row: 15 },
      {
        ...{ row: 203, column: '费用日期', code: 'cells-disagree' },
        message: {
          zh: '第 203 行“入院日期”与同一就诊第 190 行不一致',
          en: 'Row 203, admitted: not the same as in row 190 of this visit',
        },
        remedy: {
          zh: '请在原系统改正这一行后重新导出、导入。',
          en: 'Correct this row where it comes from, export it and import it again.',
        },
      },
    ],
  },
  {
    ...{ fileId: 'F2', name: '出院患者费用11月.xlsx', taken: 0, problemCount: 1 },
    refusedAt: '2017-11-26T16:02:11.000+08:00',
    problems: [
      {
        code: 'workbook-unreadable',
        message: {
          zh: 'Excel 工作簿有密码，或者是旧的 .xls 格式，打不开。',
          en: 'The workbook has a password or is of the old kind (.xls).',
        },
        remedy: {
          zh: '请在 Excel 里去掉密码、另存为“Excel 工作簿（.xlsx）”后再导入。',
          en: 'Open it in Excel, take its password off, save it as .xlsx and import that.',
        },
      },
    ],
  },
  {
    ...{ fileId: 'F3', name: 'zy-2017-11-25.json', taken: 0, problemCount: 0, problems: [] },
    refusedAt: null,
  },
];

const changedBill: ChangedBillView['bill'] = {
  ...{ billId: 'B1', visitId: 'ZY20171110001', settlementId: 'S1', maskedName: '张*三' },
  ...{ settlementNumber: 'JS20171127-0001', settledAt: '2017-11-27T09:13:00.000+08:00' },
  ...{ receivedAt: '2017-11-27T16:40:00.000+08:00', source: 'bills-20171127-1640.csv' },
};
const line = (change: Partial<ComparedLine>): ComparedLine => ({
  ...{ line: 1, code: 'Y0001', name: '注射用奥沙利铂 50mg', category: 'western-medicine' },
  ...{ quantity: '4', unitPrice: '412.50', amountFen: fen(165_000), on: '2017-11-14' },
  ...change,
});
const comparison: ChangedBillView = {
  ...{ bill: changedBill, totalFen: { was: fen(1_490_400), now: fen(1_462_900) } },
  patientPaysFen: { was: fen(135_800), now: fen(133_100) },
  lines: [
    {
      ...{ kind: 'changed', was: line({}), now: line({ quantity: '3', amountFen: fen(123_750) }) },
      differs: [
        { zh: '数量', en: 'visit.charges.quantity' },
        { zh: '金额', en: 'visit.charges.amount' },
      ],
    },
    {
      ...{ kind: 'added', was: null, differs: [] },
      now: line({
        line: 48,
        code: 'H0210',
        name: '床位费',
        amountFen: fen(13_750),
        on: '2017-11-26',
      }),
    },
    {
      ...{ kind: 'removed', now: null, differs: [] },
      was: line({ line: 51, code: 'C1107', name: '一次性使用中心静脉导管包', quantity: '1' }),
    },
  ],
  counts: { added: 1, removed: 1, changed: 1, same: 214 },
  facts: [
    {
      ...{ name: { zh: '出院日期', en: 'visit.dischargedOn' }, isHidden: false },
      ...{ was: '2017-11-27', now: '2017-11-26' },
    },
    {
      ...{ name: { zh: '电话', en: 'person.phone' }, isHidden: true },
      ...{ was: null, now: null },
    },
  ],
};

const questions: readonly PersonQuestionRow[] = [
  {
    ...{ questionId: 'Q1', cameBy: 'visit', visitId: 'ZY20171122007', place: null },
    ...{ source: 'bills-20171127-0914.csv', differs: ['name', 'sex'] },
    ...{ maskedNumber: '430626********0016', askedAt: '2017-11-27T09:14:31.000+08:00' },
    known: { name: '张*三', birthDate: '1950-01-01', sex: 'male' },
    said: { name: '张*山', birthDate: '1950-01-01', sex: 'female' },
  },
  {
    ...{ questionId: 'Q2', cameBy: 'register', visitId: null, place: '第 118 行' },
    ...{ source: '民政局', differs: ['number', 'name'] },
    ...{ maskedNumber: '430626*****0021', askedAt: '2017-11-26T11:00:00.000+08:00' },
    known: { name: '李春', birthDate: null, sex: null },
    said: { name: '李春生', birthDate: null, sex: null },
  },
];
const givenUp: GivenUpResultRow = {
  ...{ resultId: 'R1', kind: 'settled', visitId: 'ZY20171110015', attempts: 8 },
  ...{ settlementNumber: 'JS20171127-0003', problem: 'http-500' },
  createdAt: '2017-11-27T09:20:00.000+08:00',
  lastAt: '2017-11-27T09:41:12.000+08:00',
};
const origins = {
  was: { sentVersion: null, madeAt: '2017-11-27T08:58:40.000+08:00', madeBy: 'file' },
  now: { sentVersion: null, madeAt: null, madeBy: null },
} as const;
const billQuestion: BillQuestionRow = {
  ...{ questionId: 'N1', visitId: 'ZY20171110015', maskedName: '张*三' },
  known: { source: 'bills-20171127-0858.json', receivedAt: '2017-11-27T08:58:41.000+08:00' },
  come: { source: '接口推送 HIS', receivedAt: '2017-11-27T09:03:20.000+08:00' },
  origin: origins.now,
};
const billSides: BillQuestionView = {
  ...{ questionId: 'N1', visitId: 'ZY20171110015', maskedName: '张*三', billVersion: 2 },
  known: { ...billQuestion.known, origin: origins.was },
  come: { ...billQuestion.come, origin: origins.now },
  totalFen: { was: comparison.totalFen.was, now: comparison.totalFen.now ?? fen(0) },
  ...{ lines: comparison.lines, counts: comparison.counts, facts: comparison.facts },
};
const figures = (admissions: number, eligible: number) => ({
  ...{ admissions, eligibleFen: fen(eligible), deductiblePaidFen: fen(75_000) },
  selfPayFen: fen(Math.floor(eligible / 5)),
});
const linkReport: LinkReportView = {
  known: {
    ...{ maskedName: '张*三', maskedNumber: '430626********0016', birthDate: '1950-01-01' },
    sex: 'male',
  },
  other: {
    ...{ maskedName: '张*三', maskedNumber: '430626*****0016', birthDate: '1950-01-01' },
    sex: 'male',
  },
  visits: ['ZY20170304011', 'ZY20170921002'],
  years: [
    {
      year: 2017,
      of: [
        { was: figures(1, 1_345_000), now: figures(3, 2_310_400) },
        { was: figures(2, 965_400), now: null },
      ],
    },
  ],
  settledOtherwise: [
    { number: 'JS20171127-0001', wasFen: fen(135_800), nowFen: fen(98_300), because: null },
  ],
  yearsToStateAgain: [],
};

/** What comes in as the IT clerk has it. */
export function intakeStates({ state, ok, no, refusal }: Making): readonly DevState[] {
  const answers = (
    of: Overview,
    refused: readonly RefusedFileView[],
    role: 'it-clerk' | 'supervisor' | 'auditor' = 'it-clerk',
  ) => ({
    'people:who': ok({ ...cashierSits, user: { id: 'k001', name: '孙工', role } }),
    'intake:overview': ok(contracts['intake:overview'].output.parse(of)),
    'intake:changed-bills': ok(
      contracts['intake:changed-bills'].output.parse({
        hasMore: false,
        bills: [
          changedBill,
          { ...changedBill, billId: 'B2', settlementNumber: 'JS20171126-0014', maskedName: '李*' },
        ],
      }),
    ),
    'intake:results': ok(
      contracts['intake:results'].output.parse({ results: [givenUp], hasMore: false }),
    ),
    'intake:bill-questions': ok(
      contracts['intake:bill-questions'].output.parse({
        questions: [billQuestion],
        hasMore: false,
      }),
    ),
    'intake:bill-question': ok(contracts['intake:bill-question'].output.parse(billSides)),
    'intake:person-questions': ok(
      contracts['intake:person-questions'].output.parse({ questions, hasMore: false }),
    ),
    'intake:ageing': ok(contracts['intake:ageing'].output.parse({ bills: aged, hasMore: false })),
    'intake:ageing-counts': ok(
      contracts['intake:ageing-counts'].output.parse({ counts: agedCounts }),
    ),
    'intake:export-list': no(
      refusal(
        'list-too-long',
        '这张表超过 200000 行，没有导出：一个文件放不下，截短的表会让人以为是全部。没有动钱。',
        'The list has more than 200000 rows and was not written. No money moved.',
        '请先处理掉一部分；未结账单可以按该谁处理、按天数分开导出。',
        'Work some of it off first.',
      ),
    ),
    'intake:begin-trial': ok({}),
    'intake:link-number': ok(contracts['intake:link-number'].output.parse(linkReport)),
    'intake:changed-bill': ok(contracts['intake:changed-bill'].output.parse(comparison)),
    'intake:refused-files': ok(
      contracts['intake:refused-files'].output.parse({ files: refused, hasMore: false }),
    ),
  });
  const changed = ['Control+4', 'wait', 'ArrowRight'];
  const people = [...changed, 'ArrowRight'];
  const typed = ['4', '3', '0', '6', 'Tab', '4', '3', '0', 'Enter'];
  const link = [...people, 'wait', 'F9', 'wait', ...typed];
  const away = overview({
    sources: [
      {
        ...folder,
        ...{ state: 'trouble', last: null },
        problem: {
          code: 'hospital-folder-missing',
          words: {
            zh: '医院系统放账单的文件夹 \\\\his-server\\settlement\\in 不在（ENOENT）。新账单进不来，已收下的照常结算；恢复后自动读取，账单不会丢。',
            en: 'The folder that bills come from is not there (ENOENT). No new bill comes in.',
          },
          remedy: {
            zh: '请插回U盘，或请信息科检查网络、共享和文件夹的名字（设置 hospital-in）。',
            en: 'Check the network, the share and the name (setting hospital-in).',
          },
        },
      },
      ...others,
    ],
  });
  return [
    state('intake', ['Control+4'], answers(overview(), files)),
    state('intake-english', ['Control+4', '@page-language'], answers(overview(), files)),
    state('intake-remove', ['Control+4', 'wait', 'F4'], answers(overview(), files)),
    state(
      'intake-none',
      ['Control+4'],
      answers(
        overview({
          waiting: {
            refusedFiles: 0,
            changedBills: 0,
            billQuestions: 0,
            results: 0,
            personQuestions: 0,
            unsettled: 0,
          },
        }),
        [],
      ),
    ),
    state('intake-changed', changed, answers(overview(), files)),
    state('intake-changed-supervisor', changed, answers(overview(), files, 'supervisor')),
    state('intake-people', people, answers(overview(), files)),
    state('intake-people-supervisor', people, answers(overview(), files, 'supervisor')),
    state(
      'intake-people-same',
      [...people, 'wait', 'F8'],
      answers(overview(), files, 'supervisor'),
    ),
    state('intake-link', link, answers(overview(), files, 'supervisor')),
    state('intake-newer', [...people, 'ArrowRight'], answers(overview(), files)),
    state(
      'intake-newer-take',
      [...people, 'ArrowRight', 'wait', 'F8'],
      answers(overview(), files, 'supervisor'),
    ),
    state('intake-results', [...people, 'ArrowRight', 'ArrowRight'], answers(overview(), files)),
    state(
      'intake-ageing',
      [...people, 'ArrowRight', 'ArrowRight', 'ArrowRight'],
      answers(overview(), files),
    ),
    state(
      'intake-ageing-english',
      [...people, 'ArrowRight', 'ArrowRight', 'ArrowRight', 'wait', '@page-language'],
      answers(overview(), files),
    ),
    state(
      'intake-export',
      [...people, 'ArrowRight', 'ArrowRight', 'ArrowRight', 'wait', 'F6', 'wait'],
      answers(overview(), files),
    ),
    state(
      'intake-export-too-long',
      [...people, 'ArrowRight', 'ArrowRight', 'ArrowRight', 'wait', 'F6', 'wait', 'Enter'],
      answers(overview(), files),
    ),
    state(
      'intake-trial',
      [...people, 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight'],
      answers(overview(), files),
    ),
    state('intake-changed-keep', [...changed, 'wait', 'F4'], answers(overview(), files)),
    state('intake-auditor', ['Control+4'], answers(overview(), files, 'auditor')),
    state('intake-away', ['Control+4'], {
      ...answers(away, []),
      'intake:refused-files': no(
        refusal(
          'intake-folder-away',
          '医院系统的文件夹现在打不开，或没有及时回应。',
          "The hospital's folder cannot be opened now, or did not answer in time.",
          '请检查文件服务器和网络，恢复后刷新列表：文件还在的再试一次。',
          'Check the file server and the network.',
        ),
      ),
    }),
  ];
}
