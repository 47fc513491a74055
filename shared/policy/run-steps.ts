import type { SettlementInput, YearToDate } from '../domain/person.ts';
import { fen, type Fen } from '../money/fen.ts';
import { noRate, type Rate } from '../money/rate.ts';
import { shareOf } from '../money/share-of.ts';
import type { Band, CompiledPack, CompiledStep } from './compiled-pack.ts';
import { decidingDayOf, isListedDisease, meetsCategories } from './person-conditions.ts';
import type { BillSplit } from './split-bill.ts';

/** Why a step pays nothing. */
export type ZeroReason =
  | 'hospital-level-not-covered'
  | 'disease-not-listed'
  | 'nothing-in-scope'
  | 'nothing-left'
  | 'below-deductible'
  | 'rate-is-zero'
  | 'ceiling-used-up'
  | 'rounded-to-nothing';

/** The part of the base inside one band and what it pays. */
export type BandShare = { readonly band: Band; readonly partFen: Fen; readonly paysFen: Fen };

/** How one step came to its share, in fen. */
export type StepOutcome = {
  readonly step: CompiledStep;
  readonly baseFen: Fen;
  /** What is left of the deductible for this visit. */
  readonly deductibleFen: Fen;
  /** How much of it the base reached. */
  readonly deductibleBorneFen: Fen;
  readonly aboveDeductibleFen: Fen;
  readonly rate: Rate;
  readonly bandShares: readonly BandShare[];
  /** What rate or bands come to, before any limit. */
  readonly beforeLimitFen: Fen;
  /** What a ceiling still leaves; null: no ceiling. */
  readonly ceilingLeftFen: Fen | null;
  /** The step's base and what is left of the bill: no share passes either. */
  readonly boundFen: Fen;
  readonly shareFen: Fen;
  readonly zeroReason: ZeroReason | null;
  /** What the share took from each part of the patient's. */
  readonly fromEligibleFen: Fen;
  readonly fromFirstSelfPayFen: Fen;
  readonly fromOutsideFen: Fen;
};

/** What is left of the bill for the patient, part by part. */
export type Residual = { eligible: number; firstSelfPay: number; outside: number };

/** Applies the steps that concern the person, in order; each lowers what the next one finds. */
export function runSteps(
  pack: CompiledPack,
  input: SettlementInput,
  bill: BillSplit,
): { readonly outcomes: readonly StepOutcome[]; readonly residual: Residual } {
  const day = decidingDayOf(pack, input);
  const residual: Residual = {
    eligible: bill.eligibleFen,
    firstSelfPay: bill.firstSelfPayFen,
    outside: bill.classCFen + bill.aboveCeilingFen,
  };
  const outcomes: StepOutcome[] = [];
  for (const step of pack.steps) {
    if (!meetsCategories(step.categories, input.person, day)) continue;
    outcomes.push(runStep(step, input, bill, residual, day));
  }
  return { outcomes, residual };
}

function runStep(
  step: CompiledStep,
  input: SettlementInput,
  bill: BillSplit,
  residual: Residual,
  day: string,
): StepOutcome {
  const level = input.visit.hospital.level;
  const base = baseOf(step, bill, residual);
  const bound = Math.min(base, leftFor(step, residual));
  if (step.hospitalLevels !== null && !step.hospitalLevels.includes(level)) {
    return paysNothing(step, base, bound, 'hospital-level-not-covered');
  }
  if (step.diseases !== null && !isListedDisease(step.diseases, input, day)) {
    return paysNothing(step, base, bound, 'disease-not-listed');
  }
  if (bound === 0) {
    const nothingInScope = isInScope(step) && bill.eligibleFen === 0;
    return paysNothing(step, base, bound, nothingInScope ? 'nothing-in-scope' : 'nothing-left');
  }

  const year = input.yearToDate;
  const { left: deductible, passed } = deductibleLeft(step, level, year);
  const borne = Math.min(base, deductible);
  const above = fen(base - borne);
  const rate = step.rate.kind === 'rate' ? step.rate.figure.byLevel[level] : noRate;
  const bandShares =
    step.rate.kind === 'bands' ? payByBand(step, step.rate.bands, passed, above) : [];
  const beforeLimit =
    step.rate.kind === 'rate'
      ? shareOf(above, rate, step.rounding)
      : fen(bandShares.reduce((sum, { paysFen }) => sum + paysFen, 0));
  const ceilingLeft = ceilingLeftOf(step, level, year);
  const share = Math.min(beforeLimit, bound, ceilingLeft ?? beforeLimit);
  const taken = takeFrom(residual, step, share);
  return {
    step,
    baseFen: fen(base),
    deductibleFen: fen(deductible),
    deductibleBorneFen: fen(borne),
    aboveDeductibleFen: above,
    rate,
    bandShares,
    beforeLimitFen: beforeLimit,
    ceilingLeftFen: ceilingLeft,
    boundFen: fen(bound),
    shareFen: fen(share),
    zeroReason: share === 0 ? zeroReasonOf(step, rate, bandShares, above, ceilingLeft) : null,
    ...taken,
  };
}

function baseOf(step: CompiledStep, bill: BillSplit, residual: Residual): number {
  switch (step.base) {
    case 'in-scope':
      return bill.eligibleFen;
    case 'in-scope-residual':
      return residual.eligible;
    case 'residual-total':
      return residual.eligible + residual.firstSelfPay + residual.outside;
    case 'total':
      return bill.totalFen;
  }
}

function isInScope(step: CompiledStep): boolean {
  return step.base === 'in-scope' || step.base === 'in-scope-residual';
}

function leftFor(step: CompiledStep, residual: Residual): number {
  if (isInScope(step)) return residual.eligible;
  return residual.eligible + residual.firstSelfPay + residual.outside;
}

/**
 * What is left of the deductible, and how far the year is past it already. A yearly deductible counts
 * the year's in-scope cost less what the earlier steps paid on it: the same base, added up.
 */
function deductibleLeft(
  step: CompiledStep,
  level: SettlementInput['visit']['hospital']['level'],
  year: YearToDate | null,
): { readonly left: number; readonly passed: number } {
  if (step.deductible === null) return { left: 0, passed: 0 };
  const whole = step.deductible.figure.byLevel[level];
  if (step.deductible.per === 'visit' || year === null) return { left: whole, passed: 0 };
  let before: number = year.eligibleFen;
  if (step.base === 'in-scope-residual') {
    for (const { id, payer } of step.earlier) before -= paidThisYear(year, id, payer);
  }
  before = Math.max(0, before);
  return { left: Math.max(0, whole - before), passed: Math.max(0, before - whole) };
}

function paidThisYear(year: YearToDate, step: string, payer: string): number {
  return year.byStepFen[step] ?? year.paidFen[payer] ?? 0;
}

/** Each band pays its rate only on the part that lies inside it, and is rounded on its own. */
function payByBand(
  step: CompiledStep,
  bands: readonly Band[],
  passed: number,
  above: Fen,
): readonly BandShare[] {
  const shares: BandShare[] = [];
  const end = passed + above;
  bands.forEach((band, index) => {
    const until = bands[index + 1]?.aboveFen ?? Infinity;
    const part = Math.min(end, until) - Math.max(passed, band.aboveFen);
    if (part <= 0) return;
    shares.push({
      band,
      partFen: fen(part),
      paysFen: shareOf(fen(part), band.rate, step.rounding),
    });
  });
  return shares;
}

function ceilingLeftOf(
  step: CompiledStep,
  level: SettlementInput['visit']['hospital']['level'],
  year: YearToDate | null,
): Fen | null {
  const perVisit = step.ceilingPerVisit?.byLevel[level];
  const perYear = step.ceilingPerYear?.byLevel[level];
  if (perVisit === undefined && perYear === undefined) return null;
  const used = year === null ? 0 : paidThisYear(year, step.id, step.payer);
  return fen(Math.max(0, Math.min(perVisit ?? Infinity, (perYear ?? Infinity) - used)));
}

function takeFrom(residual: Residual, step: CompiledStep, share: number) {
  let left = share;
  const take = (part: keyof Residual): Fen => {
    const taken = Math.min(left, residual[part]);
    residual[part] -= taken;
    left -= taken;
    return fen(taken);
  };
  if (isInScope(step)) {
    return {
      fromEligibleFen: take('eligible'),
      fromFirstSelfPayFen: fen(0),
      fromOutsideFen: fen(0),
    };
  }
  if (step.lowersFirst === 'within-catalogue') {
    return {
      fromEligibleFen: take('eligible'),
      fromFirstSelfPayFen: take('firstSelfPay'),
      fromOutsideFen: take('outside'),
    };
  }
  const fromOutsideFen = take('outside');
  const fromFirstSelfPayFen = take('firstSelfPay');
  return { fromOutsideFen, fromFirstSelfPayFen, fromEligibleFen: take('eligible') };
}

function zeroReasonOf(
  step: CompiledStep,
  rate: Rate,
  bandShares: readonly BandShare[],
  above: Fen,
  ceilingLeft: Fen | null,
): ZeroReason {
  if (above === 0) return 'below-deductible';
  const rateIsZero =
    step.rate.kind === 'rate'
      ? rate.numerator === 0
      : bandShares.every(({ band }) => band.rate.numerator === 0);
  if (rateIsZero) return 'rate-is-zero';
  return ceilingLeft === 0 ? 'ceiling-used-up' : 'rounded-to-nothing';
}

function paysNothing(
  step: CompiledStep,
  base: number,
  bound: number,
  zeroReason: ZeroReason,
): StepOutcome {
  return {
    step,
    baseFen: fen(base),
    deductibleFen: fen(0),
    deductibleBorneFen: fen(0),
    aboveDeductibleFen: fen(0),
    rate: noRate,
    bandShares: [],
    beforeLimitFen: fen(0),
    ceilingLeftFen: null,
    boundFen: fen(bound),
    shareFen: fen(0),
    zeroReason,
    fromEligibleFen: fen(0),
    fromFirstSelfPayFen: fen(0),
    fromOutsideFen: fen(0),
  };
}
