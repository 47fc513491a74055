import {
  isInFull,
  type SettlementInput,
  type StepInFull,
  type StepOfYear,
  type YearToDate,
} from '../../domain/person.ts';
import type { Mutable } from '../../domain/mutable.ts';
import type { EarlierParts } from '../../domain/visit.ts';
import { fen, zeroFen, type Fen } from '../../money/fen.ts';
import { neverApplied, type StepBefore } from '../facts/steps-before.ts';
import { settlementYearOf, type VisitFacts } from '../facts/visit-facts.ts';
import type { CompiledStep } from '../compile/compiled-pack.ts';
import type { CountedVisit, StepOutcome } from './step-outcome.ts';

/** What a visit adds to the person's year, in fen. */
export type YearAdvance = {
  readonly totalFen: Fen;
  readonly deductiblePaidFen: Fen;
  readonly eligibleFen: Fen;
  readonly selfPayFen: Fen;
  readonly eligibleSelfPayFen: Fen;
};

/** What the steps made of a visit, and how they stood before it. */
export type YearOfSteps = {
  readonly outcomes: readonly StepOutcome[];
  readonly before: readonly StepBefore[];
  readonly countedElsewhere: readonly CountedVisit[];
  readonly reckonedElsewhere: readonly CompiledStep[];
};

/** Where no step paid, for no pack applies. */
export const noSteps: YearOfSteps = {
  outcomes: [],
  before: [],
  countedElsewhere: [],
  reckonedElsewhere: [],
};

/** A year of which nothing is known yet: the one the pack reckons the visit by. */
export function freshYear(
  pack: { readonly year: 'admission' | 'discharge' },
  input: SettlementInput,
): YearToDate {
  return {
    year: settlementYearOf(pack, input),
    asOf: input.visit.dischargedOn,
    includesVisits: [],
    admissions: 0,
    deductiblePaidFen: fen(0),
    eligibleFen: fen(0),
    paidFen: {},
    byStep: {},
    totalFen: fen(0),
    selfPayFen: fen(0),
    eligibleSelfPayFen: fen(0),
    levels: [],
  };
}

/**
 * The year's counters after the visit: the opening figures plus what this visit adds. `added`: what each outcome adds
 * to the year of its step.
 */
export function advanceYear(
  pack: { readonly year: 'admission' | 'discharge' },
  facts: VisitFacts,
  steps: YearOfSteps,
  advance: YearAdvance,
  added: readonly StepInFull[],
): YearToDate {
  const { input } = facts;
  const { visit } = input;
  const opening = facts.year ?? freshYear(pack, input);
  const paidFen: Record<string, Fen> = { ...opening.paidFen };
  for (const { step, shareFen } of steps.outcomes) {
    paidFen[step.payer] = fen((paidFen[step.payer] ?? 0) + shareFen);
  }
  // An outpatient visit is no stay at a hospital of that level.
  const isSeen = visit.kind === 'outpatient' || opening.levels.includes(visit.hospital.level);
  const year: Mutable<YearToDate> = {
    year: opening.year,
    asOf: asOfAfter(opening, visit.dischargedOn),
    includesVisits: opening.includesVisits.includes(visit.id)
      ? opening.includesVisits
      : [...opening.includesVisits, visit.id],
    admissions: facts.admission,
    deductiblePaidFen: fen(opening.deductiblePaidFen + advance.deductiblePaidFen),
    eligibleFen: fen(opening.eligibleFen + advance.eligibleFen),
    paidFen,
    byStep: stepsAfter(opening, steps, advance, added),
    selfPayFen: fen(opening.selfPayFen + advance.selfPayFen),
    eligibleSelfPayFen: fen(opening.eligibleSelfPayFen + advance.eligibleSelfPayFen),
    levels: isSeen ? opening.levels : [...opening.levels, visit.hospital.level],
  };
  if (opening.totalFen !== undefined) year.totalFen = fen(opening.totalFen + advance.totalFen);
  return year;
}

/** The later of the two days, but within the year that the figures are of. */
function asOfAfter({ asOf, year }: YearToDate, dischargedOn: string): string {
  const lastDay = `${String(year)}-12-31`;
  const day = dischargedOn > lastDay ? lastDay : dischargedOn;
  return asOf > day ? asOf : day;
}

/** What a visit adds to the year of a step it applied to. */
export function addedByOutcome(
  { step, shareFen, counted, countsInYear }: StepOutcome,
  advance: Pick<YearAdvance, 'selfPayFen' | 'eligibleSelfPayFen'>,
): StepInFull {
  if (counted === null || !countsInYear) return { ...neverApplied, paidFen: shareFen };
  return {
    baseFen: counted.baseFen,
    deductibleFen: counted.deductibleFen,
    paidFen: shareFen,
    selfPayFen: step.account.isInScope ? advance.eligibleSelfPayFen : advance.selfPayFen,
  };
}

function stepsAfter(
  opening: YearToDate,
  { outcomes, before, countedElsewhere, reckonedElsewhere }: YearOfSteps,
  advance: YearAdvance,
  added: readonly StepInFull[],
): Record<string, StepOfYear> {
  const byStep: Record<string, StepOfYear> = { ...opening.byStep };
  outcomes.forEach((outcome, index) => {
    const { step, course } = outcome;
    const stood = before[step.index] ?? neverApplied;
    const deductible = course?.kind === 'rate' ? course.deductible : null;
    const whole =
      deductible?.per === 'year' ? deductible.value : (outcome.counted?.yearlyFen ?? null);
    byStep[step.id] = after(stood, added[index] ?? neverApplied, whole, step.hasYearlyDeductible);
  });
  for (const counted of countedElsewhere) {
    const { step } = counted;
    const own = byStep[step.id];
    if (own !== undefined && !isInFull(own)) continue;
    byStep[step.id] = after(
      before[step.index] ?? neverApplied,
      addedByCounted(counted, advance),
      null,
      step.hasYearlyDeductible,
    );
  }
  for (const { id, index, hasYearlyDeductible } of reckonedElsewhere) {
    const stood = before[index] ?? neverApplied;
    byStep[id] ??= after(stood, neverApplied, null, hasYearlyDeductible);
  }
  return byStep;
}

/** What a visit adds to the year of a step that it counts towards without its applying. */
export function addedByCounted(
  { step, baseFen, deductibleFen }: CountedVisit,
  advance: Pick<YearAdvance, 'selfPayFen' | 'eligibleSelfPayFen'>,
): StepInFull {
  const selfPayFen = step.account.isInScope ? advance.eligibleSelfPayFen : advance.selfPayFen;
  return { baseFen, deductibleFen, paidFen: zeroFen, selfPayFen };
}

/**
 * A step's year after a visit. Where nobody knows how much of its yearly deductible was borne before and this visit
 * did not ask for it, only what it paid stays known.
 */
function after(
  before: StepBefore,
  added: StepInFull,
  wholeDeductible: number | null,
  hasYearlyDeductible: boolean,
): StepOfYear {
  if (before === neverApplied) return added;
  const paidFen = fen(before.paidFen + added.paidFen);
  let borne: number | null = before.deductibleFen;
  if (borne === null && wholeDeductible !== null) borne = Math.min(before.baseFen, wholeDeductible);
  else if (borne === null && (!hasYearlyDeductible || before.baseFen === 0)) borne = 0;
  if (borne === null) return { paidFen };
  return {
    baseFen: fen(before.baseFen + added.baseFen),
    deductibleFen: fen(borne + added.deductibleFen),
    paidFen,
    selfPayFen: fen(before.selfPayFen + added.selfPayFen),
  };
}

/**
 * What the parts of a stay came to, this one included; null where earlier ones are not known in full. `addedToYear`:
 * what each outcome adds to the year of its step.
 */
export function partsAfter(
  { parts, input }: VisitFacts,
  { outcomes }: YearOfSteps,
  addedToYear: readonly StepInFull[],
  part: Omit<Required<EarlierParts>, 'parts' | 'byStep'> & { readonly eligibleSelfPayFen: Fen },
): EarlierParts | null {
  const { visit } = input;
  if (visit.kind !== 'inpatient') return null;
  if (visit.earlierParts !== undefined && parts === null) return null;
  const byStep: Record<string, StepInFull> = { ...parts?.byStep };
  const ofPart = { selfPayFen: part.patientPaysFen, eligibleSelfPayFen: part.eligibleSelfPayFen };
  outcomes.forEach((outcome, index) => {
    const { id } = outcome.step;
    const before = byStep[id];
    // A stay remembers also what the year does not count.
    const added =
      (outcome.countsInYear ? addedToYear[index] : undefined) ??
      addedByOutcome({ ...outcome, countsInYear: true }, ofPart);
    byStep[id] = before === undefined ? added : sumOfSteps(before, added);
  });
  return {
    parts: (parts?.parts ?? 0) + 1,
    totalFen: fen((parts?.totalFen ?? 0) + part.totalFen),
    eligibleFen: fen((parts?.eligibleFen ?? 0) + part.eligibleFen),
    deductiblePaidFen: fen((parts?.deductiblePaidFen ?? 0) + part.deductiblePaidFen),
    patientPaysFen: fen((parts?.patientPaysFen ?? 0) + part.patientPaysFen),
    hospitalBearsFen: fen((parts?.hospitalBearsFen ?? 0) + part.hospitalBearsFen),
    byStep,
  };
}

function sumOfSteps(one: StepInFull, other: StepInFull): StepInFull {
  return {
    baseFen: fen(one.baseFen + other.baseFen),
    deductibleFen: fen(one.deductibleFen + other.deductibleFen),
    paidFen: fen(one.paidFen + other.paidFen),
    selfPayFen: fen(one.selfPayFen + other.selfPayFen),
  };
}

/**
 * The year's counters after a visit no policy covers: it is something the person paid, and nothing else. It
 * uses up no deductible or band and is no admission under the insurance.
 */
export function advanceSelfPay(
  pack: { readonly year: 'admission' | 'discharge' },
  facts: VisitFacts,
  selfPayFen: Fen,
): YearToDate {
  const opening = facts.year ?? freshYear(pack, facts.input);
  const zero = fen(0);
  const advance = { deductiblePaidFen: zero, eligibleFen: zero, eligibleSelfPayFen: zero };
  return {
    ...advanceYear(pack, facts, noSteps, { ...advance, totalFen: selfPayFen, selfPayFen }, []),
    admissions: opening.admissions,
    levels: opening.levels,
  };
}
