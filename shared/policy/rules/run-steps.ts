import type { Words } from '../../domain/result.ts';
import { fen, zeroFen, type Fen } from '../../money/fen.ts';
import { fenHalfUp } from '../../money/rounding.ts';
import { shareOf } from '../../money/share-of.ts';
import { firstUnmet, holds } from '../compile/compile-condition.ts';
import { figureFor } from '../compile/compile-figure.ts';
import type { CompiledModifier, CompiledPack, CompiledStep } from '../compile/compiled-pack.ts';
import { isInScopeBase, type LoweringOrder } from '../pack/pack-steps.ts';
import { payApprovedAmount } from './pay-approved-amount.ts';
import { countedByRate, payByRate } from './pay-by-rate.ts';
import { payGuarantee } from './pay-guarantee.ts';
import { itemParts, payItems, type ItemParts } from './pay-items.ts';
import { payByQuota, quotaFor } from './pay-by-quota.ts';
import { runBestWays, type ChoiceMade, type SetAside } from './best-ways.ts';
import { sharedCeilingFor } from './shared-ceiling-for.ts';
import type { BillSplit } from './split-bill.ts';
import { residualTotal, type Residual } from './residual.ts';
import type { CountedVisit, Payment, StepOutcome, UsedFigure, ZeroReason } from './step-outcome.ts';
import {
  isReckonedWithoutSteps,
  neverApplied,
  partOfStep,
  stepsBefore,
  type StepBefore,
} from '../facts/steps-before.ts';
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
  /** How each step of the pack stood before, and the visit where it counts towards one it did not apply to. */
  readonly before: readonly StepBefore[];
  readonly countedElsewhere: readonly CountedVisit[];
  /** Steps that did not apply, though the year a register gives without steps stands for some of theirs. */
  readonly reckonedElsewhere: readonly CompiledStep[];
  /** Which of several ways counted. */
  readonly choices: readonly ChoiceMade[];
};

/** A run of steps on the way. */
export type Running = {
  readonly pack: CompiledPack;
  readonly facts: VisitFacts;
  readonly bill: BillSplit;
  readonly residual: Residual;
  readonly before: readonly StepBefore[];
  readonly outcomes: StepOutcome[];
  readonly waivedLines: Set<number>;
  countedElsewhere: readonly CountedVisit[];
  firstPays: readonly FirstPay[] | null;
  /** Steps that do not count, with the way that counts instead. */
  setAside: ReadonlyMap<number, SetAside>;
  choices: readonly ChoiceMade[];
  /** What is left again behind the choice that is under way. */
  readonly toGiveBack: Pick<Residual, 'eligible' | 'outside' | 'inScope'>[];
};

/**
 * Applies the steps that concern the person, in order; each lowers what the next one finds. Of rules of which only
 * one counts, the one that leaves the patient less does.
 */
export function runSteps(pack: CompiledPack, facts: VisitFacts, bill: BillSplit): StepsRun {
  const run =
    pack.choices.length === 0
      ? begin(pack, facts, bill)
      : runBestWays(pack, begin(pack, facts, bill), { runOne, giveBack, copyOf, leaves });
  if (pack.choices.length === 0) for (const step of pack.steps) runOne(run, step);
  run.firstPays ??= takeFirstPays(pack, facts, run.residual);
  const { outcomes, firstPays, residual, before, countedElsewhere, choices } = run;
  const reckonedElsewhere = stepsReckonedElsewhere(pack, facts, before, outcomes);
  return { outcomes, firstPays, residual, before, countedElsewhere, reckonedElsewhere, choices };
}

function begin(pack: CompiledPack, facts: VisitFacts, bill: BillSplit): Running {
  return {
    pack,
    facts,
    bill,
    residual: {
      inScope: bill.eligibleFen,
      eligible: bill.eligibleFen,
      firstSelfPay: bill.firstSelfPayFen,
      outside: bill.classCFen + bill.aboveCeilingFen,
      paidFirst: 0,
      countedSince: 0,
    },
    before: stepsBefore(pack.accounts, facts),
    outcomes: [],
    waivedLines: new Set<number>(),
    countedElsewhere: noCounted,
    firstPays: null,
    setAside: noneSetAside,
    choices: noChoices,
    toGiveBack: [],
  };
}

/** The same run to go on with on its own, to see what would come of it. */
function copyOf(run: Running): Running {
  return {
    ...run,
    residual: { ...run.residual },
    outcomes: [...run.outcomes],
    waivedLines: new Set(run.waivedLines),
    toGiveBack: [...run.toGiveBack],
  };
}

function leaves({ residual }: Running): number {
  return residualTotal(residual);
}

function runOne(run: Running, step: CompiledStep): void {
  const { pack, facts, bill, residual, before } = run;
  const stood = before[step.index] ?? neverApplied;
  if (!holds(step.appliesTo, facts)) {
    if (step.countsTowards === null || !holds(step.countsTowards, facts)) return;
    const counted = countedAt(step, facts, bill, residual, stood);
    if (counted !== null) run.countedElsewhere = [...run.countedElsewhere, counted];
    return;
  }
  if (step.rule.kind !== 'items') run.firstPays ??= takeFirstPays(pack, facts, residual);
  const better = run.setAside.get(step.index);
  const outcome = better === undefined ? runStep(step, run, stood) : setAside(step, run, better);
  run.outcomes.push(withoutVisitsThatDoNotCount(outcome, facts));
}

/**
 * What ways that do not count were paid in earlier parts of the stay is left again behind the last step of the choice:
 * not before, for what the others count of those parts was reckoned as if it had never been paid.
 */
function giveBack({ residual, toGiveBack }: Running): void {
  for (const { eligible, outside, inScope } of toGiveBack.splice(0)) {
    residual.eligible += eligible;
    residual.outside += outside;
    residual.inScope += inScope;
  }
}

/**
 * A step that does not count, for another way is better for the patient. What it paid in earlier parts of the stay goes
 * back, with what the hospital bore or kept there where it was a quota; what it would have counted is known of the
 * stay, should it count with the whole, and not of the year.
 */
function setAside(
  step: CompiledStep,
  { facts: { parts }, residual, toGiveBack }: Running,
  { better, counted }: SetAside,
): StepOutcome {
  const words = {
    zh: `取对个人更有利的“${better.zh}”，本支付环节不计`,
    en: `Does not count: "${better.en}" is better for the patient`,
  };
  const none = { ...nothing(step, residual, 'other-way-counts', words), counted };
  const { rule } = step;
  const paid = partOfStep({ parts }, step.id).paidFen;
  const overpaid = rule.kind === 'quota' && paid > 0 ? paid + (parts?.hospitalBearsFen ?? 0) : paid;
  if (overpaid <= 0) return { ...none, countsInYear: false };
  const order = {
    base: 'base' in rule ? rule.base : 'total',
    lowersFirst: 'lowersFirst' in rule ? rule.lowersFirst : ('within-catalogue' as const),
  };
  const items = rule.kind === 'items' ? noItems : undefined;
  const after = { ...residual };
  const outcome = taken(step, after, { ...none, overpaidFen: fen(overpaid) }, order, items);
  toGiveBack.push({
    eligible: after.eligible - residual.eligible,
    outside: after.outside - residual.outside,
    inScope: after.inScope - residual.inScope,
  });
  return { ...outcome, countsInYear: false };
}

const noItems: ItemParts = { eligible: 0, firstSelfPay: 0, outside: 0, lines: [] };
const noneSetAside: Running['setAside'] = new Map();
const noChoices: readonly ChoiceMade[] = [];

/**
 * Where a register names no step, this visit is the first to name any, and a step it left out would count as one
 * that never applied.
 */
function stepsReckonedElsewhere(
  { accounts, steps }: CompiledPack,
  { year }: VisitFacts,
  before: readonly StepBefore[],
  outcomes: readonly StepOutcome[],
): readonly CompiledStep[] {
  if (outcomes.length === 0 || !isReckonedWithoutSteps(accounts, year)) return noSteps;
  return steps.filter((step) => {
    if (outcomes.some((outcome) => outcome.step === step)) return false;
    const stood = before[step.index];
    return stood !== undefined && (stood.baseFen !== 0 || stood.paidFen !== 0);
  });
}

const noSteps: readonly CompiledStep[] = [];

const noCounted: readonly CountedVisit[] = [];

/** The visit's part in the year of a step that does not apply to it; null where the step has no yearly base. */
function countedAt(
  step: CompiledStep,
  facts: VisitFacts,
  bill: BillSplit,
  residual: Residual,
  before: StepBefore,
): CountedVisit | null {
  const { rule } = step;
  const rate = rule.kind === 'rate' ? rule : rule.kind === 'quota' ? rule.ordinary : null;
  if (rate !== null) return { step, ...countedByRate(step, rate, facts, bill, residual, before) };
  if (rule.kind !== 'guarantee') return null;
  const left = rule.base === 'in-scope-residual' ? residual.eligible : residualTotal(residual);
  return { step, baseFen: fen(left), deductibleFen: zeroFen };
}

function withoutVisitsThatDoNotCount(outcome: StepOutcome, facts: VisitFacts): StepOutcome {
  const { countsTowards } = outcome.step;
  if (countsTowards === null || holds(countsTowards, facts)) return outcome;
  return { ...outcome, countsInYear: false };
}

/** After what is waived and before any insurance: what the patient pays first leaves every in-scope base. */
function takeFirstPays(
  pack: CompiledPack,
  facts: VisitFacts,
  residual: Residual,
): readonly FirstPay[] {
  const { firstPays } = pack;
  if (firstPays.length === 0) return noFirstPays;
  const taken: FirstPay[] = [];
  let earlier = inScopeOfParts(pack, facts);
  for (const modifier of firstPays) {
    if (modifier.figure === null || !holds(modifier.when, facts)) continue;
    const { value, grounds } = figureFor(modifier.figure, facts);
    if (value === null) continue;
    // Of a stay in parts it is rounded once, with the whole.
    const ofFen = fen(residual.eligible + earlier);
    const before = shareOf(fen(earlier), value, fenHalfUp);
    const amountFen = fen(shareOf(ofFen, value, fenHalfUp) - before);
    earlier -= before;
    residual.inScope -= amountFen;
    residual.eligible -= amountFen;
    residual.firstSelfPay += amountFen;
    residual.paidFirst += amountFen;
    taken.push({
      modifier,
      figure: { name: modifier.figure.name, value, grounds },
      ofFen,
      amountFen,
    });
  }
  return taken;
}

/** The in-scope cost of the earlier parts of a stay, less what was waived of it. */
function inScopeOfParts({ steps }: CompiledPack, { parts }: VisitFacts): number {
  if (parts === null) return 0;
  let inScope: number = parts.eligibleFen;
  for (const { id, rule } of steps) {
    if (rule.kind === 'items') inScope -= parts.byStep[id]?.paidFen ?? 0;
  }
  return Math.max(0, inScope);
}

const noFirstPays: readonly FirstPay[] = [];

function runStep(step: CompiledStep, run: Running, before: StepBefore): StepOutcome {
  const { facts, bill, residual } = run;
  const unmet = firstUnmet(step.requires, facts);
  if (unmet !== null) return nothing(step, residual, unmet.code, step.otherwise ?? unmet.words);
  for (const { when, name } of step.disabledBy) {
    if (holds(when, facts)) return nothing(step, residual, 'disabled-by-modifier', name);
  }
  const { rule } = step;
  const shared =
    step.sharedCeilings.length === 0
      ? null
      : sharedCeilingFor(step, facts, run.before, run.outcomes);
  switch (rule.kind) {
    case 'rate':
      return taken(
        step,
        residual,
        payByRate(step, rule, facts, bill, residual, before, shared),
        rule,
      );
    case 'items': {
      const parts = itemParts(rule, facts, bill, run.waivedLines);
      const payment = payItems(step, rule, facts, parts, residual, before, shared);
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
      return taken(
        step,
        residual,
        payByRate(step, ordinary, facts, bill, residual, before, shared),
        ordinary,
      );
    }
    case 'guarantee':
      return taken(
        step,
        residual,
        payGuarantee(step, rule, facts, bill, residual, before, shared),
        rule,
      );
    case 'approved-amount':
      return taken(
        step,
        residual,
        payApprovedAmount(step, rule, facts, residual, before, shared),
        rule,
      );
    case 'not-stated':
      return nothing(step, residual, 'rule-not-stated', rule.reason);
  }
}

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
  // What earlier parts of the stay paid too much is not the patient's gain: the hospital holds it for the payer.
  const overpaid = payment.overpaidFen;
  if (overpaid > 0 && (inScopeOnly || lowersFirst === 'within-catalogue')) fromEligible -= overpaid;
  else fromOutside -= overpaid;
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
    hospitalBearsFen: overpaid === 0 ? zeroFen : fen(0 - overpaid),
    zeroReason: payment.zeroReason,
    zeroWords: payment.zeroWords,
    fromEligibleFen: fen(fromEligible),
    fromFirstSelfPayFen: fen(fromFirstSelfPay),
    fromOutsideFen: fen(fromOutside),
    course: payment.course,
    counted: payment.counted,
    countsInYear: true,
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
      : base !== null && isInScopeBase(base)
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
    counted: null,
    countsInYear: true,
  };
}
