import { undoableStates } from '../database/claim-undoing.ts';
import type { Claim, ClaimProblem } from '../database/claims-repository.ts';
import type { Repositories, Store } from '../database/store.ts';
import type { ClaimGroup } from '../../shared/contracts/claims.ts';
import type { ClaimChannels } from './channel.ts';
import { statesOfGroup } from './claim-groups.ts';

/** What a person may decide of a claim now; each act says itself again why not. */
export type ClaimActs = {
  readonly askAgain: boolean;
  readonly anew: boolean;
  readonly notBooked: boolean;
  readonly undo: boolean;
};

/** What is to be done about a claim; the words are the page's. */
export type ClaimAdvice =
  /** Goes out with the next run by itself. */
  | 'waits-for-run'
  /** Its payer took a part of it: the payer takes that back, or somebody decides. */
  | 'partly-accepted'
  /** Its payer may have it; it is asked for again by itself. */
  | 'asked-again-by-itself'
  /** The payer's answer does not fit ours: somebody has to ask there. */
  | 'ask-payer'
  /** Its payer has it and answers later. */
  | 'answered-later'
  /** It could not be written: something in its visit is not as the payer takes it. */
  | 'mend-visit'
  /** Refused, and an earlier attempt may be booked: ask again before anything else. */
  | 'refused-in-doubt'
  /** Refused and not booked: mend the cause and claim anew, or cancel the settlement. */
  | 'refused'
  /** The payer took it and has not paid yet. */
  | 'waits-for-money'
  /** Its payer was asked to take it back and has not clearly answered; it is asked again by itself. */
  | 'undo-unanswered'
  /** Its payer was asked to take it back and keeps it. */
  | 'undo-refused'
  | 'nothing';

export type WorklistRow = {
  readonly claim: Claim;
  readonly settlementNumber: string;
  readonly personName: string;
  readonly problem: ClaimProblem | null;
  readonly advice: ClaimAdvice;
  readonly acts: ClaimActs;
};

/** A page shows this many at a time. */
export const worklistPageMax = 100;

/** The claims of one group, the oldest first, page by page: `after` is the last one of the page before. */
export async function claimWorklist(
  { store, claimChannels }: { readonly store: Store; readonly claimChannels: ClaimChannels },
  page: { readonly group: ClaimGroup; readonly destination?: string; readonly after?: string },
): Promise<readonly WorklistRow[]> {
  const { group, ...rest } = page;
  return store.read(async (repositories) => {
    const claims = await repositories.claims.list({
      ...rest,
      states: statesOfGroup[group],
      limit: worklistPageMax,
    });
    const rows: WorklistRow[] = [];
    for (const claim of claims) rows.push(await rowOf(repositories, claimChannels, claim));
    return rows;
  });
}

async function rowOf(
  repositories: Repositories,
  channels: ClaimChannels,
  claim: Claim,
): Promise<WorklistRow> {
  const { settlements, claims } = repositories;
  const settlement = await settlements.find(claim.settlementId);
  const input = await settlements.inputOf(claim.settlementId);
  if (settlement === null || input === null) throw new Error(`claim ${claim.id} has no settlement`);
  const isDoubtful =
    claim.state === 'rejected' && (await claims.hindranceOfReplacing(claim.id)) !== null;
  const problem = problemIn(claim);
  const isUndoable = undoableStates.some((state) => state === claim.state);
  const hasOpenUndo = isUndoable && (await claims.openUndo(claim.id)) !== null;
  return {
    ...{ claim, settlementNumber: settlement.number, personName: input.person.name, problem },
    advice: hasOpenUndo ? 'undo-unanswered' : adviceOf(claim, problem, isDoubtful),
    acts: {
      askAgain: claim.state === 'rejected',
      anew: claim.state === 'rejected' && !isDoubtful,
      notBooked: ['unknown', 'sent', 'acknowledged'].includes(claim.state),
      undo: isUndoable && channels.of(claim.destination).undoing !== null,
    },
  };
}

/** What the payer said last, as it is kept. */
function problemIn({ problem }: Claim): ClaimProblem | null {
  if (typeof problem !== 'object' || problem === null) return null;
  const { code, words } = problem as { readonly code?: unknown; readonly words?: unknown };
  return typeof code === 'string' && typeof words === 'string' ? { code, words } : null;
}

/** Asking again by itself brings the same answer: it does not fit ours, or the payer has something of it. */
const askPayerCodes: readonly string[] = [
  ...['wrong-items', 'wrong-total', 'another-answer', 'malformed-answer'],
  ...['DUPLICATE_CLAIM', 'MSGID_REUSED', 'file-answered-in-part'],
];
/** After so many attempts without a clear answer somebody asks. */
const attemptsEnough = 5;

function adviceOf(
  { state, attempts }: Claim,
  problem: ClaimProblem | null,
  isDoubtful: boolean,
): ClaimAdvice {
  if (problem?.code === 'contradicting-answer') return 'ask-payer';
  switch (state) {
    case 'waiting':
    case 'in-batch':
      return 'waits-for-run';
    case 'sent':
      return 'asked-again-by-itself';
    case 'acknowledged':
      return 'answered-later';
    case 'unknown':
      if (problem?.code === 'partially-accepted') return 'partly-accepted';
      return attempts >= attemptsEnough || askPayerCodes.includes(problem?.code ?? '')
        ? 'ask-payer'
        : 'asked-again-by-itself';
    case 'rejected':
      if (problem?.code === 'not-sendable') return 'mend-visit';
      return isDoubtful ? 'refused-in-doubt' : 'refused';
    case 'accepted':
      // Nothing but a refusal to take it back leaves words beside what is accepted.
      return problem === null ? 'waits-for-money' : 'undo-refused';
    case 'corrected':
    case 'withdrawn':
    case 'paid':
    case 'short-paid':
    case 'denied':
      return 'nothing';
  }
}
