import type { Words } from '../../domain/result.ts';
import { fen, zeroFen, type Fen } from '../../money/fen.ts';
import { fenHalfUp } from '../../money/rounding.ts';
import { shareOf } from '../../money/share-of.ts';
import { firstUnmet, holds } from '../compile/compile-condition.ts';
import { figureFor } from '../compile/compile-figure.ts';
import type { CompiledModifier, CompiledPack, CompiledStep } from '../compile/compiled-pack.ts';
import type { LoweringOrder } from '../pack/pack-steps.ts';
import { payApprovedAmount } from './pay-approved-amount.ts';
import { payByRate } from './pay-by-rate.ts';
import { payGuarantee } from './pay-guarantee.ts';
import { itemParts, payItems, type ItemParts } from './pay-items.ts';
import { payByQuota, quotaFor } from './pay-by-quota.ts';
import type { BillSplit } from './split-bill.ts';
import { residualTotal, type Residual } from './residual.ts';
import type { Payment, StepOutcome, UsedFigure, ZeroReason } from './step-outcome.ts';
import type { VisitFacts } from '../facts/visit-facts.ts';

/** What the patient pays first of the in-scope cost because of referral or place. */
export type FirstPay = {
  readonly modifier: CompiledModifier;
  readonly figure: UsedFigure<{ readonly numerator: number; readonly denominator: number }>;
  readonly ofFen: Fen;
  readonly amountFen: Fen;
};

export type StepsRun = {
  readonly outcomes: readonly StepOutcome[];
  readonly firstPays: readonly FirstPay[];
  readonly residual: Residual;
};

/** Applies the steps that concern the person, in order; each lowers what the next one finds. */
export function runSteps(pack: CompiledPack, facts: VisitFacts, bill: BillSplit): StepsRun {
  const residual: Residual = {
    inScope: bill.eligibleFen,
    eligible: bill.eligibleFen,
    firstSelfPay: bill.firstSelfPayFen,
    outside: bill.classCFen + bill.aboveCeilingFen,
  };
  const outcomes: StepOutcome[] = [];
  const waivedLines = new Set<number>();
  let firstPays: readonly FirstPay[] | null = null;
  for (const step of pack.steps) {
    if (!holds(step.appliesTo, facts)) continue;
    if (step.rule.kind !== 'items') firstPays ??= takeFirstPays(pack, facts, residual);
    outcomes.push(runStep(step, facts, bill, residual, waivedLines));
  }
  return { outcomes, firstPays: firstPays ?? takeFirstPays(pack, facts, residual), residual };
}

/** After what is waived and before any insurance: what the patient pays first leaves every in-scope base. */
function takeFirstPays(
  { firstPays }: CompiledPack,
  facts: VisitFacts,
  residual: Residual,
): readonly FirstPay[] {
  if (firstPays.length === 0) return noFirstPays;
  const taken: FirstPay[] = [];
  for (const modifier of firstPays) {
    if (modifier.figure === null || !holds(modifier.when, facts)) continue;
    const { value, grounds } = figureFor(modifier.figure, facts);
    if (value === null) continue;
    const ofFen = fen(residual.eligible);
    const amountFen = shareOf(ofFen, value, fenHalfUp);
    residual.inScope -= amountFen;
    residual.eligible -= amountFen;
    residual.firstSelfPay += amountFen;
    taken.push({
      modifier,
      figure: { name: modifier.figure.name, value, grounds },
      ofFen,
      amountFen,
    });
  }
  return taken;
}

const noFirstPays: readonly FirstPay[] = [];

function runStep(
  step: CompiledStep,
  facts: VisitFacts,
  bill: BillSplit,
  residual: Residual,
  waivedLines: Set<number>,
): StepOutcome {
  const unmet = firstUnmet(step.requires, facts);
  if (unmet !== null) return nothing(step, residual, unmet.code, step.otherwise ?? unmet.words);
  for (const { when, name } of step.disabledBy) {
    if (holds(when, facts)) return nothing(step, residual, 'disabled-by-modifier', name);
  }
  const { rule } = step;
  switch (rule.kind) {
    case 'rate':
      return taken(step, residual, payByRate(step, rule, facts, bill, residual), rule);
    case 'items': {
      const parts = itemParts(rule, facts, bill, waivedLines);
      const payment = payItems(step, rule, facts, parts, residual);
      return taken(
        step,
        residual,
        payment,
        { base: 'items', lowersFirst: rule.lowersFirst },
        parts,
      );
    }
    case 'quota': {
      const entry = quotaFor(rule, facts);
      if (entry !== null) return payByQuota(step, rule, entry, facts, residual);
      const { ordinary } = rule;
      if (ordinary === null) {
        const list = rule.list;
        return nothing(step, residual, 'disease-not-listed', {
          zh: `不在“${list.zh}”名单内`,
          en: `Not on the list: ${list.en}`,
        });
      }
      return taken(step, residual, payByRate(step, ordinary, facts, bill, residual), ordinary);
    }
    case 'guarantee':
      return taken(step, residual, payGuarantee(step, rule, facts, bill, residual), rule);
    case 'approved-amount':
      return taken(step, residual, payApprovedAmount(step, rule, facts, residual), rule);
    case 'not-stated':
      return nothing(step, residual, 'rule-not-stated', rule.reason);
  }
}

const inScopeBases: readonly string[] = ['in-scope', 'in-scope-residual', 'year-in-scope-self-pay'];

/** Takes what a rule pays from the patient's parts, each no further than there is. */
function taken(
  step: CompiledStep,
  residual: Residual,
  payment: Payment,
  { base, lowersFirst }: { readonly base: string; readonly lowersFirst: LoweringOrder },
  items?: ItemParts,
): StepOutcome {
  const inScopeOnly =
    base === 'in-scope' || base === 'in-scope-residual' || base === 'year-in-scope-self-pay';
  let left: number = payment.shareFen;
  let fromEligible = 0;
  let fromOutside = 0;
  if (inScopeOnly || lowersFirst === 'within-catalogue') {
    fromEligible = Math.min(left, residual.eligible, items?.eligible ?? Infinity);
    left -= fromEligible;
  } else {
    fromOutside = Math.min(left, residual.outside, items?.outside ?? Infinity);
    left -= fromOutside;
  }
  let fromFirstSelfPay = 0;
  if (!inScopeOnly && left !== 0) {
    fromFirstSelfPay = Math.min(left, residual.firstSelfPay, items?.firstSelfPay ?? Infinity);
    left -= fromFirstSelfPay;
    if (lowersFirst === 'within-catalogue') {
      fromOutside = Math.min(left, residual.outside, items?.outside ?? Infinity);
      left -= fromOutside;
    } else {
      fromEligible = Math.min(left, residual.eligible, items?.eligible ?? Infinity);
      left -= fromEligible;
    }
  }
  if (left !== 0) throw new Error(`the step ${step.id} pays more than is left`);
  residual.eligible -= fromEligible;
  residual.firstSelfPay -= fromFirstSelfPay;
  residual.outside -= fromOutside;
  // What is waived was never charged, so no insurance counts it.
  if (items !== undefined) residual.inScope -= fromEligible;
  // Field by field: copying an object as a whole is the dearest thing a step does.
  return {
    step,
    baseFen: payment.baseFen,
    boundFen: payment.boundFen,
    beforeLimitFen: payment.beforeLimitFen,
    ceiling: payment.ceiling,
    shareFen: payment.shareFen,
    hospitalBearsFen: zeroFen,
    zeroReason: payment.zeroReason,
    zeroWords: payment.zeroWords,
    fromEligibleFen: fen(fromEligible),
    fromFirstSelfPayFen: fen(fromFirstSelfPay),
    fromOutsideFen: fen(fromOutside),
    course: payment.course,
  };
}

function nothing(
  step: CompiledStep,
  residual: Residual,
  zeroReason: ZeroReason,
  zeroWords: Words | null,
): StepOutcome {
  const base = 'base' in step.rule ? step.rule.base : null;
  const baseFen = fen(
    base === 'in-scope'
      ? residual.inScope
      : base !== null && inScopeBases.includes(base)
        ? residual.eligible
        : residualTotal(residual),
  );
  return {
    step,
    baseFen,
    boundFen: baseFen,
    beforeLimitFen: fen(0),
    ceiling: null,
    shareFen: fen(0),
    hospitalBearsFen: fen(0),
    zeroReason,
    zeroWords,
    fromEligibleFen: fen(0),
    fromFirstSelfPayFen: fen(0),
    fromOutsideFen: fen(0),
    course: null,
  };
}
