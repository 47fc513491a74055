/** A page that was let in at a window; of its secret only the hash is kept. */
export type PageSessionTable = {
  id: string;
  window_id: string;
  secret_sha256: string;
  page: 'browser' | 'window';
  user_id: string | null;
  opened_at: string;
  last_used_at: string;
  /** How long it has lived by the machine's own counter, as far as that was noted. */
  lived_ms: number;
  ended_at: string | null;
  end_reason:
    'idle' | 'too-old' | 'stopped' | 'signed-out' | 'by-administrator' | 'account-ended' | null;
  /** What replaces the secret with its first use, and since when; null: nothing does. */
  next_secret_sha256: string | null;
  next_secret_at: string | null;
};

/** What was asked of a card and a visit, and what was answered: `open` until then. */
export type IdentityQuestionTable = {
  id: string;
  visit_id: string;
  code: string;
  card: string;
  /** Whose card: a hash over its kind, number and name. */
  card_sha256: string;
  /** Which reading of it: the same card put down again is another. */
  card_read: string;
  asked_at: string;
  asked_by: string;
  asked_page: string;
  state: 'open' | 'confirmed' | 'fitted' | 'set-aside';
  answered_at: string | null;
  answered_by: string | null;
  answered_page: string | null;
};

/** An act that takes a second person. */
export type SecondPersonRequestTable = {
  id: string;
  /** The act, as the audit names it, and the id of what it is done to. */
  act: string;
  about: string;
  /** The visit it is for; null: it is for no patient. */
  visit_id: string | null;
  reason: string;
  asked_at: string;
  asked_by: string;
  /** The session of the page it was asked at, or the command. */
  asked_page: string;
  expires_at: string;
  state: 'pending' | 'approved' | 'refused' | 'used' | 'expired';
  decided_at: string | null;
  decided_by: string | null;
  decided_page: string | null;
  /** Why nobody was asked; null: somebody was. */
  emergency_reason: string | null;
  used_at: string | null;
  /** What was done with it. */
  used_for: string | null;
  reviewed_at: string | null;
  reviewed_by: string | null;
  /** Why it was decided so; null: nothing was said. */
  decision_reason: string | null;
  /** Whoever asked has taken it back before it was used; its state is `expired` then. */
  taken_back_at: string | null;
};
