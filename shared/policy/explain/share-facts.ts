import type { Mutable } from '../../domain/mutable.ts';
import type {
  CoarseUnit,
  RatedPart,
  Share,
  ShareBase,
  ShareLimit,
} from '../../domain/settlement-result.ts';
import { inLowestTerms, type Rate } from '../../money/rate.ts';
import type { Grounds } from '../compile/compiled-pack.ts';
import type { StepOutcome } from '../rules/step-outcome.ts';

/** The share of a step as the result states it: its amount, its name, and what the amount rests on. */
export function shareOfOutcome(outcome: StepOutcome): Share {
  const { step, shareFen } = outcome;
  // Field by field: thousands of visits are replayed for their figures, and copying an object is slow.
  const share: Mutable<Share> = {
    step: step.id,
    payer: step.payer,
    destination: step.destination,
    name: step.name,
    amountFen: shareFen,
    base: baseKindOf(outcome),
    assumed: isAssumed(outcome),
  };
  const rate = rateThatCounted(outcome);
  if (rate !== null) share.rate = rate;
  const limit = limitOf(outcome);
  if (limit !== null) share.limit = limit;
  const assumption = groundsOfShare(outcome)?.assumption ?? null;
  if (assumption !== null) share.assumption = assumption;
  return share;
}

/** What a step is applied to, by the pack's word for it. */
export function baseKindOf({ step: { rule }, course }: StepOutcome): ShareBase {
  switch (rule.kind) {
    case 'rate':
    case 'guarantee':
    case 'approved-amount':
      return rule.base;
    case 'items':
      return 'items';
    case 'quota':
      return course?.kind === 'quota' ? 'quota' : (rule.ordinary?.base ?? 'total');
    case 'not-stated':
      return 'residual-total';
  }
}

/** The one rate that counted, referral and place included; null where several counted or none. */
export function rateThatCounted({ course }: StepOutcome): Rate | null {
  switch (course?.kind) {
    case 'rate':
      return course.countedRate;
    case 'items':
    case 'quota':
      return inLowestTerms(course.rate.value);
    case 'guarantee':
    case 'approved-amount':
    case undefined:
      return null;
  }
}

/** Where several rates counted, each with its part of the base; null else. */
export function ratedPartsOf({ course }: StepOutcome): readonly RatedPart[] | null {
  if (course?.kind !== 'rate' || course.bands === null) return null;
  return course.bands.value.map(({ label, partFen, rate }) => ({
    of: label,
    amountFen: partFen,
    rate: inLowestTerms(rate),
  }));
}

/** What cut the share below what its rule comes to; null where nothing did. */
export function limitOf({
  shareFen,
  beforeLimitFen,
  ceiling,
  zeroReason,
}: StepOutcome): ShareLimit | null {
  if (zeroReason !== null) {
    return zeroReason === 'ceiling-used-up' && ceiling !== null
      ? { kind: 'ceiling', name: ceiling.name }
      : null;
  }
  if (shareFen === beforeLimitFen) return null;
  if (shareFen === ceiling?.leftFen) return { kind: 'ceiling', name: ceiling.name };
  return { kind: 'left' };
}

/** What a share that is paid was rounded to where that is more than a fen; null else. */
export function roundedTo({ step: { rule }, course, zeroReason }: StepOutcome): CoarseUnit | null {
  // A quota's rounding is of the patient's part; its share is exact.
  if (zeroReason !== null || course?.kind === 'quota' || !('rounding' in rule)) return null;
  const { unit } = rule.rounding;
  return unit === 'fen' ? null : unit;
}

/** The grounds of the figure an amount rests on first of all; null where it rests on the step's rule alone. */
export function groundsOfShare({ course }: StepOutcome): Grounds | null {
  switch (course?.kind) {
    case 'rate':
      return (course.rate ?? course.bands)?.grounds ?? null;
    case 'items':
    case 'quota':
      return course.rate.grounds;
    case 'guarantee':
      return course.needs[0]?.figure?.grounds ?? null;
    case 'approved-amount':
    case undefined:
      return null;
  }
}

/** Whether the step's rule or a figure the amount rests on is assumed. */
export function isAssumed({ step, course, ceiling }: StepOutcome): boolean {
  if (step.assumed || ceiling?.grounds.assumed === true) return true;
  switch (course?.kind) {
    case 'rate':
      return (
        course.rate?.grounds.assumed === true ||
        course.bands?.grounds.assumed === true ||
        course.deductible?.grounds.assumed === true ||
        course.modifiers.some(({ grounds }) => grounds.assumed)
      );
    case 'items':
      return course.rate.grounds.assumed;
    case 'quota':
      return course.rate.grounds.assumed || course.factor?.grounds.assumed === true;
    case 'guarantee':
      return course.needs.some(({ figure }) => figure?.grounds.assumed === true);
    case 'approved-amount':
    case undefined:
      return false;
  }
}
