import { claimStates, type ClaimState, type ClaimTable } from './schema.ts';

/** A claim as it stands. */
export type StandingClaim = Pick<
  ClaimTable,
  'id' | 'state' | 'attempts' | 'approved_fen' | 'payer_reference'
>;

/** What happened to it, in order; the particulars of answers and payments alone. */
export type ClaimStep = {
  readonly event: string;
  readonly detail: Readonly<Record<string, unknown>> | null;
};

/** Events whose particulars say what became of a claim: answers, and what was paid. */
export const hasParticulars = (event: string): boolean =>
  event.startsWith('answer-') || event.startsWith('remit');

/** A claim and what happened to it. */
export type ClaimWithHistory = StandingClaim & { readonly steps: readonly ClaimStep[] };

type Followed = {
  readonly state: ClaimState;
  readonly attempts: number;
  readonly approvedFen: unknown;
  readonly reference: unknown;
};

/**
 * What of a claim is not what became of it by the record of what happened to it: a state, an answer or a number of attempts
 * that nothing led to. Read on its own, without the code that writes them.
 */
export function problemsOfClaim({ steps, ...claim }: ClaimWithHistory): readonly string[] {
  const followed = steps.reduce(after, begun);
  const problems: string[] = [];
  if (!statesOf(followed).includes(claim.state)) {
    const last = steps.at(-1)?.event ?? 'it was made';
    problems.push(
      `is ${claim.state}, and what happened to it leads to ${followed.state} (${last})`,
    );
  }
  if (claim.attempts !== followed.attempts)
    problems.push(
      `counts ${String(claim.attempts)} attempts, and ${String(followed.attempts)} are kept`,
    );
  if (claim.approved_fen !== followed.approvedFen)
    problems.push('what its payer is said to have approved is not in the answer that is kept');
  if (claim.payer_reference !== followed.reference)
    problems.push("its payer's reference is not in the answer that is kept");
  return problems;
}

const begun: Followed = { state: 'waiting', attempts: 0, approvedFen: null, reference: null };

/** What a payer has taken, and pays, pays in part or denies. */
const isTakenByPayer = (state: ClaimState): boolean =>
  state === 'accepted' || state === 'paid' || state === 'short-paid' || state === 'denied';

/** What a remittance made of it: no more than these states. */
function paidAs(before: Followed, detail: ClaimStep['detail']): Followed {
  const state = claimStates.find((each) => each === detail?.['state']);
  if (state === undefined || !isTakenByPayer(state)) return before;
  return { ...before, state, approvedFen: detail?.['approvedFen'] ?? null };
}

/** While it is in one of these a claim goes out and takes an answer. */
const isOpen = (state: ClaimState): boolean =>
  state === 'waiting' || state === 'sent' || state === 'unknown';

/** Its payer has it or may have it, and has not decided. */
const takesAnswer = (state: ClaimState): boolean => isOpen(state) || state === 'acknowledged';

function after(before: Followed, { event, detail }: ClaimStep): Followed {
  switch (event) {
    case 'sent':
      if (!isOpen(before.state)) return before;
      return { ...before, state: 'sent', attempts: before.attempts + 1 };
    case 'asked-again':
      return before.state === 'rejected' ? { ...before, state: 'unknown' } : before;
    case 'withdrawn':
      return { ...before, state: 'withdrawn' };
    case 'superseded':
      return { ...before, state: 'corrected' };
    case 'books-restored':
    case 'taken-over':
      return { ...before, state: 'unknown' };
    case 'undo-undone':
      if (!takesAnswer(before.state) && before.state !== 'accepted') return before;
      return { ...before, state: 'rejected', approvedFen: null, reference: null };
    case 'answer-accepted': {
      if (!takesAnswer(before.state)) return before;
      const { approvedFen = null, reference = null } = detail ?? {};
      return { ...before, state: 'accepted', approvedFen, reference };
    }
    case 'answer-acknowledged':
      return takesAnswer(before.state) ? { ...before, state: 'acknowledged' } : before;
    case 'remitted':
    case 'remittance-taken-back':
      return isTakenByPayer(before.state) ? paidAs(before, detail) : before;
    default:
      if (!event.startsWith('answer-') || !takesAnswer(before.state)) return before;
      return { ...before, state: event === 'answer-rejected' ? 'rejected' : 'unknown' };
  }
}

/**
 * The states a claim may be in where its record leads to one: a batch takes what is open in and lets it out again, and of
 * that nothing is kept.
 */
function statesOf({ state, attempts }: Followed): readonly ClaimState[] {
  if (!isOpen(state)) return [state];
  const letOut: ClaimState = attempts === 0 ? 'waiting' : 'unknown';
  return [state, 'in-batch', letOut];
}
