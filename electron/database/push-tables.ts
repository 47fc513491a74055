/** Who may push bills over HTTP; of the token only a hash is kept. */
export type PushSenderTable = {
  id: string;
  /** As the list and the sources of bills name it. */
  name: string;
  token_sha256: string;
  made_at: string;
  made_by: string;
  last_push_at: string | null;
  ended_at: string | null;
  ended_by: string | null;
  end_reason: string | null;
};

/**
 * A result that was called back and not taken yet. `given-up`: the hospital's system refused it, or failed at it too often; somebody
 * has it tried again.
 */
export type ResultCallTable = {
  /** The row of `hospital_files`; by it the hospital's system knows a repeat. */
  file_id: string;
  visit_id: string;
  state: 'trying' | 'given-up';
  attempts: number;
  last_at: string;
  /** What came of the last call: `http-500`, or why there was no answer. */
  last_problem: string;
};
