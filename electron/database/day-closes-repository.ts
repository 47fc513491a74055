import { sql, type Kysely } from 'kysely';

import { fen, type Fen } from '../../shared/money/fen.ts';
import type { DayCloseTable, DayComparisonTable } from './remittance-tables.ts';
import type { ClaimState, Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** A claim as it is compared with what its payer says. */
export type ClaimOfDay = {
  readonly id: string;
  readonly settlementId: string;
  readonly messageId: string;
  readonly businessDate: string;
  readonly state: ClaimState;
  readonly claimedFen: Fen;
  readonly items: readonly {
    readonly position: number;
    readonly step: string;
    readonly amountFen: Fen;
  }[];
};

/** How many live claims of a payer count for a day, and what is claimed with them. */
export type DayOfPayer = {
  readonly businessDate: string;
  readonly payer: string;
  readonly claims: number;
  readonly claimedFen: number;
};

/** The cash of a day: tenders taken and given back by kind, and what the settlements of the day should have brought. */
export type CashOfDay = {
  readonly taken: readonly { readonly kind: string; readonly amountFen: number }[];
  /** Of settlements that were cancelled on this day, whenever they were made. */
  readonly returned: readonly { readonly kind: string; readonly amountFen: number }[];
  readonly expectedFen: number;
};

/** A settlement of a day whose tenders are not what its patient owed. */
export type WrongTenders = {
  readonly settlementId: string;
  readonly number: string;
  readonly owedFen: number;
  readonly tenderedFen: number;
};

/** What is compared for a day, and the days that are closed. */
export type DayClosesRepository = {
  /** Live claims of a day and a payer by message id; `after` is the last one of the page before. */
  claims(page: {
    readonly businessDate: string;
    readonly payer: string;
    readonly after: string;
    readonly limit: number;
  }): Promise<readonly ClaimOfDay[]>;
  /** Claims by their message ids, whatever became of them and whenever they were made. */
  claimsOfMessages(messageIds: readonly string[]): Promise<readonly ClaimOfDay[]>;
  /** Live claims on a payer by their settlements. */
  claimsOfSettlements(
    payer: string,
    settlementIds: readonly string[],
  ): Promise<readonly ClaimOfDay[]>;
  /** Every payer that live claims of a day are on; of every day where none is named. */
  payersOfDay(businessDate?: string): Promise<readonly DayOfPayer[]>;
  cash(businessDate: string): Promise<CashOfDay>;
  wrongTenders(businessDate: string, limit: number): Promise<readonly WrongTenders[]>;
  keepComparison(comparison: DayComparisonTable): Promise<void>;
  comparisons(businessDate: string): Promise<readonly DayComparisonTable[]>;
  /** Days that are not closed, the latest first: those of which anything is known here. */
  openDays(limit: number): Promise<readonly string[]>;
  /** Days that are closed, the latest first. */
  closedDays(limit: number): Promise<readonly DayCloseTable[]>;
  closeOf(businessDate: string): Promise<DayCloseTable | null>;
  close(close: DayCloseTable): Promise<void>;
};

/** Each is a value of the query for its items. */
export const comparedAtOnce = 1000;

const notLive: readonly ClaimState[] = ['withdrawn', 'corrected'];

export function dayClosesRepository(db: Kysely<Tables>, { keys }: UnitOfWork): DayClosesRepository {
  const claims = () =>
    db
      .selectFrom('claims')
      .select(['id', 'settlement_id', 'message_id', 'business_date', 'state', 'claimed_fen']);
  return {
    async claims({ businessDate, payer, after, limit }) {
      const rows = await claims()
        .where('business_date', '=', businessDate)
        .where('destination', '=', payer)
        .where('message_id', '>', after)
        .where('state', 'not in', notLive)
        .orderBy('message_id')
        .limit(Math.min(limit, comparedAtOnce))
        .execute();
      return withItems(db, rows);
    },
    async claimsOfMessages(messageIds) {
      if (messageIds.length === 0) return [];
      const rows = await claims().where('message_id', 'in', messageIds).execute();
      return withItems(db, rows);
    },
    async claimsOfSettlements(payer, settlementIds) {
      if (settlementIds.length === 0) return [];
      const rows = await claims()
        .where('settlement_id', 'in', settlementIds)
        .where('destination', '=', payer)
        .where('state', 'not in', notLive)
        .execute();
      return withItems(db, rows);
    },
    async payersOfDay(businessDate) {
      let query = db
        .selectFrom('claims')
        .select((select) => [
          'business_date as businessDate',
          'destination as payer',
          select.fn.countAll<number>().as('claims'),
          select.fn.sum<number | null>('claimed_fen').as('claimed'),
        ])
        .where('state', 'not in', notLive)
        .groupBy(['business_date', 'destination'])
        .orderBy('business_date')
        .orderBy('destination');
      if (businessDate !== undefined) query = query.where('business_date', '=', businessDate);
      const rows = await query.execute();
      return rows.map(({ claimed, ...row }) => ({ ...row, claimedFen: claimed ?? 0 }));
    },
    cash: (businessDate) => cashOf(db, businessDate),
    async wrongTenders(businessDate, limit) {
      const tendered = sql<number>`coalesce(sum(tender.amount_fen), 0)`;
      const rows = await db
        .selectFrom('settlements as settlement')
        .leftJoin('settlement_tenders as tender', 'tender.settlement_id', 'settlement.id')
        .select(['settlement.id', 'settlement.number'])
        .select(['settlement.patient_pays_fen', 'settlement.deposit_fen'])
        .select(tendered.as('tendered'))
        .where('settlement.business_date', '=', businessDate)
        .groupBy(['settlement.id', 'settlement.number'])
        .groupBy(['settlement.patient_pays_fen', 'settlement.deposit_fen'])
        .having(
          sql<boolean>`settlement.patient_pays_fen - settlement.deposit_fen <> coalesce(sum(tender.amount_fen), 0)`,
        )
        .orderBy('settlement.id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        ...{ settlementId: row.id, number: row.number, tenderedFen: row.tendered },
        owedFen: row.patient_pays_fen - row.deposit_fen,
      }));
    },
    async keepComparison({ business_date, payer, ...comparison }) {
      keys.assertAlone('a comparison');
      await db
        .insertInto('day_comparisons')
        .values({ business_date, payer, ...comparison })
        .onConflict((conflict) =>
          conflict.columns(['business_date', 'payer']).doUpdateSet(comparison),
        )
        .execute();
    },
    comparisons: (businessDate) =>
      db
        .selectFrom('day_comparisons')
        .selectAll()
        .where('business_date', '=', businessDate)
        .orderBy('payer')
        .execute(),
    async openDays(limit) {
      const closed = db.selectFrom('day_closes').select('business_date');
      const settled = await db
        .selectFrom('number_days')
        .select('business_date')
        .where('business_date', 'not in', closed)
        .orderBy('business_date', 'desc')
        .limit(limit)
        .execute();
      const differing = await db
        .selectFrom('differences')
        .select('business_date')
        .distinct()
        .where('business_date', 'not in', closed)
        .orderBy('business_date', 'desc')
        .limit(limit)
        .execute();
      const days = new Set([...settled, ...differing].map((row) => row.business_date));
      return [...days].sort().reverse().slice(0, limit);
    },
    closedDays: (limit) =>
      db
        .selectFrom('day_closes')
        .selectAll()
        .orderBy('business_date', 'desc')
        .limit(limit)
        .execute(),
    closeOf: async (businessDate) =>
      (await db
        .selectFrom('day_closes')
        .selectAll()
        .where('business_date', '=', businessDate)
        .executeTakeFirst()) ?? null,
    async close(close) {
      keys.assertAlone('the close of a day');
      await db.insertInto('day_closes').values(close).execute();
    },
  };
}

async function cashOf(db: Kysely<Tables>, businessDate: string): Promise<CashOfDay> {
  const taken = await db
    .selectFrom('settlement_tenders as tender')
    .innerJoin('settlements as settlement', 'settlement.id', 'tender.settlement_id')
    .select((select) => ['tender.kind', select.fn.sum<number>('tender.amount_fen').as('amountFen')])
    .where('settlement.business_date', '=', businessDate)
    .groupBy('tender.kind')
    .orderBy('tender.kind')
    .execute();
  const returned = await db
    .selectFrom('settlement_tenders as tender')
    .innerJoin('cancellations as cancelled', 'cancelled.settlement_id', 'tender.settlement_id')
    .select((select) => ['tender.kind', select.fn.sum<number>('tender.amount_fen').as('amountFen')])
    .where('cancelled.business_date', '=', businessDate)
    .groupBy('tender.kind')
    .orderBy('tender.kind')
    .execute();
  const owed = await db
    .selectFrom('settlements')
    .select((select) => [
      select.fn.sum<number | null>('patient_pays_fen').as('patient'),
      select.fn.sum<number | null>('deposit_fen').as('deposit'),
    ])
    .where('business_date', '=', businessDate)
    .executeTakeFirstOrThrow();
  return { taken, returned, expectedFen: (owed.patient ?? 0) - (owed.deposit ?? 0) };
}

type ClaimRow = Pick<
  Tables['claims'],
  'id' | 'settlement_id' | 'message_id' | 'business_date' | 'state' | 'claimed_fen'
>;

async function withItems(
  db: Kysely<Tables>,
  rows: readonly ClaimRow[],
): Promise<readonly ClaimOfDay[]> {
  if (rows.length === 0) return [];
  const items = await db
    .selectFrom('claim_items')
    .select(['claim_id', 'position', 'step', 'amount_fen'])
    .where(
      'claim_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('claim_id')
    .orderBy('position')
    .execute();
  const itemsOf = Map.groupBy(items, ({ claim_id }) => claim_id);
  return rows.map((row) => ({
    ...{ id: row.id, settlementId: row.settlement_id, messageId: row.message_id },
    ...{ businessDate: row.business_date, state: row.state, claimedFen: fen(row.claimed_fen) },
    items: (itemsOf.get(row.id) ?? []).map(({ position, step, amount_fen }) => ({
      ...{ position, step, amountFen: fen(amount_fen) },
    })),
  }));
}
