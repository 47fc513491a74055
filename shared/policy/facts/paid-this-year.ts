import type { YearToDate } from '../../domain/person.ts';

/** Under which names the year keeps what a step paid. */
export type StepAccount = {
  readonly id: string;
  readonly payer: string;
  /** All steps of the pack that the payer pays, this one included. */
  readonly ofPayer: readonly string[];
  /** Whether what the payer paid without naming a step is counted here: at its first step. */
  readonly takesRest: boolean;
};

/**
 * What a step paid earlier this year, in fen. A register may know the payers only: what a payer paid beyond
 * what its steps account for is counted at the first of them, once.
 */
export function paidThisYear(
  { byStepFen, paidFen }: YearToDate,
  { id, payer, ofPayer, takesRest }: StepAccount,
): number {
  const own = byStepFen[id] ?? 0;
  if (!takesRest) return own;
  let accounted = 0;
  for (const step of ofPayer) accounted += byStepFen[step] ?? 0;
  return own + Math.max(0, (paidFen[payer] ?? 0) - accounted);
}
