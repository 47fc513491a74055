import type { SettlementInput } from '../domain/person.ts';
import type { SettlementResult } from '../domain/settlement-result.ts';
import type { ChoiceMade } from './rules/best-ways.ts';
import type { FirstPay } from './rules/run-steps.ts';
import type { StepBefore } from './facts/steps-before.ts';
import type { CountedVisit, StepOutcome } from './rules/step-outcome.ts';
import type { BillSplit } from './rules/split-bill.ts';
import type { VisitFacts } from './facts/visit-facts.ts';

/** A result and how it came about, before it is explained. */
export type Decision = {
  readonly input: SettlementInput;
  readonly facts: VisitFacts;
  readonly bill: BillSplit;
  readonly outcomes: readonly StepOutcome[];
  readonly firstPays: readonly FirstPay[];
  readonly before: readonly StepBefore[];
  readonly countedElsewhere: readonly CountedVisit[];
  readonly choices: readonly ChoiceMade[];
  readonly result: SettlementResult;
};
