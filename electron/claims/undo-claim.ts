import { shanghaiInstant } from '../base/clock.ts';
import { crashPoint } from '../base/crash-points.ts';
import { systemTimer, type Timer } from '../base/timer.ts';
import { undoableStates, type KeptUndo } from '../database/claim-undoing.ts';
import type { Claim } from '../database/claims-repository.ts';
import type { LockPlace } from '../database/lock-places.ts';
import { takeLock } from '../database/named-lock.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import { assertRoom } from '../database/reading-only.ts';
import type { ClaimState } from '../database/schema.ts';
import { transactResult } from '../database/transact-result.ts';
import {
  takeConsent,
  type Actor,
  type Consent,
  type ConsentCode,
} from '../security/second-person.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { readReason } from '../../shared/domain/written-text.ts';
import type { ClaimChannels, ClaimUndoing, UndoOutcome } from './channel.ts';
import { claimRefusal } from './claim-refusals.ts';
import type { ClaimDecision, DecideClaimCode, DecidingParts } from './decide-claim.ts';
import { payersAddress, type PayersAddressCode } from './payers-address.ts';

export type UndoParts = DecidingParts & {
  readonly folder: LockPlace;
  readonly channels: ClaimChannels;
  readonly timer?: Timer;
  /** Where the payers are; absent: the folder's setting `payers-url`. */
  readonly payersUrl?: string;
};

/** The claim as it stands now, and what its payer said. */
export type UndoneClaim = {
  readonly claimId: string;
  readonly state: ClaimState;
  readonly outcome: UndoOutcome['kind'];
  readonly words: string | null;
};

export type UndoClaimCode =
  | DecideClaimCode
  | ConsentCode
  | PayersAddressCode
  | 'busy'
  | 'day-closed'
  | 'claim-undo-by-office'
  | 'claim-undo-not-sendable';

/**
 * Asks a payer by a message to take back what it booked of a claim. Once it says of this very claim that it has it no more,
 * the claim is `rejected`: its settlement may be cancelled, or it is claimed anew. Without a clear answer the claim stays as it
 * is, is not sent meanwhile, and the same is asked again in every run, and by this act. A second person consents: the hospital
 * gives money up. Not while a run is under way.
 */
export async function undoClaim(
  parts: UndoParts,
  decision: ClaimDecision,
  by: Actor,
  consent: Exclude<Consent, { kind: 'emergency' }>,
): Promise<Result<UndoneClaim, UndoClaimCode>> {
  const { store, clock, folder } = parts;
  if (readReason(decision.reason) === '') return refused(claimRefusal('claim-reason-missing'));
  const lock = await takeLock(folder, 'upload', '请支付方撤销申报', shanghaiInstant(clock.now()));
  if (!lock.ok) return lock;
  try {
    const { claimId } = decision;
    const known = await store.read(({ claims }) => claims.find(claimId));
    if (known === null) return refused(claimRefusal('claim-not-found', { claimId }));
    const { undoing, address } = parts.channels.of(known.destination);
    if (undoing === null) return refused(claimRefusal('claim-undo-by-office', { claimId }));
    const to = address === null ? await payersAddress(store, parts.payersUrl) : accepted(address);
    if (!to.ok) return to;
    assertRoom(store);
    const kept = await keepAsked(parts, known, undoing, { ...decision, by, consent });
    if (!kept.ok) return kept;
    const { outcome, state } = await ask(
      parts,
      { claim: known, undo: kept.value, undoing, address: to.value },
      by.userId,
    );
    const words = outcome.kind === 'undone' ? null : outcome.problem.words;
    return accepted({ claimId, state, outcome: outcome.kind, words });
  } finally {
    lock.value.release();
  }
}

/** Asks again whatever payers were asked and did not clearly answer; within a run, which holds the lock. */
export async function askOpenUndos(
  parts: Pick<UndoParts, 'store' | 'clock' | 'channels' | 'timer'>,
  payers: URL,
  who: string,
): Promise<readonly string[]> {
  const { store, channels } = parts;
  const open = await store.read(({ claims }) => claims.withOpenUndo());
  const still: string[] = [];
  for (const claimId of open) {
    const { claim, undo } = await store.read(async ({ claims }) => ({
      claim: await claims.find(claimId),
      undo: await claims.openUndo(claimId),
    }));
    if (claim === null || undo === null) continue;
    const { undoing, address } = channels.of(claim.destination);
    if (undoing === null) continue;
    const { outcome } = await ask(parts, { claim, undo, undoing, address: address ?? payers }, who);
    if (outcome.kind === 'unknown' || outcome.kind === 'not-sent') still.push(claimId);
  }
  return still;
}

/** The message that is open, else a new one: kept with who wanted it and who consented, before anything goes out. */
function keepAsked(
  { store, clock, ids }: UndoParts,
  known: Claim,
  undoing: ClaimUndoing,
  wanted: ClaimDecision & { readonly by: Actor; readonly consent: Consent },
): Promise<Result<KeptUndo, UndoClaimCode>> {
  const { by, consent } = wanted;
  return transactResult<KeptUndo, UndoClaimCode>(
    store,
    async (repositories) => {
      const { claims, settlements, audit } = repositories;
      const claim = await claims.find(known.id);
      if (claim === null) return refused(claimRefusal('claim-not-found', { claimId: known.id }));
      const { id: claimId, state } = claim;
      if (!undoableStates.some((each) => each === state))
        return refused(claimRefusal('claim-state-wrong', { claimId, state, from: undoableStates }));
      // What a closed day holds is undone by the insurance office, in the current period.
      const { businessDate } = claim;
      if ((await repositories.dayCloses.closeOf(businessDate)) !== null)
        return refused(databaseRefusal('day-closed', { businessDate }));
      const at = shanghaiInstant(clock.now());
      const said = { visitId: claim.visitId, reason: readReason(wanted.reason) };
      const act = {
        ...{ act: 'claim-undo' as const, about: claimId, ...said },
        ...{ amountFen: null, usedFor: claimId },
      } as const;
      const given = await takeConsent(repositories, { clock, ids }, act, by, consent);
      if (!given.ok) return given;
      const open = await claims.openUndo(claimId);
      const input = await settlements.inputOf(claim.settlementId);
      const settlement = await settlements.find(claim.settlementId);
      if (input === null || settlement === null)
        throw new Error(`claim ${claimId} has no settlement`);
      const messageId =
        open?.messageId ?? (await claims.nextMessageId(input.visit.hospital.code, at));
      if (open === null) {
        const written = undoing.write({ claim, settlement, input }, { messageId, at });
        if (written.kind === 'not-sendable')
          return refused(
            claimRefusal('claim-undo-not-sendable', { claimId, problems: written.problems }),
          );
        await claims.keepUndo(claimId, at, { messageId, body: written.body });
      }
      const { requestId, approvedBy, reason } = given.value;
      await audit.append({
        ...{ at, who: by.userId, act: 'claim-undo', about: claimId },
        detail: { reason, approvedBy, requestId, messageId, page: by.page },
      });
      const kept = open ?? (await claims.openUndo(claimId));
      if (kept === null) throw new Error(`the message that undoes claim ${claimId} was not kept`);
      return accepted(kept);
    },
    { visits: [known.visitId] },
  );
}

async function ask(
  { store, clock, timer = systemTimer }: Pick<UndoParts, 'store' | 'clock' | 'timer'>,
  asked: {
    readonly claim: Claim;
    readonly undo: KeptUndo;
    readonly undoing: ClaimUndoing;
    readonly address: URL;
  },
  who: string,
): Promise<{ readonly outcome: UndoOutcome; readonly state: ClaimState }> {
  const { claim, undo, undoing, address } = asked;
  crashPoint('undo:before-request');
  const outcome = await undoing.send(
    { claim, body: undo.body },
    { address, timer, onHandedOver: () => undefined },
  );
  crashPoint('undo:after-answer');
  const at = shanghaiInstant(clock.now());
  const state = await store.transact(
    async ({ claims, audit }) => {
      const now = await claims.keepUndoAnswer(claim.id, at, outcome);
      const detail = { outcome: outcome.kind, messageId: undo.messageId };
      await audit.append({ at, who, act: 'claim-undo-answered', about: claim.id, detail });
      return now;
    },
    { visits: [claim.visitId] },
  );
  crashPoint('undo:after-answer-kept');
  return { outcome, state };
}
