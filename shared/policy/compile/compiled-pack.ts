import type { Words } from '../../domain/result.ts';
import type { ShareBase, TraceNode } from '../../domain/settlement-result.ts';
import type { ChargeLine } from '../../domain/visit.ts';
import type { Fen } from '../../money/fen.ts';
import type { Rate } from '../../money/rate.ts';
import type { Rounding } from '../../money/rounding.ts';
import type { CompiledCondition } from './compile-condition.ts';
import type { ReferralCertificate } from '../pack/pack-conditions.ts';
import type { PackDocument } from '../pack/pack-schema.ts';
import type { StepAccount } from '../facts/steps-before.ts';
import type { StepPointers } from './step-pointers.ts';
import type { LoweringOrder, StepBase } from '../pack/pack-steps.ts';
import type { SourceReference } from '../pack/pack-words.ts';
import type { VisitFacts } from '../facts/visit-facts.ts';

/** Where a figure comes from: a source, or an assumption with its reason. */
export type Grounds = {
  readonly source: SourceReference | null;
  readonly assumed: boolean;
  readonly reason: Words | null;
  /** Why it is assumed, where no document gives it; null where one does. */
  readonly assumption: Words | null;
  /** As an explanation names it: the same for every visit, so it is made once. */
  readonly cited: TraceNode['source'];
};

/** A figure of the pack as the engine uses it. */
export type Figure<Value> = {
  readonly name: Words;
  readonly grounds: Grounds;
  /** The value for a visit, exceptions aside; null: none is stated for its hospital level. */
  readonly of: (facts: VisitFacts) => Value | null;
  /** The first whose condition holds counts instead; a null value is "none". */
  readonly exceptions: readonly {
    readonly when: CompiledCondition;
    readonly value: Value | null;
    readonly grounds: Grounds;
  }[];
};

/** A range of the base with its rate: from `aboveFen` up to the next band's. */
export type Band = { readonly aboveFen: Fen; readonly rate: Rate };

/** One rate, rates by range of the base, or by catalogue class. */
export type RateValue =
  | { readonly kind: 'rate'; readonly rate: Rate; readonly inLowestTerms: Rate }
  | { readonly kind: 'bands'; readonly bands: readonly Band[] }
  | { readonly kind: 'classes'; readonly classA: Rate; readonly classB: Rate };

export type CompiledCeilings = {
  readonly ceilingPerVisit: Figure<Fen> | null;
  readonly ceilingPerYear: Figure<Fen> | null;
};

export type CompiledDeductible = {
  readonly per: 'visit' | 'year';
  readonly figure: Figure<Fen>;
  readonly difference: boolean;
};

/** What a rate step pays by for one group of persons. */
export type RateTerms = CompiledCeilings & {
  /** null: the step's own, for everyone. */
  readonly name: Words | null;
  readonly when: CompiledCondition | null;
  readonly rate: Figure<RateValue>;
  readonly deductible: CompiledDeductible | null;
};

export type RateRule = {
  readonly base: StepBase;
  readonly rounding: Rounding;
  readonly lowersFirst: LoweringOrder;
  /** The groups in their order; then, where the step has terms for everyone, those. */
  readonly variants: readonly RateTerms[];
  readonly own: RateTerms | null;
  readonly take: 'best' | 'first';
};

export type QuotaEntry = {
  readonly name: string;
  readonly quotaFen: Fen;
  readonly fits: (facts: VisitFacts) => boolean;
};

export type CompiledTarget =
  | {
      readonly kind: 'reach';
      readonly of: 'total' | 'in-scope' | 'in-scope-after-first-pay';
      readonly figure: Figure<Rate>;
    }
  | { readonly kind: 'year-self-pay'; readonly figure: Figure<Fen> }
  | { readonly kind: 'visit-self-pay'; readonly figure: Figure<Fen> }
  | { readonly kind: 'nothing-left' };

export type CompiledRule =
  | ({ readonly kind: 'rate' } & RateRule)
  | ({
      readonly kind: 'items';
      readonly name: Words;
      readonly isListed: (line: ChargeLine) => boolean;
      readonly rate: Figure<Rate>;
      readonly rounding: Rounding;
      readonly lowersFirst: LoweringOrder;
    } & CompiledCeilings)
  | {
      readonly kind: 'quota';
      readonly list: Words;
      readonly entries: readonly QuotaEntry[];
      readonly factor: Figure<Rate> | null;
      readonly rate: Figure<Rate>;
      readonly rounding: Rounding;
      readonly ordinary: RateRule | null;
    }
  | ({
      readonly kind: 'guarantee';
      readonly base: 'in-scope-residual' | 'residual-total';
      readonly combine: 'either-sufficient' | 'best-for-patient';
      readonly targets: readonly CompiledTarget[];
      readonly rounding: Rounding;
      readonly lowersFirst: LoweringOrder;
    } & CompiledCeilings)
  | ({
      readonly kind: 'approved-amount';
      readonly base: 'in-scope-residual' | 'residual-total';
      readonly form: Words;
      readonly lowersFirst: LoweringOrder;
    } & CompiledCeilings)
  | { readonly kind: 'not-stated'; readonly reason: Words };

/** Referral and place as they change what steps pay. */
export type CompiledModifier = {
  readonly id: string;
  readonly name: Words;
  readonly grounds: Grounds;
  readonly when: CompiledCondition;
  /** How much of the rate counts, or how much the patient pays first; null where steps are switched off. */
  readonly figure: Figure<Rate> | null;
};

/** A ceiling a step shares with others. */
export type CompiledSharedCeiling = {
  readonly figure: Figure<Fen>;
  readonly per: 'visit' | 'year';
  /** The steps that use it up beside this one, in their order. */
  readonly others: readonly { readonly id: string; readonly index: number }[];
};

/** Ways of which only the one that leaves the patient less counts. */
export type CompiledChoice = {
  readonly id: string;
  readonly name: Words;
  readonly per: 'step' | 'person';
  readonly grounds: Grounds;
  readonly ways: readonly { readonly name: Words; readonly steps: readonly number[] }[];
  /** The places of the first and the last step of all its ways. */
  readonly first: number;
  readonly last: number;
};

/** What the explanation of a step says alike on every visit: made once, for sentences are what it is made of most. */
export type StepTexts = {
  /** By the base it is applied to: a quota has another one where no quota is listed. */
  readonly bases: Readonly<Partial<Record<ShareBase, BaseTexts>>>;
  /** How the sentence on what it pays begins. */
  readonly pays: Words;
  readonly ids: { readonly pays: string; readonly deductible: string };
};

/** What a base is called, and how the sentence begins that names it. */
export type BaseTexts = { readonly name: Words; readonly begins: Words };

export type CompiledStep = {
  readonly id: string;
  readonly name: Words;
  readonly payer: string;
  readonly destination: string;
  readonly appliesTo: CompiledCondition;
  readonly requires: CompiledCondition;
  readonly otherwise: Words | null;
  readonly rule: CompiledRule;
  readonly multipliedBy: readonly CompiledModifier[];
  readonly disabledBy: readonly CompiledModifier[];
  /** Where its rule stands, as an explanation names it. */
  readonly cited: TraceNode['source'];
  /** The pointers that its explanation adds to. */
  readonly pointers: StepPointers;
  readonly texts: StepTexts;
  /** The step's own rule is assumed in a point; figures say it of themselves. */
  readonly assumed: boolean;
  /** Its place among the steps of the pack, from 0. */
  readonly index: number;
  readonly account: StepAccount;
  /** The ids of this step and those after it. */
  readonly from: readonly string[];
  /** Which visits feed its yearly figures, where the pack says so; null: those it applied to. */
  readonly hasYearlyDeductible: boolean;
  readonly countsTowards: CompiledCondition | null;
  readonly sharedCeilings: readonly CompiledSharedCeiling[];
};

/** A pack made ready for many visits: references resolved, texts turned into fen and exact rates. */
export type CompiledPack = {
  readonly id: string;
  readonly version: string;
  readonly locality: Words;
  readonly scheme: Words;
  readonly inForceFrom: string;
  /** Exclusive; null: not ended. */
  readonly inForceUntil: string | null;
  readonly decidingDay: 'admission' | 'discharge';
  /** Which day's year the counters are of. */
  readonly year: 'admission' | 'discharge';
  /** What makes a referral certificate count, beside its day. */
  readonly referralCertificate: ReferralCertificate;
  /** By which day care away from home must have been filed; null: whenever. */
  readonly filingDay: 'admission' | 'discharge' | null;
  readonly appliesTo: PackDocument['appliesTo'];
  /** What the scope asks for beside place, insurance, kind and categories. */
  readonly scope: CompiledCondition;
  /** Payer ids in the order of the steps, each once. */
  readonly payers: readonly string[];
  readonly steps: readonly CompiledStep[];
  /** Whether what it pays depends on where the hospital is. */
  readonly asksForPlace: boolean;
  readonly accounts: readonly StepAccount[];
  /** What the patient pays first of the in-scope cost, by referral and place. */
  readonly firstPays: readonly CompiledModifier[];
  readonly choices: readonly CompiledChoice[];
  readonly document: PackDocument;
};
