import type { LedgerKind } from '../database/remittance-tables.ts';
import type { Fen } from '../../shared/money/fen.ts';

/**
 * What a payer says it has booked for a day, asked of the payer itself. One part for each way of asking; what is compared
 * with it knows only this.
 */
export type PayerLedger = {
  /**
   * The entries of a day and a payer in the order of their message ids, after one of them. Never throws: a payer that has
   * no ledger to ask, and one that is not reached or not understood, are answers.
   */
  entries(question: LedgerQuestion): Promise<LedgerAnswer>;
};

export type LedgerQuestion = {
  readonly payer: string;
  readonly businessDate: string;
  /** The message id of the last entry of the page before; empty: from the beginning. */
  readonly after: string;
};

export type LedgerAnswer =
  | {
      readonly kind: 'page';
      readonly entries: readonly LedgerEntry[];
      /** There may be more after the last of these. */
      readonly hasMore: boolean;
    }
  | { readonly kind: Exclude<LedgerKind, 'asked' | 'not-reached'> }
  /** `why`: a code of the line, or what did not fit. */
  | { readonly kind: 'not-reached'; readonly why: string };

/** What a payer has booked under a message id. */
export type LedgerEntry = {
  readonly messageId: string;
  readonly settlementId: string;
  readonly amountFen: Fen;
  /** By the number of the item in our claim, from 1 on. */
  readonly items: readonly { readonly sequence: number; readonly amountFen: Fen }[];
  /** The payer has taken it back since: it holds nothing of it any more. */
  readonly isUndone: boolean;
};

/** Which destinations are books of the hospital itself, and which are at an address of their own. */
export type LedgerPlaces = {
  of(destination: string): { readonly isOwnBook: boolean; readonly address: URL | null };
};

/** Where no line is set there is nobody to ask. */
const noLedger: PayerLedger = { entries: () => Promise.resolve({ kind: 'none' }) };

/** The ledger of a payer; null: it is a book of the hospital's own. `usual`: where payers are that have no address of their own. */
export function ledgerOf(
  places: LedgerPlaces,
  payer: string,
  usual: URL | null,
  ledgerAt: (address: URL) => PayerLedger,
): PayerLedger | null {
  const { isOwnBook, address } = places.of(payer);
  if (isOwnBook) return null;
  const at = address ?? usual;
  return at === null ? noLedger : ledgerAt(at);
}
