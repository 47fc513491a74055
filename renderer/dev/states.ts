import type { CallAnswer } from '../../shared/contracts/contract.ts';
import { contracts } from '../../shared/contracts/contracts.ts';
import type { CardOnPlate, DeskState, VisitRow } from '../../shared/contracts/desk.ts';
import type { PrintJobView } from '../../shared/contracts/documents.ts';
import type { SettlementView, VisitPreview } from '../../shared/contracts/settlement.ts';
import { fen } from '../../shared/money/fen.ts';
import cannedDesk from './canned-desk.json' with { type: 'json' };
import cannedLines from './canned-lines.json' with { type: 'json' };
import cannedPreview from './canned-preview.json' with { type: 'json' };
import type { DevState } from './dev-state.ts';
import { askedForDate } from './approval-states.ts';
import { endedStates } from './ended-states.ts';
import { cancelStates } from './cancel-states.ts';
import { cashierSits } from './people-states.ts';
import { statesBeside } from './states-beside.ts';
import cannedQueue from './canned-queue.json' with { type: 'json' };

const desk = contracts['desk:state'].output.parse(cannedDesk);
const queue = contracts['visits:list-unsettled'].output.parse(cannedQueue);
const preview = contracts['settlement:preview'].output.parse(cannedPreview);
const lines = contracts['visits:bill-lines'].output.parse(cannedLines);

const noCard: CardOnPlate = { kind: 'no-card', sequence: 0 };
const ownRow = queue.visits.find(({ visitId }) => visitId === preview.visit.visitId);
const [otherRow] = queue.visits;
if (ownRow === undefined || otherRow === undefined) throw new Error('the recorded queue is empty');
/** Another stay of the same patient. */
const { maskedName, maskedIdNumber, sex, age } = ownRow;
const earlierRow = { ...otherRow, maskedName, maskedIdNumber, sex, age };

const person = (
  unsettled: readonly VisitRow[],
  settled: readonly VisitRow[] = [],
  questions: Extract<CardOnPlate, { kind: 'person' }>['questions'] = [],
): CardOnPlate => ({
  kind: 'person',
  sequence: 1,
  card: 'resident-id',
  readAt: '2017-11-27T09:12:04.000+08:00',
  elapsedMs: 41,
  maskedName: preview.person.maskedName,
  maskedIdNumber: preview.person.maskedIdNumber,
  unsettled: [...unsettled],
  settled: [...settled],
  questions: [...questions],
  warnings: [],
});

const job = (change: Partial<PrintJobView>): PrintJobView => ({
  printJobId: 'P1',
  settlementId: 'S1',
  settlementNumber: 'JS20171127-0001',
  maskedName: preview.person.maskedName,
  document: 'receipt',
  copyNumber: 0,
  state: 'sending',
  updatedAt: '2017-11-27T09:13:00.000+08:00',
  problem: null,
  ...change,
});
const settlement = (printJobs: readonly PrintJobView[]): SettlementView => ({
  settlementId: 'S1',
  number: 'JS20171127-0001',
  visitId: preview.visit.visitId,
  state: 'settled',
  settledAt: '2017-11-27T09:12:58.000+08:00',
  settledBy: '收费员一',
  businessDate: '2017-11-27',
  tenders: [{ kind: 'cash', amountFen: fen(135_800) }],
  printJobs: [...printJobs],
  result: preview.result,
});

const ok = (value: unknown): CallAnswer<unknown> => ({ ok: true, value });
const no = (why: ReturnType<typeof refusal>): CallAnswer<unknown> => ({ ok: false, refusal: why });

const refusal = (code: string, zh: string, en: string, todo: string, remedy: string) => ({
  code,
  message: { zh, en },
  remedy: { zh: todo, en: remedy },
});

/** Nothing lies on the plate of the demo; there is paper. */
const tray = { card: null, hasReader: true, paper: 'in', payers: null };

const plain = {
  'people:who': ok(cashierSits),
  'people:lock': ok({}),
  'second-person:list': ok({ requests: [] }),
  'sessions:list': ok({ sessions: [] }),
  'desk:state': ok(desk),
  'visits:list-unsettled': ok(queue),
  'visits:find': ok({ visits: queue.visits.slice(0, 3), more: false }),
  'visits:bill-lines': ok(lines),
  'demo:tray': ok(tray),
  'card:latest': ok(person([ownRow])),
  'card:read': ok(person([ownRow])),
  'settlement:preview': ok(preview),
} as const;

const state = (
  name: string,
  keys: readonly string[],
  answers: DevState['answers'] = {},
  link: DevState['link'] = 'open',
): DevState => ({ name, keys, link, answers: { ...plain, ...answers } });

const empty = { 'card:latest': ok(noCard), 'card:read': ok(noCard) } as const;
const desked = (change: Partial<DeskState>) => ({ 'desk:state': ok({ ...desk, ...change }) });
const shown = (change: Partial<VisitPreview>) => ({
  'settlement:preview': ok({ ...preview, ...change }),
});
const settling = (jobs: readonly PrintJobView[], secondPlace: 'none' | 'not-yet' = 'none') => ({
  'settlement:settle-visit': {
    ...ok({ already: false, settlement: settlement(jobs) }),
    secondPlace,
  },
  'settlement:show': ok(settlement(jobs)),
});
const refusedCard = (why: ReturnType<typeof refusal>) => ({
  'card:latest': ok({ kind: 'refused', sequence: 1, refusal: why }),
});

const notReady = refusal(
  'visit-not-ready',
  '医院系统标明这次住院还不能结算，没有动钱。',
  'The hospital system says this stay cannot be settled yet; no money moved.',
  '请病区停止医嘱后再读一次卡。',
  'Let the ward stop the orders, then read the card again.',
);
const notCovered = refusal(
  'not-covered',
  '这位患者没有参加本地医保，费用全部自付。',
  'This patient is not covered by any local scheme; everything is self-pay.',
  '请核对参保信息；确认无误可以按自费结算。',
  'Check the insurance; if right, settle as self-pay.',
);
const selfPay: VisitPreview = {
  ...preview,
  notCovered,
  person: { ...preview.person, insurance: 'none', categories: [] },
  result: {
    ...preview.result,
    shares: [],
    trace: [],
    patientPaysFen: preview.result.totalFen,
    patientPart: { withinCatalogueFen: fen(0), outsideCatalogueFen: preview.result.totalFen },
    due: { depositFen: fen(200_000), toCollectFen: fen(1_290_400), toRefundFen: fen(0) },
  },
};

const doubtfulDate = {
  ...refusal(
    'business-date-doubtful',
    '电脑的日期是 2017-10-27，上一个业务日是 2017-11-27：日期倒退了，没有记账，没有动钱。',
    'This machine says 2017-10-27, the last business date was 2017-11-27: it has gone back. Nothing was done and no money moved.',
    '请先核对电脑的日期和时间，不对就改正后重试；日期没有错时请主管确认业务日。',
    'Check the date and time of this machine, correct them and try again; if they are right, have a supervisor approve the business date.',
  ),
  details: [{ businessDate: '2017-10-27', last: '2017-11-27' }],
};

const stickIsGone: DeskState['secondPlace'] = {
  waiting: 38,
  oldestAt: '2017-11-27T09:01:12.000+08:00',
  problem: {
    code: 'missing',
    words: { zh: '第二存放处不在', en: 'the second place is not there' },
    remedy: {
      zh: '请插回U盘，或检查共享文件夹的连接；接上后自动补写。',
      en: 'Put the stick back or check the share; it is caught up by itself.',
    },
  },
  sameDisk: false,
  baseAt: '2017-11-27T01:00:00.000+08:00',
};

/** Every face the desk has, for looking at and for the pictures. */
export const devStates: readonly DevState[] = [
  state('waiting', [], empty),
  state('empty-queue', [], {
    ...empty,
    'visits:list-unsettled': ok({ visits: [], total: 0, next: null }),
  }),
  state('finding', ['z', 'wait', 'ArrowDown'], empty),
  state('no-card', ['F2'], empty),
  state(
    'card-problem',
    [],
    refusedCard(
      refusal(
        'card-unreadable',
        '这张卡读不出来，没有动钱。',
        'This card cannot be read; no money moved.',
        '请擦净芯片再放一次；仍读不出时按 F3 输入证件号。',
        'Wipe the chip and lay it down again, or press F3 and type the number.',
      ),
    ),
  ),
  state('several-visits', ['ArrowDown'], { 'card:latest': ok(person([ownRow, earlierRow])) }),
  state('no-visit', [], { 'card:latest': ok(person([])) }),
  state('checking', []),
  state('clause', ['@clause-of-medical-assistance']),
  state('bill-lines', ['F6']),
  state('paying', ['wait', 'Enter']),
  state('tenders', ['wait', 'Enter', 'F7']),
  state('confirming', ['wait', 'Enter', 'F8']),
  state('printing', ['wait', 'Enter', 'F8', 'Enter'], settling([job({})])),
  state('key-copy-missing', [], {
    ...empty,
    ...desked({ folder: { kind: 'live', name: 'd' } }),
  }),
  state('second-place-same-disk', [], {
    ...empty,
    ...desked({
      secondPlace: { ...stickIsGone, waiting: 0, oldestAt: null, problem: null, sameDisk: true },
    }),
  }),
  state('kept-only-here', ['wait', 'Enter', 'F8', 'Enter'], {
    ...settling([job({ state: 'confirmed' })], 'not-yet'),
    ...desked({ secondPlace: stickIsGone }),
  }),
  state(
    'paper-waits',
    ['wait', 'Enter', 'F8', 'Enter'],
    settling([
      job({
        state: 'failed',
        problem: refusal(
          'printer-gone',
          '打印机没有连接，凭条存着，恢复后自动打出。',
          'The printer is not connected; the receipt is printed when it is back.',
          '请检查打印机。',
          'Check the printer.',
        ),
      }),
    ]),
  ),
  state('done', ['wait', 'Enter', 'F8', 'Enter'], settling([job({ state: 'confirmed' })])),
  state(
    'print-again',
    ['wait', 'Enter', 'F8', 'Enter', 'F9'],
    settling([job({ state: 'confirmed' })]),
  ),
  ...cancelStates({ state, ok, no, refusal }, settling([job({ state: 'confirmed' })])),
  state('preview-outdated', ['wait', 'Enter', 'F8', 'Enter'], {
    'settlement:settle-visit': no(
      refusal(
        'preview-outdated',
        '账单或累计在确认之前有变化：刚才显示个人负担 1358.00 元，现在是 1402.50 元。没有动钱。',
        'The bill changed before confirming: it was 1358.00 yuan and is now 1402.50. No money moved.',
        '请重新试算，向患者说明新的金额后再确认。',
        'Preview again, tell the patient the new amount, then confirm.',
      ),
    ),
  }),
  state('busy', ['wait', 'Enter', 'F8', 'Enter'], {
    'settlement:settle-visit': no(
      refusal(
        'store-busy',
        '数据库正忙，这一次没有存下，没有动钱。',
        'The database is busy; nothing was kept and no money moved.',
        '请等几秒再试一次。',
        'Wait a few seconds and try again.',
      ),
    ),
  }),
  state('already-settled', [], {
    'card:latest': ok(person([], [{ ...ownRow, state: 'settled', settlementId: 'S1' }])),
    ...shown({ settlement: settlement([job({ state: 'confirmed' })]) }),
  }),
  state('not-ready', [], {
    ...shown({
      visit: {
        ...preview.visit,
        blockers: [
          { code: 'orders-open', text: '还有 2 条医嘱没有停' },
          { code: 'no-diagnosis', text: '没有出院诊断' },
        ],
      },
      confirmRefusal: notReady,
    }),
  }),
  state('doubtful-date', [], shown({ confirmRefusal: doubtfulDate })),
  state('approve-date', ['wait', '@approve-date'], {
    ...shown({ confirmRefusal: doubtfulDate }),
  }),
  state('approve-date-live', ['wait', '@approve-date', 'wait'], {
    ...shown({ confirmRefusal: doubtfulDate }),
    ...desked({ folder: { kind: 'live', name: 'd' } }),
  }),
  state('approve-date-english', ['wait', '@language', '@approve-date', 'wait'], {
    ...shown({ confirmRefusal: doubtfulDate }),
    ...desked({ folder: { kind: 'live', name: 'd' } }),
  }),
  state('ask-for-date', ['wait', '@approve-date', 'wait', '@ask-instead'], {
    ...shown({ confirmRefusal: doubtfulDate }),
    ...desked({ folder: { kind: 'live', name: 'd' } }),
  }),
  state('date-asked', ['wait', '@approve-date', 'wait'], {
    ...shown({ confirmRefusal: doubtfulDate }),
    'second-person:list': ok(askedForDate.pending),
  }),
  state('date-approved', ['wait', '@approve-date', 'wait'], {
    ...shown({ confirmRefusal: doubtfulDate }),
    'second-person:list': ok(askedForDate.approved),
  }),
  state('not-insured', [], { 'settlement:preview': ok(selfPay) }),
  state('refund', ['wait', 'Enter'], {
    ...shown({
      result: {
        ...preview.result,
        due: { depositFen: fen(300_000), toCollectFen: fen(0), toRefundFen: fen(164_200) },
      },
    }),
  }),
  state('reader-gone', [], {
    ...empty,
    ...desked({
      reader: {
        state: 'gone',
        code: 'gone',
        words: { zh: '读卡器没有连接', en: 'The reader is not connected' },
        remedy: {
          zh: '请检查读卡器的线；先用 F3 查找患者。',
          en: 'Check its cable; meanwhile find the patient with F3.',
        },
      },
    }),
  }),
  state('printer-gone', [], {
    ...desked({
      printer: {
        state: 'gone',
        code: 'gone',
        words: { zh: '打印机没有连接', en: 'The printer is not connected' },
        remedy: {
          zh: '可以照常结算，凭条存着，打印机恢复后自动打出。',
          en: 'Settle as usual; the receipt waits and is printed when it is back.',
        },
      },
    }),
  }),
  state('unknown-print', [], {
    ...empty,
    ...desked({
      attention: {
        unknownPrints: [job({ state: 'unknown' })],
        setAsideBills: 1,
        intakeRefusals: 0,
      },
    }),
  }),
  state('reading-only', [], {
    ...empty,
    ...desked({
      readingOnly: {
        code: 'database-lost',
        words: {
          zh: '数据不完整：2017-11-27 的结算单号 JS20171127-0007 至 JS20171127-0009 不在。现在只能查看，不能结算；没有改动任何东西，没有动钱。',
          en: 'The data is not complete: the settlements JS20171127-0007 to JS20171127-0009 are not there. It can only be looked at now; nothing is settled, nothing was changed and no money moved.',
        },
        remedy: {
          zh: '请立即联系信息科：不要删除任何文件，用 restore 恢复最近一份备份。',
          en: 'Call the IT clerk now: delete nothing, and restore the latest backup with restore.',
        },
      },
    }),
  }),
  state('disk-full', [], {
    ...empty,
    ...desked({
      readingOnly: {
        code: 'disk-no-room',
        words: {
          zh: '数据文件夹所在的磁盘满了（只剩 3 MB），不再开始新的结算，已经开始的会做完；这一步没有做，没有动钱。',
          en: 'The disk of the data folder is full (3 MB left): nothing new is settled, what was begun is finished; this step was not done and no money moved.',
        },
        remedy: {
          zh: '请信息科腾出空间（不要删除数据文件夹里的文件），然后再试。',
          en: 'Ask the IT clerk to free space (not by deleting files of the data folder), then try again.',
        },
      },
      logUnwrittenSince: '2017-11-27T10:00:00.000Z',
    }),
  }),
  state('cautions', [], {
    ...empty,
    ...desked({
      cautions: [
        {
          code: 'folder-open',
          words: {
            zh: '别的用户也能改动 /srv/settlement',
            en: 'other users may change /srv/settlement',
          },
          remedy: { zh: '请信息科收回权限。', en: 'Have the IT clerk take the rights away.' },
        },
        {
          code: 'plain-http',
          words: {
            zh: 'payers-url 是不加密的 http，患者资料在线路上谁都能读',
            en: 'payers-url is plain http: patients can be read on the line',
          },
          remedy: { zh: '请信息科改成 https 地址。', en: 'Have the IT clerk use https.' },
        },
      ],
    }),
  }),
  ...statesBeside({ state, ok, no, refusal, empty }),
  ...endedStates(state),
  state('english', ['@language']),
  state('keys', ['F1'], empty),
];
