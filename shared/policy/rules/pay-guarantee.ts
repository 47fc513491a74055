import { fen, zeroFen, type Fen } from '../../money/fen.ts';
import { roundFen, shareBeyond } from '../../money/share-of.ts';
import { ceilingFor } from './ceiling-for.ts';
import { figureFor } from '../compile/compile-figure.ts';
import type { CompiledRule, CompiledStep, CompiledTarget } from '../compile/compiled-pack.ts';
import { residualTotal, type Residual } from './residual.ts';
import type { BillSplit } from './split-bill.ts';
import type { GuaranteeCourse, Payment, ZeroReason } from './step-outcome.ts';
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
): Payment {
  const inScope = rule.base === 'in-scope-residual';
  const left = inScope ? residual.eligible : residualTotal(residual);
  const yearBefore = (inScope ? facts.year?.eligibleSelfPayFen : facts.year?.selfPayFen) ?? zeroFen;
  const needs: Need[] = [];
  for (const target of rule.targets) {
    const need = needOf(target, rule, facts, bill, residual, left, yearBefore);
    if (need !== null) needs.push(need);
  }
  const course: GuaranteeCourse = { kind: 'guarantee', needs, yearBeforeFen: yearBefore };
  if (left === 0 || needs.length === 0) {
    return payment(left, zeroFen, null, left === 0 ? 'nothing-left' : 'hospital-level-not-covered');
  }
  const amounts = needs.map(({ needFen }) => needFen);
  const needFen = fen(
    rule.combine === 'either-sufficient' ? Math.min(...amounts) : Math.max(...amounts),
  );
  const ceiling = ceilingFor(step, rule, facts);
  const share = Math.min(needFen, left, ceiling?.leftFen ?? needFen);
  const zeroReason = share > 0 ? null : needFen === 0 ? 'target-met' : 'ceiling-used-up';
  return { ...payment(left, needFen, ceiling, zeroReason), shareFen: fen(share), course };
}

function needOf(
  target: CompiledTarget,
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
      const whole = target.of === 'total' ? bill.totalFen : bill.eligibleFen;
      const rest = target.of === 'total' ? residualTotal(residual) : residual.eligible;
      const need = shareBeyond(whole, value, fen(whole - rest), rounding);
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

function payment(
  left: number,
  beforeLimitFen: Fen,
  ceiling: Payment['ceiling'],
  zeroReason: ZeroReason | null,
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
  };
}
