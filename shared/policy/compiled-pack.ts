import type { HospitalLevel } from '../domain/visit.ts';
import type { Words } from '../domain/result.ts';
import type { Fen } from '../money/fen.ts';
import type { Rate } from '../money/rate.ts';
import type { Rounding } from '../money/rounding.ts';
import type {
  CategoriesCondition,
  LoweringOrder,
  PackDiseaseList,
  PackDocument,
  SourceReference,
  StepBase,
} from './pack-schema.ts';

/** Where a figure comes from: a source, or an assumption with its reason. */
export type Grounds = {
  readonly source: SourceReference | null;
  readonly assumed: boolean;
  readonly reason: Words | null;
};

/** A figure of the pack as the engine uses it: one value for each hospital level. */
export type LevelFigure<Value> = {
  readonly name: Words;
  readonly grounds: Grounds;
  readonly byLevel: Readonly<Record<HospitalLevel, Value>>;
};

/** A range of the base with its rate: from `aboveFen` up to the next band's. */
export type Band = { readonly aboveFen: Fen; readonly rate: Rate };

export type CompiledRate =
  | { readonly kind: 'rate'; readonly figure: LevelFigure<Rate> }
  | {
      readonly kind: 'bands';
      readonly name: Words;
      readonly grounds: Grounds;
      readonly bands: readonly Band[];
    };

export type CompiledStep = {
  readonly id: string;
  readonly name: Words;
  readonly payer: string;
  readonly destination: string;
  readonly base: StepBase;
  readonly deductible: { readonly per: 'visit' | 'year'; readonly figure: LevelFigure<Fen> } | null;
  readonly rate: CompiledRate;
  readonly ceilingPerVisit: LevelFigure<Fen> | null;
  readonly ceilingPerYear: LevelFigure<Fen> | null;
  readonly rounding: Rounding;
  readonly lowersFirst: LoweringOrder;
  readonly categories: CategoriesCondition | null;
  readonly hospitalLevels: readonly HospitalLevel[] | null;
  readonly diseases: PackDiseaseList | null;
  readonly whenZero: Words | null;
  readonly source: SourceReference;
  /** The step's own rule, or a figure it uses, is assumed. */
  readonly assumed: boolean;
  /** Ids and payers of the steps before it, for what they paid this year. */
  readonly earlier: readonly { readonly id: string; readonly payer: string }[];
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
  readonly appliesTo: PackDocument['appliesTo'];
  /** Payer ids in the order of the steps, each once. */
  readonly payers: readonly string[];
  readonly steps: readonly CompiledStep[];
  readonly sourceTitles: Readonly<Record<string, Words>>;
  readonly document: PackDocument;
};
