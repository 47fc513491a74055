import type { Kysely } from 'kysely';

import type { SetAsideBillTable, Tables } from './schema.ts';
import { touchPart } from './row-marks.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import { storedBillOf, type VisitAndPerson } from './visit-record.ts';

/** A bill that came after settlement and waits for a person, as lists have it. Names are whole: who shows them masks them. */
export type OpenSetAsideBill = Pick<
  SetAsideBillTable,
  'id' | 'visit_id' | 'settlement_id' | 'received_at' | 'source'
> & {
  readonly number: string;
  readonly settled_at: string;
  readonly person_name: string;
};

/** The same with what it says. */
export type SetAsideBill = Pick<
  SetAsideBillTable,
  'id' | 'visit_id' | 'settlement_id' | 'state' | 'received_at' | 'source'
> & {
  readonly bill: VisitAndPerson;
};

/** Bills that came after settlement and wait for a person, oldest first, after one of them. */
export function openSetAsideBills(
  db: Kysely<Tables>,
  { limit, after = '' }: { readonly limit: number; readonly after?: string },
): Promise<readonly OpenSetAsideBill[]> {
  return db
    .selectFrom('set_aside_bills')
    .innerJoin('visits', 'visits.id', 'set_aside_bills.visit_id')
    .innerJoin('settlements', 'settlements.id', 'set_aside_bills.settlement_id')
    .select([
      'set_aside_bills.id',
      'set_aside_bills.visit_id',
      'set_aside_bills.settlement_id',
      'set_aside_bills.received_at',
      'set_aside_bills.source',
      'settlements.number',
      'settlements.settled_at',
      'visits.person_name',
    ])
    .where('set_aside_bills.state', '=', 'open')
    .where('set_aside_bills.id', '>', after)
    .orderBy('set_aside_bills.id')
    .limit(limit)
    .execute();
}

/** One of them, also one that was dealt with; null: there is none. */
export async function findSetAsideBill(
  db: Kysely<Tables>,
  id: string,
): Promise<SetAsideBill | null> {
  const row = await db
    .selectFrom('set_aside_bills')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? null : { ...row, bill: storedBillOf(row) };
}

/** Somebody has said why the settlement stands although this bill came. */
export async function explainSetAsideBill(
  db: Kysely<Tables>,
  { keys, marks, auditKey }: Pick<UnitOfWork, 'keys' | 'marks' | 'auditKey'>,
  { id, visit_id: visitId }: Pick<SetAsideBill, 'id' | 'visit_id'>,
): Promise<void> {
  keys.assertHeld('visit', visitId);
  await touchPart(db, { marks, auditKey }, 'set_aside_bills', [[id]]);
  await db
    .updateTable('set_aside_bills')
    .set({ state: 'explained' })
    .where('id', '=', id)
    .execute();
}
