/**
 * Whether a bill or a list speaks of the person known under its number: what is said there and what is known here.
 * `open` until somebody says `same` or `other`; `gone`: it came again without the difference.
 */
export type PersonQuestionTable = {
  id: string;
  person_id: string;
  came_by: 'visit' | 'register';
  /** The visit of the bill; null for a list. */
  visit_id: string | null;
  /** The file of the bill, or the name of the register. */
  source: string;
  /** Where it stands there, e.g. `row 3`. */
  place: string | null;
  /** What is another one, in words separated by spaces: `number` `name` `birth-date` `sex`. */
  differs: string;
  said_number: string;
  said_name: string;
  said_birth_date: string | null;
  said_sex: 'male' | 'female' | null;
  known_name: string;
  known_birth_date: string | null;
  known_sex: 'male' | 'female' | null;
  asked_at: string;
  state: 'open' | 'same' | 'other' | 'gone';
  answered_at: string | null;
  answered_by: string | null;
  answer_reason: string | null;
};

/** A number a person is known by besides the one in `persons`: an old one, a corrected one, that of another document. */
export type PersonNumberTable = {
  id_number: string;
  person_id: string;
  linked_at: string;
  linked_by: string;
  reason: string;
  /** What was moved from the one who had this number before, so that it can be moved back. */
  moved_json: string;
  moved_version: number;
};

/** A bill that was set aside because its person is in doubt; it comes in once somebody has said who that is. */
export type BillInDoubtTable = {
  question_id: string;
  visit_id: string;
  source: string;
  received_at: string;
  /** Empty: the bill does not say it. */
  discharged_on: string;
  bill_json: string;
  bill_version: number;
  /** When it was made, where that is known besides what its sender says. */
  made_at: string | null;
  made_by: 'sender' | 'file' | 'read' | null;
};
