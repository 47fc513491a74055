import type { TraceNode } from '../../domain/settlement-result.ts';
import { fen, type Fen } from '../../money/fen.ts';
import { percentTextFromRate } from '../../money/rate.ts';
import { formatFen, yuanTextFromFen, yuanTextOf } from '../../money/yuan-text.ts';
import type { BillSplit, LineCut } from '../rules/split-bill.ts';
import { addsTo, node } from './trace-node.ts';

/** How the bill falls into what the rules may pay on and what they never may. */
export function explainBill(bill: BillSplit): TraceNode[] {
  const root = node({
    id: 'bill',
    rule: 'in-scope-from-bill',
    text: {
      zh: `总费用 ${formatFen(bill.totalFen)}，政策范围内 ${formatFen(bill.eligibleFen)}`,
      en: `Total ${formatFen(bill.totalFen)}, of it in scope ${formatFen(bill.eligibleFen)}`,
    },
    formula: `${formatFen(bill.totalFen)} − ${formatFen(bill.classCFen)} − ${formatFen(bill.aboveCeilingFen)} − ${formatFen(bill.firstSelfPayFen)}`,
    inputs: {
      total: yuanTextFromFen(bill.totalFen),
      classC: yuanTextFromFen(bill.classCFen),
      aboveCeiling: yuanTextFromFen(bill.aboveCeilingFen),
      classBFirstSelfPay: yuanTextFromFen(bill.firstSelfPayFen),
      lines: bill.lineCount,
      linesWithRefunds: bill.refundCount,
    },
  });
  if (bill.fromTotals) return [root, fromTotals(bill)];
  const nodes = [root, ...fromClasses(bill)];
  const ratios: RatioTexts[] = [];
  for (const cut of bill.cuts) {
    const number = textsOfLine(cut.line.line);
    if (cut.aboveCeilingFen !== 0) nodes.push(aboveCeiling(cut, number));
    if (cut.firstSelfPayFen === 0) continue;
    nodes.push(firstSelfPay(cut, number, textsOfRatio(ratios, cut.line.firstSelfPayRatio)));
  }
  return nodes;
}

type Ratio = LineCut['line']['firstSelfPayRatio'];

/** What the nodes of all lines with one first self-pay ratio say alike. */
type RatioTexts = {
  readonly of: Ratio;
  readonly zh: string;
  readonly en: string;
  readonly formula: string;
};

/** A bill has a few ratios on many lines; of one with many, each is made anew. */
const keptRatios = 8;

function textsOfRatio(made: RatioTexts[], ratio: Ratio): RatioTexts {
  for (const texts of made) {
    const { numerator, denominator } = texts.of;
    if (numerator === ratio.numerator && denominator === ratio.denominator) return texts;
  }
  const percent = percentTextFromRate(ratio);
  const texts = {
    of: ratio,
    zh: `：先行自付 ${percent}，`,
    en: `: first self-pay ${percent}, `,
    formula: ` × ${percent}`,
  };
  if (made.length < keptRatios) made.push(texts);
  return texts;
}

/** What the nodes of a line of this number say on every bill. */
type LineTexts = {
  readonly zh: string;
  readonly en: string;
  readonly firstSelfPayId: string;
  readonly aboveCeilingId: string;
};

/** Those of the first lines are kept; there are bills of many thousand, and few of them. */
const keptLines = 1000;
const lineTexts: LineTexts[] = [];

function textsOfLine(line: number): LineTexts {
  return lineTexts[line] ?? makeTextsOfLine(line);
}

function makeTextsOfLine(line: number): LineTexts {
  const number = String(line);
  const made = {
    zh: `第 ${number} 行 `,
    en: `Line ${number} `,
    firstSelfPayId: `bill.line-${number}.first-self-pay`,
    aboveCeilingId: `bill.line-${number}.above-ceiling`,
  };
  if (Number.isInteger(line) && line >= 0 && line < keptLines) lineTexts[line] = made;
  return made;
}

function fromTotals(bill: BillSplit): TraceNode {
  return node({
    id: 'bill.totals',
    parent: 'bill',
    rule: 'totals-as-stated',
    text: {
      zh: '没有明细，按医院给出的合计',
      en: 'No charge lines; the totals the hospital states',
    },
    adds: addsTo(
      ['/total', bill.totalFen],
      ['/eligible', bill.eligibleFen],
      ['/excluded/classC', bill.classCFen],
      ['/excluded/classBFirstSelfPay', bill.firstSelfPayFen],
      ['/excluded/aboveCeiling', bill.aboveCeilingFen],
    ),
  });
}

function fromClasses(bill: BillSplit): readonly TraceNode[] {
  const { classAGrossFen, classBGrossFen, classCFen } = bill;
  return [
    node({
      id: 'bill.class-a',
      parent: 'bill',
      rule: 'class-a-in-scope',
      text: {
        zh: `甲类 ${formatFen(classAGrossFen)}，全部在范围内`,
        en: `Class A ${formatFen(classAGrossFen)}, wholly in scope`,
      },
      adds: addsTo(['/total', classAGrossFen], ['/eligible', classAGrossFen]),
    }),
    node({
      id: 'bill.class-b',
      parent: 'bill',
      rule: 'class-b-after-first-self-pay',
      text: {
        zh: `乙类 ${formatFen(classBGrossFen)}，先行自付后在范围内`,
        en: `Class B ${formatFen(classBGrossFen)}, in scope after the first self-pay`,
      },
      adds: addsTo(['/total', classBGrossFen], ['/eligible', classBGrossFen]),
    }),
    node({
      id: 'bill.class-c',
      parent: 'bill',
      rule: 'class-c-out-of-scope',
      text: {
        zh: `自费（目录外） ${formatFen(classCFen)}，不在范围内`,
        en: `Class C ${formatFen(classCFen)}, not in scope`,
      },
      adds: addsTo(['/total', classCFen], ['/excluded/classC', classCFen]),
    }),
  ];
}

function firstSelfPay(cut: LineCut, number: LineTexts, ratio: RatioTexts): TraceNode {
  const { line, netFen, aboveCeilingFen, firstSelfPayFen } = cut;
  const net = formatFen(netFen);
  const amount = formatFen(firstSelfPayFen);
  return {
    id: number.firstSelfPayId,
    parent: 'bill.class-b',
    step: null,
    rule: 'first-self-pay',
    rounding: 'fen/half-up',
    assumed: false,
    text: {
      zh: number.zh + line.name + ratio.zh + amount,
      en: number.en + line.name + ratio.en + amount,
    },
    source: null,
    inputs: { line: line.line, code: line.code, net: yuanTextOf(netFen, net) },
    adds: leaving('/excluded/classBFirstSelfPay', firstSelfPayFen),
    formula:
      aboveCeilingFen === 0
        ? net + ratio.formula
        : `(${net} − ${formatFen(aboveCeilingFen)})${ratio.formula}`,
  };
}

function aboveCeiling(
  { line, netFen, quantity, aboveCeilingFen }: LineCut,
  number: LineTexts,
): TraceNode {
  const ceiling = line.priceCeiling ?? '';
  const amount = formatFen(aboveCeilingFen);
  return {
    id: number.aboveCeilingId,
    parent: line.catalogueClass === 'A' ? 'bill.class-a' : 'bill.class-b',
    step: null,
    rule: 'price-ceiling',
    rounding: 'fen/half-up',
    assumed: false,
    text: {
      zh: `${number.zh}${line.name}：单价限 ${ceiling}，超出 ${amount}`,
      en: `${number.en}${line.name}: unit price limited to ${ceiling}, ${amount} above it`,
    },
    source: null,
    inputs: { line: line.line, code: line.code, quantity, unitPrice: line.unitPrice, ceiling },
    adds: leaving('/excluded/aboveCeiling', aboveCeilingFen),
    formula: `${formatFen(netFen)} − ${quantity} × ${ceiling}`,
  };
}

/** What of a line is no longer in scope. */
function leaving(to: string, amountFen: Fen): TraceNode['adds'] {
  return [
    { to: '/eligible', amountFen: fen(-amountFen) },
    { to, amountFen },
  ];
}
