/** One run of uploading, from its beginning; `finished_at` null: under way, or broken off. */
export type UploadRunTable = {
  id: string;
  business_date: string;
  started_at: string;
  finished_at: string | null;
  started_by: string;
};

export type UploadBatchTable = {
  id: string;
  run_id: string;
  destination: string;
  claim_count: number;
  state: 'open' | 'finished';
};

/** What came of a run at one payer. */
export type UploadCountTable = {
  run_id: string;
  destination: string;
  claims: number;
  accepted: number;
  rejected: number;
  unknown: number;
  waiting: number;
  /** Its payer has it and has not decided. */
  acknowledged: number;
};

export const payerReturnKinds = ['unread', 'answers', 'remittance', 'unreadable'] as const;
export type PayerReturnKind = (typeof payerReturnKinds)[number];

/** What a payer left for us, whole; `read_at` null: not all of it has been taken in. */
export type PayerReturnTable = {
  id: string;
  profile: string;
  name: string;
  sha256: string;
  fetched_at: string;
  kind: PayerReturnKind;
  read_at: string | null;
  content_json: string;
  content_version: number;
};

/** What of a return did not fit, or contradicts what stands. */
export type PayerReturnFindingTable = {
  return_id: string;
  position: number;
  code: string;
  line: number | null;
  field: string | null;
  said: string;
  ours: string;
  claim_id: string | null;
};

/** The file a claim went out in last, with others; `answered_at`: when its payer spoke of this claim. */
export type ClaimTogetherTable = {
  claim_id: string;
  sent_with: string;
  answered_at: string | null;
};
