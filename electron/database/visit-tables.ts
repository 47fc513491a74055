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
  source: string;
  person_name: string;
  /** Initials and full pinyin of the name, for the finder. */
  person_pinyin: string;
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
};

/** A word a visit is found by: see `base/search-words.ts`. */
export type VisitWordTable = { word: string; visit_id: string };
