/** A payer's statement of what it paid, taken in once. Sums are of its lines, whichever were booked. */
export type RemittanceTable = {
  id: string;
  /** The destination whose claims it pays. */
  payer: string;
  /** The payer's own number of it. */
  number: string;
  /** Of the file, which is kept whole. */
  sha256: string;
  paid_on: string;
  line_count: number;
  claimed_fen: number;
  approved_fen: number;
  adjusted_fen: number;
  paid_fen: number;
  /** The day it was taken in on. */
  business_date: string;
  taken_at: string;
  taken_by: string;
  /** The number of its audit entry. */
  entry: number;
  state: 'taken' | 'taken-back';
  taken_back_at: string | null;
  taken_back_by: string | null;
  taken_back_reason: string | null;
};

/** A payer's file as it came, also one that was refused: nothing of it is thrown away. */
export type RemittanceFileTable = {
  payer: string;
  sha256: string;
  file_name: string;
  content_base64: string;
  received_at: string;
  received_by: string;
  /** Why nothing of it was taken in, as its code; null: it was. */
  refused_as: string | null;
};

/** A line of a remittance: what it names, its four figures, and whether they were booked to a claim. */
export type RemittanceLineTable = {
  remittance_id: string;
  position: number;
  /** The claim as the payer names it: our id, the message id, or the payer's own reference. */
  reference: string;
  /** The item of the claim it is about; null: all of them. */
  step: string | null;
  /** The claim it names; null: there is none, or more than one. */
  claim_id: string | null;
  claimed_fen: number;
  approved_fen: number;
  adjusted_fen: number;
  paid_fen: number;
  /** The payer's code and words for what it adjusted. */
  code: string | null;
  words: string | null;
  state: 'booked' | 'difference';
};

export const differenceClasses = [
  'only-here',
  'only-there',
  'amount-differs',
  'refund-missing',
  'duplicate',
  'contradicting-answer',
  'paid-unknown-claim',
  'paid-unclaimed',
  'paid-twice',
  'paid-too-much',
  'paid-back',
  'claimed-differs',
] as const;
export type DifferenceClass = (typeof differenceClasses)[number];

export const differenceStates = ['open', 'explained', 'corrected', 'gone'] as const;
export type DifferenceState = (typeof differenceStates)[number];

/** What does not agree between our books, the payer's and the cash of a day: open until somebody or the books close it. */
export type DifferenceTable = {
  id: string;
  business_date: string;
  /** A destination, or `cash`. */
  payer: string;
  class: DifferenceClass;
  /** What it is about, by which it is known again on the same day. */
  subject: string;
  claim_id: string | null;
  settlement_id: string | null;
  step: string | null;
  remittance_id: string | null;
  position: number | null;
  /** What our books say, and what the other side says; null: nothing. */
  ours_fen: number | null;
  theirs_fen: number | null;
  /** The state of our claim as it was found; null: there is no claim. */
  claim_state: string | null;
  /** The payer's own words. */
  said: string | null;
  /** The comparison, or the remittance, that saw it last. */
  seen_in: string;
  opened_at: string;
  opened_by: string;
  state: DifferenceState;
  closed_at: string | null;
  closed_by: string | null;
  reason: string | null;
};

/** Whether a payer has a ledger that can be asked, and whether it was: `own` is the hospital's own book. */
export const ledgerKinds = ['asked', 'none', 'own', 'not-reached'] as const;
export type LedgerKind = (typeof ledgerKinds)[number];

/** The last comparison of our books with a payer's for a day. Sums of many claims may pass what one bill may be. */
export type DayComparisonTable = {
  business_date: string;
  payer: string;
  id: string;
  compared_at: string;
  compared_by: string;
  ledger: LedgerKind;
  claims_here: number;
  claimed_fen: number;
  claims_there: number;
  there_fen: number;
  /** Why the payer was not reached. */
  problem: string | null;
};

/** A day that is closed: whatever belongs to it is corrected in the current period. */
export type DayCloseTable = {
  business_date: string;
  closed_at: string;
  closed_by: string;
  entry: number;
  /** How many of its differences were explained or corrected. */
  explained: number;
};
