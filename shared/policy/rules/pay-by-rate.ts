import type { YearToDate } from '../../domain/person.ts';
import { fen, zeroFen, type Fen } from '../../money/fen.ts';
import { multiplyRates, type Rate } from '../../money/rate.ts';
import { shareOf } from '../../money/share-of.ts';
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
import { paidThisYear } from '../facts/paid-this-year.ts';
import { residualTotal, type Residual } from './residual.ts';
import type { BillSplit } from './split-bill.ts';
import type { BandShare, DeductibleUse, Payment, RateCourse, ZeroReason } from './step-outcome.ts';
import type { VisitFacts } from '../facts/visit-facts.ts';

/** A share of a base above a deductible, by the terms that fit the person. */
export function payByRate(
  step: CompiledStep,
  rule: RateRule,
  facts: VisitFacts,
  bill: BillSplit,
  residual: Residual,
): Payment {
  const base = baseOf(step, rule, facts, bill, residual);
  let best: Payment | null = null;
  for (const terms of rule.variants) {
    if (terms.when !== null && !holds(terms.when, facts)) continue;
    const payment = payByTerms(step, rule, terms, facts, bill, base);
    if (rule.take === 'first') return payment;
    if (best === null || payment.shareFen > best.shareFen) best = payment;
  }
  if (best !== null) return best;
  if (rule.own !== null) return payByTerms(step, rule, rule.own, facts, bill, base);
  return paysNothing(base, 'category-not-covered', {
    zh: '不属于本支付环节列出的任何一类对象',
    en: 'Not one of the groups this step names',
  });
}

/** What a step is applied to and what it may take at most. */
type BaseAmounts = {
  readonly amount: number;
  readonly bound: number;
  /** What of the base was borne earlier this year; null where the base is of this visit alone. */
  readonly yearBefore: number | null;
  readonly paidBefore: number;
};

function baseOf(
  step: CompiledStep,
  { base }: RateRule,
  { year }: VisitFacts,
  bill: BillSplit,
  residual: Residual,
): BaseAmounts {
  switch (base) {
    case 'in-scope':
      return ofVisit(residual.inScope, residual.eligible);
    case 'in-scope-residual':
      return ofVisit(residual.eligible, residual.eligible);
    case 'residual-total':
      return ofVisit(residualTotal(residual), residualTotal(residual));
    case 'total':
      return ofVisit(bill.totalFen, residualTotal(residual));
    case 'year-in-scope-self-pay':
      return ofYear(step, year, year?.eligibleSelfPayFen ?? 0, residual.eligible);
    case 'year-self-pay':
      return ofYear(step, year, year?.selfPayFen ?? 0, residualTotal(residual));
  }
}

function ofVisit(amount: number, left: number): BaseAmounts {
  return { amount, bound: Math.min(amount, left), yearBefore: null, paidBefore: 0 };
}

/** What the person bore this year before this step paid anything, this visit included. */
function ofYear(
  step: CompiledStep,
  year: YearToDate | null,
  borne: number,
  left: number,
): BaseAmounts {
  const paidBefore = year === null ? 0 : paidThisYear(year, step.account);
  const yearBefore = borne + paidBefore;
  return { amount: yearBefore + left, bound: left, yearBefore, paidBefore };
}

function payByTerms(
  step: CompiledStep,
  rule: RateRule,
  terms: RateTerms,
  facts: VisitFacts,
  bill: BillSplit,
  base: BaseAmounts,
): Payment {
  const { value: stated, grounds } = figureFor(terms.rate, facts);
  const deductible = deductibleFor(step, rule, terms.deductible, facts);
  if (stated === null || deductible === 'not-stated') {
    return paysNothing(base, 'hospital-level-not-covered', null);
  }
  if (base.bound === 0) {
    const inScope = rule.base === 'in-scope' || rule.base === 'in-scope-residual';
    const nothingInScope = inScope && bill.eligibleFen === 0;
    return paysNothing(base, nothingInScope ? 'nothing-in-scope' : 'nothing-left', null);
  }
  const left = deductible?.left ?? 0;
  const borne = Math.min(base.amount, left);
  const aboveDeductibleFen = fen(base.amount - borne);
  const { value, modifiers } = modified(step, stated, facts);
  const shares = sharesOf(rule, value, deductible?.passed ?? 0, borne, aboveDeductibleFen, bill);
  const entitled =
    value.kind === 'rate'
      ? shareOf(aboveDeductibleFen, value.rate, rule.rounding)
      : shares.reduce((sum, { paysFen }) => sum + paysFen, 0);
  const beforeLimitFen = fen(Math.max(0, entitled - base.paidBefore));
  const ceiling = ceilingFor(step, terms, facts);
  const share = Math.min(beforeLimitFen, base.bound, ceiling?.leftFen ?? beforeLimitFen);
  const course: RateCourse = {
    kind: 'rate',
    variant: terms.name,
    rate: stated.kind === 'rate' ? { name: terms.rate.name, value: stated.rate, grounds } : null,
    bands: value.kind === 'rate' ? null : { name: terms.rate.name, value: shares, grounds },
    modifiers,
    deductible: deductible === null ? null : { ...deductible.use, borneFen: fen(borne) },
    aboveDeductibleFen,
    yearBeforeFen: base.yearBefore === null ? null : fen(base.yearBefore),
    paidBeforeFen: fen(base.paidBefore),
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
  };
}

type DeductibleFor = {
  readonly left: number;
  /** How far the year is past the deductible already, for bands. */
  readonly passed: number;
  readonly use: Omit<DeductibleUse, 'borneFen'>;
};

/**
 * What is left of the deductible. A yearly one counts the year's in-scope cost less what the earlier steps
 * paid on it: the same base, added up. One per stay is borne once in a chain of referrals (Guyuan's
 * patients complained of paying it at every hospital) and once in all parts of a stay.
 */
function deductibleFor(
  step: CompiledStep,
  rule: RateRule,
  deductible: CompiledDeductible | null,
  facts: VisitFacts,
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
    return { left, passed: 0, use: use(left, borneBefore) };
  }
  // A base that is the year's own holds what was borne before already.
  const ofYear = rule.base === 'year-in-scope-self-pay' || rule.base === 'year-self-pay';
  const before = ofYear ? 0 : carriedThisYear(step, rule, facts.year);
  const left = Math.max(0, whole - before);
  return { left, passed: Math.max(0, before - whole), use: use(left, before) };
}

function borneInChain({ difference }: CompiledDeductible, { input, referral }: VisitFacts): number {
  const { visit } = input;
  const chained =
    difference && referral === 'valid' && (visit.referral?.previousVisitId ?? null) !== null
      ? (visit.referral?.deductiblePaidFen ?? 0)
      : 0;
  return chained + (visit.earlierParts?.deductiblePaidFen ?? 0);
}

function carriedThisYear(step: CompiledStep, { base }: RateRule, year: YearToDate | null): number {
  if (year === null) return 0;
  let before: number = year.eligibleFen;
  if (base === 'in-scope-residual') {
    for (const account of step.earlier) before -= paidThisYear(year, account);
  }
  return Math.max(0, before);
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
    value = multiplied(value, factor);
    modifiers.push({ modifier, name: modifier.figure.name, value: factor, grounds });
  }
  return { value, modifiers };
}

const noModifiers: RateCourse['modifiers'] = [];

function multiplied(value: RateValue, factor: Rate): RateValue {
  switch (value.kind) {
    case 'rate':
      return { kind: 'rate', rate: multiplyRates(value.rate, factor) };
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

function sharesOf(
  rule: RateRule,
  value: RateValue,
  passed: number,
  borne: number,
  above: Fen,
  bill: BillSplit,
): readonly BandShare[] {
  switch (value.kind) {
    case 'rate':
      return noShares;
    case 'bands':
      return payByBand(rule, value.bands, passed, above);
    case 'classes':
      return payByClass(rule, value, borne, above, bill);
  }
}

const noShares: readonly BandShare[] = [];

/** Each band pays its rate only on the part that is inside it, and is rounded on its own. */
function payByBand(
  { rounding }: RateRule,
  bands: readonly Band[],
  passed: number,
  above: Fen,
): readonly BandShare[] {
  const shares: BandShare[] = [];
  const end = passed + above;
  bands.forEach(({ aboveFen, rate }, index) => {
    const until = bands[index + 1]?.aboveFen ?? Infinity;
    const part = Math.min(end, until) - Math.max(passed, aboveFen);
    if (part <= 0) return;
    const partFen = fen(part);
    shares.push({ label: 'band', rate, partFen, paysFen: shareOf(partFen, rate, rounding) });
  });
  return shares;
}

/** The deductible comes off class A first; what was waived or is paid first came off class B. */
function payByClass(
  { rounding }: RateRule,
  { classA, classB }: Extract<RateValue, { kind: 'classes' }>,
  borne: number,
  above: Fen,
  bill: BillSplit,
): readonly BandShare[] {
  const eligibleA = Math.min(bill.eligibleClassAFen, above + borne);
  const partA = fen(Math.max(0, eligibleA - borne));
  const partB = fen(above - partA);
  return [
    { label: 'class-a', rate: classA, partFen: partA, paysFen: shareOf(partA, classA, rounding) },
    { label: 'class-b', rate: classB, partFen: partB, paysFen: shareOf(partB, classB, rounding) },
  ];
}

function zeroReasonOf(
  value: RateValue,
  { aboveDeductibleFen, bands }: RateCourse,
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
  return entitled === 0 ? 'rounded-to-nothing' : 'paid-this-year';
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
  };
}
