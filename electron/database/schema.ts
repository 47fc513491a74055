import type { Generated } from 'kysely';

import type {
  IdentityQuestionTable,
  PageSessionTable,
  SecondPersonRequestTable,
} from './page-tables.ts';
import type { PackAcceptanceTable, PackActTable } from './pack-tables.ts';
import type {
  BillQuestionTable,
  SetAsideBillTable,
  VisitTable,
  VisitWordTable,
} from './visit-tables.ts';
import type { PushSenderTable, ResultCallTable } from './push-tables.ts';
import type { BillInDoubtTable, PersonNumberTable, PersonQuestionTable } from './person-tables.ts';
import type {
  ClaimTogetherTable,
  PayerReturnFindingTable,
  PayerReturnTable,
  UploadBatchTable,
  UploadCountTable,
  UploadRunTable,
} from './upload-tables.ts';
import type {
  DayCloseTable,
  DayComparisonTable,
  DifferenceTable,
  RemittanceFileTable,
  RemittanceLineTable,
  RemittanceTable,
} from './remittance-tables.ts';
import type {
  SignInFailureTable,
  UserHoldingTable,
  UserPasswordTable,
  UserTable,
} from './user-tables.ts';

export type { PushSenderTable, ResultCallTable } from './push-tables.ts';
export type { BillQuestionTable, SetAsideBillTable, VisitTable } from './visit-tables.ts';

/**
 * The tables, one type each, as the migrations make them. Amounts are whole fen (`…_fen`), days are
 * `YYYY-MM-DD` in Asia/Shanghai (`…_on`), instants are ISO 8601 with offset (`…_at`), flags are 0 or 1,
 * `…_json` is canonical JSON text that is stored to be shown again, never to be searched; where it is a document
 * with a history, `…_version` is its format's version (`stored-documents/`).
 */
export type Tables = {
  folder_facts: FolderFactTable;
  persons: PersonTable;
  person_categories: PersonCategoryTable;
  person_cards: PersonCardTable;
  registers: RegisterTable;
  person_year_openings: PersonYearOpeningTable;
  year_counters: YearCounterTable;
  visits: VisitTable;
  set_aside_bills: SetAsideBillTable;
  bill_questions: BillQuestionTable;
  settlement_intents: SettlementIntentTable;
  settlements: SettlementTable;
  settlement_shares: SettlementShareTable;
  settlement_tenders: SettlementTenderTable;
  settlement_counter_changes: SettlementCounterChangeTable;
  cancellations: CancellationTable;
  claims: ClaimTable;
  claim_items: ClaimItemTable;
  claim_events: ClaimEventTable;
  message_sequences: MessageSequenceTable;
  upload_runs: UploadRunTable;
  upload_batches: UploadBatchTable;
  upload_counts: UploadCountTable;
  payer_returns: PayerReturnTable;
  payer_return_findings: PayerReturnFindingTable;
  claims_together: ClaimTogetherTable;
  remittances: RemittanceTable;
  remittance_files: RemittanceFileTable;
  remittance_lines: RemittanceLineTable;
  differences: DifferenceTable;
  day_comparisons: DayComparisonTable;
  day_closes: DayCloseTable;
  print_jobs: PrintJobTable;
  hospital_files: HospitalFileTable;
  push_senders: PushSenderTable;
  result_calls: ResultCallTable;
  intake_refusals: IntakeRefusalTable;
  audit_entries: AuditEntryTable;
  audit_head: AuditHeadTable;
  audit_keys: AuditKeyTable;
  row_marks: RowMarkTable;
  row_sums: RowSumTable;
  number_days: NumberDayTable;
  last_business_day: LastBusinessDayTable;
  scheduled_jobs: ScheduledJobTable;
  page_sessions: PageSessionTable;
  identity_questions: IdentityQuestionTable;
  second_person_requests: SecondPersonRequestTable;
  person_questions: PersonQuestionTable;
  person_numbers: PersonNumberTable;
  bills_in_doubt: BillInDoubtTable;
  visit_words: VisitWordTable;
  packs_in_force: PackInForceTable;
  pack_acts: PackActTable;
  pack_acceptances: PackAcceptanceTable;
  schema_versions: SchemaVersionTable;
  document_versions: DocumentVersionTable;
  books: BooksTable;
  numbers_lost: NumbersLostTable;
  journal: JournalTable;
  journal_places: JournalPlaceTable;
  users: UserTable;
  user_passwords: UserPasswordTable;
  sign_in_failures: SignInFailureTable;
  user_holdings: UserHoldingTable;
};

/** What the folder remembers about itself: `kind` (demo | live), `business-date`, `hospital`, settings. */
export type FolderFactTable = { name: string; value_json: string; value_version: number };

/** One person; `id` is the ID number's owner in our own records, never shown. */
export type PersonTable = {
  id: string;
  name: string;
  id_number: string;
  birth_date: string;
  sex: 'male' | 'female';
  insurance: string;
  insured_place: string;
  /** The rest of the contract's person fields, as JSON. */
  more_json: string;
  more_version: number;
  updated_at: string;
  /** The register that brought the person, who counts from this version of it on; null: a visit did. */
  of_register: string | null;
  register_version: number | null;
};

/** Which version of a register counts; `building` is the import that prepares the next one. */
export type RegisterTable = {
  kind: 'persons' | 'cards';
  source: string;
  version: number;
  building: string | null;
};

/** Of what a register says: since which version of it, and since which one no more. */
type OfVersion = { added_in: Generated<number>; removed_in: number | null };

/** One card as one register knows it; the person may be in no record of ours yet. */
export type PersonCardTable = OfVersion & {
  id: Generated<number>;
  kind: 'social-security' | 'preferential';
  number: string;
  source: string;
  id_number: string;
  name: string;
  state: 'valid' | 'lost' | 'replaced' | 'cancelled';
};

export type PersonCategoryTable = OfVersion & {
  id: Generated<number>;
  person_id: string;
  category: string;
  /** null: since always. */
  valid_from: string | null;
  /** Last valid day; null: without end. */
  valid_until: string | null;
  /** The register that says so, or `visit` where the hospital's system sent it with the visit. */
  source: string;
};

/** Where a person's year stood before our own settlements, as the seed JSON gave it. */
export type PersonYearOpeningTable = {
  person_id: string;
  year: number;
  as_of: string;
  /** The contract's yearToDate, our own settlements taken out. */
  opening_json: string;
  opening_version: number;
  source: string;
};

/**
 * The person's counters of a year. `value` = `opening` + sum of the settlements' changes − sum of the
 * cancelled ones' changes. `counter` is `admissions`, `deductible-paid`, `eligible`, `self-pay`,
 * `eligible-self-pay`, `paid:<payer>`, `by-step:<step>`, `level:<hospital level>` (a count of visits).
 */
export type YearCounterTable = {
  person_id: string;
  year: number;
  counter: string;
  opening: number;
  value: number;
};

/** Recorded before anything is done: the keys and ids of a settling, so that a crash is answered, not repeated. */
export type SettlementIntentTable = {
  settlement_id: string;
  visit_id: string;
  part: number;
  bill_version: number;
  /** The day the number was given for, and its place in that day. */
  business_date: string;
  sequence: number;
  number: string;
  /** Ids of the claims' messages by destination: made here once, reused on every retry. */
  message_ids_json: string;
  state: 'intended' | 'recorded' | 'abandoned' | 'cancelled';
  intended_at: string;
  intended_by: string;
};

export type SettlementTable = {
  id: string;
  number: string;
  visit_id: string;
  person_id: string;
  part: number;
  bill_version: number;
  pack: string;
  pack_version: string;
  /** Exactly what was decided on, and what was decided: paper is printed from here, never recomputed. */
  input_json: string;
  input_version: number;
  result_json: string;
  result_version: number;
  total_fen: number;
  patient_pays_fen: number;
  hospital_bears_fen: number;
  deposit_fen: number;
  /** The settlement year the counters belong to. */
  year: number;
  business_date: string;
  settled_at: string;
  settled_by: string;
  state: 'settled' | 'cancelled';
  /** The number of its audit entry: the order of settlements, whatever a clock said. 0 until it is audited. */
  entry: number;
  /** The window it was settled at, whose paper it is. */
  window_id: string;
  /** The version of the program; empty for those from before it was kept. */
  program: string;
};

export type SettlementShareTable = {
  settlement_id: string;
  position: number;
  step: string;
  payer: string;
  destination: string;
  amount_fen: number;
  decided_by: 'engine' | 'payer';
  our_fen: number;
  payer_fen: number | null;
};

export type SettlementTenderTable = {
  settlement_id: string;
  position: number;
  /** A tender kind; a refund of the deposit is negative cash. */
  kind: string;
  amount_fen: number;
};

export type SettlementCounterChangeTable = {
  settlement_id: string;
  person_id: string;
  year: number;
  counter: string;
  change: number;
};

export type CancellationTable = {
  id: string;
  settlement_id: string;
  reason: string;
  cancelled_at: string;
  cancelled_by: string;
  approved_by: string;
  business_date: string;
};

export const claimStates = [
  'waiting',
  'in-batch',
  'sent',
  'acknowledged',
  'accepted',
  'rejected',
  'corrected',
  'withdrawn',
  'paid',
  'short-paid',
  'denied',
  'unknown',
] as const;
export type ClaimState = (typeof claimStates)[number];

/** One claim per settlement and destination; its items are the non-zero shares that go there. */
export type ClaimTable = {
  id: string;
  settlement_id: string;
  visit_id: string;
  payer: string;
  destination: string;
  state: ClaimState;
  /** Kept before sending and reused on retry. */
  message_id: string;
  claimed_fen: number;
  approved_fen: number | null;
  adjusted_fen: number | null;
  paid_fen: number | null;
  business_date: string;
  created_at: string;
  attempts: number;
  last_attempt_at: string | null;
  /** The payer's own reference once it accepted. */
  payer_reference: string | null;
  /** The payer's code and words when it rejected, or what went wrong on the line. */
  last_problem_json: string | null;
  last_problem_version: number;
  run_id: string | null;
};

export type ClaimItemTable = {
  claim_id: string;
  position: number;
  settlement_id: string;
  step: string;
  payer: string;
  amount_fen: number;
};

export type ClaimEventTable = {
  id: Generated<number>;
  claim_id: string;
  at: string;
  event: string;
  detail_json: string;
  detail_version: number;
};

/** The last number given for settlements of a day: counted here, taken back with the unit that took it. */
export type NumberDayTable = { business_date: string; last: number };

/** The last four-digit sequence used in a second, per institution: a message id is never made twice. */
export type MessageSequenceTable = { institution: string; second: string; last: number };

/** A sheet to be printed. Rows survive a crash; `unknown` asks the cashier, it is never printed again silently. */
export type PrintJobTable = {
  id: string;
  settlement_id: string;
  document: 'receipt' | 'statement';
  /** 0 is the original; every later print is marked 补打 第N次. */
  copy_number: number;
  state: 'queued' | 'sending' | 'sent' | 'confirmed' | 'unknown' | 'failed' | 'withdrawn';
  created_at: string;
  created_by: string;
  updated_at: string;
  attempts: number;
  printer: string | null;
  problem_json: string | null;
  problem_version: number;
  /** The window whose printer prints it. */
  window_id: string;
  /** Of a statement that was made, unencrypted; null: none is kept here, or it is from before this was kept. */
  file_sha256: string | null;
};

/** What goes back to the hospital's system, at least once, keyed by settlement id. */
export type HospitalFileTable = {
  id: string;
  settlement_id: string;
  kind: 'settled' | 'cancelled';
  payload_json: string;
  payload_version: number;
  state: 'waiting' | 'written' | 'acknowledged';
  created_at: string;
  written_at: string | null;
  /** Of the file as it was written; null before that, or from before this was kept. */
  file_sha256: string | null;
};

/** What the watched folder refused, shown on the desk until it is mended. */
export type IntakeRefusalTable = {
  id: string;
  file: string;
  row: number | null;
  column_name: string | null;
  place: string | null;
  code: string;
  message_json: string;
  message_version: number;
  at: string;
};

/** Hash chain: each entry's hash covers the one before it. */
export type AuditEntryTable = {
  sequence: number;
  at: string;
  who: string;
  act: string;
  about: string;
  detail_json: string;
  detail_version: number;
  previous_hash: string;
  hash: string;
  /** The window and the program's version that acted; null before they were kept. The hash covers them. */
  window_id: string | null;
  program: string | null;
};

/** The last audit entry, in the one row of id 1: the next one is numbered and chained from here. */
export type AuditHeadTable = {
  id: number;
  sequence: number;
  hash: string;
  /** The keyed hash of the two: an earlier end of the chain has none that is kept. */
  seal: Generated<string>;
};

/** The keyed mark of a row of the table `kind` as the program wrote it last (`marked-tables.ts`). */
export type RowMarkTable = { kind: string; row_key: string; mark: string };

/** How many rows of a table bear a mark, and the sum of their marks. */
export type RowSumTable = { kind: string; rows: number; sum: string };

/** The key of the audit chain, closed under the folder's key, in the one row of id 1. */
export type AuditKeyTable = { id: number; first_entry: number; sealed: string; made_at: string };

/** The business date that money last counted for, in the one row of id 1. */
export type LastBusinessDayTable = { id: number; business_date: string };

/** How far a window's work by the clock has come. */
export type ScheduledJobTable = {
  window_id: string;
  name: string;
  done_until: string;
  attempts: number;
  last_began_at: string | null;
  last_ended_at: string | null;
  last_problem: string | null;
};

/** A pack that was taken into use and the one text its id and version stand for. */
export type PackInForceTable = {
  id: string;
  version: string;
  sha256: string;
  /** The version of the program that named it first. */
  program: string;
  taken_in_at: string;
};

/** When the tables came to a version, and by which version of the program. */
export type SchemaVersionTable = {
  number: number;
  program: string;
  /** The oldest program that may write since then; null: every one that could before. */
  oldest_program: string | null;
  at: string;
};

/** The highest version of each kind of stored document that any program has written here. */
export type DocumentVersionTable = { kind: string; newest: number };

/** Whose books these are and how many units of work were ever kept in them, in the one row of id 1. */
export type BooksTable = {
  id: number;
  /** The folder's id; empty until its first anchor record. */
  folder: string;
  /** Grows with every restore. */
  generation: number;
  units: number;
  /** 1 once the folder remembers its books outside of them, too. */
  anchored: number;
};

/** Settlement numbers of a day that were given and whose settlements are lost: none is given again. */
export type NumbersLostTable = {
  business_date: string;
  first: number;
  last: number;
  found_at: string;
};

/** A changed row for the second place, in the order of the changes. */
export type JournalTable = {
  sequence: Generated<number>;
  /** Empty at the end of a unit of work. */
  table_name: string;
  /** `put`: the whole row. `change`: some columns of a row that is there. `remove`: its key. `end` of a unit of work. */
  act: 'put' | 'change' | 'remove' | 'end';
  row_json: string;
  /** When the unit of work was kept; null but at its end. */
  at: string | null;
};

/** The one row of id 1 is there while the folder has a second place. */
export type JournalPlaceTable = {
  id: number;
  /** How many machines held this folder one after the other: 1, and one more with every takeover. */
  term: number;
};
