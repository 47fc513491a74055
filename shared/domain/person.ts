import type { StepInFull, StepOfYear } from './shapes/person-shape.ts';

export {
  employments,
  insurances,
  personCategories,
  type Insurance,
  type PersonCategoryName,
} from './closed-values.ts';

// What a person and a year are is declared once, with how JSON writes them; here are the types alone.
export type {
  Person,
  PersonCategory,
  StepInFull,
  StepOfYear,
  YearToDate,
} from './shapes/person-shape.ts';
export type { SettlementInput } from './shapes/input-shape.ts';

/** Whether a step's year is known in full; else only what it paid is. */
export function isInFull(step: StepOfYear): step is StepInFull {
  return 'baseFen' in step;
}
