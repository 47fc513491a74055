import type { YearToDate } from '../../shared/domain/person.ts';
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
  for (const [step, paid] of Object.entries(year.byStepFen)) counters[`by-step:${step}`] = paid;
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
    byStepFen: amountsAfter('by-step:', counters),
    selfPayFen: amountOf('self-pay'),
    eligibleSelfPayFen: amountOf('eligible-self-pay'),
    levels: hospitalLevels.filter((level) => (counters[`level:${level}`] ?? 0) > 0),
  };
}

/**
 * What a visit changed: the figures after it less those before it. A level counts each visit seen there, so
 * that taking one back leaves the others.
 */
export function counterChanges(
  before: YearToDate | null,
  after: YearToDate,
  level: string,
): CounterValues {
  const old = before === null ? {} : countersOfYear(before);
  const changes: Record<string, number> = {};
  for (const [counter, value] of Object.entries(countersOfYear(after))) {
    if (!counter.startsWith('level:')) changes[counter] = value - (old[counter] ?? 0);
  }
  return { ...changes, [`level:${level}`]: 1 };
}

function amountsAfter(prefix: string, counters: CounterValues): Record<string, Fen> {
  return Object.fromEntries(
    Object.entries(counters)
      .filter(([counter]) => counter.startsWith(prefix))
      .map(([counter, value]) => [counter.slice(prefix.length), fen(value)]),
  );
}
