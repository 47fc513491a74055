import type { Fen } from '../money/fen.ts';
import { problemAt, type VisitProblem } from './visit-json-problems.ts';

/**
 * The largest bill, deposit or yearly figure taken, in fen: a hundred million yuan. No visit and no year
 * comes near it, and what is added up from them stays within `fenMax`.
 */
export const billMaxFen = 10_000_000_000;

/** An amount that is what was paid or counted: never negative, never beyond any bill. */
export function problemsOfAmount(path: readonly PropertyKey[], amountFen: Fen): VisitProblem[] {
  if (amountFen < 0) return [problemAt(path, 'negative-amount')];
  return amountFen > billMaxFen ? [problemAt(path, 'amount-too-large')] : [];
}
