import { sql, type Kysely } from 'kysely';

import type { YearToDate } from '../../shared/domain/person.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { databaseRefusal } from './database-refusals.ts';
import type { Tables } from './schema.ts';
import { readStored } from './stored-documents/stored-kind.ts';
import { yearOpeningDocument, yearOpeningText } from './stored-documents/year-opening-document.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import {
  countersOfYear,
  learnedOfOpening,
  openingWith,
  yearOfCounters,
  type CounterValues,
} from './year-counters.ts';

export type { CounterValues } from './year-counters.ts';

/** A person's year as we know it. */
export type KnownYear = {
  readonly yearToDate: YearToDate;
  /** Who said how the year stood before our own settlements; null: nobody, so only ours are known. */
  readonly openingSource: string | null;
};

export type CountersRepository = {
  /** The person's year, our own settlements included; null if nothing is known of it. */
  ofYear(personId: string, year: number): Promise<KnownYear | null>;
  /** How the year stood before any settlement of ours; null if nobody said. */
  openingOf(personId: string, year: number): Promise<YearToDate | null>;
  /**
   * Takes in how a year stood elsewhere. Our settlements it includes are taken out first. Refused as
   * `year-to-date-ambiguous` if it is dated after a settlement of ours and says nothing about it, or includes
   * one of ours with less than we settled. A seed older than the one we have is `kept` aside unused.
   */
  openYear(seed: {
    readonly personId: string;
    readonly yearToDate: YearToDate;
    readonly source: string;
  }): Promise<Result<'opened' | 'replaced' | 'kept', 'year-to-date-ambiguous'>>;
  /**
   * Adds what a settlement changed to the year it came to, and remembers it with the settlement. What it found out
   * of the time before our own is entered with the opening, if there is one.
   */
  applyChanges(change: {
    readonly settlementId: string;
    readonly personId: string;
    readonly after: YearToDate;
    readonly changes: CounterValues;
  }): Promise<void>;
  /** What a settlement changed, whether or not it was taken back since. */
  changesOf(settlementId: string): Promise<CounterValues>;
  /** Takes back exactly what a settlement had changed; answers with what that was. */
  revertChanges(settlementId: string): Promise<CounterValues>;
};

export function countersRepository(
  db: Kysely<Tables>,
  { keys, marks }: UnitOfWork,
): CountersRepository {
  return {
    ofYear: (personId, year) => ofYear(db, personId, year),
    openingOf: async (personId, year) => (await openingOf(db, personId, year))?.yearToDate ?? null,
    openYear(seed) {
      keys.assertHeld('person', seed.personId);
      marks.touch('person_year_openings', [seed.personId, seed.yearToDate.year]);
      return openYear(db, seed);
    },
    async applyChanges({ settlementId, personId, after, changes }) {
      keys.assertHeld('person', personId);
      const { year } = after;
      // A counter changed by nothing is kept too: a step known to have paid 0 is not an unknown one.
      const entries = Object.entries(changes);
      if (entries.length === 0) return;
      await db
        .insertInto('settlement_counter_changes')
        .values(
          entries.map(([counter, change]) => ({
            settlement_id: settlementId,
            person_id: personId,
            year,
            counter,
            change,
          })),
        )
        .execute();
      await addToValues(db, personId, year, entries);
      if (await completeOpening(db, personId, after))
        marks.touch('person_year_openings', [personId, year]);
    },
    async changesOf(settlementId) {
      const rows = await db
        .selectFrom('settlement_counter_changes')
        .select(['counter', 'change'])
        .where('settlement_id', '=', settlementId)
        .orderBy('counter')
        .execute();
      return Object.fromEntries(
        rows.filter(({ change }) => change !== 0).map(({ counter, change }) => [counter, change]),
      );
    },
    async revertChanges(settlementId) {
      const rows = await db
        .selectFrom('settlement_counter_changes')
        .selectAll()
        .where('settlement_id', '=', settlementId)
        .execute();
      const [first] = rows;
      if (first === undefined) return {};
      keys.assertHeld('person', first.person_id);
      const back = rows.map(({ counter, change }): [string, number] => [counter, -change]);
      await addToValues(db, first.person_id, first.year, back);
      await forgetUnknownCounters(db, first.person_id, first.year, settlementId);
      return Object.fromEntries(rows.map(({ counter, change }) => [counter, change]));
    },
  };
}

/** Adds to the values of a year's counters, which none of them is below zero by. */
export async function addToValues(
  db: Kysely<Tables>,
  person_id: string,
  year: number,
  changes: readonly (readonly [counter: string, change: number])[],
): Promise<void> {
  for (const [counter, change] of changes.filter(([, each]) => each < 0)) {
    // A row for an upsert would be refused before the old value is added: no counter may be below zero.
    await db
      .updateTable('year_counters')
      .set((column) => ({ value: column('value', '+', change) }))
      .where('person_id', '=', person_id)
      .where('year', '=', year)
      .where('counter', '=', counter)
      .execute();
  }
  const added = changes.filter(([, each]) => each >= 0);
  if (added.length === 0) return;
  await db
    .insertInto('year_counters')
    .values(added.map(([counter, value]) => ({ person_id, year, counter, opening: 0, value })))
    .onConflict((conflict) =>
      conflict
        .columns(['person_id', 'year', 'counter'])
        .doUpdateSet({ value: sql<number>`year_counters.value + excluded.value` }),
    )
    .execute();
}

/** Removes the counters that nobody but a settlement taken back has ever spoken of. */
export async function forgetUnknownCounters(
  db: Kysely<Tables>,
  personId: string,
  year: number,
  takenBack: string,
): Promise<void> {
  const opening = await openingOf(db, personId, year);
  const opened = opening === null ? [] : Object.keys(countersOfYear(opening.yearToDate));
  const spokenOf = db
    .selectFrom('settlement_counter_changes')
    .innerJoin('settlements', 'settlements.id', 'settlement_counter_changes.settlement_id')
    .select('counter')
    .where('settlement_counter_changes.person_id', '=', personId)
    .where('settlement_counter_changes.year', '=', year)
    .where('settlements.state', '=', 'settled')
    .where('settlements.id', '<>', takenBack);
  let unknown = db
    .deleteFrom('year_counters')
    .where('person_id', '=', personId)
    .where('year', '=', year)
    .where('opening', '=', 0)
    .where('value', '=', 0)
    .where('counter', 'not in', spokenOf);
  if (opened.length > 0) unknown = unknown.where('counter', 'not in', opened);
  await unknown.execute();
}

export type OwnVisit = {
  readonly settlementId: string;
  readonly visitId: string;
  readonly businessDate: string;
  readonly dischargedOn: string;
};

/** Our live settlements that count for a person's year. */
export async function ownVisits(
  db: Kysely<Tables>,
  personId: string,
  year: number,
): Promise<readonly OwnVisit[]> {
  return db
    .selectFrom('settlements')
    .innerJoin('visits', 'visits.id', 'settlements.visit_id')
    .select([
      'settlements.id as settlementId',
      'settlements.visit_id as visitId',
      'settlements.business_date as businessDate',
      'visits.discharged_on as dischargedOn',
    ])
    .where('settlements.person_id', '=', personId)
    .where('settlements.year', '=', year)
    .where('settlements.state', '=', 'settled')
    .orderBy('settlements.entry')
    .orderBy('settlements.id')
    .execute();
}

async function openingOf(db: Kysely<Tables>, personId: string, year: number) {
  const row = await db
    .selectFrom('person_year_openings')
    .selectAll()
    .where('person_id', '=', personId)
    .where('year', '=', year)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { opening_json: text, opening_version: version, source } = row;
  const id = `${personId} ${String(year)}`;
  return { yearToDate: readStored(yearOpeningDocument, { id, version, text }), source };
}

/** Enters what a settlement found out of the time before our own; answers whether that was anything. */
async function completeOpening(
  db: Kysely<Tables>,
  personId: string,
  after: YearToDate,
): Promise<boolean> {
  const { year } = after;
  const opening = await openingOf(db, personId, year);
  if (opening === null) return false;
  const standing = await valuesOf(db, personId, year);
  const learned = learnedOfOpening(after, standing);
  if (Object.keys(learned).length === 0) return false;
  const { yearToDate } = opening;
  const completed = openingWith(countersOfYear(yearToDate), learned, after);
  await writeOpening(db, personId, year, completed);
  const { asOf, includesVisits } = yearToDate;
  await db
    .updateTable('person_year_openings')
    .set({
      opening_json: yearOpeningText(yearOfCounters({ year, asOf, includesVisits }, completed)),
      opening_version: yearOpeningDocument.newest,
    })
    .where('person_id', '=', personId)
    .where('year', '=', year)
    .execute();
  return true;
}

async function valuesOf(
  db: Kysely<Tables>,
  personId: string,
  year: number,
): Promise<CounterValues> {
  const rows = await db
    .selectFrom('year_counters')
    .select(['counter', 'value'])
    .where('person_id', '=', personId)
    .where('year', '=', year)
    .orderBy('counter')
    .execute();
  return Object.fromEntries(rows.map(({ counter, value }) => [counter, value]));
}

async function ofYear(
  db: Kysely<Tables>,
  personId: string,
  year: number,
): Promise<KnownYear | null> {
  const opening = await openingOf(db, personId, year);
  const own = await ownVisits(db, personId, year);
  if (opening === null && own.length === 0) return null;
  const values = await valuesOf(db, personId, year);
  const days = own.map(({ dischargedOn }) => dischargedOn);
  const asOf = [opening?.yearToDate.asOf ?? '', ...days].sort().at(-1) ?? '';
  const foreign = opening?.yearToDate.includesVisits ?? [];
  const includesVisits = [...new Set([...foreign, ...own.map(({ visitId }) => visitId)])];
  return {
    yearToDate: yearOfCounters({ year, asOf, includesVisits }, values),
    openingSource: opening?.source ?? null,
  };
}

async function openYear(
  db: Kysely<Tables>,
  { personId, yearToDate, source }: Parameters<CountersRepository['openYear']>[0],
): Promise<Result<'opened' | 'replaced' | 'kept', 'year-to-date-ambiguous'>> {
  const { year, asOf } = yearToDate;
  const known = await openingOf(db, personId, year);
  if (known !== null && known.yearToDate.asOf > asOf) return accepted('kept');
  const own = await ownVisits(db, personId, year);
  const named = new Set(yearToDate.includesVisits);
  const silent = own.filter(
    ({ visitId, businessDate }) => !named.has(visitId) && businessDate < asOf,
  );
  if (silent.length > 0) {
    return refused(databaseRefusal('year-to-date-ambiguous', { why: 'silent', visits: silent }));
  }
  const opened = await openAs(db, { personId, yearToDate, source, own });
  if (!opened.ok) return opened;
  return accepted(known === null ? 'opened' : 'replaced');
}

/** Has a year open as it is stated, our own settlements that it includes taken out of it. */
export async function openAs(
  db: Kysely<Tables>,
  {
    personId,
    yearToDate,
    source,
    own,
  }: Parameters<CountersRepository['openYear']>[0] & {
    /** Those of the person's year that stand. */
    readonly own: readonly OwnVisit[];
  },
): Promise<Result<null, 'year-to-date-ambiguous'>> {
  const { year, asOf } = yearToDate;
  const named = new Set(yearToDate.includesVisits);
  const included = own.filter(({ visitId }) => named.has(visitId));
  const ours = included.map(({ settlementId }) => settlementId);
  const opening = await withoutOurs(db, countersOfYear(yearToDate), ours);
  if (Object.values(opening).some((value) => value < 0)) {
    return refused(
      databaseRefusal('year-to-date-ambiguous', { why: 'too-little', visits: included }),
    );
  }
  await writeOpening(db, personId, year, opening);
  const ownIds = new Set(included.map(({ visitId }) => visitId));
  const includesVisits = yearToDate.includesVisits.filter((id) => !ownIds.has(id));
  const row = {
    as_of: asOf,
    opening_json: yearOpeningText(yearOfCounters({ year, asOf, includesVisits }, opening)),
    opening_version: yearOpeningDocument.newest,
    source,
  };
  await db
    .insertInto('person_year_openings')
    .values({ person_id: personId, year, ...row })
    .onConflict((conflict) => conflict.columns(['person_id', 'year']).doUpdateSet(row))
    .execute();
  return accepted(null);
}

/** A seed's figures without those of our own settlements it includes. */
async function withoutOurs(
  db: Kysely<Tables>,
  seed: CounterValues,
  settlementIds: readonly string[],
): Promise<CounterValues> {
  if (settlementIds.length === 0) return seed;
  const rows = await db
    .selectFrom('settlement_counter_changes')
    .select(['counter', 'change'])
    .where('settlement_id', 'in', settlementIds)
    .execute();
  const left: Record<string, number> = { ...seed };
  // A register that knows payers only says nothing of any step, rather than that no step paid.
  const knowsSteps = Object.keys(seed).some((counter) => counter.startsWith('by-step:'));
  for (const { counter, change } of rows) {
    if (!knowsSteps && counter.startsWith('by-step:')) continue;
    // Nor does one that knows what a step paid say anything of its base and the rest.
    if (counter.startsWith('step-') && seed[counter] === undefined) continue;
    if (counter.startsWith('step-paid-only:')) continue;
    const rest = (left[counter] ?? 0) - change;
    // A seed names a level once however often it was seen, so there is nothing to count down from.
    left[counter] = counter.startsWith('level:') ? Math.max(0, rest) : rest;
  }
  return left;
}

/** Sets the openings of a year and moves the values with them. */
export async function writeOpening(
  db: Kysely<Tables>,
  person_id: string,
  year: number,
  opening: CounterValues,
): Promise<void> {
  const rows = await db
    .selectFrom('year_counters')
    .selectAll()
    .where('person_id', '=', person_id)
    .where('year', '=', year)
    .execute();
  const counters = new Set([...rows.map(({ counter }) => counter), ...Object.keys(opening)]);
  for (const counter of counters) {
    const row = rows.find((existing) => existing.counter === counter);
    const next = opening[counter] ?? 0;
    const value = next + (row === undefined ? 0 : row.value - row.opening);
    await db
      .insertInto('year_counters')
      .values({ person_id, year, counter, opening: next, value })
      .onConflict((conflict) =>
        conflict.columns(['person_id', 'year', 'counter']).doUpdateSet({ opening: next, value }),
      )
      .execute();
  }
}
