import type { Content, ContentTable, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';

import { formatFen } from '../../shared/money/yuan-text.ts';
import type { FeeRow } from './fees-by-category.ts';
import type { Entry, PayerLine, StatementSheet } from './statement-sheet.ts';

const ink = '#1f2328';
const quiet = '#5b6470';
const hairline = '#c9ced6';
const shade = '#f3f5f8';

/** A4 in points, and the margins a hospital's binder needs. */
const page = { width: 595.28, margins: [40, 26, 40, 36] as [number, number, number, number] };
/** Beside the fees: what the policy makes of them, and the year. */
const sideWidth = 182;
const inner = page.width - page.margins[0] - page.margins[2];

/** The shape of the statement: one A4 page for the plain case, more where the bill needs it. */
export function statementPage(sheet: StatementSheet): TDocumentDefinitions {
  return {
    pageSize: 'A4',
    pageMargins: page.margins,
    info: { title: `${sheet.title} ${sheet.number}`, creator: 'Settlement Window' },
    defaultStyle: { font: 'paper', fontSize: 9, lineHeight: 0.9, color: ink },
    ...(sheet.demo
      ? { watermark: { text: '演示', font: 'paper', color: '#7a828e', opacity: 0.09, bold: true } }
      : {}),
    content: [
      head(sheet),
      identity(sheet),
      section('费用与政策项目（元）'),
      {
        columns: [
          { width: '*', stack: [feeTable(sheet.fees)] },
          {
            width: sideWidth,
            stack: [entryTable(sheet.policy), { ...yearTable(sheet.year), margin: [0, 6, 0, 0] }],
          },
        ],
        columnGap: 14,
      },
      section('本次各方支付（元）'),
      bar(sheet),
      payerTable(sheet),
      section('个人负担（元）'),
      patient(sheet),
      notes(sheet),
      signatures(sheet),
    ],
    footer: (current, count) => footer(sheet, current, count),
  };
}

function head(sheet: StatementSheet): Content {
  return [
    { text: sheet.hospital, alignment: 'center', fontSize: 10.5, color: quiet },
    { text: sheet.title, alignment: 'center', fontSize: 17, bold: true, margin: [0, 1, 0, 3] },
    ...(sheet.marks.length === 0 ? [] : [markBoxes(sheet.marks)]),
    {
      columns: [
        { text: `结算单号 ${sheet.number}` },
        { text: `业务日 ${sheet.businessDate}`, alignment: 'center' },
        { text: `结算时间 ${sheet.settledAt}`, alignment: 'right' },
      ],
      color: quiet,
      margin: [0, 2, 0, 4],
    },
  ];
}

/** White on dark, in the middle: nobody takes such a sheet for an original. */
function markBoxes(marks: readonly string[]): Content {
  const boxes = marks.map((mark) => ({
    width: 'auto',
    table: { body: [[{ text: mark, color: 'white', fillColor: ink, bold: true }]] },
    layout: { ...noLines, paddingLeft: () => 10, paddingRight: () => 10 },
  }));
  const side = { width: '*', text: '' };
  return { columns: [side, ...boxes, side], columnGap: 8, margin: [0, 1, 0, 2] };
}

function section(title: string): Content {
  return { text: title, bold: true, fontSize: 10, margin: [0, 5, 0, 2] };
}

function identity(sheet: StatementSheet): Content {
  const rows: TableCell[][] = [];
  for (let start = 0; start < sheet.identity.length; start += 3) {
    rows.push(sheet.identity.slice(start, start + 3).flatMap(labelled));
  }
  rows.push([
    { text: '诊断', color: quiet },
    { text: sheet.diagnosis, colSpan: 5 },
    {},
    {},
    {},
    {},
  ]);
  return {
    table: { widths: [46, 104, 46, '*', 46, 112], body: rows },
    layout: ruled,
  };
}

function labelled([label, value]: Entry): TableCell[] {
  return [{ text: label, color: quiet }, { text: value }];
}

function feeTable(rows: readonly FeeRow[]): Content {
  const last = rows.length - 1;
  return {
    table: {
      headerRows: 1,
      widths: ['*', 50, 46, 46, 42, 50],
      body: [
        header(['费用类别', '金额', '甲类', '乙类', '自费', '政策范围内']),
        ...rows.map((row, index) =>
          [
            row.name,
            ...[row.totalFen, row.classAFen, row.classBFen, row.classCFen, row.eligibleFen].map(
              (amount) => (amount === null ? '—' : formatFen(amount)),
            ),
          ].map((text, column): TableCell => ({
            text,
            alignment: column === 0 ? 'left' : 'right',
            bold: index === last,
          })),
        ),
      ],
    },
    layout: dense,
    fontSize: 8,
    lineHeight: 0.86,
  };
}

function entryTable(entries: readonly Entry[]): Content {
  return {
    table: {
      headerRows: 1,
      widths: ['*', 'auto'],
      body: [
        header(['政策项目', '']),
        ...entries.map(([label, value]) => [{ text: label }, right(value)]),
      ],
    },
    layout: dense,
    fontSize: 8,
    lineHeight: 0.86,
  };
}

/** The whole bill as one bar, a colour a payer; the colours are those beside the names below. */
function bar({ bar: parts }: StatementSheet): Content {
  const total = parts.reduce((sum, { amountFen }) => sum + amountFen, 0);
  let x = 0;
  return {
    canvas: parts.map(({ colour, amountFen }) => {
      const w = (inner * amountFen) / total;
      const rect = { type: 'rect' as const, x, y: 0, w, h: 9, color: colour };
      x += w;
      return rect;
    }),
    margin: [0, 1, 0, 5],
  };
}

function payerTable(sheet: StatementSheet): Content {
  return {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths: [90, '*', 72],
      body: [
        header(['支付方', '计算与依据', '支付金额'], 2),
        ...sheet.payers.map(payerRow),
        ...sheet.hospitalLines.map(({ name, how, amount }) => [
          { text: name },
          { text: how },
          right(amount),
        ]),
        [
          { text: '各方支付合计', bold: true },
          { text: `总费用 ${sheet.total}\u3000大写 ${sheet.totalInCapitals}` },
          { text: sheet.paidByOthers, alignment: 'right', bold: true },
        ],
      ],
    },
    layout: ruled,
  };
}

function payerRow(line: PayerLine): TableCell[] {
  const { clause } = line;
  return [
    {
      columns: [
        { width: 8, canvas: [{ type: 'rect', x: 0, y: 3, w: 6, h: 6, color: line.colour }] },
        { width: '*', text: line.name },
      ],
      columnGap: 3,
    },
    {
      stack: [
        { text: line.reckoning },
        ...(clause === '' ? [] : [{ text: clause, fontSize: 7, color: quiet }]),
      ],
    },
    right(formatFen(line.amountFen)),
  ];
}

function patient({ patient: part }: StatementSheet): Content {
  const big: Content = {
    stack: [
      { text: part.pays, fontSize: 22, bold: true, lineHeight: 1 },
      { text: `人民币（大写）${part.inCapitals}`, margin: [0, 2, 0, 0] },
      { text: `其中 个人自付 ${part.within}，个人自费 ${part.outside}`, color: quiet },
    ],
  };
  const rows: Entry[] = [['预交金', part.deposit], part.due, ...part.tenders];
  const due: Content = {
    stack: [
      {
        table: {
          widths: ['*', 'auto'],
          body: rows.map(([label, value], index) => [
            { text: label, bold: index === 1 },
            { text: value, alignment: 'right', bold: index === 1 },
          ]),
        },
        layout: noLines,
      },
      { text: `${part.due[0]}大写 ${part.dueInCapitals}`, color: quiet, margin: [4, 1, 0, 0] },
    ],
  };
  return {
    table: { widths: ['*', 210], body: [[big, due]] },
    layout: {
      ...noLines,
      fillColor: () => shade,
      paddingLeft: () => 10,
      paddingRight: () => 10,
      paddingTop: () => 5,
      paddingBottom: () => 4,
    },
    unbreakable: true,
  };
}

function yearTable({ title, rows }: StatementSheet['year']): ContentTable {
  return {
    table: {
      headerRows: 1,
      widths: ['*', 'auto', 'auto'],
      body: [
        header([title, '本次前', '本次后']),
        ...rows.map(([label, before, after]) => [{ text: label }, right(before), right(after)]),
      ],
    },
    layout: dense,
    fontSize: 8,
    lineHeight: 0.86,
  };
}

function notes({ notes: lines }: StatementSheet): Content {
  return { text: lines.join('\u3000'), fontSize: 7.5, color: quiet, margin: [0, 5, 0, 0] };
}

function signatures(sheet: StatementSheet): Content {
  const place = (label: string): Content => ({
    stack: [
      { text: label, color: quiet },
      { text: ' ', margin: [0, 8, 0, 0] },
    ],
  });
  return {
    columns: [
      place('患者（家属）签字'),
      place(`经办人 ${sheet.settledBy}`),
      place('医院盖章'),
      place('日期'),
    ],
    columnGap: 12,
    margin: [0, 8, 0, 0],
    unbreakable: true,
  };
}

function footer(sheet: StatementSheet, current: number, count: number): Content {
  const marks = sheet.marks.length === 0 ? '' : `\u3000${sheet.marks.join('\u3000')}`;
  return {
    columns: [
      { width: '*', text: `${sheet.number}\u3000政策 ${sheet.policyVersion}${marks}` },
      {
        width: 'auto',
        text: `打印 ${sheet.printedAt}\u3000第 ${String(current)} 页 共 ${String(count)} 页`,
        alignment: 'right',
      },
    ],
    fontSize: 7.5,
    color: quiet,
    margin: [page.margins[0], 10, page.margins[2], 0],
  };
}

/** The first columns hold words and stand left, the others figures. */
function header(titles: readonly string[], columnsOfWords = 1): TableCell[] {
  return titles.map((text, index) => ({
    text,
    color: quiet,
    fillColor: shade,
    alignment: index < columnsOfWords ? 'left' : 'right',
  }));
}

function right(text: string): Content {
  return { text, alignment: 'right' };
}

const noLines = {
  hLineWidth: () => 0,
  vLineWidth: () => 0,
  paddingTop: () => 1.5,
  paddingBottom: () => 1.5,
};

const ruled = {
  hLineWidth: () => 0.5,
  vLineWidth: () => 0,
  hLineColor: () => hairline,
  paddingLeft: () => 4,
  paddingRight: () => 4,
  paddingTop: () => 1.2,
  paddingBottom: () => 0.8,
};

/** For long tables of small figures. */
const dense = { ...ruled, paddingLeft: () => 3, paddingRight: () => 3 };
