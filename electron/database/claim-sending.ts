import type { Kysely } from 'kysely';

import type { Fen } from '../../shared/money/fen.ts';
import { assertClaimHeld, type HeldKeys } from './held-keys.ts';
import type { ClaimState, Tables } from './schema.ts';
import { claimEventDocument, problemColumns } from './stored-documents/claim-documents.ts';
import { readStored } from './stored-documents/stored-kind.ts';

/** A payer's code and words, or what went wrong on the way. */
export type ClaimProblem = { readonly code: string; readonly words: string };

/** What can come of sending: the kinds are never taken for one another. */
export type ClaimOutcome =
  | { readonly kind: 'accepted'; readonly reference: string; readonly approvedFen: Fen }
  /** The payer has it whole and has not decided: it is not sent again, the answer comes later. */
  | { readonly kind: 'acknowledged'; readonly reference: string }
  | {
      readonly kind: 'rejected';
      readonly problem: ClaimProblem;
      readonly namesIt: boolean;
      /** It names no claim although its payer's refusals do: it may have been another's. */
      readonly mayBeOfAnother?: boolean;
    }
  | { readonly kind: 'unknown'; readonly problem: ClaimProblem }
  /** The line never stood. The claim is `unknown` all the same, but the payer cannot have it by this attempt. */
  | { readonly kind: 'not-sent'; readonly problem: ClaimProblem };

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
   * Claims up to a business date that no answer has settled: `waiting`, `unknown`, and what a crash left `in-batch`
   * or `sent`. Those tried least often come first, of these the oldest: a claim whose payer stays silent never keeps
   * the others waiting for long. `payer` names a destination or a payer.
   */
  sendable(filter: { businessDate: string; payer?: string }): Promise<readonly SendableClaim[]>;
  /** What `sendable` leaves out of the same claims because they are dated later. */
  datedLater(filter: {
    businessDate: string;
    payer?: string;
  }): Promise<readonly ClaimsDatedLater[]>;
  /** The visits of some claims: what is held while these are marked and answered. */
  visitsOf(claimIds: readonly string[]): Promise<readonly string[]>;
  openBatch(batch: {
    id: string;
    runId: string;
    destination: string;
    claimIds: readonly string[];
  }): Promise<void>;
  /** Ends a batch; claims of it that were not sent go back to where they came from. */
  finishBatch(id: string, claimIds: readonly string[]): Promise<void>;
  /** Whether a payer may have booked a claim by an attempt made so far: one that was not answered, or not clearly. */
  isInDoubt(claimId: string): Promise<boolean>;
  /** What hinders putting another claim in the place of a refused one: null, or that its payer has it or may have it. */
  hindranceOfReplacing(claimId: string): Promise<'sent' | 'unknown' | null>;
  /** A refused claim is asked for again: `unknown`, with its message id and its bytes. */
  reopen(claimId: string, at: string): Promise<void>;
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
        .orderBy('attempts')
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
    isInDoubt: async (claimId) => doubtOf(await claimEventsOf(db, claimId)).attempts > 0,
    async hindranceOfReplacing(claimId) {
      const claim = await db
        .selectFrom('claims')
        .select(['id', 'state'])
        .where('id', '=', claimId)
        .executeTakeFirstOrThrow();
      return hindranceOfTakingBack(db, claim, false);
    },
    async reopen(claimId, at) {
      await assertClaimHeld(db, keys, claimId);
      await addClaimEvent(db, claimId, at, 'asked-again', {});
      // Its payer has refused what it went out with: it goes out by itself.
      await db.deleteFrom('claims_together').where('claim_id', '=', claimId).execute();
      await db
        .updateTable('claims')
        .set({ state: 'unknown' })
        .where('id', '=', claimId)
        .where('state', '=', 'rejected')
        .execute();
    },
    keptBody: (claimId) => keptBody(db, claimId),
    async markSent(claimId, at, body) {
      await assertClaimHeld(db, keys, claimId);
      if ((await keptBody(db, claimId)) === null) {
        await addClaimEvent(db, claimId, at, 'message-kept', { body });
      }
      await addClaimEvent(db, claimId, at, 'sent', {});
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
  await addClaimEvent(db, claimId, at, `answer-${outcome.kind}`, outcome);
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
    return 'accepted';
  }
  if (outcome.kind === 'acknowledged') {
    await change.set({ state: 'acknowledged', ...problemColumns(null) }).execute();
    return 'acknowledged';
  }
  const next = outcome.kind === 'rejected' ? 'rejected' : 'unknown';
  await change.set({ state: next, ...problemColumns(outcome.problem) }).execute();
  return next;
}

type ClaimEvent = { readonly event: string; readonly detail: Readonly<Record<string, unknown>> };

/** What happened to a claim, in order. */
export async function claimEventsOf(
  db: Kysely<Tables>,
  claimId: string,
): Promise<readonly ClaimEvent[]> {
  const rows = await db
    .selectFrom('claim_events')
    .select(['id', 'event', 'detail_json as text', 'detail_version as version'])
    .where('claim_id', '=', claimId)
    .orderBy('id')
    .execute();
  return rows.map(({ id, event, ...stored }) => ({
    event,
    detail: readStored(claimEventDocument, { id: String(id), ...stored }),
  }));
}

/**
 * The attempts of a claim that its payer may have booked, and whether it has said since that it did not. An attempt
 * counts unless its line never stood; books that were restored do not know what was sent after they were copied.
 */
function doubtOf(events: readonly ClaimEvent[]): {
  readonly attempts: number;
  readonly isDenied: boolean;
  readonly mayBeOfAnother: boolean;
} {
  const count = (name: string): number => events.filter(({ event }) => event === name).length;
  const denial = events.findLast(
    ({ event }) => event.startsWith('answer-') || event === 'undo-undone',
  );
  return {
    attempts: count('sent') - count('answer-not-sent') + count('books-restored'),
    isDenied:
      denial?.event === 'undo-undone' ||
      (denial?.event === 'answer-rejected' && denial.detail['namesIt'] === true),
    mayBeOfAnother: denial?.detail['mayBeOfAnother'] === true,
  };
}

/** What hinders taking a claim back: nothing, that its payer has it, or that nobody knows whether it has. */
export async function hindranceOfTakingBack(
  db: Kysely<Tables>,
  { id, state }: { readonly id: string; readonly state: ClaimState },
  isOwnBook: boolean,
): Promise<'sent' | 'unknown' | null> {
  if (state === 'waiting' || state === 'withdrawn') return null;
  if (state === 'unknown' || state === 'sent') return 'unknown';
  if (state === 'accepted' && isOwnBook) return null;
  if (state !== 'rejected') return 'sent';
  const events = await claimEventsOf(db, id);
  const { attempts, isDenied, mayBeOfAnother } = doubtOf(events);
  const undone = events.findLastIndex(({ event }) => event === 'undo-undone');
  if (events.slice(undone + 1).some(({ event }) => event === 'answer-accepted')) return 'sent';
  if (!isDenied && events.some(({ event }) => event === 'answer-partial')) return 'sent';
  // One attempt is the one that was refused; any other may have been booked, whatever a later answer says in general.
  return (attempts <= 1 && !mayBeOfAnother) || isDenied ? null : 'unknown';
}

/** Keeps that something happened to a claim. */
export async function addClaimEvent(
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
