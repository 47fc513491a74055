import type { GivenUpResultRow } from '../../shared/contracts/intake-results.ts';
import type { WaitingResult } from '../database/result-calls-repository.ts';

/** A result that was given up, as the list has it: nothing of the patient. */
export function givenUpResultView(result: WaitingResult): GivenUpResultRow {
  const { id, kind, visitId, number, createdAt, call } = result;
  if (call === null) throw new Error(`the result ${id} was never called back`);
  return {
    ...{ resultId: id, kind, visitId, settlementNumber: number, createdAt },
    ...{ attempts: call.attempts, lastAt: call.last_at, problem: call.last_problem },
  };
}
