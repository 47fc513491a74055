import type { Timer } from '../base/timer.ts';
import type { LateAnswer } from '../database/claims-repository.ts';
import type { ClaimProblem } from '../database/claims-repository.ts';
import type { Fen } from '../../shared/money/fen.ts';

/** The way back from a payer that answers later: what it leaves for us is fetched here. */
export type PayerReturns = {
  /**
   * Fetches each return that lies ready, whole, and has it kept; only then it is put away at the payer's. Never throws.
   * What has been fetched before may come again.
   */
  collect(collecting: Collecting): Promise<Collected>;
  /** What a return says. It changes nothing, and throws nothing, whatever the bytes are. */
  read(found: FoundReturn): Promise<ReadReturn>;
};

export type Collecting = {
  readonly address: URL;
  readonly timer: Timer;
  /** Keeps a return for good. Resolves once it is on disk; rejects where it is not: then the payer keeps it, too. */
  readonly keep: (found: FoundReturn) => Promise<void>;
};

/** A return as it lay there. */
export type FoundReturn = { readonly name: string; readonly content: Uint8Array };

/** `not-reached`: the line never stood, or broke; what was kept before is kept. */
export type Collected =
  | { readonly kind: 'collected'; readonly returns: number }
  | { readonly kind: 'not-reached'; readonly returns: number; readonly problem: ClaimProblem };

/** What a return says, line by line. A remittance is for whoever takes remittances in. */
export type ReadReturn =
  | {
      readonly kind: 'answers';
      readonly lines: readonly ReturnLine[];
      /** Lines that could not be read: they change nothing. */
      readonly unfit: readonly UnfitLine[];
    }
  | { readonly kind: 'remittance' }
  /** As a whole it does not fit: cut off, another sum than its lines have, another's. None of it counts. */
  | { readonly kind: 'unreadable'; readonly unfit: readonly UnfitLine[] };

/** What is wrong where: the field by the payer's own name for it, what stands there, what should. */
export type UnfitLine = {
  /** From 1; null: of the whole return. */
  readonly line: number | null;
  readonly field: string | null;
  readonly said: string;
  readonly ours: string;
};

/** An answer about one claim, or about all that went out in one file. */
export type ReturnLine =
  | {
      readonly line: number;
      readonly about: 'claim';
      readonly claimId: string;
      readonly messageId: string;
      readonly claimedFen: Fen;
      readonly answer: LateAnswer;
    }
  | {
      readonly line: number;
      readonly about: 'file';
      /** The name that the channel gave it. */
      readonly sentWith: string;
      readonly claims: number;
      readonly claimedFen: Fen;
      readonly answer: Extract<LateAnswer, { kind: 'acknowledged' | 'rejected' }>;
    };
