import type { Kysely } from 'kysely';

import { accepted, type Result } from '../../shared/domain/result.ts';
import {
  addToValues,
  forgetUnknownCounters,
  openAs,
  ownVisits,
  writeOpening,
} from './counters-repository.ts';
import { touchPart } from './row-marks.ts';
import type { Tables } from './schema.ts';
import type { OpeningAsStored } from './stored-documents/moved-document.ts';
import { readStored } from './stored-documents/stored-kind.ts';
import { yearOpeningDocument } from './stored-documents/year-opening-document.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** From whose years to whose. */
export type FromTo = { readonly from: string; readonly to: string };

/** Visits with their settlements, and the openings of years, as they go from one person to another. */
export type PersonYearsRepository = {
  /**
   * Moves visits with the settlements that stand and what those changed in the year; both years follow. Answers with the
   * years that were touched.
   */
  moveVisits(visitIds: readonly string[], persons: FromTo): Promise<readonly number[]>;
  /** How a person's years opened, by year. */
  openingsOf(personId: string): Promise<ReadonlyMap<number, OpeningAsStored>>;
  /**
   * Has a year open as it is stated, or not at all where that is null. Settlements of ours that the statement includes are
   * taken out of it first. Refused as `year-to-date-ambiguous` where it includes one with less than we settled.
   */
  openYearAs(
    at: { readonly personId: string; readonly year: number },
    opening: OpeningAsStored | null,
  ): Promise<Result<null, 'year-to-date-ambiguous'>>;
};

export function personYearsRepository(
  db: Kysely<Tables>,
  { keys, marks, auditKey }: UnitOfWork,
): PersonYearsRepository {
  return {
    async moveVisits(visitIds, persons) {
      keys.assertAlone('the numbers of a person');
      const moved = visitIds.map((id) => [id] as const);
      await touchPart(db, { marks, auditKey }, 'visits', moved);
      return visitIds.length === 0 ? [] : moveVisits(db, visitIds, persons);
    },
    async openingsOf(personId) {
      const rows = await db
        .selectFrom('person_year_openings')
        .selectAll()
        .where('person_id', '=', personId)
        .orderBy('year')
        .execute();
      return new Map(
        rows.map((row) => [
          row.year,
          {
            ...{ asOf: row.as_of, source: row.source },
            ...{ text: row.opening_json, version: row.opening_version },
          },
        ]),
      );
    },
    async openYearAs(at, opening) {
      keys.assertAlone('the numbers of a person');
      marks.touch('person_year_openings', [at.personId, at.year]);
      return openYearAs(db, at, opening);
    },
  };
}

async function moveVisits(
  db: Kysely<Tables>,
  visitIds: readonly string[],
  { from, to }: FromTo,
): Promise<readonly number[]> {
  const moving = await db
    .selectFrom('settlements')
    .select(['id', 'year'])
    .where('visit_id', 'in', visitIds)
    .where('person_id', '=', from)
    .where('state', '=', 'settled')
    .execute();
  await db.updateTable('visits').set({ person_id: to }).where('id', 'in', visitIds).execute();
  const settled = moving.map(({ id }) => id);
  if (settled.length === 0) return [];
  await db.updateTable('settlements').set({ person_id: to }).where('id', 'in', settled).execute();
  const changes = await db
    .selectFrom('settlement_counter_changes')
    .select(['year', 'counter', 'change'])
    .where('settlement_id', 'in', settled)
    .execute();
  await db
    .updateTable('settlement_counter_changes')
    .set({ person_id: to })
    .where('settlement_id', 'in', settled)
    .execute();
  const years = [...new Set([...moving, ...changes].map(({ year }) => year))].sort();
  for (const year of years) {
    const sums = new Map<string, number>();
    for (const each of changes.filter((change) => change.year === year)) {
      sums.set(each.counter, (sums.get(each.counter) ?? 0) + each.change);
    }
    const back = [...sums].map(([counter, change]): [string, number] => [counter, -change]);
    await addToValues(db, from, year, back);
    await forgetUnknownCounters(db, from, year, '');
    await addToValues(db, to, year, [...sums]);
  }
  return years;
}

async function openYearAs(
  db: Kysely<Tables>,
  { personId, year }: { readonly personId: string; readonly year: number },
  stated: OpeningAsStored | null,
): Promise<Result<null, 'year-to-date-ambiguous'>> {
  if (stated === null) {
    await writeOpening(db, personId, year, {});
    await db
      .deleteFrom('person_year_openings')
      .where('person_id', '=', personId)
      .where('year', '=', year)
      .execute();
    await forgetUnknownCounters(db, personId, year, '');
    return accepted(null);
  }
  const { text, version, source } = stated;
  const id = `${personId} ${String(year)}`;
  const said = readStored(yearOpeningDocument, { id, version, text });
  const own = await ownVisits(db, personId, year);
  return openAs(db, { personId, yearToDate: said, source, own });
}
