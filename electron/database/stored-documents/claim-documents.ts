import { recordIn, type StoredKind } from './stored-kind.ts';

/** The particulars of something that happened to a claim: what was sent, what was answered. */
export const claimEventDocument: StoredKind<Readonly<Record<string, unknown>>> = {
  id: 'claim-event',
  name: { zh: '申报经过', en: 'event of claim' },
  newest: 0,
  steps: [],
  decode: recordIn,
};

/** What a payer, or the line to it, said last of a claim. */
export const claimProblemDocument: StoredKind<Readonly<Record<string, unknown>>> = {
  id: 'claim-problem',
  name: { zh: '申报的问题', en: 'problem of claim' },
  newest: 0,
  steps: [],
  decode: recordIn,
};

/** The text of a problem and its version, as the row of the claim keeps them. */
export function problemColumns(problem: object | null) {
  return {
    last_problem_json: problem === null ? null : JSON.stringify(problem),
    last_problem_version: claimProblemDocument.newest,
  };
}
