import type { Claim, ClaimProblem } from '../database/claims-repository.ts';
import type { Sending, SettledClaim, WrittenClaim } from './channel.ts';

/** How a payer is asked by a message to take back what it booked of a claim. */
export type ClaimUndoing = {
  /** Writes what will be kept before it is sent, under a message id of its own. Pure. */
  write(
    settled: SettledClaim,
    asked: { readonly messageId: string; readonly at: string },
  ): WrittenClaim;
  /** Asks once; asking again with the same bytes is safe. Never throws: whatever goes wrong is an outcome. */
  send(undo: OutgoingUndo, sending: Sending): Promise<UndoOutcome>;
};

export type OutgoingUndo = { readonly claim: Claim; readonly body: string };

/** What came of asking; the kinds are never taken for one another. */
export type UndoOutcome =
  /** The payer says of this very claim that it has it no more, or never had it. */
  | { readonly kind: 'undone' }
  /** The payer says of this very claim that it keeps it. */
  | { readonly kind: 'refused'; readonly problem: ClaimProblem }
  /** Nobody knows whether the payer has taken it back. */
  | { readonly kind: 'unknown'; readonly problem: ClaimProblem }
  /** The payer cannot have been asked: the line never stood. */
  | { readonly kind: 'not-sent'; readonly problem: ClaimProblem };
