import type { SettlementInput } from '../domain/person.ts';
import type { SettlementResult } from '../domain/settlement-result.ts';
import type { StepOutcome } from './run-steps.ts';
import type { BillSplit } from './split-bill.ts';

/** A result and how it came about, before it is explained. */
export type Decision = {
  readonly input: SettlementInput;
  readonly bill: BillSplit;
  readonly outcomes: readonly StepOutcome[];
  readonly result: SettlementResult;
};
