import type { TraceNode } from '../domain/settlement-result.ts';
import { percentTextFromRate } from '../money/rate.ts';
import { formatFen } from '../money/yuan-text.ts';
import type { BillSplit, LineCut } from './split-bill.ts';
import { adds, node, takes, yuanInputs } from './trace-node.ts';

/** How the bill falls into what the rules may pay on and what they never may. */
export function explainBill(bill: BillSplit): readonly TraceNode[] {
  const root = node({
    id: 'bill',
    rule: 'in-scope-from-bill',
    text: {
      zh: `总费用 ${formatFen(bill.totalFen)}，政策范围内 ${formatFen(bill.eligibleFen)}`,
      en: `Total ${formatFen(bill.totalFen)}, of it in scope ${formatFen(bill.eligibleFen)}`,
    },
    formula: [bill.totalFen, bill.classCFen, bill.aboveCeilingFen, bill.firstSelfPayFen]
      .map(formatFen)
      .join(' − '),
    inputs: {
      ...yuanInputs({
        total: bill.totalFen,
        classC: bill.classCFen,
        aboveCeiling: bill.aboveCeilingFen,
        classBFirstSelfPay: bill.firstSelfPayFen,
      }),
      lines: bill.lineCount,
      linesWithRefunds: bill.refundCount,
    },
  });
  if (bill.fromTotals) return [root, fromTotals(bill)];
  return [root, ...fromClasses(bill), ...bill.cuts.flatMap(explainCut)];
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
    adds: [
      ...adds('/total', bill.totalFen),
      ...adds('/eligible', bill.eligibleFen),
      ...adds('/excluded/classC', bill.classCFen),
      ...adds('/excluded/classBFirstSelfPay', bill.firstSelfPayFen),
      ...adds('/excluded/aboveCeiling', bill.aboveCeilingFen),
    ],
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
      adds: [...adds('/total', classAGrossFen), ...adds('/eligible', classAGrossFen)],
    }),
    node({
      id: 'bill.class-b',
      parent: 'bill',
      rule: 'class-b-after-first-self-pay',
      text: {
        zh: `乙类 ${formatFen(classBGrossFen)}，先行自付后在范围内`,
        en: `Class B ${formatFen(classBGrossFen)}, in scope after the first self-pay`,
      },
      adds: [...adds('/total', classBGrossFen), ...adds('/eligible', classBGrossFen)],
    }),
    node({
      id: 'bill.class-c',
      parent: 'bill',
      rule: 'class-c-out-of-scope',
      text: {
        zh: `自费（目录外） ${formatFen(classCFen)}，不在范围内`,
        en: `Class C ${formatFen(classCFen)}, not in scope`,
      },
      adds: [...adds('/total', classCFen), ...adds('/excluded/classC', classCFen)],
    }),
  ];
}

function explainCut(cut: LineCut): readonly TraceNode[] {
  const { line, aboveCeilingFen, firstSelfPayFen } = cut;
  const nodes: TraceNode[] = [];
  if (aboveCeilingFen !== 0) nodes.push(aboveCeiling(cut));
  if (firstSelfPayFen !== 0) {
    const left =
      formatFen(cut.netFen) + (aboveCeilingFen === 0 ? '' : ` − ${formatFen(aboveCeilingFen)}`);
    const percent = percentTextFromRate(line.firstSelfPayRatio);
    nodes.push(
      node({
        id: `bill.line-${String(line.line)}.first-self-pay`,
        parent: 'bill.class-b',
        rule: 'first-self-pay',
        rounding: 'fen/half-up',
        text: {
          zh: `第 ${String(line.line)} 行 ${line.name}：先行自付 ${percent}，${formatFen(firstSelfPayFen)}`,
          en: `Line ${String(line.line)} ${line.name}: first self-pay ${percent}, ${formatFen(firstSelfPayFen)}`,
        },
        formula: aboveCeilingFen === 0 ? `${left} × ${percent}` : `(${left}) × ${percent}`,
        inputs: { line: line.line, code: line.code, ...yuanInputs({ net: cut.netFen }) },
        adds: [
          ...takes('/eligible', firstSelfPayFen),
          ...adds('/excluded/classBFirstSelfPay', firstSelfPayFen),
        ],
      }),
    );
  }
  return nodes;
}

function aboveCeiling({ line, netFen, quantity, aboveCeilingFen }: LineCut): TraceNode {
  const ceiling = line.priceCeiling ?? '';
  return node({
    id: `bill.line-${String(line.line)}.above-ceiling`,
    parent: line.catalogueClass === 'A' ? 'bill.class-a' : 'bill.class-b',
    rule: 'price-ceiling',
    rounding: 'fen/half-up',
    text: {
      zh: `第 ${String(line.line)} 行 ${line.name}：单价限 ${ceiling}，超出 ${formatFen(aboveCeilingFen)}`,
      en: `Line ${String(line.line)} ${line.name}: unit price limited to ${ceiling}, ${formatFen(aboveCeilingFen)} above it`,
    },
    formula: `${formatFen(netFen)} − ${quantity} × ${ceiling}`,
    inputs: { line: line.line, code: line.code, quantity, unitPrice: line.unitPrice, ceiling },
    adds: [
      ...takes('/eligible', aboveCeilingFen),
      ...adds('/excluded/aboveCeiling', aboveCeilingFen),
    ],
  });
}
