import type { Kysely } from 'kysely';

import { categoriesNow, categoryOf, type KnownCategory } from './persons-repository.ts';
import type { Tables } from './schema.ts';
import type { StoredText } from './stored-documents/stored-kind.ts';

/** Days of discharge, both included. */
export type DischargePeriod = { readonly from: string; readonly until: string };

/** A stay as its row has it; what it says is not read yet. */
type StoredStay = {
  readonly visitId: string;
  readonly admittedOn: string;
  readonly dischargedOn: string;
  readonly document: StoredText;
};

/** A settlement that stands: what it was decided on, and what each payer, patient and hospital had by it. */
export type StoredSettlement = StoredStay & {
  /** Its place among all settlements. */
  readonly entry: number;
  readonly pack: string;
  readonly packVersion: string;
  readonly shares: readonly { readonly payer: string; readonly amountFen: number }[];
  readonly patientPaysFen: number;
  readonly hospitalBearsFen: number;
};

/** Somebody's settlements that stand, visits that are not settled, and years as they began. */
export type StoredPerson = {
  readonly personId: string;
  readonly settlements: readonly StoredSettlement[];
  readonly unsettled: readonly StoredStay[];
  readonly openings: readonly { readonly year: number; readonly document: StoredText }[];
  /** What is known of the person now, for visits that are not settled. */
  readonly categories: readonly KnownCategory[];
};

/** What settling again asks of the books. Documents come as they are stored: whoever calculates reads them. */
export type ReplayRepository = {
  /** Everyone with a visit that was discharged in the period and is settled, or not settled either; by person id. */
  personsBetween(
    period: DischargePeriod & { readonly withUnsettled: boolean },
  ): Promise<readonly string[]>;
  /** The visits of the period that are not settled. */
  unsettledBetween(period: DischargePeriod): Promise<readonly string[]>;
  /** Some persons with all that was discharged in the period. */
  ofPersons(
    personIds: readonly string[],
    period: DischargePeriod & { readonly withUnsettled: boolean },
  ): Promise<readonly StoredPerson[]>;
};

export function replayRepository(db: Kysely<Tables>): ReplayRepository {
  const visitsBetween = ({ from, until }: DischargePeriod) =>
    db
      .selectFrom('visits')
      .where('visits.discharged_on', '>=', from)
      .where('visits.discharged_on', '<=', until);
  return {
    async personsBetween({ withUnsettled, ...period }) {
      const states = withUnsettled ? (['settled', 'unsettled'] as const) : (['settled'] as const);
      const rows = await visitsBetween(period)
        .where('visits.state', 'in', states)
        .select('visits.person_id')
        .distinct()
        .orderBy('visits.person_id')
        .execute();
      return rows.map(({ person_id }) => person_id);
    },
    async unsettledBetween(period) {
      const rows = await visitsBetween(period)
        .where('visits.state', '=', 'unsettled')
        .select('visits.id')
        .orderBy('visits.id')
        .execute();
      return rows.map(({ id }) => id);
    },
    async ofPersons(personIds, { withUnsettled, ...period }) {
      if (personIds.length === 0) return [];
      const settlements = await settlementsOf(db, personIds, period);
      const unsettled = withUnsettled
        ? await visitsBetween(period)
            .where('visits.state', '=', 'unsettled')
            .where('visits.person_id', 'in', personIds)
            .select(stayColumns)
            .select(['visits.person_id', 'visits.input_json', 'visits.input_version'])
            .execute()
        : [];
      const openings = await db
        .selectFrom('person_year_openings')
        .select(['person_id', 'year', 'opening_json', 'opening_version'])
        .where('person_id', 'in', personIds)
        .execute();
      const categories = withUnsettled
        ? await categoriesNow(db)
            .where('person_categories.person_id', 'in', personIds)
            .orderBy('person_categories.id')
            .execute()
        : [];
      const settledBy = byPerson(settlements);
      const unsettledBy = byPerson(unsettled);
      const openingsBy = byPerson(openings);
      const categoriesBy = byPerson(categories);
      return personIds.map((personId) => ({
        personId,
        settlements: (settledBy.get(personId) ?? []).map(({ settlement }) => settlement),
        unsettled: (unsettledBy.get(personId) ?? []).map((row) => ({
          ...stayOf(row),
          document: { id: row.visitId, version: row.input_version, text: row.input_json },
        })),
        openings: (openingsBy.get(personId) ?? []).map(
          ({ year, opening_json: text, opening_version: version }) => ({
            year,
            document: { id: `${personId} ${String(year)}`, version, text },
          }),
        ),
        categories: (categoriesBy.get(personId) ?? []).map((row) => ({
          ...categoryOf(row),
          source: row.source,
        })),
      }));
    },
  };
}

const stayColumns = [
  'visits.id as visitId',
  'visits.admitted_on as admittedOn',
  'visits.discharged_on as dischargedOn',
] as const;

const stayOf = ({
  visitId,
  admittedOn,
  dischargedOn,
}: Pick<StoredStay, 'visitId' | 'admittedOn' | 'dischargedOn'>) => ({
  visitId,
  admittedOn,
  dischargedOn,
});

async function settlementsOf(
  db: Kysely<Tables>,
  personIds: readonly string[],
  { from, until }: DischargePeriod,
): Promise<readonly { readonly person_id: string; readonly settlement: StoredSettlement }[]> {
  const rows = await db
    .selectFrom('settlements')
    .innerJoin('visits', 'visits.id', 'settlements.visit_id')
    .select(stayColumns)
    .select([
      'settlements.id',
      'settlements.person_id',
      'settlements.number',
      'settlements.entry',
      'settlements.pack',
      'settlements.pack_version',
      'settlements.input_json',
      'settlements.input_version',
      'settlements.patient_pays_fen',
      'settlements.hospital_bears_fen',
    ])
    .where('settlements.person_id', 'in', personIds)
    .where('settlements.state', '=', 'settled')
    .where('visits.discharged_on', '>=', from)
    .where('visits.discharged_on', '<=', until)
    .execute();
  const ids = rows.map(({ id }) => id);
  const shares =
    ids.length === 0
      ? []
      : await db
          .selectFrom('settlement_shares')
          .select(['settlement_id', 'payer', 'amount_fen'])
          .where('settlement_id', 'in', ids)
          .execute();
  const sharesBy = new Map<string, { payer: string; amountFen: number }[]>();
  for (const { settlement_id: id, payer, amount_fen: amountFen } of shares) {
    const known = sharesBy.get(id);
    if (known === undefined) sharesBy.set(id, [{ payer, amountFen }]);
    else known.push({ payer, amountFen });
  }
  return rows.map((row) => ({
    person_id: row.person_id,
    settlement: {
      ...stayOf(row),
      document: { id: row.number, version: row.input_version, text: row.input_json },
      entry: row.entry,
      pack: row.pack,
      packVersion: row.pack_version,
      shares: sharesBy.get(row.id) ?? [],
      patientPaysFen: row.patient_pays_fen,
      hospitalBearsFen: row.hospital_bears_fen,
    },
  }));
}

function byPerson<Row extends { readonly person_id: string }>(
  rows: readonly Row[],
): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const known = found.get(row.person_id);
    if (known === undefined) found.set(row.person_id, [row]);
    else known.push(row);
  }
  return found;
}
