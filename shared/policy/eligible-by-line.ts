import type { TraceNode } from '../domain/settlement-result.ts';
import type { ChargeLine } from '../domain/visit.ts';
import { fen, type Fen } from '../money/fen.ts';
import { splitBill } from './rules/split-bill.ts';

/** What a charge line loses from the in-scope cost (above the price ceiling, first self-pay), by its number. */
export type CutByLine = ReadonlyMap<number, number>;

/**
 * What of each charge line the rules may pay on, in fen, by the line's number. A refunded line carries what is
 * left of it; the refund itself carries nothing.
 */
export function eligibleByLine(
  charges: readonly ChargeLine[],
  cuts: CutByLine,
): ReadonlyMap<number, Fen> {
  const refunded = new Map<number, number>();
  for (const { refundsLine, amountFen } of charges) {
    if (refundsLine === undefined) continue;
    refunded.set(refundsLine, (refunded.get(refundsLine) ?? 0) + amountFen);
  }
  return new Map(
    charges.map(({ line, catalogueClass, refundsLine, amountFen }) => {
      const counts = catalogueClass !== 'C' && refundsLine === undefined;
      const net = amountFen + (refunded.get(line) ?? 0);
      return [line, fen(counts ? net - (cuts.get(line) ?? 0) : 0)];
    }),
  );
}

/** What each line of a bill loses, as the engine takes it off. */
export function cutsOfCharges(charges: readonly ChargeLine[]): CutByLine {
  return new Map(
    splitBill({ kind: 'charges', charges }).cuts.map((cut) => [
      cut.line.line,
      cut.aboveCeilingFen + cut.firstSelfPayFen,
    ]),
  );
}

/** What each line of a settled bill lost, as its stored explanation has it; nothing is worked out again. */
export function cutsOfTrace(trace: readonly TraceNode[]): CutByLine {
  const cuts = new Map<number, number>();
  for (const { inputs, adds } of trace) {
    const line = Number(inputs['line'] ?? Number.NaN);
    for (const { to, amountFen } of adds) {
      if (to === '/eligible' && !Number.isNaN(line)) {
        cuts.set(line, (cuts.get(line) ?? 0) - amountFen);
      }
    }
  }
  return cuts;
}
