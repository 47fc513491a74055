/** One stay or visit with its bill in force. */
export type VisitTable = {
  id: string;
  person_id: string;
  /** Counts the bills received for the visit; part of the idempotency key of settling. */
  bill_version: number;
  /** By which the bill is known again (`bill-identity.ts`): the same bill sent again changes nothing. */
  bill_hash: string;
  /** The same over the bill and the year that was taken in with it; null where none was, or it is not known. */
  received_hash: string | null;
  state: 'unsettled' | 'settled';
  kind: string;
  admitted_on: string;
  discharged_on: string;
  hospital_level: string;
  bed: string | null;
  department: string | null;
  admission_number: string | null;
  principal_diagnosis: string | null;
  total_fen: number;
  line_count: number;
  blocker_count: number;
  /** The contract's `{ "visit": …, "person": … }`, exactly what will be decided on. */
  input_json: string;
  input_version: number;
  /** What was warned of when the bill came in. */
  warnings_json: string;
  warnings_version: number;
  received_at: string;
  /** When the first bill of the visit came; empty: nobody kept it. */
  first_received_at: string;
  source: string;
  person_name: string;
  /** Initials and full pinyin of the name, for the finder. */
  person_pinyin: string;
} & BillOriginColumns;

/** When a bill was made, as far as anybody knows (`shared/domain/bill-order.ts`). */
export type BillOriginColumns = {
  /** The sender's own count of the bills of the visit. */
  sent_version: number | null;
  made_at: string | null;
  /** Whose word that is: the sender's, the file's time, or ours, who read it from where it stands. */
  made_by: 'sender' | 'file' | 'read' | null;
};

/** A different bill that came after settlement: kept aside and raised, never merged. */
export type SetAsideBillTable = {
  id: string;
  visit_id: string;
  settlement_id: string;
  bill_hash: string;
  input_json: string;
  input_version: number;
  warnings_json: string;
  warnings_version: number;
  received_at: string;
  source: string;
  state: 'open' | 'explained';
} & BillOriginColumns;

/**
 * A bill that came beside the one in force and of which nobody can tell whether it is newer. `open` until a person says so, or
 * `gone`: a bill came that is newer than both.
 */
export type BillQuestionTable = {
  id: string;
  visit_id: string;
  /** The bill that came, and the one that was in force then. */
  bill_hash: string;
  known_hash: string;
  source: string;
  received_at: string;
  bill_json: string;
  bill_version: number;
  state: 'open' | 'newer' | 'older' | 'gone';
  answered_at: string | null;
  answered_by: string | null;
  answer_reason: string | null;
} & BillOriginColumns;

/** A word a visit is found by: see `base/search-words.ts`. */
export type VisitWordTable = { word: string; visit_id: string };
