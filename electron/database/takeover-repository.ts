import type { Kysely } from 'kysely';

import type { ClaimProblem } from './claim-sending.ts';
import type { Tables } from './schema.ts';
import { claimEventDocument, problemColumns } from './stored-documents/claim-documents.ts';
import {
  printProblemColumns,
  type PrintProblem,
} from './stored-documents/print-problem-document.ts';
import { touchPart } from './row-marks.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** What is changed when another machine goes on with the books, for nobody knows what the first one did last. */
export type TakeoverRepository = {
  /** The last business date of which anything is known; null: none. */
  lastBusinessDate(): Promise<string | null>;
  /** Leaves out that many numbers of each day; answers the number each goes on with. */
  leaveNumbersOut(
    days: readonly string[],
    count: number,
    at: string,
  ): Promise<readonly { readonly businessDate: string; readonly next: number }[]>;
  /** Claims without a final answer may have gone out: they are unknown. Answers how many. */
  makeClaimsUnknown(problem: ClaimProblem, at: string): Promise<number>;
  /** Receipts that waited may have been printed: the cashier is asked. Answers how many. */
  makeReceiptsUnknown(problem: PrintProblem, at: string): Promise<number>;
  /** Statements that were made lie on the other machine; each is made again when it is opened. */
  leaveStatementsBehind(): Promise<void>;
  /** What is in the books: settlements that stand and their total, the last number given, the end of the audit chain. */
  recovered(): Promise<Recovered>;
};

type Recovered = {
  readonly settlements: number;
  readonly totalFen: number;
  readonly lastNumber: string | null;
  readonly auditHead: { readonly sequence: number; readonly hash: string } | null;
};

export function takeoverRepository(
  db: Kysely<Tables>,
  { keys, marks, auditKey }: UnitOfWork,
): TakeoverRepository {
  const touch = (jobs: readonly { readonly id: string }[]): Promise<void> =>
    touchPart(
      db,
      { marks, auditKey },
      'print_jobs',
      jobs.map(({ id }) => [id] as const),
    );
  return {
    async lastBusinessDate() {
      const row = await db
        .selectFrom('number_days')
        .select((day) => day.fn.max<string | null>('business_date').as('last'))
        .executeTakeFirst();
      return row?.last ?? null;
    },
    async leaveNumbersOut(days, count, at) {
      keys.assertAlone('numbers that are left out');
      const left: { businessDate: string; next: number }[] = [];
      for (const business_date of days) {
        const day = await db
          .selectFrom('number_days')
          .select('last')
          .where('business_date', '=', business_date)
          .executeTakeFirst();
        const first = (day?.last ?? 0) + 1;
        const last = first + count - 1;
        await db
          .insertInto('number_days')
          .values({ business_date, last })
          .onConflict((conflict) => conflict.column('business_date').doUpdateSet({ last }))
          .execute();
        await db
          .insertInto('numbers_lost')
          .values({ business_date, first, last, found_at: at })
          .execute();
        left.push({ businessDate: business_date, next: last + 1 });
      }
      return left;
    },
    async makeClaimsUnknown(problem, at) {
      keys.assertAlone('claims that nobody knows of');
      const open = ['waiting', 'in-batch', 'sent', 'acknowledged'] as const;
      const claims = await db
        .selectFrom('claims')
        .select(['id', 'state'])
        .where('state', 'in', open)
        .orderBy('id')
        .execute();
      for (const { id, state } of claims) {
        await db
          .updateTable('claims')
          .set({ state: 'unknown', ...problemColumns(problem) })
          .where('id', '=', id)
          .execute();
        const detail_json = JSON.stringify({ was: state });
        await db
          .insertInto('claim_events')
          .values({
            claim_id: id,
            at,
            event: 'taken-over',
            detail_json,
            detail_version: claimEventDocument.newest,
          })
          .execute();
      }
      return claims.length;
    },
    async makeReceiptsUnknown(problem, at) {
      keys.assertAlone('receipts that nobody knows of');
      const waiting = await db
        .selectFrom('print_jobs')
        .select('id')
        .where('document', '=', 'receipt')
        .where('state', 'in', ['queued', 'sending', 'failed'])
        .execute();
      await touch(waiting);
      const { numUpdatedRows } = await db
        .updateTable('print_jobs')
        .set({ state: 'unknown', ...printProblemColumns(problem), updated_at: at })
        .where('document', '=', 'receipt')
        .where('state', 'in', ['queued', 'sending', 'failed'])
        .executeTakeFirst();
      return Number(numUpdatedRows);
    },
    async leaveStatementsBehind() {
      keys.assertAlone('statements that are on another machine');
      const made = await db
        .selectFrom('print_jobs')
        .select('id')
        .where('file_sha256', 'is not', null)
        .execute();
      await touch(made);
      await db
        .updateTable('print_jobs')
        .set({ file_sha256: null })
        .where('file_sha256', 'is not', null)
        .execute();
    },
    async recovered() {
      const standing = await db
        .selectFrom('settlements')
        .select((row) => [
          row.fn.countAll<number>().as('count'),
          row.fn.sum<number | null>('total_fen').as('total'),
        ])
        .where('state', '=', 'settled')
        .executeTakeFirstOrThrow();
      const last = await db
        .selectFrom('settlements')
        .select('number')
        .orderBy('entry', 'desc')
        .limit(1)
        .executeTakeFirst();
      const head = await db
        .selectFrom('audit_head')
        .select(['sequence', 'hash'])
        .executeTakeFirst();
      return {
        settlements: standing.count,
        totalFen: standing.total ?? 0,
        lastNumber: last?.number ?? null,
        auditHead: head ?? null,
      };
    },
  };
}
