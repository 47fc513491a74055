import type { Words } from '../../domain/result.ts';
import { fen, zeroFen, type Fen } from '../../money/fen.ts';
import type { Rate } from '../../money/rate.ts';
import type { RequirementCode } from '../compile/compile-condition.ts';
import type {
  CompiledModifier,
  CompiledStep,
  CompiledTarget,
  Grounds,
} from '../compile/compiled-pack.ts';

/** Why a step pays nothing. */
export type ZeroReason =
  | RequirementCode
  | 'disabled-by-modifier'
  | 'nothing-in-scope'
  | 'nothing-left'
  | 'quota-settled-before'
  | 'no-such-items'
  | 'below-deductible'
  | 'rate-is-zero'
  | 'ceiling-used-up'
  | 'rounded-to-nothing'
  | 'paid-this-year'
  | 'paid-in-earlier-parts'
  | 'target-met'
  | 'no-approval'
  | 'approval-refused'
  | 'other-way-counts'
  | 'rule-not-stated';

/** The part of the base inside one band or one catalogue class and what it pays. */
export type BandShare = {
  readonly label: 'band' | 'class-a' | 'class-b';
  readonly rate: Rate;
  readonly partFen: Fen;
  readonly paysFen: Fen;
};

/** A figure as it counted on this visit. */
export type UsedFigure<Value> = {
  readonly name: Words;
  readonly value: Value;
  readonly grounds: Grounds;
};

export type DeductibleUse = UsedFigure<Fen> & {
  readonly per: 'visit' | 'year';
  /** What of it is left: less what the year, the chain of referrals or earlier parts of the stay bore. */
  readonly leftFen: Fen;
  /** Of the whole stay, and of this part of it. */
  readonly borneFen: Fen;
  readonly borneNowFen: Fen;
  /** What was borne before in this chain of referrals or stay. */
  readonly borneBeforeFen: Fen;
};

export type CeilingUse = {
  readonly leftFen: Fen;
  readonly wholeFen: Fen;
  readonly name: Words;
  readonly grounds: Grounds;
  readonly usedFen: Fen;
};

/** How a rate came to its amount. */
export type RateCourse = {
  readonly kind: 'rate';
  readonly variant: Words | null;
  /** As the pack states it, before referral and place change it; null where there are bands. */
  readonly rate: UsedFigure<Rate> | null;
  /** The one rate that counted, changed by referral and place and in lowest terms; null where there are bands. */
  readonly countedRate: Rate | null;
  readonly bands: UsedFigure<readonly BandShare[]> | null;
  readonly modifiers: readonly (UsedFigure<Rate> & { readonly modifier: CompiledModifier })[];
  readonly deductible: DeductibleUse | null;
  readonly aboveDeductibleFen: Fen;
  /** What the person bore this year before, in the base of steps on the year. */
  readonly yearBeforeFen: Fen | null;
  /** What the step paid before on the same base: this year, or in the earlier parts of the stay. */
  readonly paidBeforeFen: Fen;
  /** What the base came to in the earlier parts of the stay. */
  readonly partsFen: Fen;
};

export type ItemsCourse = {
  readonly kind: 'items';
  readonly paidBeforeFen: Fen;
  readonly rate: UsedFigure<Rate>;
  readonly lines: readonly number[];
};

export type QuotaCourse = {
  readonly kind: 'quota';
  readonly name: string;
  readonly listedFen: Fen;
  readonly factor: UsedFigure<Rate> | null;
  readonly quotaFen: Fen;
  readonly actualFen: Fen;
  readonly rate: UsedFigure<Rate>;
  readonly selfFen: Fen;
  /** What the patient paid and the step paid in the earlier parts of the stay. */
  readonly selfBeforeFen: Fen;
  readonly paidBeforeFen: Fen;
  readonly hospitalBearsFen: Fen;
};

export type GuaranteeCourse = {
  readonly kind: 'guarantee';
  readonly paidBeforeFen: Fen;
  readonly needs: readonly {
    readonly target: CompiledTarget;
    readonly figure: UsedFigure<Rate> | UsedFigure<Fen> | null;
    readonly needFen: Fen;
  }[];
  readonly yearBeforeFen: Fen;
};

export type ApprovalCourse = {
  readonly kind: 'approved-amount';
  readonly number: string;
  readonly approvedOn: string;
};

export type Course = RateCourse | ItemsCourse | QuotaCourse | GuaranteeCourse | ApprovalCourse;

/** How one step came to its share, in fen. */
export type StepOutcome = {
  readonly step: CompiledStep;
  readonly baseFen: Fen;
  /** The step's base and what is left of the bill: no share but a quota's passes either. */
  readonly boundFen: Fen;
  /** What the rule comes to before any limit. */
  readonly beforeLimitFen: Fen;
  readonly ceiling: CeilingUse | null;
  readonly shareFen: Fen;
  /** What the hospital bears (negative: its surplus) because of a quota. */
  readonly hospitalBearsFen: Fen;
  readonly zeroReason: ZeroReason | null;
  /** Why it pays nothing, where the pack or a requirement says so in words. */
  readonly zeroWords: Words | null;
  /** What was taken from each part of the patient's. */
  readonly fromEligibleFen: Fen;
  readonly fromFirstSelfPayFen: Fen;
  readonly fromOutsideFen: Fen;
  readonly course: Course | null;
  /** What the visit adds to the step's year: its own base there, and what the patient bore of the deductible. */
  readonly counted: Counted | null;
  /** Whether the pack counts the visit towards the step's yearly figures. */
  readonly countsInYear: boolean;
};

/** What a visit adds to a step's year, in fen. */
export type Counted = {
  readonly baseFen: Fen;
  readonly deductibleFen: Fen;
  /** The yearly deductible, where nothing was left to apply it to: what was borne of it is known from then on. */
  readonly yearlyFen?: Fen;
};

/** A visit that a step does not apply to and that counts towards its year all the same. */
export type CountedVisit = Counted & { readonly step: CompiledStep };

/** What a rule comes to, before it is taken from the patient's parts. */
export type Payment = {
  readonly baseFen: Fen;
  readonly boundFen: Fen;
  readonly beforeLimitFen: Fen;
  readonly ceiling: CeilingUse | null;
  readonly shareFen: Fen;
  readonly zeroReason: ZeroReason | null;
  readonly zeroWords: Words | null;
  readonly course: Course | null;
  /** null: the step did not apply in this form, so its year does not count the visit. */
  readonly counted: Counted | null;
  /** What the step paid too much in earlier parts of the stay, by what the whole comes to; not negative. */
  readonly overpaidFen: Fen;
};

/** What the hospital keeps of a quota that is above the cost; not what it holds for a payer who paid too much in parts. */
export function gainOf({ course, hospitalBearsFen }: StepOutcome): Fen {
  return course?.kind === 'quota' && hospitalBearsFen < 0 ? fen(0 - hospitalBearsFen) : zeroFen;
}
