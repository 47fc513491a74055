import type { Visit } from '../../shared/domain/visit.ts';
import { fen, type Fen } from '../../shared/money/fen.ts';

export type BillCategory = {
  readonly category: string;
  readonly totalFen: Fen;
  readonly lineCount: number;
};

export type BillSummary = {
  readonly lineCount: number;
  /** In the order the categories first appear on the bill; empty where only totals are known. */
  readonly categories: readonly BillCategory[];
};

/** A bill grouped by charge category, refunds taken off where they belong. */
export function summariseBill({ bill }: Visit): BillSummary {
  if (bill.kind === 'totals') return { lineCount: 0, categories: [] };
  const groups = new Map<string, { total: number; lines: number }>();
  for (const { category, amountFen } of bill.charges) {
    const group = groups.get(category) ?? { total: 0, lines: 0 };
    group.total += amountFen;
    group.lines += 1;
    groups.set(category, group);
  }
  return {
    lineCount: bill.charges.length,
    categories: [...groups].map(([category, { total, lines }]) => ({
      category,
      totalFen: fen(total),
      lineCount: lines,
    })),
  };
}
