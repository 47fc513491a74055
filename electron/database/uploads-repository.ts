import type { Kysely } from 'kysely';

import type { HeldKeys } from './held-keys.ts';
import type { Tables } from './schema.ts';
import { touchPart } from './row-marks.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** What came of a run at one payer, in claims. `waiting`: not tried, for it was given up or stopped. */
export type UploadCounts = {
  readonly destination: string;
  readonly claims: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly unknown: number;
  readonly waiting: number;
  /** Their payer has them and has not decided. */
  readonly acknowledged: number;
};

export type UploadRunRecord = {
  readonly id: string;
  readonly businessDate: string;
  readonly startedAt: string;
  /** null: under way, or broken off. */
  readonly finishedAt: string | null;
  readonly startedBy: string;
  /** Payers in the order of their names; those it did not come to are missing. */
  readonly payers: readonly UploadCounts[];
};

/** The runs of uploading: begun, ended, and what came of each payer by payer. */
export type UploadsRepository = {
  open(run: {
    readonly id: string;
    readonly businessDate: string;
    readonly at: string;
    readonly who: string;
  }): Promise<void>;
  finish(runId: string, at: string): Promise<void>;
  /** Keeps how far a run is at one payer; said again, the last word counts. */
  keepCounts(runId: string, counts: UploadCounts): Promise<void>;
  /** The run begun last, by its id, which no clock turns back within a program; null: there was none. */
  last(): Promise<UploadRunRecord | null>;
};

export function uploadsRepository(
  db: Kysely<Tables>,
  { keys, marks, auditKey }: UnitOfWork,
): UploadsRepository {
  return {
    async open({ id, businessDate, at, who }) {
      assertAlone(keys);
      marks.touch('upload_runs', [id]);
      const run = { id, business_date: businessDate, started_at: at, started_by: who };
      await db
        .insertInto('upload_runs')
        .values({ ...run, finished_at: null })
        .execute();
    },
    async finish(runId, at) {
      assertAlone(keys);
      await touchPart(db, { marks, auditKey }, 'upload_runs', [[runId]]);
      const change = db.updateTable('upload_runs').set({ finished_at: at });
      await change.where('id', '=', runId).execute();
    },
    async keepCounts(runId, { destination, ...counts }) {
      assertAlone(keys);
      await db
        .insertInto('upload_counts')
        .values({ run_id: runId, destination, ...counts })
        .onConflict((conflict) => conflict.columns(['run_id', 'destination']).doUpdateSet(counts))
        .execute();
    },
    async last() {
      const run = await db
        .selectFrom('upload_runs')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (run === undefined) return null;
      const payers = await db
        .selectFrom('upload_counts')
        .selectAll()
        .where('run_id', '=', run.id)
        .orderBy('destination')
        .execute();
      return {
        ...{ id: run.id, businessDate: run.business_date, startedBy: run.started_by },
        ...{ startedAt: run.started_at, finishedAt: run.finished_at },
        payers: payers.map((row) => ({
          ...{ destination: row.destination, claims: row.claims, accepted: row.accepted },
          ...{ rejected: row.rejected, unknown: row.unknown, waiting: row.waiting },
          acknowledged: row.acknowledged,
        })),
      };
    },
  };
}

function assertAlone(keys: HeldKeys): void {
  keys.assertAlone('a run of uploading');
}
