import type { Repositories } from '../database/store.ts';
import { countersOfYear, yearOfCounters, type CounterValues } from '../database/year-counters.ts';
import type { YearToDate } from '../../shared/domain/person.ts';
import type { Day } from '../../shared/domain/visit.ts';

/** A settlement's place in the year: which visit, and when it ended. */
export type BookedVisit = { readonly id: string; readonly dischargedOn: Day };

/**
 * A person's years gone through again, settlement by settlement, on paper only: from what was known before
 * any of ours. Nothing that is kept is changed.
 */
export type YearBook = {
  /** The year as it stands at this point; null if nothing is known of it. */
  before(year: number): Promise<YearToDate | null>;
  /** Whether anyone said how the year stood before our own settlements. */
  isOpened(year: number): Promise<boolean>;
  /** The next settlement, by what it changes. */
  add(visit: BookedVisit, year: number, changes: CounterValues): Promise<void>;
};

type YearPage = {
  readonly opening: YearToDate | null;
  readonly visits: BookedVisit[];
  readonly values: Record<string, number>;
};

/** The years of a person, at their openings. */
export function openYearBook(
  { counters }: Pick<Repositories, 'counters'>,
  personId: string,
): YearBook {
  const pages = new Map<number, YearPage>();
  const pageOf = async (year: number): Promise<YearPage> => {
    const known = pages.get(year);
    if (known !== undefined) return known;
    const opening = await counters.openingOf(personId, year);
    const values = opening === null ? {} : { ...countersOfYear(opening) };
    const page = { opening, visits: [], values };
    pages.set(year, page);
    return page;
  };
  return {
    async before(year) {
      const { opening, visits, values } = await pageOf(year);
      if (opening === null && visits.length === 0) return null;
      const days = visits.map(({ dischargedOn }) => dischargedOn);
      const asOf = [opening?.asOf ?? '', ...days].sort().at(-1) ?? '';
      const ids = visits.map(({ id }) => id);
      const includesVisits = [...new Set([...(opening?.includesVisits ?? []), ...ids])];
      return yearOfCounters({ year, asOf, includesVisits }, values);
    },
    async isOpened(year) {
      return (await pageOf(year)).opening !== null;
    },
    async add(visit, year, changes) {
      const { visits, values } = await pageOf(year);
      visits.push(visit);
      for (const [counter, change] of Object.entries(changes)) {
        values[counter] = (values[counter] ?? 0) + change;
      }
    },
  };
}
