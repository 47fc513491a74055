import type { Kysely } from 'kysely';

import type { Fen } from '../../shared/money/fen.ts';
import { assertClaimHeld, type HeldKeys } from './held-keys.ts';
import type { ClaimState, Tables } from './schema.ts';
import { claimEventDocument, problemColumns } from './stored-documents/claim-documents.ts';
import { readStored } from './stored-documents/stored-kind.ts';

/** A payer's code and words, or what went wrong on the way. */
export type ClaimProblem = { readonly code: string; readonly words: string };

/** The three things that can come of sending: they are never taken for one another. */
export type ClaimOutcome =
  | { readonly kind: 'accepted'; readonly reference: string; readonly approvedFen: Fen }
  | { readonly kind: 'rejected'; readonly problem: ClaimProblem }
  | { readonly kind: 'unknown'; readonly problem: ClaimProblem };

/** Claims of a destination that a run leaves out because their business date lies after its own. */
export type ClaimsDatedLater = {
  readonly destination: string;
  readonly claims: number;
  readonly earliest: string;
  readonly latest: string;
};

export type SendableClaim = { readonly id: string; readonly destination: string };

/** The outbox side of the claims: a nightly run, its batches, and what came of each claim. */
export type ClaimSending = {
  /**
   * Claims up to a business date that no answer has settled, oldest first: `waiting`, `unknown`, and what a
   * crash left `in-batch` or `sent`. `payer` names a destination or a payer.
   */
  sendable(filter: { businessDate: string; payer?: string }): Promise<readonly SendableClaim[]>;
  /** What `sendable` leaves out of the same claims because they are dated later. */
  datedLater(filter: {
    businessDate: string;
    payer?: string;
  }): Promise<readonly ClaimsDatedLater[]>;
  /** The visits of some claims: what is held while these are marked and answered. */
  visitsOf(claimIds: readonly string[]): Promise<readonly string[]>;
  openRun(run: { id: string; businessDate: string; at: string; who: string }): Promise<void>;
  finishRun(id: string, at: string): Promise<void>;
  openBatch(batch: {
    id: string;
    runId: string;
    destination: string;
    claimIds: readonly string[];
  }): Promise<void>;
  /** Ends a batch; claims of it that were not sent go back to where they came from. */
  finishBatch(id: string, claimIds: readonly string[]): Promise<void>;
  /** The bytes kept for a claim; null before it was first sent. */
  keptBody(claimId: string): Promise<string | null>;
  /** Keeps the bytes the first time, and that they are about to go out. */
  markSent(claimId: string, at: string, body: string): Promise<void>;
  /**
   * Keeps what came of a claim and answers its state. An accepted claim stays accepted whatever comes late;
   * an acceptance after a rejection is raised as a problem, never a silent change.
   */
  keepOutcome(claimId: string, at: string, outcome: ClaimOutcome): Promise<ClaimState>;
};

const unsettled = ['waiting', 'in-batch', 'sent', 'unknown'] as const;

export function claimSendingOn(db: Kysely<Tables>, keys: HeldKeys): ClaimSending {
  return {
    async sendable({ businessDate, payer }) {
      let query = db
        .selectFrom('claims')
        .select(['id', 'destination'])
        .where('state', 'in', unsettled)
        .where('business_date', '<=', businessDate)
        .orderBy('destination')
        .orderBy('id');
      if (payer !== undefined) {
        query = query.where((is) =>
          is.or([is('destination', '=', payer), is('payer', '=', payer)]),
        );
      }
      return query.execute();
    },
    async datedLater({ businessDate, payer }) {
      let query = db
        .selectFrom('claims')
        .select((select) => [
          'destination',
          select.fn.countAll<number>().as('claims'),
          select.fn.min('business_date').as('earliest'),
          select.fn.max('business_date').as('latest'),
        ])
        .where('state', 'in', unsettled)
        .where('business_date', '>', businessDate)
        .groupBy('destination')
        .orderBy('destination');
      if (payer !== undefined) {
        query = query.where((is) =>
          is.or([is('destination', '=', payer), is('payer', '=', payer)]),
        );
      }
      return query.execute();
    },
    async visitsOf(claimIds) {
      if (claimIds.length === 0) return [];
      const rows = await db
        .selectFrom('claims')
        .select('visit_id')
        .distinct()
        .where('id', 'in', claimIds)
        .execute();
      return rows.map(({ visit_id }) => visit_id);
    },
    async openRun({ id, businessDate, at, who }) {
      keys.assertAlone('a run of uploading');
      const run = { id, business_date: businessDate, started_at: at, started_by: who };
      await db
        .insertInto('upload_runs')
        .values({ ...run, finished_at: null })
        .execute();
    },
    async finishRun(id, at) {
      keys.assertAlone('a run of uploading');
      await db.updateTable('upload_runs').set({ finished_at: at }).where('id', '=', id).execute();
    },
    async openBatch({ id, runId, destination, claimIds }) {
      keys.assertAlone('a batch of claims');
      const batch = { id, run_id: runId, destination, claim_count: claimIds.length };
      await db
        .insertInto('upload_batches')
        .values({ ...batch, state: 'open' })
        .execute();
      await db
        .updateTable('claims')
        .set({ state: 'in-batch', run_id: runId })
        .where('id', 'in', claimIds)
        .where('state', 'in', unsettled)
        .execute();
    },
    async finishBatch(id, claimIds) {
      keys.assertAlone('a batch of claims');
      await db
        .updateTable('upload_batches')
        .set({ state: 'finished' })
        .where('id', '=', id)
        .execute();
      const left = db
        .updateTable('claims')
        .where('id', 'in', claimIds)
        .where('state', '=', 'in-batch');
      await left.set({ state: 'waiting' }).where('attempts', '=', 0).execute();
      await left.set({ state: 'unknown' }).where('attempts', '>', 0).execute();
    },
    keptBody: (claimId) => keptBody(db, claimId),
    async markSent(claimId, at, body) {
      await assertClaimHeld(db, keys, claimId);
      if ((await keptBody(db, claimId)) === null) {
        await addEvent(db, claimId, at, 'message-kept', { body });
      }
      await addEvent(db, claimId, at, 'sent', {});
      await db
        .updateTable('claims')
        .set((claim) => ({
          state: 'sent' as const,
          attempts: claim('attempts', '+', 1),
          last_attempt_at: at,
        }))
        .where('id', '=', claimId)
        .where('state', 'in', unsettled)
        .execute();
    },
    async keepOutcome(claimId, at, outcome) {
      await assertClaimHeld(db, keys, claimId);
      return keepOutcome(db, claimId, at, outcome);
    },
  };
}

async function keptBody(db: Kysely<Tables>, claimId: string): Promise<string | null> {
  const row = await db
    .selectFrom('claim_events')
    .select(['id', 'detail_json', 'detail_version'])
    .where('claim_id', '=', claimId)
    .where('event', '=', 'message-kept')
    .executeTakeFirst();
  if (row === undefined) return null;
  const { id, detail_json: text, detail_version: version } = row;
  const { body } = readStored(claimEventDocument, { id: String(id), text, version });
  if (typeof body !== 'string') throw new Error(`event ${String(id)} has no message`);
  return body;
}

async function keepOutcome(
  db: Kysely<Tables>,
  claimId: string,
  at: string,
  outcome: ClaimOutcome,
): Promise<ClaimState> {
  const { state } = await db
    .selectFrom('claims')
    .select('state')
    .where('id', '=', claimId)
    .executeTakeFirstOrThrow();
  await addEvent(db, claimId, at, `answer-${outcome.kind}`, outcome);
  const isOpen = unsettled.some((each) => each === state);
  const change = db.updateTable('claims').where('id', '=', claimId);
  if (!isOpen) {
    if (outcome.kind === 'accepted' && (state === 'rejected' || state === 'withdrawn')) {
      const problem = {
        code: 'accepted-after-rejection',
        words: `支付方后来又接受了（原状态 ${state}）`,
      };
      await change.set(problemColumns(problem)).execute();
    }
    return state;
  }
  if (outcome.kind === 'accepted') {
    const { approvedFen, reference } = outcome;
    await change
      .set({
        state: 'accepted',
        approved_fen: approvedFen,
        payer_reference: reference,
        ...problemColumns(null),
      })
      .execute();
  } else {
    await change.set({ state: outcome.kind, ...problemColumns(outcome.problem) }).execute();
  }
  return outcome.kind;
}

async function addEvent(
  db: Kysely<Tables>,
  claimId: string,
  at: string,
  event: string,
  detail: unknown,
): Promise<void> {
  const detail_json = JSON.stringify(detail);
  await db
    .insertInto('claim_events')
    .values({
      claim_id: claimId,
      at,
      event,
      detail_json,
      detail_version: claimEventDocument.newest,
    })
    .execute();
}
