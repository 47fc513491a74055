import { fen, zeroFen, type Fen } from '../money/fen.ts';
import type { SettlementResult } from './settlement-result.ts';

/**
 * What a settlement means for the hospital: what the stay cost beyond a quota (`bears`), what it keeps of a quota above
 * the cost (`keeps`), and what it holds for payers who paid too much with earlier parts of the stay (`holds`).
 */
export type HospitalLine = {
  readonly kind: 'bears' | 'keeps' | 'holds';
  /** Below zero for what it keeps or holds: with the shares and the patient's part the lines come to the total. */
  readonly amountFen: Fen;
};

type OfResult = Pick<SettlementResult, 'hospitalBearsFen' | 'hospitalGainsFen'> & {
  readonly shares: readonly Pick<SettlementResult['shares'][number], 'base'>[];
};

/** The lines that `hospitalBears` of a result stands for; such as are nothing are left out. */
export function hospitalLinesOf({
  hospitalBearsFen,
  hospitalGainsFen,
  shares,
}: OfResult): readonly HospitalLine[] {
  const gains = hospitalGainsFen ?? gainOfEarlier(hospitalBearsFen, shares);
  const rest = fen(hospitalBearsFen + gains);
  const lines: HospitalLine[] = [];
  if (rest !== 0) lines.push({ kind: rest > 0 ? 'bears' : 'holds', amountFen: rest });
  if (gains !== 0) lines.push({ kind: 'keeps', amountFen: fen(0 - gains) });
  return lines;
}

/** Results of earlier releases state no gain: what is below zero beside a quota was one. */
function gainOfEarlier(hospitalBearsFen: Fen, shares: OfResult['shares']): Fen {
  const hasQuota = shares.some(({ base }) => base === 'quota');
  return hasQuota && hospitalBearsFen < 0 ? fen(0 - hospitalBearsFen) : zeroFen;
}
