import { sql, type Kysely } from 'kysely';

import { assertSettlementHeld } from './held-keys.ts';
import { touchPart } from './row-marks.ts';
import type { SettlementIntentTable, Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** What a settling was going to be called, recorded before anything is done. */
export type SettlementIntent = {
  readonly settlementId: string;
  readonly visitId: string;
  readonly part: number;
  readonly billVersion: number;
  readonly number: string;
  /** The day that the number is of, and that the money counts for. */
  readonly businessDate: string;
  /** The claims' message ids by destination: the same ones on every retry. */
  readonly messageIds: Readonly<Record<string, string>>;
  readonly state: SettlementIntentTable['state'];
};

export type NewIntent = Omit<SettlementIntent, 'number' | 'state'> & {
  readonly at: string;
  readonly by: string;
};

export type SettlementIntents = {
  /** The intent of a bill that is under way or recorded; null if there is none. */
  findIntent(visitId: string, part: number, billVersion: number): Promise<SettlementIntent | null>;
  /** Records an intent under the next number of its business date. */
  insertIntent(intent: NewIntent): Promise<SettlementIntent>;
  /**
   * Nothing will be recorded under this number any more; it stays, so that the numbers of its day are whole. Its
   * message ids are given up to the intent that follows.
   */
  abandonIntent(settlementId: string): Promise<void>;
  /** Keeps message ids for destinations that came to the intent later. */
  setMessageIds(settlementId: string, messageIds: Readonly<Record<string, string>>): Promise<void>;
  /** The outcome is recorded. */
  markRecorded(settlementId: string): Promise<void>;
  /** Intents without an outcome: a crash, or a bill the cashier never confirmed again. */
  openIntents(limit: number): Promise<readonly SettlementIntent[]>;
};

export function intentsOn(
  db: Kysely<Tables>,
  { keys, numbersGiven, marks, auditKey }: UnitOfWork,
): SettlementIntents {
  const touch = (settlementId: string): Promise<void> =>
    touchPart(db, { marks, auditKey }, 'settlement_intents', [[settlementId]]);
  return {
    async findIntent(visitId, part, billVersion) {
      const row = await db
        .selectFrom('settlement_intents')
        .selectAll()
        .where('visit_id', '=', visitId)
        .where('part', '=', part)
        .where('bill_version', '=', billVersion)
        .where('state', 'in', ['intended', 'recorded'])
        .executeTakeFirst();
      return row === undefined ? null : intentOf(row);
    },
    async insertIntent(intent) {
      keys.assertHeld('visit', intent.visitId);
      keys.takeHotRow('number_days');
      const { last: sequence } = await db
        .insertInto('number_days')
        .values({ business_date: intent.businessDate, last: 1 })
        .onConflict((conflict) =>
          conflict.column('business_date').doUpdateSet({ last: sql<number>`number_days.last + 1` }),
        )
        .returning('last')
        .executeTakeFirstOrThrow();
      const row = {
        settlement_id: intent.settlementId,
        visit_id: intent.visitId,
        part: intent.part,
        bill_version: intent.billVersion,
        business_date: intent.businessDate,
        sequence,
        number: settlementNumber(intent.businessDate, sequence),
        message_ids_json: JSON.stringify(intent.messageIds),
        state: 'intended' as const,
        intended_at: intent.at,
        intended_by: intent.by,
      };
      marks.touch('settlement_intents', [intent.settlementId]);
      await db.insertInto('settlement_intents').values(row).execute();
      numbersGiven.set(intent.businessDate, sequence);
      return intentOf(row);
    },
    async abandonIntent(settlementId) {
      await assertSettlementHeld(db, keys, settlementId);
      await touch(settlementId);
      await db
        .updateTable('settlement_intents')
        .set({ state: 'abandoned', message_ids_json: '{}' })
        .where('settlement_id', '=', settlementId)
        .where('state', '=', 'intended')
        .execute();
    },
    async setMessageIds(settlementId, messageIds) {
      await assertSettlementHeld(db, keys, settlementId);
      await touch(settlementId);
      await db
        .updateTable('settlement_intents')
        .set({ message_ids_json: JSON.stringify(messageIds) })
        .where('settlement_id', '=', settlementId)
        .execute();
    },
    async markRecorded(settlementId) {
      await assertSettlementHeld(db, keys, settlementId);
      await touch(settlementId);
      await db
        .updateTable('settlement_intents')
        .set({ state: 'recorded' })
        .where('settlement_id', '=', settlementId)
        .execute();
    },
    async openIntents(limit) {
      const rows = await db
        .selectFrom('settlement_intents')
        .selectAll()
        .where('state', '=', 'intended')
        .orderBy('intended_at')
        .limit(limit)
        .execute();
      return rows.map(intentOf);
    },
  };
}

/** The number people read out: JS, the business date, the place in that day. `JS20171127-0001`. */
export function settlementNumber(businessDate: string, sequence: number): string {
  return `JS${businessDate.replaceAll('-', '')}-${String(sequence).padStart(4, '0')}`;
}

function intentOf(row: SettlementIntentTable): SettlementIntent {
  return {
    settlementId: row.settlement_id,
    visitId: row.visit_id,
    part: row.part,
    billVersion: row.bill_version,
    number: row.number,
    businessDate: row.business_date,
    messageIds: messageIdsOf(row.message_ids_json),
    state: row.state,
  };
}

function messageIdsOf(text: string): Readonly<Record<string, string>> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null)
    throw new Error('message ids are not kept whole');
  return Object.fromEntries(Object.entries(value).map(([name, id]) => [name, String(id)]));
}
