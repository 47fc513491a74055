/** Somebody who may come in, or could once. */
export type UserTable = {
  id: string;
  name: string;
  role: 'cashier' | 'supervisor' | 'it-clerk' | 'policy-officer' | 'auditor' | 'administrator';
  state: 'active' | 'ended';
  /** A program and not a person: signs in to commands alone, by a secret that this program made. */
  is_service: number;
  is_trainee: number;
  /** What a trainee may settle at most, in what the patient pays; 0 for others. */
  trainee_limit_fen: number;
  mentor: string | null;
  /** The client certificate whose key must be shown besides the password, as PEM; its fingerprint is made from it. */
  certificate: string | null;
  created_at: string;
  created_by: string;
  ended_at: string | null;
  ended_by: string | null;
};

/** One password a user had; the one with the highest number counts. */
export type UserPasswordTable = {
  user_id: string;
  number: number;
  /** In PHC form, with the parameters it was made with. */
  hash: string;
  made_at: string;
  made_by: string;
  must_change: number;
};

/** How often a user's password was wrong since it was last right. */
export type SignInFailureTable = {
  user_id: string;
  failures: number;
  last_at: string;
  locked_at: string | null;
};

/** What a user holds and must hand over before the account ends. */
export type UserHoldingTable = {
  id: string;
  user_id: string;
  kind: 'float' | 'receipts' | 'open-case';
  what: string;
  since: string;
  handed_over_at: string | null;
  handed_over_to: string | null;
};
