import { shanghaiInstant, type Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { Claim } from '../database/claims-repository.ts';
import type { LockPlace } from '../database/lock-places.ts';
import { takeLock } from '../database/named-lock.ts';
import { assertRoom } from '../database/reading-only.ts';
import type { ClaimState } from '../database/schema.ts';
import type { Repositories, Store } from '../database/store.ts';
import { transactResult } from '../database/transact-result.ts';
import {
  takeConsent,
  type Actor,
  type Consent,
  type ConsentCode,
} from '../security/second-person.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { readReason } from '../../shared/domain/written-text.ts';
import { claimRefusal } from './claim-refusals.ts';

/** What a person decides of one claim that no answer has settled, or that was refused. */
export type ClaimDecision = { readonly claimId: string; readonly reason: string };

export type DecidingParts = { readonly store: Store; readonly clock: Clock; readonly ids: Ids };

/** The claim as it stands now; `newClaimId`: the one that takes its place. */
export type DecidedClaim = {
  readonly claimId: string;
  readonly state: ClaimState;
  readonly newClaimId: string | null;
};

export type DecideClaimCode = 'claim-not-found' | 'claim-reason-missing' | 'claim-state-wrong';

/**
 * Asks the payer again about a claim that was refused: it goes out with the next run under the message id and with the
 * bytes it had, so that nothing is claimed twice. For a refusal that is doubted.
 */
export function askAgain(
  parts: DecidingParts,
  decision: ClaimDecision,
  by: Actor,
): Promise<Result<DecidedClaim, DecideClaimCode>> {
  return decide(parts, decision, ['rejected'], async ({ claims, audit }, claim, at) => {
    await claims.reopen(claim.id, at);
    await audit.append({
      ...{ at, who: by.userId, act: 'claim-ask-again', about: claim.id },
      detail: { reason: readReason(decision.reason), page: by.page },
    });
    return accepted({ claimId: claim.id, state: 'unknown', newClaimId: null });
  });
}

/**
 * Puts a new claim in the place of one that its payer refused and has not booked: the same items and amounts, a number
 * and a message id of its own. The old one is `corrected` and stays in the books; numbers are never used again.
 * Refuses `claim-in-doubt` where nobody knows whether the payer has the old one.
 */
export function claimAnew(
  parts: DecidingParts,
  decision: ClaimDecision,
  by: Actor,
): Promise<Result<DecidedClaim, DecideClaimCode | 'claim-in-doubt'>> {
  const { ids } = parts;
  return decide<'claim-in-doubt'>(
    parts,
    decision,
    ['rejected'],
    async (repositories, claim, at) => {
      const { claims, settlements, audit } = repositories;
      if ((await claims.hindranceOfReplacing(claim.id)) !== null)
        return refused(claimRefusal('claim-in-doubt', { claimId: claim.id }));
      const input = await settlements.inputOf(claim.settlementId);
      if (input === null) throw new Error(`claim ${claim.id} has no settlement`);
      const messageId = await claims.nextMessageId(input.visit.hospital.code, at);
      const newClaim = { ...claim, id: ids.next(), messageId, createdAt: at };
      await claims.supersede(claim.id, newClaim, at);
      await audit.append({
        ...{ at, who: by.userId, act: 'claim-anew', about: claim.id },
        detail: { reason: readReason(decision.reason), newClaimId: newClaim.id, page: by.page },
      });
      return accepted({ claimId: claim.id, state: 'corrected', newClaimId: newClaim.id });
    },
  );
}

/**
 * Keeps the payer's own word, given by telephone or letter, that it has not booked a claim whose outcome is not known.
 * It is `rejected` from then on: its settlement may be cancelled, or it is claimed anew. A second person consents, for
 * what is wrong here is paid twice. Not while a run is under way, which may have the claim in its hands.
 */
export async function keepNotBooked(
  parts: DecidingParts & { readonly folder: LockPlace },
  decision: ClaimDecision,
  by: Actor,
  consent: Exclude<Consent, { kind: 'emergency' }>,
): Promise<Result<DecidedClaim, DecideClaimCode | ConsentCode | 'busy'>> {
  const { clock, ids, folder } = parts;
  const lock = await takeLock(folder, 'upload', '记录支付方的答复', shanghaiInstant(clock.now()));
  if (!lock.ok) return lock;
  try {
    return await decide<ConsentCode>(
      parts,
      decision,
      ['unknown', 'sent', 'acknowledged'],
      async (repositories, claim, at) => {
        const said = { visitId: claim.visitId, reason: readReason(decision.reason) };
        const wanted = {
          ...{ act: 'claim-not-booked' as const, about: claim.id, ...said },
          ...{ amountFen: null, usedFor: claim.id },
        } as const;
        const given = await takeConsent(repositories, { clock, ids }, wanted, by, consent);
        if (!given.ok) return given;
        const { requestId, approvedBy, reason } = given.value;
        const problem = { code: 'not-booked-by-word', words: reason };
        await repositories.claims.keepOutcome(claim.id, at, {
          kind: 'rejected',
          problem,
          namesIt: true,
        });
        await repositories.audit.append({
          ...{ at, who: by.userId, act: 'claim-not-booked', about: claim.id },
          detail: { reason, approvedBy, requestId, page: by.page },
        });
        return accepted({ claimId: claim.id, state: 'rejected', newClaimId: null });
      },
    );
  } finally {
    lock.value.release();
  }
}

/** The common way: a reason, the claim as it stands, a state in which this may be decided, one unit of work. */
async function decide<Code extends string = never>(
  { store, clock }: DecidingParts,
  { claimId, reason }: ClaimDecision,
  from: readonly ClaimState[],
  act: (
    repositories: Repositories,
    claim: Claim,
    at: string,
  ) => Promise<Result<DecidedClaim, Code>>,
): Promise<Result<DecidedClaim, DecideClaimCode | Code>> {
  if (readReason(reason) === '') return refused(claimRefusal('claim-reason-missing'));
  const known = await store.read(({ claims }) => claims.find(claimId));
  if (known === null) return refused(claimRefusal('claim-not-found', { claimId }));
  assertRoom(store);
  return transactResult<DecidedClaim, DecideClaimCode | Code>(
    store,
    async (repositories) => {
      const claim = await repositories.claims.find(claimId);
      if (claim === null) return refused(claimRefusal('claim-not-found', { claimId }));
      const { state } = claim;
      if (!from.includes(state))
        return refused(claimRefusal('claim-state-wrong', { claimId, state, from }));
      return act(repositories, claim, shanghaiInstant(clock.now()));
    },
    { visits: [known.visitId] },
  );
}
