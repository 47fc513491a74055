import type { Timer } from '../base/timer.ts';
import type { Claim, ClaimProblem } from '../database/claims-repository.ts';
import type { SettlementRecord } from '../database/settlements-repository.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import type { Fen } from '../../shared/money/fen.ts';
import type { PayerReturns } from './returns.ts';

/**
 * The way to a payer: how a claim is written and sent, and what an answer means. One folder below `channels/`
 * for each protocol; the upload knows only this. Every channel passes `channels/channel-contract.test-support.ts`.
 */
export type ClaimChannel = {
  /** How many claims go out together: 1 where each has a message of its own, more where they share a file. */
  readonly claimsAtOnce: number;
  /** The other side is the hospital itself: what it accepted can be taken back here, by nobody else's leave. */
  readonly isOwnBook: boolean;
  /** Where this payer is, by its profile; null: where the folder has its payers (`payers-url`). */
  readonly address: URL | null;
  /**
   * The name of what these claims go out in, which is the same for the same claims; null: each has a message of its own.
   * What went out under a name and is in doubt goes out again whole, under this name.
   */
  readonly nameTogether:
    ((claims: readonly Pick<OutgoingClaim, 'claim' | 'body'>[]) => string) | null;
  /** How its later answers come; null: it answers at once. */
  readonly returns: PayerReturns | null;
  /** How it is asked to take back what it booked; null: by no message, only its office can be asked. */
  readonly undoing: ClaimUndoing | null;
  /** Writes what will be kept before it is sent. Pure: the same claim gives the same bytes. */
  write(claim: SettledClaim): WrittenClaim;
  /**
   * Sends claims, at most `claimsAtOnce`, once, and answers with exactly one outcome for each, by claim id.
   * Sending the same bytes again is safe. Never throws: whatever goes wrong on the way is an outcome.
   */
  send(claims: readonly OutgoingClaim[], sending: Sending): Promise<SendOutcomes>;
};

/** The channel of each destination, as the payers' profiles have it. */
export type ClaimChannels = {
  of(destination: string): ClaimChannel;
  /** The payers that answer later. */
  readonly returning: readonly ReturningPayer[];
};

/** A payer that answers later: one profile, whose returns speak of its own destinations alone. */
export type ReturningPayer = {
  readonly profile: string;
  readonly address: URL | null;
  readonly returns: PayerReturns;
  answersFor(destination: string): boolean;
};

/** A claim with what its settlement stored, from which alone a channel writes: nothing is recomputed. */
export type SettledClaim = {
  readonly claim: Claim;
  readonly settlement: SettlementRecord;
  readonly input: SettlementInput;
};

/** The bytes of a claim, or the fields its payer would not take, in words. */
export type WrittenClaim =
  | { readonly kind: 'written'; readonly body: string }
  | { readonly kind: 'not-sendable'; readonly problems: readonly string[] };

/** A claim as it was before this attempt (`attempts` counts those before it), with the bytes kept for it. */
export type OutgoingClaim = {
  readonly claim: Claim;
  readonly body: string;
  /** An earlier attempt may have been booked: then only an answer that names this claim as not booked rejects it. */
  readonly isInDoubt: boolean;
};

export type Sending = {
  /** Where the payers are; the profile says which path below it. */
  readonly address: URL;
  /** Deadlines are taken from it, never from the system's own clock. */
  readonly timer: Timer;
  /** To be called when the bytes have left the program and the answer is not there yet. */
  readonly onHandedOver: () => void;
};

export type SendOutcomes = ReadonlyMap<string, SendOutcome>;

/** What came of sending a claim: the kinds are never taken for one another. */
export type SendOutcome =
  /** The payer took all of this very claim; `reference` is the payer's own. */
  | { readonly kind: 'accepted'; readonly reference: string; readonly approvedFen: Fen }
  /** The payer has it whole and has not decided: it answers later, in a return. */
  | { readonly kind: 'acknowledged'; readonly reference: string }
  /**
   * The payer refused this very claim and has not booked it. `namesIt`: by an answer that names this claim, which
   * holds whatever became of earlier attempts. `mayBeOfAnother`: it names no claim although this payer's refusals do, so
   * that it may have been given to another claim; this one is shown as refused, but nothing takes its place yet.
   */
  | {
      readonly kind: 'rejected';
      readonly problem: ClaimProblem;
      readonly namesIt: boolean;
      readonly mayBeOfAnother?: boolean;
    }
  /** The payer may or may not have booked it. `isSilent`: nothing came back that could be read as an answer. */
  | { readonly kind: 'unknown'; readonly isSilent: boolean; readonly problem: ClaimProblem }
  /** The payer cannot have it: the line never stood. */
  | { readonly kind: 'not-sent'; readonly problem: ClaimProblem };

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
