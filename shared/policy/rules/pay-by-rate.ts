import type { StepInFull } from '../../domain/person.ts';
import { fen, zeroFen, type Fen } from '../../money/fen.ts';
import { multiplyRates, RateTooFine, type Rate } from '../../money/rate.ts';
import { shareOf } from '../../money/share-of.ts';
import { CannotDecide } from '../cannot-decide.ts';
import { ceilingFor } from './ceiling-for.ts';
import { holds } from '../compile/compile-condition.ts';
import { figureFor } from '../compile/compile-figure.ts';
import type {
  Band,
  CompiledDeductible,
  CompiledStep,
  RateRule,
  RateTerms,
  RateValue,
} from '../compile/compiled-pack.ts';
import { payByClass, sharesOf } from './shares-by-part.ts';
import { beforeStay, partOfStep, type StepBefore } from '../facts/steps-before.ts';
import { residualTotal, type Residual } from './residual.ts';
import type { BillSplit } from './split-bill.ts';
import type {
  CeilingUse,
  Counted,
  DeductibleUse,
  Payment,
  RateCourse,
  ZeroReason,
} from './step-outcome.ts';
import { isFromEarlierVisit } from '../facts/referral-of.ts';
import type { VisitFacts } from '../facts/visit-facts.ts';

/** A share of a base above a deductible, by the terms that fit the person. */
export function payByRate(
  step: CompiledStep,
  rule: RateRule,
  facts: VisitFacts,
  bill: BillSplit,
  residual: Residual,
  before: StepBefore,
  shared: CeilingUse | null,
): Payment {
  const base = baseOf(step, rule, facts, bill, residual, before);
  let best: Payment | null = null;
  for (const terms of rule.variants) {
    if (terms.when !== null && !holds(terms.when, facts)) continue;
    const payment = payByTerms(step, rule, terms, facts, bill, base, shared);
    if (rule.take === 'first') return payment;
    if (best === null || isBetter(payment, best)) best = payment;
  }
  if (best !== null) return best;
  if (rule.own !== null) return payByTerms(step, rule, rule.own, facts, bill, base, shared);
  return paysNothing(base, 'category-not-covered', {
    zh: '不属于本支付环节列出的任何一类对象',
    en: 'Not one of the groups this step names',
  });
}

/** Pays more; of equals the one that counts less of a deductible, so that no figure tells in which order they stand. */
function isBetter(one: Payment, other: Payment): boolean {
  const difference = netOf(one) - netOf(other);
  if (difference !== 0) return difference > 0;
  const counted = (one.counted?.deductibleFen ?? 0) - (other.counted?.deductibleFen ?? 0);
  return counted === 0 ? deductibleOfVisit(one) < deductibleOfVisit(other) : counted < 0;
}

/** What of a deductible per visit a payment leaves to the patient. */
function deductibleOfVisit({ course }: Payment): number {
  const deductible = course?.kind === 'rate' ? course.deductible : null;
  return deductible?.per === 'visit' ? deductible.borneNowFen : 0;
}

/** What a payment comes to; below zero where the earlier parts of a stay have paid too much. */
function netOf({ shareFen, overpaidFen }: Payment): number {
  return shareFen - overpaidFen;
}

/**
 * What a visit of a kind a step does not apply to adds to the step's year, where the pack says that it counts:
 * what is left at its place, and what of that is within its yearly deductible.
 */
export function countedByRate(
  step: CompiledStep,
  rule: RateRule,
  facts: VisitFacts,
  bill: BillSplit,
  residual: Residual,
  before: StepBefore,
): Counted {
  const base = baseOf(step, rule, facts, bill, residual, before);
  const terms = rule.variants.find(({ when }) => when === null || holds(when, facts)) ?? rule.own;
  const deductible = deductibleFor(rule, terms?.deductible ?? null, facts, base);
  const isYearly =
    deductible !== null && deductible !== 'not-stated' && deductible.use.per === 'year';
  const borne = isYearly ? Math.min(base.amount, deductible.left) - base.part.deductibleFen : 0;
  return { baseFen: base.visitFen, deductibleFen: fen(Math.max(0, borne)) };
}

/** What a step is applied to and what it may take at most. */
type BaseAmounts = {
  /** The base of the whole stay, or of the whole year where the rule says so. */
  readonly amount: number;
  readonly bound: number;
  /** What of it is of this visit, or of this part of the stay. */
  readonly visitFen: Fen;
  /** What of the base was borne earlier this year; null where the base is of this visit alone. */
  readonly yearBefore: number | null;
  readonly paidBefore: number;
  /** How the step stood before the stay, and what the earlier parts of the stay came to. */
  readonly before: StepBefore;
  readonly part: StepInFull;
};

function baseOf(
  step: CompiledStep,
  { base }: RateRule,
  facts: VisitFacts,
  bill: BillSplit,
  residual: Residual,
  before: StepBefore,
): BaseAmounts {
  const stood = beforeStay(before, facts, step.id);
  const part = partOfStep(facts, step.id);
  switch (base) {
    case 'in-scope':
      return ofVisit(residual.inScope, residual.eligible, stood, part);
    case 'in-scope-residual':
      return ofVisit(residual.eligible + residual.countedSince, residual.eligible, stood, part);
    case 'residual-total':
      return ofVisit(residualTotal(residual), residualTotal(residual), stood, part);
    case 'total':
      return ofVisit(bill.totalFen, residualTotal(residual), stood, part);
    case 'year-in-scope-self-pay':
      return ofYear(residual.eligible, residual.countedSince, stood, part);
    case 'year-self-pay':
      return ofYear(residualTotal(residual), 0, stood, part);
  }
}

function ofVisit(amount: number, left: number, before: StepBefore, part: StepInFull): BaseAmounts {
  return {
    amount: amount + part.baseFen,
    bound: Math.min(amount, left),
    visitFen: fen(amount),
    yearBefore: null,
    paidBefore: part.paidFen,
    before,
    part,
  };
}

/** What the person bore this year before this step paid anything, this visit included. */
function ofYear(
  left: number,
  countedSince: number,
  before: StepBefore,
  part: StepInFull,
): BaseAmounts {
  const yearBefore = before.baseFen + part.baseFen;
  const paidBefore = before.paidFen + part.paidFen;
  const visit = left + countedSince;
  const amount = yearBefore + visit;
  return { amount, bound: left, visitFen: fen(visit), yearBefore, paidBefore, before, part };
}

function payByTerms(
  step: CompiledStep,
  rule: RateRule,
  terms: RateTerms,
  facts: VisitFacts,
  bill: BillSplit,
  base: BaseAmounts,
  shared: CeilingUse | null,
): Payment {
  const { value: stated, grounds } = figureFor(terms.rate, facts);
  const deductible = deductibleFor(rule, terms.deductible, facts, base);
  if (stated === null || deductible === 'not-stated') {
    return paysNothing(base, 'hospital-level-not-covered', null);
  }
  if (base.bound === 0) {
    const inScope = rule.base === 'in-scope' || rule.base === 'in-scope-residual';
    const nothingInScope = inScope && bill.eligibleFen === 0;
    const nothing = paysNothing(base, nothingInScope ? 'nothing-in-scope' : 'nothing-left', null);
    const yearly = deductible?.use.per === 'year' ? { yearlyFen: deductible.use.value } : {};
    const counted = { baseFen: base.visitFen, deductibleFen: zeroFen, ...yearly };
    return { ...nothing, counted };
  }
  const left = deductible?.left ?? 0;
  const borne = Math.min(base.amount, left);
  const aboveDeductibleFen = fen(base.amount - borne);
  const { value, modifiers } = modified(step, stated, facts);
  if (value.kind === 'classes' && bill.fromTotals) {
    throw new CannotDecide('classes-unknown', step.name);
  }
  const borneNow = borneNowOf(deductible, borne, base);
  // Of which class the earlier parts of a stay were is not known, so each part pays by its own classes.
  const ofClasses = value.kind === 'classes' && base.part.baseFen > 0;
  const shares = ofClasses
    ? payByClass(rule, value, borneNow, fen(Math.max(0, base.visitFen - borneNow)), bill)
    : sharesOf(rule, value, deductible?.passed ?? 0, borne, aboveDeductibleFen, bill);
  const entitled =
    value.kind === 'rate'
      ? shareOf(aboveDeductibleFen, value.rate, rule.rounding)
      : shares.reduce((sum, { paysFen }) => sum + paysFen, ofClasses ? base.paidBefore : 0);
  const beforeLimitFen = fen(Math.max(0, entitled - base.paidBefore));
  const ceiling = ceilingFor(terms, facts, base.before, base.part, shared);
  const share = Math.min(beforeLimitFen, base.bound, ceiling?.leftFen ?? beforeLimitFen);
  const course: RateCourse = {
    kind: 'rate',
    variant: terms.name,
    rate: stated.kind === 'rate' ? { name: terms.rate.name, value: stated.rate, grounds } : null,
    countedRate: stated.kind === 'rate' && value.kind === 'rate' ? value.inLowestTerms : null,
    bands: value.kind === 'rate' ? null : { name: terms.rate.name, value: shares, grounds },
    modifiers,
    deductible: deductible === null ? null : borneOf(deductible.use, borne, borneNow),
    aboveDeductibleFen,
    yearBeforeFen: base.yearBefore === null ? null : fen(base.yearBefore),
    paidBeforeFen: fen(base.paidBefore),
    partsFen: base.part.baseFen,
  };
  return {
    baseFen: fen(base.amount),
    boundFen: fen(base.bound),
    beforeLimitFen,
    ceiling,
    shareFen: fen(share),
    zeroReason:
      share === 0 ? zeroReasonOf(value, course, entitled, ceiling?.leftFen ?? null) : null,
    zeroWords: null,
    course,
    counted: { baseFen: base.visitFen, deductibleFen: fen(borneNow) },
    overpaidFen: overpaidOf(entitled, ceiling, base),
  };
}

/** What of a deductible this visit, or this part of a stay, bears. */
function borneNowOf(
  deductible: DeductibleFor | null,
  borne: number,
  { before, part, yearBefore }: BaseAmounts,
): number {
  if (deductible === null) return 0;
  // A base of the year holds what the year bore before.
  const earlier = yearBefore === null ? 0 : (before.deductibleFen ?? before.baseFen);
  return Math.max(0, borne - part.deductibleFen - earlier);
}

/** What the earlier parts of the stay paid beyond what the whole comes to. */
function overpaidOf(
  entitled: number,
  ceiling: CeilingUse | null,
  { part, paidBefore }: BaseAmounts,
): Fen {
  if (part.paidFen === 0) return zeroFen;
  const most = ceiling === null ? entitled : Math.min(entitled, ceiling.wholeFen);
  return fen(Math.min(part.paidFen, Math.max(0, paidBefore - most)));
}

type DeductibleFor = {
  readonly left: number;
  /** How far the year is past the deductible already, for bands. */
  readonly passed: number;
  readonly use: Omit<DeductibleUse, 'borneFen' | 'borneNowFen'>;
};

/**
 * What is left of the deductible. A yearly one is what the step's own visits of the year have not borne of it yet.
 * One per stay is borne once in a chain of referrals (Guyuan's patients complained of paying it at every
 * hospital) and once in all parts of a stay.
 */
function deductibleFor(
  rule: RateRule,
  deductible: CompiledDeductible | null,
  facts: VisitFacts,
  { before, part }: BaseAmounts,
): DeductibleFor | null | 'not-stated' {
  if (deductible === null) return null;
  const { value: whole, grounds } = figureFor(deductible.figure, facts);
  if (whole === null) return 'not-stated';
  const { per, figure } = deductible;
  const use = (leftFen: number, borneBefore: number) => ({
    name: figure.name,
    value: whole,
    grounds,
    per,
    leftFen: fen(leftFen),
    borneBeforeFen: fen(borneBefore),
  });
  if (per === 'visit') {
    const borneBefore = borneInChain(deductible, facts);
    const left = Math.max(0, whole - borneBefore);
    return { left, passed: 0, use: use(left, borneBefore + part.deductibleFen) };
  }
  // A base that is the year's own holds what was borne before already.
  const ofYear = rule.base === 'year-in-scope-self-pay' || rule.base === 'year-self-pay';
  if (ofYear) return { left: whole, passed: 0, use: use(whole, 0) };
  const borne = before.deductibleFen ?? Math.min(before.baseFen, whole);
  const left = Math.max(0, whole - borne);
  return { left, passed: Math.max(0, before.baseFen - borne), use: use(left, borne) };
}

/** How a deductible came out. Field by field, for copying an object as a whole is slow. */
function borneOf(use: DeductibleFor['use'], borne: number, borneNow: number): DeductibleUse {
  return {
    name: use.name,
    value: use.value,
    grounds: use.grounds,
    per: use.per,
    leftFen: use.leftFen,
    borneFen: fen(borne),
    borneNowFen: fen(borneNow),
    borneBeforeFen: use.borneBeforeFen,
  };
}

function borneInChain(
  { difference }: CompiledDeductible,
  { input, referral, parts, year }: VisitFacts,
): number {
  const { visit } = input;
  const from = difference && referral === 'valid' ? visit.referral : null;
  const chained =
    from !== null && isFromEarlierVisit(from, input, year) ? from.deductiblePaidFen : 0;
  // Where all of the earlier parts is known they are part of the base, and bear their share of it there.
  const ofParts = parts === null ? (visit.earlierParts?.deductiblePaidFen ?? 0) : 0;
  return chained + ofParts;
}

function modified(
  step: CompiledStep,
  stated: RateValue,
  facts: VisitFacts,
): { readonly value: RateValue; readonly modifiers: RateCourse['modifiers'] } {
  if (step.multipliedBy.length === 0) return { value: stated, modifiers: noModifiers };
  let value = stated;
  const modifiers: RateCourse['modifiers'][number][] = [];
  for (const modifier of step.multipliedBy) {
    if (modifier.figure === null || !holds(modifier.when, facts)) continue;
    const { value: factor, grounds } = figureFor(modifier.figure, facts);
    if (factor === null) continue;
    try {
      value = multiplied(value, factor);
    } catch (problem) {
      throw problem instanceof RateTooFine ? new CannotDecide('rate-too-fine', step.name) : problem;
    }
    modifiers.push({ modifier, name: modifier.figure.name, value: factor, grounds });
  }
  return { value, modifiers };
}

const noModifiers: RateCourse['modifiers'] = [];

function multiplied(value: RateValue, factor: Rate): RateValue {
  switch (value.kind) {
    case 'rate': {
      const rate = multiplyRates(value.rate, factor);
      return { kind: 'rate', rate, inLowestTerms: rate };
    }
    case 'bands': {
      const times = ({ aboveFen, rate }: Band): Band => ({
        aboveFen,
        rate: multiplyRates(rate, factor),
      });
      return { kind: 'bands', bands: value.bands.map(times) };
    }
    case 'classes':
      return {
        kind: 'classes',
        classA: multiplyRates(value.classA, factor),
        classB: multiplyRates(value.classB, factor),
      };
  }
}

function zeroReasonOf(
  value: RateValue,
  { aboveDeductibleFen, bands, partsFen }: RateCourse,
  entitled: number,
  ceilingLeft: Fen | null,
): ZeroReason {
  if (aboveDeductibleFen === 0) return 'below-deductible';
  const rateIsZero =
    value.kind === 'rate'
      ? value.rate.numerator === 0
      : (bands?.value ?? []).every(({ rate }) => rate.numerator === 0);
  if (rateIsZero) return 'rate-is-zero';
  if (ceilingLeft === 0) return 'ceiling-used-up';
  if (entitled === 0) return 'rounded-to-nothing';
  return partsFen === 0 ? 'paid-this-year' : 'paid-in-earlier-parts';
}

function paysNothing(
  base: BaseAmounts,
  zeroReason: ZeroReason,
  zeroWords: Payment['zeroWords'],
): Payment {
  return {
    baseFen: fen(base.amount),
    boundFen: fen(base.bound),
    beforeLimitFen: zeroFen,
    ceiling: null,
    shareFen: zeroFen,
    zeroReason,
    zeroWords,
    course: null,
    counted: null,
    overpaidFen: zeroFen,
  };
}
