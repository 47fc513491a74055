import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';

import type { PackLine, ReadablePack } from '../../shared/contracts/policies.ts';

/** What the sheet of a pack says: the pack as the page shows it, and where and when the sheet was made. */
export type PackSheetFacts = {
  readonly pack: ReadablePack;
  readonly hospital: string;
  readonly demo: boolean;
  readonly printedAt: string;
};

const ink = '#1f2328';
const quiet = '#5b6470';
const hairline = '#c9ced6';
const shade = '#f3f5f8';
const margins: [number, number, number, number] = [40, 30, 40, 40];

/** The law of a pack in words, what it assumes, its cases, its fingerprint, and where three people sign. */
export function packSheetPage(
  facts: PackSheetFacts,
  notes: readonly string[],
): TDocumentDefinitions {
  const { pack, demo } = facts;
  const { row, scope, modifiers, lists } = pack;
  return {
    pageSize: 'A4',
    pageMargins: margins,
    info: {
      title: `待遇政策签批单 ${row.pack} ${row.version}`,
      creator: 'Settlement Window',
    },
    defaultStyle: { font: 'paper', fontSize: 9, lineHeight: 1.05, color: ink },
    ...(demo
      ? { watermark: { text: '演示', font: 'paper', color: '#7a828e', opacity: 0.09, bold: true } }
      : {}),
    content: [
      head(facts),
      ...notes.map((text) => ({ text, color: quiet, margin: [0, 2, 0, 2] as Margins })),
      section('一、适用范围'),
      lineTable(scope),
      section('二、支付环节（按次序）'),
      ...steps(pack),
      ...(modifiers.length === 0 ? [] : [section('三、转诊、就医地的影响'), lineTable(modifiers)]),
      ...(lists.length === 0 ? [] : [section('四、目录'), lineTable(lists)]),
      section('五、假定：出处没有写明、按理由采用的'),
      assumptions(pack),
      section('六、案例（现在重新试算，没有列出的支付方为 0）'),
      cases(pack),
      section('七、出处'),
      sources(pack),
      signatures(pack),
    ],
    footer: (current, count) => footer(facts, current, count),
  };
}

type Margins = [number, number, number, number];

function head({ pack, hospital }: PackSheetFacts): Content {
  const { row } = pack;
  const { approval } = row;
  return {
    stack: [
      { text: hospital, alignment: 'center', fontSize: 10.5, color: quiet },
      {
        text: '待遇政策签批单',
        alignment: 'center',
        fontSize: 17,
        bold: true,
        margin: [0, 1, 0, 4],
      },
      {
        table: {
          widths: [52, '*', 52, '*'],
          body: [
            pairs(['地区', row.locality.zh], ['制度', row.scheme.zh]),
            pairs(['名称、版本', `${row.pack} ${row.version}`], ['状态', stateWords(pack)]),
            [
              { text: '指纹', color: quiet },
              { text: inGroups(approval.fingerprint), colSpan: 3 },
              {},
              {},
            ],
          ],
        },
        layout: ruled,
      },
      {
        text: '指纹由政策全文和全部案例文件算出；文件改动一个字，指纹就不同，原来的批准不再有效。',
        fontSize: 7.5,
        color: quiet,
        margin: [0, 2, 0, 0],
      },
    ],
  };
}

/** Sixty-four digits are compared by eye eight at a time. */
const inGroups = (fingerprint: string): string => (fingerprint.match(/.{1,8}/g) ?? []).join(' ');

function stateWords({ row: { approval } }: ReadablePack): string {
  const { state, settledBefore, withdrawn, waiting } = approval;
  const words = {
    draft: '没有提交',
    prepared: '已提交，等待批准',
    approved: settledBefore ? '以前已按它结算，算作批准' : '已批准',
    changed: '提交或批准之后文件改过',
    withdrawn: `已停用：${withdrawn?.reason ?? ''}`,
  }[state];
  return state === 'approved' && waiting !== null ? `${words}；另有提交等待批准` : words;
}

function pairs(...entries: readonly (readonly [string, string])[]): TableCell[] {
  return entries.flatMap(([label, value]) => [{ text: label, color: quiet }, { text: value }]);
}

function section(title: string): Content {
  return { text: title, bold: true, fontSize: 10.5, margin: [0, 9, 0, 3] };
}

function steps({ steps: all }: ReadablePack): Content[] {
  return all.flatMap(({ name, rule, lines }, index): Content[] => [
    {
      text: [
        { text: `${String(index + 1)}. ${name.zh}`, bold: true },
        { text: `\u3000${rule.zh}`, color: quiet },
      ],
      margin: [0, index === 0 ? 0 : 5, 0, 2],
      headlineLevel: 1,
    },
    lineTable(lines),
  ]);
}

function lineTable(lines: readonly PackLine[]): Content {
  if (lines.length === 0) return { text: '无', color: quiet };
  return {
    table: {
      dontBreakRows: true,
      widths: [92, '*', 170],
      body: lines.map(({ label, text, source, assumed }) => [
        { text: label.zh, color: quiet },
        { text: text.zh },
        {
          text: assumed === null ? (source?.zh ?? '') : `假定：${assumed.zh}`,
          fontSize: 7.5,
          color: quiet,
        },
      ]),
    },
    layout: ruled,
  };
}

function assumptions({ assumptions: all, row }: ReadablePack): Content {
  if (all.length === 0) return { text: '没有：每个数都有出处。' };
  const isWaiting = row.approval.waiting !== null;
  return {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths: [104, '*', 92, 120],
      body: [
        header(['名称', '采用的是什么，为什么', '涉及的支付环节', '认可的理由']),
        ...all.map(({ name, label, reason, steps: ofSteps, accepted, waiting }): TableCell[] => [
          { text: name, fontSize: 7.5 },
          { stack: [{ text: label.zh }, { text: reason.zh, fontSize: 7.5, color: quiet }] },
          { text: ofSteps.map(({ zh }) => zh).join('、'), fontSize: 8 },
          { text: acceptedWords(isWaiting ? waiting : accepted), fontSize: 8 },
        ]),
      ],
    },
    layout: ruled,
  };
}

function acceptedWords(reason: string | null): string {
  if (reason === null) return '未认可：按它支付的就诊不能结算';
  return reason === '' ? '以前已按它结算' : reason;
}

function cases({ cases: all }: ReadablePack): Content {
  if (all.length === 0) return { text: '没有试算的案例。' };
  return {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths: [18, '*', 210, 30],
      body: [
        header(['', '案例', '各方支付（元）', '']),
        ...all.map(({ index, sentence, amounts, ok, notCovered }): TableCell[] => [
          { text: String(index + 1), color: quiet },
          { text: sentence },
          {
            text: notCovered
              ? '不适用本政策'
              : amounts
                  .filter(({ actual }) => actual !== '0.00')
                  .map(({ name, actual }) => `${name.zh} ${actual}`)
                  .join('，'),
            fontSize: 8,
          },
          { text: ok ? '相符' : '不符', bold: !ok, fontSize: 8 },
        ]),
      ],
    },
    layout: ruled,
  };
}

function sources({ sources: all }: ReadablePack): Content {
  return {
    ol: all.map(({ title, publisher, date, address, note }) => ({
      text: [title.zh, publisher, date, address, note?.zh].filter(Boolean).join('\u3000'),
      fontSize: 8,
    })),
  };
}

/** Three people, three lines; what the program knows of them stands there already. */
function signatures({ row }: ReadablePack): Content {
  const { approval } = row;
  const { prepared, waiting, approved } = approval;
  const checked = waiting ?? prepared;
  const known = (done: { by: { name: string }; at: string } | null): string =>
    done === null ? '' : `${done.by.name}\u3000${done.at.slice(0, 16).replace('T', ' ')}`;
  const line = (label: string, who: string): TableCell[] => [
    { text: label, margin: [0, 8, 0, 8] },
    { text: who, margin: [0, 8, 0, 8], color: quiet },
    { text: '签字', margin: [0, 8, 0, 8], color: quiet },
    { text: '日期', margin: [0, 8, 0, 8], color: quiet },
  ];
  return {
    unbreakable: true,
    margin: [0, 10, 0, 0],
    stack: [
      { text: '八、签字', bold: true, fontSize: 10.5, margin: [0, 0, 0, 2] },
      {
        text: `签字的是 ${row.pack} ${row.version}，指纹 ${inGroups(approval.fingerprint)}`,
        fontSize: 8,
        margin: [0, 0, 0, 3],
      },
      {
        table: {
          widths: [70, 150, '*', 90],
          body: [
            line('编写', ''),
            line('核对（提交）', known(checked)),
            line('批准', waiting === null ? known(approved) : ''),
          ],
        },
        layout: ruled,
      },
      {
        text: '核对与批准必须是两个人。一个人用两个账号，程序看不出来：签字时请当面核对。',
        fontSize: 7.5,
        color: quiet,
        margin: [0, 3, 0, 0],
      },
    ],
  };
}

function footer(
  { pack, printedAt, demo }: PackSheetFacts,
  current: number,
  count: number,
): Content {
  const { row } = pack;
  const mark = demo ? '\u3000演示数据，不作任何凭据' : '';
  return {
    columns: [
      {
        width: '*',
        text: `${row.pack} ${row.version}\u3000指纹 ${row.approval.fingerprint.slice(0, 16)}…${mark}`,
      },
      {
        width: 'auto',
        text: `打印 ${printedAt.slice(0, 16).replace('T', ' ')}\u3000第 ${String(current)} 页 共 ${String(count)} 页`,
        alignment: 'right',
      },
    ],
    fontSize: 7.5,
    color: quiet,
    margin: [margins[0], 10, margins[2], 0],
  };
}

const header = (titles: readonly string[]): TableCell[] =>
  titles.map((text) => ({ text, color: quiet, fillColor: shade }));

const ruled = {
  hLineWidth: () => 0.5,
  vLineWidth: () => 0,
  hLineColor: () => hairline,
  paddingLeft: () => 4,
  paddingRight: () => 4,
  paddingTop: () => 1.6,
  paddingBottom: () => 1.2,
};
