import { fen, zeroFen, type Fen } from '../../money/fen.ts';
import { roundFen, shareBeyond } from '../../money/share-of.ts';
import { ceilingFor } from './ceiling-for.ts';
import { figureFor } from '../compile/compile-figure.ts';
import type { CompiledRule, CompiledStep, CompiledTarget } from '../compile/compiled-pack.ts';
import { residualTotal, type Residual } from './residual.ts';
import type { BillSplit } from './split-bill.ts';
import type { CeilingUse, GuaranteeCourse, Payment, ZeroReason } from './step-outcome.ts';
import { beforeStay, partOfStep, type StepBefore } from '../facts/steps-before.ts';
import type { VisitFacts } from '../facts/visit-facts.ts';

type GuaranteeRule = Extract<CompiledRule, { kind: 'guarantee' }>;
type Need = GuaranteeCourse['needs'][number];

/**
 * Makes the patient's result meet a target: a part of the cost paid at least, a self-pay of the year or
 * of the visit at most, or nothing left. With several targets the pack says whether meeting one suffices
 * or all are met (settlement.md 1.3: 或, and evaluation practice reports both).
 */
export function payGuarantee(
  step: CompiledStep,
  rule: GuaranteeRule,
  facts: VisitFacts,
  bill: BillSplit,
  residual: Residual,
  before: StepBefore,
  shared: CeilingUse | null,
): Payment {
  const inScope = rule.base === 'in-scope-residual';
  const here = inScope ? residual.eligible : residualTotal(residual);
  const part = partOfStep(facts, step.id);
  const stood = beforeStay(before, facts, step.id);
  // Of a stay in parts the targets are of the whole: what was left of the earlier parts counts with it.
  const countedSince = inScope ? residual.countedSince : 0;
  const left = here + countedSince + part.baseFen;
  const needs: Need[] = [];
  for (const target of rule.targets) {
    const need = needOf(target, step, rule, facts, bill, residual, left, stood.selfPayFen);
    if (need !== null) needs.push(need);
  }
  const course: GuaranteeCourse = {
    kind: 'guarantee',
    needs,
    yearBeforeFen: stood.selfPayFen,
    paidBeforeFen: part.paidFen,
  };
  if (needs.length === 0) return payment(here, zeroFen, null, 'hospital-level-not-covered', null);
  const counted = { baseFen: fen(here + countedSince), deductibleFen: zeroFen };
  if (left === 0) return payment(here, zeroFen, null, 'nothing-left', counted);
  const amounts = needs.map(({ needFen }) => needFen);
  const needFen = fen(
    rule.combine === 'either-sufficient' ? Math.min(...amounts) : Math.max(...amounts),
  );
  const ceiling = ceilingFor(rule, facts, stood, part, shared);
  const due = fen(Math.max(0, needFen - part.paidFen));
  const share = Math.min(due, here, ceiling?.leftFen ?? due);
  const zeroReason = share > 0 ? null : zeroReasonOf(needFen, due, here);
  return {
    ...payment(left, due, ceiling, zeroReason, counted),
    boundFen: fen(here),
    shareFen: fen(share),
    course,
    overpaidFen: fen(Math.max(0, part.paidFen - Math.min(needFen, ceiling?.wholeFen ?? needFen))),
  };
}

function zeroReasonOf(need: Fen, due: Fen, here: number): ZeroReason {
  if (need === 0) return 'target-met';
  if (due === 0) return 'paid-in-earlier-parts';
  return here === 0 ? 'nothing-left' : 'ceiling-used-up';
}

function needOf(
  target: CompiledTarget,
  step: CompiledStep,
  { rounding }: GuaranteeRule,
  facts: VisitFacts,
  bill: BillSplit,
  residual: Residual,
  left: number,
  yearBefore: Fen,
): Need | null {
  const within = (amount: number): Fen =>
    fen(Math.min(left, roundFen(fen(Math.max(0, amount)), rounding)));
  switch (target.kind) {
    case 'reach': {
      const { value, grounds } = figureFor(target.figure, facts);
      if (value === null) return null;
      const { whole, paid } = reachedOf(target.of, step, facts, bill, residual);
      const need = shareBeyond(fen(whole), value, fen(paid), rounding);
      const figure = { name: target.figure.name, value, grounds };
      return { target, figure, needFen: fen(Math.min(left, need)) };
    }
    case 'year-self-pay': {
      const { value, grounds } = figureFor(target.figure, facts);
      if (value === null) return null;
      const figure = { name: target.figure.name, value, grounds };
      return { target, figure, needFen: within(yearBefore + left - value) };
    }
    case 'visit-self-pay': {
      const { value, grounds } = figureFor(target.figure, facts);
      if (value === null) return null;
      const figure = { name: target.figure.name, value, grounds };
      return { target, figure, needFen: within(left - value) };
    }
    case 'nothing-left':
      return { target, figure: null, needFen: fen(left) };
  }
}

/**
 * What a part to be paid is reckoned of, and what of it the patient does not bear. What he pays first because of
 * referral or place is left to him, so it is not paid.
 */
function reachedOf(
  of: 'total' | 'in-scope' | 'in-scope-after-first-pay',
  step: CompiledStep,
  { parts }: VisitFacts,
  bill: BillSplit,
  residual: Residual,
): { readonly whole: number; readonly paid: number } {
  const part = partOfStep({ parts }, step.id);
  if (of === 'total') {
    const whole = bill.totalFen + (parts?.totalFen ?? 0);
    return { whole, paid: whole - residualTotal(residual) - leftInPartsAt(step, parts) };
  }
  const whole = bill.eligibleFen + (parts?.eligibleFen ?? 0);
  const left = residual.eligible + residual.countedSince + part.baseFen;
  const paid = whole - left - residual.paidFirst;
  return of === 'in-scope' ? { whole, paid } : { whole: whole - residual.paidFirst, paid };
}

/** What was left of the earlier parts of the stay when it came to a step: what it and later ones paid, and the patient. */
export function leftInPartsAt({ from }: CompiledStep, parts: VisitFacts['parts']): number {
  if (parts === null) return 0;
  let left: number = parts.patientPaysFen;
  for (const id of from) left += parts.byStep[id]?.paidFen ?? 0;
  return left;
}

function payment(
  left: number,
  beforeLimitFen: Fen,
  ceiling: Payment['ceiling'],
  zeroReason: ZeroReason | null,
  counted: Payment['counted'],
): Payment {
  return {
    baseFen: fen(left),
    boundFen: fen(left),
    beforeLimitFen,
    ceiling,
    shareFen: zeroFen,
    zeroReason,
    zeroWords: null,
    course: null,
    counted,
    overpaidFen: zeroFen,
  };
}
