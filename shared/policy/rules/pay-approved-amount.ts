import { fen, zeroFen, type Fen } from '../../money/fen.ts';
import { beyondCeiling, ceilingFor } from './ceiling-for.ts';
import type { CompiledRule, CompiledStep } from '../compile/compiled-pack.ts';
import { residualTotal, type Residual } from './residual.ts';
import type { CeilingUse, Payment, ZeroReason } from './step-outcome.ts';
import { beforeStay, partOfStep, type StepBefore } from '../facts/steps-before.ts';
import type { VisitFacts } from '../facts/visit-facts.ts';

type ApprovedRule = Extract<CompiledRule, { kind: 'approved-amount' }>;

/** What an office has approved on application for this stay, no more than is left; nothing without it. */
export function payApprovedAmount(
  step: CompiledStep,
  rule: ApprovedRule,
  facts: VisitFacts,
  residual: Residual,
  before: StepBefore,
  shared: CeilingUse | null,
): Payment {
  const left = fen(rule.base === 'in-scope-residual' ? residual.eligible : residualTotal(residual));
  const approval = facts.input.visit.approvals?.find(({ step: id }) => id === step.id);
  if (approval === undefined) return nothing(left, 'no-approval');
  if (approval.decision === 'refused') return nothing(left, 'approval-refused');
  if (left === 0) return nothing(left, 'nothing-left');
  const part = partOfStep(facts, step.id);
  const ceiling = ceilingFor(rule, facts, beforeStay(before, facts, step.id), part, shared);
  // What was approved is for the whole stay: once, in however many parts it is settled.
  const due = fen(Math.max(0, approval.amountFen - part.paidFen));
  const share = Math.min(due, left, ceiling?.leftFen ?? left);
  return {
    baseFen: left,
    boundFen: left,
    beforeLimitFen: due,
    ceiling,
    shareFen: fen(share),
    zeroReason:
      share > 0
        ? null
        : ceiling?.leftFen === 0
          ? 'ceiling-used-up'
          : part.paidFen > 0
            ? 'paid-in-earlier-parts'
            : 'rounded-to-nothing',
    zeroWords: null,
    course: { kind: 'approved-amount', number: approval.number, approvedOn: approval.on },
    counted: { baseFen: left, deductibleFen: zeroFen },
    overpaidFen: beyondCeiling(ceiling, part.paidFen),
  };
}

function nothing(left: Fen, zeroReason: ZeroReason): Payment {
  return {
    baseFen: left,
    boundFen: left,
    beforeLimitFen: zeroFen,
    ceiling: null,
    shareFen: zeroFen,
    zeroReason,
    zeroWords: null,
    course: null,
    counted: null,
    overpaidFen: zeroFen,
  };
}
