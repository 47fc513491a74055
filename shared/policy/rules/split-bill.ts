import type { ChargeLine, Visit } from '../../domain/visit.ts';
import { fen, zeroFen, type Fen } from '../../money/fen.ts';
import {
  millionthsFromText,
  multiplyQuantityByPrice,
  textFromMillionths,
} from '../../money/multiply-quantity-by-price.ts';
import { fenHalfUp } from '../../money/rounding.ts';
import { shareOf } from '../../money/share-of.ts';

/** What a line loses from the in-scope cost, for the explanation. */
export type LineCut = {
  readonly line: ChargeLine;
  readonly netFen: Fen;
  readonly quantity: string;
  readonly aboveCeilingFen: Fen;
  readonly firstSelfPayFen: Fen;
};

/** The bill by what the catalogue says, in fen: `total = eligible + classC + firstSelfPay + aboveCeiling`. */
export type BillSplit = {
  readonly totalFen: Fen;
  readonly eligibleFen: Fen;
  readonly classCFen: Fen;
  readonly firstSelfPayFen: Fen;
  readonly aboveCeilingFen: Fen;
  /** Net of refunds, by class; all zero where only totals are known. */
  readonly classAGrossFen: Fen;
  readonly classBGrossFen: Fen;
  /** The class A part of what is in scope; 0 where only totals are known. */
  readonly eligibleClassAFen: Fen;
  readonly lineCount: number;
  readonly refundCount: number;
  readonly cuts: readonly LineCut[];
  readonly fromTotals: boolean;
};

/**
 * Splits a bill into what the rules may pay on and what they never may (contract: Visit JSON). Refunds
 * are netted with their line first; then each line is cut to the price ceiling and the first self-pay
 * share of what is left is taken, each rounded half-up to the fen.
 */
export function splitBill(bill: Visit['bill']): BillSplit {
  if (bill.kind === 'totals') {
    const { totals } = bill;
    return {
      totalFen: totals.totalFen,
      eligibleFen: totals.eligibleFen,
      classCFen: totals.classCFen,
      firstSelfPayFen: totals.classBFirstSelfPayFen,
      aboveCeilingFen: totals.aboveCeilingFen,
      classAGrossFen: fen(0),
      classBGrossFen: fen(0),
      eligibleClassAFen: fen(0),
      lineCount: 0,
      refundCount: 0,
      cuts: [],
      fromTotals: true,
    };
  }
  return splitCharges(bill.charges);
}

function splitCharges(charges: readonly ChargeLine[]): BillSplit {
  const refunds = refundsByLine(charges);
  let classA = 0;
  let classB = 0;
  let classC = 0;
  let firstSelfPay = 0;
  let aboveCeiling = 0;
  let aboveCeilingOfA = 0;
  const cuts: LineCut[] = [];
  for (const charge of charges) {
    const { catalogueClass, amountFen } = charge;
    if (charge.refundsLine !== undefined) continue;
    const refund = refunds === null ? undefined : refunds.get(charge.line);
    const net = refund === undefined ? amountFen : amountFen + refund.amountFen;
    if (catalogueClass === 'A') {
      classA += net;
      if (charge.priceCeiling === null) continue;
    } else if (catalogueClass === 'B') {
      classB += net;
    } else {
      classC += net;
      continue;
    }
    const cut = cutOf(charge, fen(net), refund === undefined ? 0 : refund.millionths);
    if (cut === null) continue;
    aboveCeiling += cut.aboveCeilingFen;
    if (catalogueClass === 'A') aboveCeilingOfA += cut.aboveCeilingFen;
    firstSelfPay += cut.firstSelfPayFen;
    cuts.push(cut);
  }
  return {
    totalFen: fen(classA + classB + classC),
    eligibleFen: fen(classA + classB - firstSelfPay - aboveCeiling),
    classCFen: fen(classC),
    firstSelfPayFen: fen(firstSelfPay),
    aboveCeilingFen: fen(aboveCeiling),
    classAGrossFen: fen(classA),
    classBGrossFen: fen(classB),
    eligibleClassAFen: fen(classA - aboveCeilingOfA),
    lineCount: charges.length,
    refundCount: refunds === null ? 0 : refunds.size,
    cuts: inOrderOfLines(cuts),
    fromTotals: false,
  };
}

/** Bills mostly come in the order of their lines: then there is nothing to sort. */
function inOrderOfLines(cuts: LineCut[]): readonly LineCut[] {
  let last = -Infinity;
  for (const { line } of cuts) {
    if (line.line < last) return cuts.sort((a, b) => a.line.line - b.line.line);
    last = line.line;
  }
  return cuts;
}

type Refund = { amountFen: number; millionths: number };

function refundsByLine(charges: readonly ChargeLine[]): Map<number, Refund> | null {
  let refunds: Map<number, Refund> | null = null;
  for (const charge of charges) {
    if (charge.refundsLine === undefined) continue;
    refunds ??= new Map();
    const refund = refunds.get(charge.refundsLine) ?? { amountFen: 0, millionths: 0 };
    refund.amountFen += charge.amountFen;
    refund.millionths += millionthsFromText(charge.quantity);
    refunds.set(charge.refundsLine, refund);
  }
  return refunds;
}

function cutOf(charge: ChargeLine, netFen: Fen, refundedMillionths: number): LineCut | null {
  // Refunds that were rounded one by one may leave a fen less than nothing of a line: of that nothing is cut.
  if (netFen <= 0) return null;
  const { firstSelfPayRatio } = charge;
  const quantity =
    refundedMillionths === 0
      ? charge.quantity
      : textFromMillionths(millionthsFromText(charge.quantity) + refundedMillionths);
  const aboveCeilingFen =
    charge.priceCeiling === null
      ? zeroFen
      : aboveCeilingOf(charge.unitPrice, charge.priceCeiling, netFen, quantity);
  const firstSelfPayFen =
    charge.catalogueClass === 'B' && firstSelfPayRatio.numerator !== 0
      ? shareOf(fen(netFen - aboveCeilingFen), firstSelfPayRatio, fenHalfUp)
      : zeroFen;
  if (aboveCeilingFen === 0 && firstSelfPayFen === 0) return null;
  return { line: charge, netFen, quantity, aboveCeilingFen, firstSelfPayFen };
}

function aboveCeilingOf(unitPrice: string, ceiling: string, netFen: Fen, quantity: string): Fen {
  // The stated amount may be 0.01 off quantity × price; that never makes a cheaper item dear.
  if (millionthsFromText(unitPrice) <= millionthsFromText(ceiling)) return zeroFen;
  return fen(Math.max(0, netFen - multiplyQuantityByPrice(quantity, ceiling)));
}
