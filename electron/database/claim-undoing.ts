import type { Kysely } from 'kysely';

import { addClaimEvent, claimEventsOf, type ClaimProblem } from './claim-sending.ts';
import { assertClaimHeld, type HeldKeys } from './held-keys.ts';
import type { ClaimState, Tables } from './schema.ts';
import { problemColumns } from './stored-documents/claim-documents.ts';

/** A message that asks a payer to take a claim back, as it is kept before it goes out. */
export type KeptUndo = { readonly messageId: string; readonly body: string };

/** What came of asking. Of what is not `undone` or `refused` nobody knows anything, so the same is asked again. */
export type UndoAnswer =
  | { readonly kind: 'undone' }
  | { readonly kind: 'refused' | 'unknown' | 'not-sent'; readonly problem: ClaimProblem };

/** The side of the claims that takes back what a payer has booked. */
export type ClaimUndoings = {
  /** Keeps the message before it goes out. */
  keepUndo(claimId: string, at: string, undo: KeptUndo): Promise<void>;
  /** The message a payer has not answered yet, not clearly; null: none. */
  openUndo(claimId: string): Promise<KeptUndo | null>;
  /** Claims whose payer has been asked to take them back and has not said what became of it. */
  withOpenUndo(): Promise<readonly string[]>;
  /** Keeps what came of asking and answers the state of the claim: refused by its payer once that has undone it. */
  keepUndoAnswer(claimId: string, at: string, answer: UndoAnswer): Promise<ClaimState>;
};

/** States in which a payer has a claim or may have it. */
export const undoableStates = ['sent', 'acknowledged', 'accepted', 'unknown'] as const;

export function claimUndoingsOn(db: Kysely<Tables>, keys: HeldKeys): ClaimUndoings {
  return {
    async keepUndo(claimId, at, undo) {
      await assertClaimHeld(db, keys, claimId);
      await addClaimEvent(db, claimId, at, 'undo-kept', undo);
    },
    openUndo: (claimId) => openUndo(db, claimId),
    async withOpenUndo() {
      const asked = await db
        .selectFrom('claim_events')
        .innerJoin('claims', 'claims.id', 'claim_events.claim_id')
        .select('claim_events.claim_id as id')
        .distinct()
        .where('claim_events.event', '=', 'undo-kept')
        .where('claims.state', 'in', undoableStates)
        .orderBy('id')
        .execute();
      const open: string[] = [];
      for (const { id } of asked) if ((await openUndo(db, id)) !== null) open.push(id);
      return open;
    },
    async keepUndoAnswer(claimId, at, answer) {
      await assertClaimHeld(db, keys, claimId);
      const { state } = await db
        .selectFrom('claims')
        .select('state')
        .where('id', '=', claimId)
        .executeTakeFirstOrThrow();
      await addClaimEvent(db, claimId, at, `undo-${answer.kind}`, answer);
      if (!undoableStates.some((each) => each === state)) return state;
      const change = db.updateTable('claims').where('id', '=', claimId);
      if (answer.kind !== 'undone') {
        await change.set(problemColumns(answer.problem)).execute();
        return state;
      }
      const problem = { code: 'undone-by-payer', words: '支付方已按我们的请求撤销' };
      const nothing = { approved_fen: null, payer_reference: null };
      await change.set({ state: 'rejected', ...nothing, ...problemColumns(problem) }).execute();
      return 'rejected';
    },
  };
}

async function openUndo(db: Kysely<Tables>, claimId: string): Promise<KeptUndo | null> {
  const events = await claimEventsOf(db, claimId);
  const over: readonly string[] = ['undo-undone', 'undo-refused'];
  const asked = events.findLastIndex(({ event }) => event === 'undo-kept');
  const kept = events[asked];
  if (kept === undefined || events.slice(asked).some(({ event }) => over.includes(event)))
    return null;
  const { messageId, body } = kept.detail;
  if (typeof messageId !== 'string' || typeof body !== 'string')
    throw new Error(`the message that undoes claim ${claimId} is not in its events`);
  return { messageId, body };
}
