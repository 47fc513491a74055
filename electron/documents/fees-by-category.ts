import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import { chargeCategories, type ChargeLine, type Visit } from '../../shared/domain/visit.ts';
import { cutsOfTrace, eligibleByLine } from '../../shared/policy/eligible-by-line.ts';
import { chargeCategoryNames } from '../../shared/domain/value-names.ts';
import { fen, type Fen } from '../../shared/money/fen.ts';
import { documentRefusal } from './document-refusals.ts';

/** One row of the fee table; the last row of the table is the total. */
export type FeeRow = {
  readonly name: string;
  readonly totalFen: Fen;
  /** null where only totals are known: then nobody can say. */
  readonly classAFen: Fen | null;
  readonly classBFen: Fen | null;
  readonly classCFen: Fen | null;
  readonly eligibleFen: Fen;
};

type Sums = { total: number; A: number; B: number; C: number; eligible: number };

/**
 * The bill by category and catalogue class, refunds counted with the line they take back. What a line
 * loses from the in-scope cost is read from the stored explanation, not reckoned again. Refused where
 * the table does not come to the stored total.
 */
export function feesByCategory(
  bill: Visit['bill'],
  result: SettlementResult,
): Result<readonly FeeRow[], 'document-does-not-foot'> {
  if (bill.kind === 'totals') {
    const { totalFen, eligibleFen } = result;
    const unknown = { classAFen: null, classBFen: null, classCFen: result.excluded.classCFen };
    return accepted([{ name: '合计（没有明细）', totalFen, ...unknown, eligibleFen }]);
  }
  const rows = sumsByCategory(bill.charges, result);
  const all = sumsOf(rows.map(([, sums]) => sums));
  if (all.total !== result.totalFen || all.eligible !== result.eligibleFen) {
    return refused(documentRefusal('document-does-not-foot', { of: 'fees', wrong: [] }));
  }
  return accepted([
    ...rows.map(([category, sums]) => feeRow(chargeCategoryNames[category].zh, sums)),
    feeRow('合计', all),
  ]);
}

function sumsByCategory(charges: readonly ChargeLine[], result: SettlementResult) {
  const byLine = new Map(charges.map((charge) => [charge.line, charge]));
  const eligible = eligibleByLine(charges, cutsOfTrace(result.trace));
  const rows = new Map<ChargeLine['category'], Sums>();
  const rowOf = (charge: ChargeLine): Sums => {
    const row = rows.get(charge.category) ?? nothing();
    rows.set(charge.category, row);
    return row;
  };
  for (const charge of charges) {
    const counted = byLine.get(charge.refundsLine ?? charge.line) ?? charge;
    const row = rowOf(counted);
    row.total += charge.amountFen;
    row[counted.catalogueClass] += charge.amountFen;
    row.eligible += eligible.get(charge.line) ?? 0;
  }
  return chargeCategories.flatMap((category) => {
    const row = rows.get(category);
    return row === undefined ? [] : [[category, row] as const];
  });
}

function sumsOf(rows: readonly Sums[]): Sums {
  const all = nothing();
  for (const row of rows) {
    all.total += row.total;
    all.A += row.A;
    all.B += row.B;
    all.C += row.C;
    all.eligible += row.eligible;
  }
  return all;
}

function nothing(): Sums {
  return { total: 0, A: 0, B: 0, C: 0, eligible: 0 };
}

function feeRow(name: string, { total, A, B, C, eligible }: Sums): FeeRow {
  return {
    name,
    totalFen: fen(total),
    classAFen: fen(A),
    classBFen: fen(B),
    classCFen: fen(C),
    eligibleFen: fen(eligible),
  };
}
