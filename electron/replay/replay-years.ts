import {
  changesOfVisit,
  countersOfYear,
  yearOfCounters,
  type CounterValues,
} from '../database/year-counters.ts';
import { isInFull, type SettlementInput, type YearToDate } from '../../shared/domain/person.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';

type Page = {
  current: YearToDate | null;
  /** Only where the opening gives plain amounts: the counters as the books would keep them. */
  counters: CounterValues | null;
};

/**
 * A person's years gone through once, as `YearBook` does: the same figures, without a promise for each and without an
 * explanation where none is needed. A year that a register opened with plain amounts goes by its counters, for what is
 * reckoned of the time before belongs to the opening (`changesOfVisit`).
 */
export class ReplayYears {
  readonly #openings: ReadonlyMap<number, YearToDate>;
  readonly #pages = new Map<number, Page>();

  constructor(openings: ReadonlyMap<number, YearToDate>) {
    this.#openings = openings;
  }

  /** The year as it stands; null if nothing is known of it. */
  before(year: number): YearToDate | null {
    return this.#page(year).current;
  }

  /** Whether the next result must come with its explanation. */
  needsTrace(year: number): boolean {
    return this.#page(year).counters !== null;
  }

  /** Enters a visit that was decided on `before` of its year. */
  enter(input: SettlementInput, result: SettlementResult): void {
    const { year } = result.yearToDate;
    const page = this.#page(year);
    if (page.counters === null) {
      page.current = withoutTotal(result.yearToDate);
      return;
    }
    const changes = changesOfVisit(input, result, { isOpened: true });
    const counters: Record<string, number> = { ...page.counters };
    for (const [counter, change] of Object.entries(changes)) {
      counters[counter] = (counters[counter] ?? 0) + change;
    }
    page.counters = counters;
    const { asOf, includesVisits } = result.yearToDate;
    page.current = yearOfCounters({ year, asOf, includesVisits }, counters);
  }

  #page(year: number): Page {
    const known = this.#pages.get(year);
    if (known !== undefined) return known;
    const opening = this.#openings.get(year) ?? null;
    const page: Page =
      opening === null || isPlain(opening)
        ? { current: opening, counters: opening === null ? null : countersOfYear(opening) }
        : { current: withoutTotal(opening), counters: null };
    this.#pages.set(year, page);
    return page;
  }
}

/** Whether somebody stated a year of which the steps are not known in full. */
function isPlain({ byStep }: YearToDate): boolean {
  const steps = Object.values(byStep);
  return steps.length === 0 || steps.some((step) => !isInFull(step));
}

/**
 * The year's bills are no counter of ours: a visit is settled on a year without them. Field by field: an object that a
 * field was deleted from is slow to read ever after, and all later visits of the person read it.
 */
function withoutTotal(year: YearToDate): YearToDate {
  if (year.totalFen === undefined) return year;
  const figures: Omit<YearToDate, 'totalFen'> = {
    year: year.year,
    asOf: year.asOf,
    includesVisits: year.includesVisits,
    admissions: year.admissions,
    deductiblePaidFen: year.deductiblePaidFen,
    eligibleFen: year.eligibleFen,
    paidFen: year.paidFen,
    byStep: year.byStep,
    selfPayFen: year.selfPayFen,
    eligibleSelfPayFen: year.eligibleSelfPayFen,
    levels: year.levels,
  };
  return figures;
}
