import type { YearToDate } from '../domain/person.ts';

/** What a step paid earlier this year; a register that knows payers only says it by payer. */
export function paidThisYear(year: YearToDate, step: string, payer: string): number {
  return year.byStepFen[step] ?? year.paidFen[payer] ?? 0;
}
