import type { Kysely } from 'kysely';

import type { Fen } from '../../shared/money/fen.ts';
import { addClaimEvent, type ClaimProblem } from './claim-sending.ts';
import { assertClaimHeld, type HeldKeys } from './held-keys.ts';
import type { ClaimState, Tables } from './schema.ts';
import { problemColumns } from './stored-documents/claim-documents.ts';

/** What a payer says of a claim later, in a return. */
export type LateAnswer =
  /** It has the claim whole and has not decided. */
  | { readonly kind: 'acknowledged'; readonly reference: string }
  | { readonly kind: 'accepted'; readonly reference: string; readonly approvedFen: Fen }
  | { readonly kind: 'rejected'; readonly problem: ClaimProblem; readonly namesIt: true }
  /** It took a part of it: which items it did not take, and why. */
  | {
      readonly kind: 'partial';
      readonly reference: string;
      readonly approvedFen: Fen;
      readonly problem: ClaimProblem;
      readonly refusedItems: readonly {
        readonly position: number;
        readonly problem: ClaimProblem;
      }[];
    };

/**
 * What came of a late answer. `contradicts`: what stands is final and says otherwise; it stays, and the answer is on
 * record as a difference.
 */
export type LateAnswerKept = 'kept' | 'known' | 'contradicts' | 'never-sent';

/** Claims that went out in one file, and whether its payer has answered of any. */
export type SentTogether = {
  readonly claimId: string;
  readonly sentWith: string;
  readonly isAnswered: boolean;
};

/** The side of the claims that waits for payers who answer later. */
export type ClaimReturns = {
  /** Keeps a late answer. An answer never turns a final state over. */
  keepLateAnswer(claimId: string, at: string, answer: LateAnswer): Promise<LateAnswerKept>;
  /** Keeps which claims go out in one file: they go out again together, under its name, or not at all. */
  keepTogether(claimIds: readonly string[], sentWith: string): Promise<void>;
  /** All that went out with any claim of a destination that no answer has settled. */
  sentTogether(destination: string): Promise<readonly SentTogether[]>;
  /** The claims of one file. */
  ofFile(sentWith: string): Promise<readonly string[]>;
  /** Says on a claim without an answer why it is not sent again. */
  noteHeldBack(claimId: string, problem: ClaimProblem): Promise<void>;
};

const open = ['waiting', 'in-batch', 'sent', 'unknown', 'acknowledged'] as const;

export function claimReturnsOn(db: Kysely<Tables>, keys: HeldKeys): ClaimReturns {
  return {
    async keepLateAnswer(claimId, at, answer) {
      await assertClaimHeld(db, keys, claimId);
      return keepLateAnswer(db, claimId, at, answer);
    },
    async keepTogether(claimIds, sentWith) {
      for (const claimId of claimIds) {
        await assertClaimHeld(db, keys, claimId);
        await db
          .insertInto('claims_together')
          .values({ claim_id: claimId, sent_with: sentWith, answered_at: null })
          .onConflict((conflict) =>
            conflict.column('claim_id').doUpdateSet({ sent_with: sentWith, answered_at: null }),
          )
          .execute();
      }
    },
    async sentTogether(destination) {
      const files = db
        .selectFrom('claims_together')
        .innerJoin('claims', 'claims.id', 'claims_together.claim_id')
        .select('claims_together.sent_with')
        .where('claims.destination', '=', destination)
        .where('claims.state', 'in', ['in-batch', 'sent', 'unknown']);
      const rows = await db
        .selectFrom('claims_together')
        .select(['claim_id', 'sent_with', 'answered_at'])
        .where('sent_with', 'in', files)
        .orderBy('sent_with')
        .orderBy('claim_id')
        .execute();
      return rows.map(({ claim_id: claimId, sent_with: sentWith, answered_at }) => ({
        ...{ claimId, sentWith, isAnswered: answered_at !== null },
      }));
    },
    async ofFile(sentWith) {
      const rows = await db
        .selectFrom('claims_together')
        .select('claim_id')
        .where('sent_with', '=', sentWith)
        .orderBy('claim_id')
        .execute();
      return rows.map(({ claim_id }) => claim_id);
    },
    async noteHeldBack(claimId, problem) {
      await assertClaimHeld(db, keys, claimId);
      await db
        .updateTable('claims')
        .set(problemColumns(problem))
        .where('id', '=', claimId)
        .where('state', 'in', ['sent', 'unknown'])
        .execute();
    },
  };
}

async function keepLateAnswer(
  db: Kysely<Tables>,
  claimId: string,
  at: string,
  answer: LateAnswer,
): Promise<LateAnswerKept> {
  const {
    state,
    attempts,
    approved_fen: approvedFen,
  } = await db
    .selectFrom('claims')
    .select(['state', 'attempts', 'approved_fen'])
    .where('id', '=', claimId)
    .executeTakeFirstOrThrow();
  const change = db.updateTable('claims').where('id', '=', claimId);
  if (!open.some((each) => each === state)) {
    if (!contradicts({ state, approvedFen }, answer)) return 'known';
    await addClaimEvent(db, claimId, at, `answer-${answer.kind}`, answer);
    await change.set(problemColumns(contradiction(state, answer))).execute();
    return 'contradicts';
  }
  if (attempts === 0 && (state === 'waiting' || state === 'in-batch')) return 'never-sent';
  // It has been said before, and an acknowledgement is no decision.
  if (answer.kind === 'acknowledged' && state === 'acknowledged') return 'known';
  await addClaimEvent(db, claimId, at, `answer-${answer.kind}`, answer);
  await db
    .updateTable('claims_together')
    .set({ answered_at: at })
    .where('claim_id', '=', claimId)
    .execute();
  await change.set(standing(answer)).execute();
  return 'kept';
}

/** What a claim without a decision becomes by an answer. */
function standing(answer: LateAnswer) {
  switch (answer.kind) {
    case 'acknowledged':
      return { state: 'acknowledged' as const, ...problemColumns(null) };
    case 'accepted':
      return {
        state: 'accepted' as const,
        approved_fen: answer.approvedFen,
        payer_reference: answer.reference,
        ...problemColumns(null),
      };
    case 'rejected':
      return { state: 'rejected' as const, ...problemColumns(answer.problem) };
    case 'partial':
      return { state: 'unknown' as const, ...problemColumns(answer.problem) };
  }
}

/** Whether an answer says otherwise than what is final. That a payer has received what it decided about is no news. */
function contradicts(
  { state, approvedFen }: { readonly state: ClaimState; readonly approvedFen: number | null },
  answer: LateAnswer,
): boolean {
  if (answer.kind === 'acknowledged') return state === 'withdrawn';
  switch (state) {
    case 'accepted':
    case 'paid':
    case 'short-paid':
    case 'denied':
      return answer.kind !== 'accepted' || answer.approvedFen !== approvedFen;
    default:
      // Refused, taken back or replaced: a refusal agrees.
      return answer.kind !== 'rejected';
  }
}

function contradiction(state: ClaimState, answer: LateAnswer): ClaimProblem {
  const said = {
    acknowledged: '已收到',
    accepted: '接受',
    rejected: '拒绝',
    partial: '部分接受',
  }[answer.kind];
  const words = 'problem' in answer ? `：${answer.problem.code} ${answer.problem.words}` : '';
  return {
    code: 'contradicting-answer',
    words: `支付方后来的回执说${said}，与现有状态 ${state} 相反${words}`,
  };
}
