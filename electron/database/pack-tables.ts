/**
 * One thing that was done with a pack: prepared for use, approved by a second person, withdrawn; or that this folder had
 * settled by it before anybody was asked (`settled-before`). Never changed; what counts follows from all of a version's.
 */
export type PackActTable = {
  id: string;
  act: 'settled-before' | 'prepare' | 'approve' | 'withdraw';
  pack: string;
  version: string;
  /** Of the pack's text and every file it names; null where it is not about one. */
  fingerprint: string | null;
  /** What is approved: the preparation, and who made it. */
  prepared_id: string | null;
  prepared_by: string | null;
  /** Why it was withdrawn. */
  reason: string | null;
  /** What is done in a demo counts in no folder that is at work. */
  folder_kind: 'demo' | 'live';
  /** Of `settled-before`: the last settlement by it until then. */
  at: string;
  done_by: string | null;
  done_page: string | null;
  /** Of the audit: the order of acts, whatever a clock says; 0 for `settled-before`. */
  entry: number;
};

/** An assumption of a pack that a preparation takes as right, and why. */
export type PackAcceptanceTable = { act_id: string; assumption: string; reason: string };
