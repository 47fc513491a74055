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
};
