import type { SettlementInput } from '../domain/person.ts';
import type { SettlementResult } from '../domain/settlement-result.ts';
import type { FirstPay } from './run-steps.ts';
import type { StepOutcome } from './step-outcome.ts';
import type { BillSplit } from './split-bill.ts';
import type { VisitFacts } from './visit-facts.ts';

/** A result and how it came about, before it is explained. */
export type Decision = {
  readonly input: SettlementInput;
  readonly facts: VisitFacts;
  readonly bill: BillSplit;
  readonly outcomes: readonly StepOutcome[];
  readonly firstPays: readonly FirstPay[];
  readonly result: SettlementResult;
};
