import { claimStates, type ClaimState } from '../database/schema.ts';
import { claimsPageMax, type Claim } from '../database/claims-repository.ts';
import type { Store } from '../database/store.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { Fen } from '../../shared/money/fen.ts';
import { yuanTextFromFen } from '../../shared/money/yuan-text.ts';
import { claimRefusal } from './claim-refusals.ts';

export type ListedClaim = ReturnType<typeof listedClaim>;

/** The claims as the contract prints them, amounts as yuan text. */
export async function listClaims(
  { store }: { readonly store: Store },
  { state, payer }: { readonly state?: string; readonly payer?: string },
): Promise<Result<readonly ListedClaim[], 'unknown-claim-state'>> {
  const known = claimStates.find((each) => each === state);
  if (state !== undefined && known === undefined) {
    return refused(claimRefusal('unknown-claim-state', { state, known: claimStates }));
  }
  const filter: { states?: readonly ClaimState[]; payer?: string } = {
    ...(known === undefined ? {} : { states: [known] }),
    ...(payer === undefined ? {} : { payer }),
  };
  const listed: ListedClaim[] = [];
  // Page after page of one snapshot: no claim is left out or told twice however long the list is.
  await store.read(async ({ claims }) => {
    for (let after = ''; ;) {
      const page = await claims.list({ ...filter, after, limit: claimsPageMax });
      listed.push(...page.map(listedClaim));
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.id;
    }
  });
  return accepted(listed);
}

function listedClaim(claim: Claim) {
  const yuan = (amountFen: Fen | null): string | null =>
    amountFen === null ? null : yuanTextFromFen(amountFen);
  const { id, settlementId, visitId, payer, destination, state, messageId, problem } = claim;
  return {
    id,
    settlementId,
    visitId,
    payer,
    destination,
    state,
    items: claim.items.map(({ step, payer: owes, amountFen }) => ({
      step,
      payer: owes,
      amount: yuanTextFromFen(amountFen),
    })),
    claimed: yuanTextFromFen(claim.claimedFen),
    approved: yuan(claim.approvedFen),
    adjusted: yuan(claim.adjustedFen),
    paid: yuan(claim.paidFen),
    messageId,
    problem,
  };
}
