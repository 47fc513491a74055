import type { Kysely } from 'kysely';

import type { Ids } from '../base/ids.ts';
import { assertSettlementHeld } from './held-keys.ts';
import type { PrintJobTable, Tables } from './schema.ts';
import {
  printProblemColumns,
  printProblemDocument,
  type PrintProblem,
} from './stored-documents/print-problem-document.ts';
import { readStored } from './stored-documents/stored-kind.ts';
import { touchPart } from './row-marks.ts';
import type { UnitOfWork } from './unit-of-work.ts';

export type PrintDocument = PrintJobTable['document'];
export type PrintState = PrintJobTable['state'];

export type PrintJob = {
  readonly id: string;
  readonly settlementId: string;
  readonly document: PrintDocument;
  /** 0 is the original. */
  readonly copyNumber: number;
  readonly state: PrintState;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  /** How often it was begun. */
  readonly attempts: number;
  readonly printer: string | null;
  readonly problem: PrintProblem | null;
  /** The hash of the statement that was made and is kept here; null where none is known. */
  readonly fileHash: string | null;
};

/** The code of a sheet that was being sent when nobody was left to hear the printer's answer. */
const printInterrupted = 'print-interrupted';

/** Whether it is a copy that was taken back before a byte of it left: its number is still free. */
export function isTakenBack({
  state,
  copyNumber,
  problem,
}: Pick<PrintJob, 'state' | 'copyNumber' | 'problem'>): boolean {
  return copyNumber > 0 && state === 'withdrawn' && problem?.code !== printInterrupted;
}

type NewSheet = {
  readonly id: string;
  readonly settlementId: string;
  readonly document: PrintDocument;
  readonly createdAt: string;
  readonly createdBy: string;
};

export type PrintJobsRepository = {
  /** Queues the originals of a settlement, inside its own transaction. */
  queueForSettlement(order: {
    readonly settlementId: string;
    readonly documents: readonly PrintDocument[];
    readonly createdAt: string;
    readonly createdBy: string;
    readonly ids: Ids;
  }): Promise<void>;
  /**
   * Queues one more sheet: the next copy number of its document. A copy that was taken back before anything of it
   * left has used no number up: it is queued again.
   */
  queueCopy(order: NewSheet): Promise<PrintJob>;
  find(id: string): Promise<PrintJob | null>;
  /** Originals first, then copies as they were made. */
  ofSettlement(settlementId: string): Promise<readonly PrintJob[]>;
  /** This window's sheets in a state, oldest first. */
  inState(state: PrintState, limit: number): Promise<readonly PrintJob[]>;
  /** This window's oldest sheet of a document that is queued or failed and is none of `except`. */
  nextToPrint(document: PrintDocument, except: readonly string[]): Promise<PrintJob | null>;
  /**
   * Marks a sheet as being sent, before the first byte leaves. False when it is not queued or failed any
   * more: another program took it, or it was withdrawn.
   */
  begin(id: string, printer: string, at: string): Promise<boolean>;
  /**
   * Records how sending ended. False when the sheet was not being sent in that attempt, or a person has answered
   * meanwhile. One that was given up as uncertain is still settled by what the printer says later.
   */
  finish(
    id: string,
    outcome: {
      /** Which time it was begun: 1 is the first. */
      readonly attempt: number;
      readonly state: 'sent' | 'confirmed' | 'unknown' | 'failed';
      readonly problem: PrintProblem | null;
      readonly at: string;
      /** Of the statement's file, where one was made. */
      readonly fileHash?: string;
    },
  ): Promise<boolean>;
  /**
   * A person said whether an unknown sheet came out. One that did not is queued again as what it was; where the
   * program had stopped while it was sent (`printInterrupted`), or the same was said of it before, the person may be wrong, so
   * what is queued is a copy that says so. Answers the sheet that stands now; null when it is not unknown any more.
   */
  answer(answer: {
    readonly id: string;
    readonly cameOut: boolean;
    readonly at: string;
    readonly who: string;
    /** It was said before that it did not come out. */
    readonly isSaidAgain?: boolean;
    /** The id of the copy, should there be one. */
    readonly copyId: string;
  }): Promise<PrintJob | null>;
  /**
   * After a crash: what this window was sending is in nobody's hands; other windows' sheets stay theirs. Receipts become
   * `unknown` and ask a person; statements, which are only files, are queued again. Answers the receipts.
   */
  recover(problem: PrintProblem, at: string): Promise<readonly PrintJob[]>;
  /** After a restore of older books: receipts that wait may have come out. They ask a person; answers how many. */
  doubtWaiting(problem: PrintProblem, at: string): Promise<number>;
  /** Takes back one sheet that was not sent. False when it is on its way or done. */
  withdraw(id: string, at: string): Promise<boolean>;
  /** Takes back what was not sent yet. Answers how many sheets that were. */
  withdrawForCancellation(settlementId: string, at: string): Promise<number>;
};

export function printJobsRepository(
  db: Kysely<Tables>,
  { window, keys, marks, auditKey }: UnitOfWork,
): PrintJobsRepository {
  const rows = () => db.selectFrom('print_jobs').selectAll();

  const touch = (ids: readonly string[]): Promise<void> =>
    touchPart(
      db,
      { marks, auditKey },
      'print_jobs',
      ids.map((id) => [id] as const),
    );

  async function change(
    id: string,
    from: readonly PrintState[],
    values: Partial<PrintJobTable>,
  ): Promise<boolean> {
    await touch([id]);
    const changed = await db
      .updateTable('print_jobs')
      .set(values)
      .where('id', '=', id)
      .where('state', 'in', from)
      .executeTakeFirst();
    return changed.numUpdatedRows > 0n;
  }

  async function queueCopy(order: NewSheet): Promise<PrintJob> {
    await assertSettlementHeld(db, keys, order.settlementId);
    const made = await rows()
      .where('settlement_id', '=', order.settlementId)
      .where('document', '=', order.document)
      .orderBy('copy_number', 'desc')
      .executeTakeFirst();
    if (made !== undefined && isTakenBack(jobOf(made))) {
      const again = { ...newRow(order, window.id, made.copy_number), id: made.id };
      await change(made.id, ['withdrawn'], again);
      return jobOf(again);
    }
    const row = newRow(order, window.id, made === undefined ? 0 : made.copy_number + 1);
    marks.touch('print_jobs', [row.id]);
    await db.insertInto('print_jobs').values(row).execute();
    return jobOf(row);
  }

  return {
    async queueForSettlement({ settlementId, documents, createdAt, createdBy, ids }) {
      if (documents.length === 0) return;
      await assertSettlementHeld(db, keys, settlementId);
      const originals = documents.map((document) =>
        newRow({ id: ids.next(), settlementId, document, createdAt, createdBy }, window.id, 0),
      );
      marks.touchIds(
        'print_jobs',
        originals.map(({ id }) => id),
      );
      await db.insertInto('print_jobs').values(originals).execute();
    },
    queueCopy,
    async find(id) {
      const row = await rows().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : jobOf(row);
    },
    async ofSettlement(settlementId) {
      const found = await rows()
        .where('settlement_id', '=', settlementId)
        .orderBy('copy_number')
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return found.map(jobOf);
    },
    async inState(state, limit) {
      const found = await rows()
        .where('state', '=', state)
        .where('window_id', '=', window.id)
        .orderBy('created_at')
        .orderBy('id')
        .limit(limit)
        .execute();
      return found.map(jobOf);
    },
    async nextToPrint(document, except) {
      let query = rows()
        .where('document', '=', document)
        .where('window_id', '=', window.id)
        .where('state', 'in', ['queued', 'failed']);
      if (except.length > 0) query = query.where('id', 'not in', except);
      const row = await query.orderBy('created_at').orderBy('id').limit(1).executeTakeFirst();
      return row === undefined ? null : jobOf(row);
    },
    async begin(id, printer, at) {
      const begun = await change(id, ['queued', 'failed'], {
        state: 'sending',
        printer,
        ...printProblemColumns(null),
        updated_at: at,
      });
      if (!begun) return false;
      await db
        .updateTable('print_jobs')
        .set((row) => ({ attempts: row('attempts', '+', 1) }))
        .where('id', '=', id)
        .execute();
      return true;
    },
    async finish(id, { attempt, state, problem, at, fileHash }) {
      await touch([id]);
      const changed = await db
        .updateTable('print_jobs')
        .set({
          state,
          ...printProblemColumns(problem),
          updated_at: at,
          ...(fileHash === undefined ? {} : { file_sha256: fileHash }),
        })
        .where('id', '=', id)
        .where('attempts', '=', attempt)
        .where('state', 'in', ['sending', 'unknown'])
        .executeTakeFirst();
      return changed.numUpdatedRows > 0n;
    },
    async answer({ id, cameOut, at, who, isSaidAgain = false, copyId }) {
      const row = await rows().where('id', '=', id).executeTakeFirst();
      if (row === undefined) return null;
      const job = jobOf(row);
      if (!cameOut && (isSaidAgain || job.problem?.code === printInterrupted)) {
        // The problem stays with it: a copy number that may lie on paper is never given again.
        if (!(await change(id, ['unknown'], { state: 'withdrawn', updated_at: at }))) return null;
        const { settlementId, document } = job;
        return queueCopy({ id: copyId, settlementId, document, createdAt: at, createdBy: who });
      }
      const state = cameOut ? 'confirmed' : 'queued';
      const values = { state, ...printProblemColumns(null), updated_at: at } as const;
      return (await change(id, ['unknown'], values)) ? jobOf({ ...row, ...values }) : null;
    },
    async recover(problem, at) {
      const statements = await rows()
        .where('state', '=', 'sending')
        .where('window_id', '=', window.id)
        .where('document', '=', 'statement')
        .execute();
      for (const { id } of statements)
        await change(id, ['sending'], { state: 'queued', updated_at: at });
      const left = await rows()
        .where('state', '=', 'sending')
        .where('window_id', '=', window.id)
        .orderBy('created_at')
        .execute();
      const values = {
        state: 'unknown',
        ...printProblemColumns(problem),
        updated_at: at,
      } as const;
      for (const { id } of left) await change(id, ['sending'], values);
      return left.map((row) => jobOf({ ...row, ...values }));
    },
    async doubtWaiting(problem, at) {
      const waiting = await rows()
        .where('document', '=', 'receipt')
        .where('state', 'in', ['queued', 'failed', 'sending'])
        .execute();
      await touch(waiting.map(({ id }) => id));
      const doubted = await db
        .updateTable('print_jobs')
        .set({ state: 'unknown', ...printProblemColumns(problem), updated_at: at })
        .where('document', '=', 'receipt')
        .where('state', 'in', ['queued', 'failed', 'sending'])
        .executeTakeFirst();
      return Number(doubted.numUpdatedRows);
    },
    withdraw(id, at) {
      return change(id, ['queued', 'failed'], { state: 'withdrawn', updated_at: at });
    },
    async withdrawForCancellation(settlementId, at) {
      await assertSettlementHeld(db, keys, settlementId);
      const waiting = await rows()
        .where('settlement_id', '=', settlementId)
        .where('state', 'in', ['queued', 'failed'])
        .execute();
      await touch(waiting.map(({ id }) => id));
      const withdrawn = await db
        .updateTable('print_jobs')
        .set({ state: 'withdrawn', updated_at: at })
        .where('settlement_id', '=', settlementId)
        .where('state', 'in', ['queued', 'failed'])
        .executeTakeFirst();
      return Number(withdrawn.numUpdatedRows);
    },
  };
}

function newRow(order: NewSheet, windowId: string, copyNumber: number): PrintJobTable {
  return {
    id: order.id,
    settlement_id: order.settlementId,
    document: order.document,
    copy_number: copyNumber,
    state: 'queued',
    created_at: order.createdAt,
    created_by: order.createdBy,
    updated_at: order.createdAt,
    attempts: 0,
    printer: null,
    ...printProblemColumns(null),
    window_id: windowId,
    file_sha256: null,
  };
}

function jobOf(row: PrintJobTable): PrintJob {
  return {
    id: row.id,
    settlementId: row.settlement_id,
    document: row.document,
    copyNumber: row.copy_number,
    state: row.state,
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    attempts: row.attempts,
    printer: row.printer,
    problem: problemOf(row),
    fileHash: row.file_sha256,
  };
}

function problemOf({ id, problem_json: text, problem_version: version }: PrintJobTable) {
  return text === null ? null : readStored(printProblemDocument, { id, text, version });
}
