import {
  isInFull,
  type SettlementInput,
  type StepOfYear,
  type YearToDate,
} from '../../shared/domain/person.ts';
import { hospitalLevels } from '../../shared/domain/visit.ts';
import { fen, type Fen } from '../../shared/money/fen.ts';

/** Counters by name; amounts in fen, `admissions` and `level:…` counts. */
export type CounterValues = Readonly<Record<string, number>>;

/** The counters of a year's figures (schema: `year_counters`). */
export function countersOfYear(year: YearToDate): CounterValues {
  const counters: Record<string, number> = {
    admissions: year.admissions,
    'deductible-paid': year.deductiblePaidFen,
    eligible: year.eligibleFen,
    'self-pay': year.selfPayFen,
    'eligible-self-pay': year.eligibleSelfPayFen,
  };
  for (const [payer, paid] of Object.entries(year.paidFen)) counters[`paid:${payer}`] = paid;
  for (const [step, figures] of Object.entries(year.byStep)) {
    counters[`by-step:${step}`] = figures.paidFen;
    if (isInFull(figures)) {
      counters[`step-base:${step}`] = figures.baseFen;
      counters[`step-deductible:${step}`] = figures.deductibleFen;
      counters[`step-self-pay:${step}`] = figures.selfPayFen;
    } else counters[`step-paid-only:${step}`] = 1;
  }
  for (const level of year.levels) counters[`level:${level}`] = 1;
  return counters;
}

/** The figures that counters stand for. */
export function yearOfCounters(
  about: Pick<YearToDate, 'year' | 'asOf' | 'includesVisits'>,
  counters: CounterValues,
): YearToDate {
  const amountOf = (counter: string): Fen => fen(counters[counter] ?? 0);
  return {
    ...about,
    admissions: counters['admissions'] ?? 0,
    deductiblePaidFen: amountOf('deductible-paid'),
    eligibleFen: amountOf('eligible'),
    paidFen: amountsAfter('paid:', counters),
    byStep: stepsOf(counters),
    selfPayFen: amountOf('self-pay'),
    eligibleSelfPayFen: amountOf('eligible-self-pay'),
    levels: hospitalLevels.filter((level) => (counters[`level:${level}`] ?? 0) > 0),
  };
}

/** The visit whose changes are asked for, as far as they depend on it. */
type LevelOfVisit = {
  readonly level: string;
  /** Whether it was a stay: only a stay is seen at a level. */
  readonly isStay: boolean;
};

/**
 * What a visit changed: the figures after it less those before it. A level counts each stay seen there, so
 * that taking one back leaves the others.
 */
export function counterChanges(
  before: YearToDate | null,
  after: YearToDate,
  { level, isStay }: LevelOfVisit,
): CounterValues {
  const old = before === null ? {} : countersOfYear(before);
  const changes: Record<string, number> = {};
  for (const [counter, value] of Object.entries(countersOfYear(after))) {
    if (!counter.startsWith('level:')) changes[counter] = value - (old[counter] ?? 0);
  }
  return isStay ? { ...changes, [`level:${level}`]: 1 } : changes;
}

/** The same of a visit as it was settled: one no policy covers is no stay under the insurance. */
export function changesOfVisit(
  { visit, yearToDate }: Pick<SettlementInput, 'visit' | 'yearToDate'>,
  after: YearToDate,
): CounterValues {
  const { level } = visit.hospital;
  const isStay = visit.kind === 'inpatient' && after.levels.some((seen) => seen === level);
  return counterChanges(yearToDate, after, { level, isStay });
}

/** What is counted of a step. A step that paid nothing may have used up its deductible. */
const ofStep = ['by-step:', 'step-base:', 'step-deductible:', 'step-self-pay:'];

/** A step is known in full only if all its figures come from those who know them in full. */
function stepsOf(counters: CounterValues): Record<string, StepOfYear> {
  const steps: Record<string, StepOfYear> = {};
  const names = ofStep.flatMap((prefix) => Object.keys(amountsAfter(prefix, counters)));
  for (const step of new Set(names)) {
    const amountOf = (name: string): Fen => fen(counters[`${name}:${step}`] ?? 0);
    const paidFen = amountOf('by-step');
    steps[step] =
      amountOf('step-paid-only') > 0
        ? { paidFen }
        : {
            baseFen: amountOf('step-base'),
            deductibleFen: amountOf('step-deductible'),
            paidFen,
            selfPayFen: amountOf('step-self-pay'),
          };
  }
  return steps;
}

function amountsAfter(prefix: string, counters: CounterValues): Record<string, Fen> {
  return Object.fromEntries(
    Object.entries(counters)
      .filter(([counter]) => counter.startsWith(prefix))
      .map(([counter, value]) => [counter.slice(prefix.length), fen(value)]),
  );
}
