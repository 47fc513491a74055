import { fen, zeroFen } from '../../money/fen.ts';
import { rate, type Rate } from '../../money/rate.ts';
import { fenHalfUp } from '../../money/rounding.ts';
import { shareOf } from '../../money/share-of.ts';
import { figureFor } from '../compile/compile-figure.ts';
import type { CompiledRule, CompiledStep, QuotaEntry } from '../compile/compiled-pack.ts';
import { leftInPartsAt } from './pay-guarantee.ts';
import type { Residual } from './residual.ts';
import type { StepOutcome, UsedFigure, ZeroReason } from './step-outcome.ts';
import { partOfStep } from '../facts/steps-before.ts';
import type { VisitFacts } from '../facts/visit-facts.ts';

type QuotaRule = Extract<CompiledRule, { kind: 'quota' }>;

/** The first entry of the quota list that fits the visit. */
export function quotaFor({ entries }: QuotaRule, facts: VisitFacts): QuotaEntry | null {
  return entries.find(({ fits }) => fits(facts)) ?? null;
}

/** Which share of the listed quota counts at this hospital; null: the whole. */
function factorFor({ factor }: QuotaRule, facts: VisitFacts): UsedFigure<Rate> | null {
  if (factor === null) return null;
  const { value, grounds } = figureFor(factor, facts);
  return value === null ? null : { name: factor.name, value, grounds };
}

/**
 * A disease at a fixed price (单病种定额): the patient pays his share of what the stay cost or of the quota,
 * whichever is lower; the fund pays its fixed share of the quota; the hospital bears the rest or keeps the
 * surplus. All cost counts, in the catalogue or not; what the patient pays is counted within it first. A quota
 * is for the whole stay: what its earlier parts came to is taken off what the whole comes to, whether or not the
 * quota was known then. Where nobody knows what they came to, later parts are the hospital's to bear. A bill
 * refunded to nothing has no quota.
 */
export function payByQuota(
  step: CompiledStep,
  rule: QuotaRule,
  entry: QuotaEntry,
  facts: VisitFacts,
  residual: Residual,
): StepOutcome {
  const factor = factorFor(rule, facts);
  const quotaFen =
    factor === null ? entry.quotaFen : shareOf(entry.quotaFen, factor.value, fenHalfUp);
  const here = residual.eligible + residual.firstSelfPay + residual.outside;
  const { parts } = facts;
  const inParts = leftInPartsAt(step, parts);
  const paidBefore = partOfStep(facts, step.id).paidFen;
  const hospitalBefore = parts?.hospitalBearsFen ?? 0;
  const selfBefore = inParts - paidBefore;
  const actual = here + inParts + hospitalBefore;
  const { value: ratio, grounds } = figureFor(rule.rate, facts);
  const paid = ratio ?? rate(0, 1);
  const own = rate(paid.denominator - paid.numerator, paid.denominator);
  const counted = fen(Math.min(actual, quotaFen));
  const notCovered = ratio === null;
  const settledBefore = parts === null && facts.input.visit.earlierParts !== undefined;
  const isDue = !notCovered && !settledBefore && actual > 0;
  const self = isDue ? Math.min(shareOf(counted, own, rule.rounding), counted) : 0;
  const wholeShare = isDue ? shareOf(quotaFen, paid, fenHalfUp) : fen(0);
  const shareFen = fen(Math.max(0, wholeShare - paidBefore));
  const selfFen = fen(
    notCovered ? here : Math.min(here, Math.max(0, isDue ? self - selfBefore : 0)),
  );
  const hospitalBearsFen = fen(here - selfFen - shareFen);
  const before = { ...residual };
  // Of a stay in parts the whole of what the patient bears counts as in scope first, in whichever part it was charged.
  const inScopeBefore = parts === null ? 0 : Math.min(selfBefore, parts.eligibleFen);
  const inScopeWhole = Math.min(selfBefore + selfFen, (parts?.eligibleFen ?? 0) + before.eligible);
  residual.eligible = Math.max(0, Math.min(selfFen, inScopeWhole - inScopeBefore));
  residual.firstSelfPay = Math.min(selfFen - residual.eligible, before.firstSelfPay);
  residual.outside = selfFen - residual.eligible - residual.firstSelfPay;
  residual.countedSince += Math.max(0, inScopeWhole - inScopeBefore - residual.eligible);
  return {
    step,
    baseFen: counted,
    boundFen: shareFen,
    beforeLimitFen: shareFen,
    ceiling: null,
    shareFen,
    hospitalBearsFen,
    zeroReason:
      shareFen > 0
        ? null
        : wholeShare > 0
          ? 'paid-in-earlier-parts'
          : zeroReasonOf({ notCovered, settledBefore, actual }),
    zeroWords: null,
    fromEligibleFen: fen(before.eligible - residual.eligible),
    fromFirstSelfPayFen: fen(before.firstSelfPay - residual.firstSelfPay),
    fromOutsideFen: fen(before.outside - residual.outside),
    course: !isDue
      ? null
      : {
          kind: 'quota',
          name: entry.name,
          listedFen: entry.quotaFen,
          factor,
          quotaFen,
          actualFen: fen(actual),
          rate: { name: rule.rate.name, value: paid, grounds },
          selfFen,
          selfBeforeFen: fen(selfBefore),
          paidBeforeFen: paidBefore,
          hospitalBearsFen,
        },
    // The yearly figures of its ordinary form are of visits it paid in that form.
    counted: notCovered
      ? null
      : { baseFen: rule.ordinary === null ? counted : zeroFen, deductibleFen: zeroFen },
    countsInYear: true,
  };
}

function zeroReasonOf(why: {
  readonly notCovered: boolean;
  readonly settledBefore: boolean;
  readonly actual: number;
}): ZeroReason {
  if (why.notCovered) return 'hospital-level-not-covered';
  if (why.actual === 0) return 'nothing-left';
  return why.settledBefore ? 'quota-settled-before' : 'rate-is-zero';
}
