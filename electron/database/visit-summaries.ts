import { sql, type Kysely } from 'kysely';

import { fen, type Fen } from '../../shared/money/fen.ts';
import { documentNumberOf } from './kept-number.ts';
import type { Tables, VisitTable } from './schema.ts';

/** One line of a list of visits. Names and ID numbers are whole here: who shows them masks them. */
export type VisitSummary = {
  readonly visitId: string;
  readonly personId: string;
  readonly name: string;
  readonly idNumber: string;
  readonly sex: 'male' | 'female';
  readonly birthDate: string;
  readonly kind: string;
  readonly bed: string | null;
  readonly department: string | null;
  readonly admissionNumber: string | null;
  readonly principalDiagnosis: string | null;
  readonly hospitalLevel: string;
  readonly admittedOn: string;
  readonly dischargedOn: string;
  readonly totalFen: Fen;
  readonly lineCount: number;
  readonly blockerCount: number;
  readonly billVersion: number;
  readonly receivedAt: string;
  readonly state: VisitTable['state'];
  /** The live settlement, if it is settled. */
  readonly settlementId: string | null;
  /** A different bill came after settlement and waits for a person. */
  readonly changedAfterSettlement: boolean;
};

/** The visits to be settled, oldest discharge first, after the last one of the page before. */
export async function unsettledSummaries(
  db: Kysely<Tables>,
  { limit, after }: { readonly limit: number; readonly after?: string },
): Promise<readonly VisitSummary[]> {
  let query = summaryQuery(db)
    .where('visits.state', '=', 'unsettled')
    .orderBy('visits.discharged_on')
    .orderBy('visits.id')
    .limit(limit);
  if (after !== undefined) {
    query = query.where(
      sql<boolean>`(visits.discharged_on, visits.id) >
        (select discharged_on, id from visits where id = ${after})`,
    );
  }
  return (await query.execute()).map(summaryOf);
}

/** Visits of one person; unsettled ones first, then the newest. */
export async function summariesOfPerson(
  db: Kysely<Tables>,
  personId: string,
): Promise<readonly VisitSummary[]> {
  const rows = await summaryQuery(db)
    .where('visits.person_id', '=', personId)
    .orderBy('visits.state', 'desc')
    .orderBy('visits.discharged_on', 'desc')
    .orderBy('visits.id', 'desc')
    .execute();
  return rows.map(summaryOf);
}

/** What lists need of visits. */
export function summaryQuery(db: Kysely<Tables>) {
  return db
    .selectFrom('visits')
    .innerJoin('persons', 'persons.id', 'visits.person_id')
    .leftJoin('settlements', (join) =>
      join
        .onRef('settlements.visit_id', '=', 'visits.id')
        .on('settlements.state', '=', 'settled')
        .on('settlements.part', '=', 1),
    )
    .select([
      'visits.id',
      'visits.person_id',
      'visits.person_name',
      'persons.id_number',
      'persons.sex',
      'persons.birth_date',
      'visits.kind',
      'visits.bed',
      'visits.department',
      'visits.admission_number',
      'visits.principal_diagnosis',
      'visits.hospital_level',
      'visits.admitted_on',
      'visits.discharged_on',
      'visits.total_fen',
      'visits.line_count',
      'visits.blocker_count',
      'visits.bill_version',
      'visits.received_at',
      'visits.state',
      'settlements.id as settlement_id',
      // As 0 or 1: what `exists` itself answers is a number on one engine and a boolean on the other.
      sql<number>`case when exists (select 1 from set_aside_bills
        where set_aside_bills.visit_id = visits.id and set_aside_bills.state = 'open')
        then 1 else 0 end`.as('changed'),
    ]);
}

type SummaryRow = Awaited<ReturnType<ReturnType<typeof summaryQuery>['execute']>>[number];

/** A row of `summaryQuery` as lists take it. */
export function summaryOf(row: SummaryRow): VisitSummary {
  return {
    visitId: row.id,
    personId: row.person_id,
    name: row.person_name,
    idNumber: documentNumberOf(row.id_number),
    sex: row.sex,
    birthDate: row.birth_date,
    kind: row.kind,
    bed: row.bed,
    department: row.department,
    admissionNumber: row.admission_number,
    principalDiagnosis: row.principal_diagnosis,
    hospitalLevel: row.hospital_level,
    admittedOn: row.admitted_on,
    dischargedOn: row.discharged_on,
    totalFen: fen(row.total_fen),
    lineCount: row.line_count,
    blockerCount: row.blocker_count,
    billVersion: row.bill_version,
    receivedAt: row.received_at,
    state: row.state,
    settlementId: row.settlement_id,
    changedAfterSettlement: row.changed === 1,
  };
}
