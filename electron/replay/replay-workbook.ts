import { workbookBytes, type Sheet, type SheetCell } from '../workbooks/write-workbook.ts';
import { payerNamer } from '../../shared/pack-words/payer-namer.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { type AmountsReport, type GroupReport, type ReplayReport } from './replay-report.ts';
import type { StepDifference } from './compare-person.ts';
import type { ShadowRun } from './replay.ts';

/** The report as a workbook: who pays what, who gains and loses, by category, level and disease, what was left out. */
export function replayWorkbook(report: ReplayReport): Promise<Uint8Array> {
  const { payers, patient, hospital, gainers, losers } = report;
  const people = [...gainers, ...losers].map(
    ({ name, idNumber, visits, beforeFen, afterFen, differenceFen }): readonly SheetCell[] => [
      ...[differenceFen < 0 ? '少付' : '多付', name, idNumber, { count: visits }],
      ...[{ fen: beforeFen }, { fen: afterFen }, { fen: differenceFen }],
    ],
  );
  return workbookBytes([
    {
      name: '各方支付',
      headers: ['谁支付', ...amountHeaders],
      widths: [28, 18, 18, 18, 18],
      rows: [
        ...payers.map(({ name, ...amounts }) => [name.zh, ...amountCells(amounts)]),
        ['个人负担', ...amountCells(patient)],
        ['医院承担', ...amountCells(hospital)],
      ],
    },
    { name: '说明', headers: ['项目', '内容'], widths: [36, 28], rows: factRows(report) },
    {
      name: '影响最大的人',
      headers: ['', '姓名', '身份证号', '就诊次数', '现行个人负担', '草案个人负担', '差额'],
      widths: [8, 12, 22, 10, 18, 18, 18],
      rows: people,
    },
    groupSheet('按救助对象类别', '救助对象类别', report.byCategory),
    groupSheet('按医院级别', '医院级别', report.byLevel),
    groupSheet('按主要诊断', '主要诊断', report.byDisease),
    skippedSheet(report.skipped),
  ]);
}

const amountHeaders = ['已结算', '现行政策', '草案', '差额（草案减现行）'];

const amountCells = (amounts: AmountsReport): readonly SheetCell[] => [
  { fen: amounts.settledFen },
  { fen: amounts.beforeFen },
  { fen: amounts.afterFen },
  { fen: amounts.differenceFen },
];

function factRows(report: ReplayReport): readonly (readonly SheetCell[])[] {
  const { counts } = report;
  return [
    ['草案', `${report.pack}@${report.packVersion}`],
    ['出院日期', `${report.from} 至 ${report.until}`],
    ['范围', report.sample === null ? '全部' : `抽样 ${String(report.sample)} 人`],
    ['就诊', { count: report.visits }],
    ['人数', { count: report.persons }],
    ['总费用', { fen: report.totalFen }],
    ['结果不同的就诊', { count: counts.changed }],
    ['草案新覆盖的就诊', { count: counts.newlyCovered }],
    ['草案不再覆盖的就诊', { count: counts.noLongerCovered }],
    ['别的政策的就诊，因年度累计而不同', { count: counts.throughTheYear }],
    ['按现行政策重算与已结算不同', { count: counts.otherReasons }],
    ['尚未结算的就诊', { count: counts.notSettled }],
    ['别的政策的就诊，没有变化', { count: counts.untouched }],
    ['没有重算的就诊', { count: report.skipped.length }],
  ];
}

function groupSheet(name: string, header: string, groups: readonly GroupReport[]): Sheet {
  const payers = [...new Map(groups.flatMap((group) => group.payers.map((p) => [p.payer, p])))];
  return {
    name,
    headers: [
      ...['代码', header, '就诊', '结果不同', '现行个人负担', '草案个人负担', '个人负担差额'],
      ...payers.map(([, { name: payer }]) => `${payer.zh}差额`),
    ],
    widths: [16, 24, 10, 10, 18, 18, 18, ...payers.map(() => 20)],
    rows: groups.map(({ key, name: words, visits, changed, patient, payers: own }) => [
      ...[key ?? '', words.zh, { count: visits }, { count: changed }],
      ...[{ fen: patient.beforeFen }, { fen: patient.afterFen }, { fen: patient.differenceFen }],
      ...payers.map(([id]) => ({
        fen: own.find(({ payer }) => payer === id)?.differenceFen ?? 0,
      })),
    ]),
  };
}

const skippedSheet = (skipped: ReplayReport['skipped']): Sheet => ({
  name: '没有重算的就诊',
  headers: ['就诊号', '原因代码'],
  widths: [26, 26],
  rows: skipped.map(({ visitId, code }) => [visitId, code]),
});

/** The comparison with a payer's results as a workbook. */
export function shadowWorkbook(
  { order, comparison, unknown }: ShadowRun,
  known: readonly CompiledPack[],
): Promise<Uint8Array> {
  const packs = [...order.draft, ...known];
  const nameOf = payerNamer(packs);
  const stepName = (step: string | null): string =>
    packs.flatMap(({ steps }) => steps).find(({ id }) => id === step)?.name.zh ?? step ?? '';
  const compared = ({ oursFen, theirsFen }: { oursFen: number; theirsFen: number }) => [
    ...[{ fen: oursFen }, { fen: theirsFen }, { fen: oursFen - theirsFen }],
  ];
  return workbookBytes([
    {
      name: '合计',
      headers: ['支付方', '支付环节', '就诊', '不同', '本方', '对方', '差额（本方减对方）'],
      widths: [24, 24, 10, 10, 18, 18, 20],
      rows: Object.values(comparison.steps).map(({ payer, step, visits, differing, ...sums }) => [
        ...[nameOf(payer).zh, stepName(step), { count: visits }, { count: differing }],
        ...compared(sums),
      ]),
    },
    {
      name: '差异',
      headers: [
        '就诊号',
        '文件行',
        '支付方',
        '支付环节',
        '本方',
        '对方',
        '差额',
        '第一处不同',
        '依据',
      ],
      widths: [26, 8, 24, 24, 16, 16, 16, 60, 30],
      rows: comparison.differences.map(({ visitId, row, payer, step, line, ...sums }) => [
        ...[visitId, row === null ? '' : String(row), nameOf(payer).zh, stepName(step)],
        ...compared(sums),
        ...[line?.text.zh ?? '', sourceText(line)],
      ]),
    },
    {
      name: '本院没有的就诊',
      headers: ['文件行', '就诊号', '支付方', '对方'],
      widths: [8, 26, 24, 18],
      rows: unknown.map(({ row, visitId, payer, amountFen }) => [
        ...[String(row), visitId, nameOf(payer).zh, { fen: amountFen }],
      ]),
    },
    {
      name: '文件里没有的就诊',
      headers: ['就诊号'],
      widths: [26],
      rows: comparison.onlyHere.map((visitId) => [visitId]),
    },
    skippedSheet(comparison.skipped),
  ]);
}

function sourceText(line: StepDifference['line']): string {
  const source = line?.source ?? null;
  return source === null ? '' : `${source.document} ${source.article}`;
}
