import type { SettlementInput, YearToDate } from '../../domain/person.ts';
import { fen, type Fen } from '../../money/fen.ts';
import type { StepOutcome } from './step-outcome.ts';
import { settlementYearOf, type VisitFacts } from '../facts/visit-facts.ts';

/** What a visit adds to the person's year, in fen. */
export type YearAdvance = {
  readonly deductiblePaidFen: Fen;
  readonly eligibleFen: Fen;
  readonly selfPayFen: Fen;
  readonly eligibleSelfPayFen: Fen;
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
    byStepFen: {},
    selfPayFen: fen(0),
    eligibleSelfPayFen: fen(0),
    levels: [],
  };
}

/** The year's counters after the visit: the opening figures plus what this visit adds. */
export function advanceYear(
  pack: { readonly year: 'admission' | 'discharge' },
  facts: VisitFacts,
  outcomes: readonly StepOutcome[],
  advance: YearAdvance,
): YearToDate {
  const { input } = facts;
  const { visit } = input;
  const opening = facts.year ?? freshYear(pack, input);
  const paidFen: Record<string, Fen> = { ...opening.paidFen };
  const byStepFen: Record<string, Fen> = { ...opening.byStepFen };
  for (const { step, shareFen } of outcomes) {
    paidFen[step.payer] = fen((paidFen[step.payer] ?? 0) + shareFen);
    byStepFen[step.id] = fen((byStepFen[step.id] ?? 0) + shareFen);
  }
  return {
    year: opening.year,
    asOf: opening.asOf > visit.dischargedOn ? opening.asOf : visit.dischargedOn,
    includesVisits: opening.includesVisits.includes(visit.id)
      ? opening.includesVisits
      : [...opening.includesVisits, visit.id],
    admissions: facts.admission,
    deductiblePaidFen: fen(opening.deductiblePaidFen + advance.deductiblePaidFen),
    eligibleFen: fen(opening.eligibleFen + advance.eligibleFen),
    paidFen,
    byStepFen,
    selfPayFen: fen(opening.selfPayFen + advance.selfPayFen),
    eligibleSelfPayFen: fen(opening.eligibleSelfPayFen + advance.eligibleSelfPayFen),
    levels: opening.levels.includes(visit.hospital.level)
      ? opening.levels
      : [...opening.levels, visit.hospital.level],
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
    ...advanceYear(pack, facts, [], { ...advance, selfPayFen }),
    admissions: opening.admissions,
    levels: opening.levels,
  };
}
