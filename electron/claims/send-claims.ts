import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { crashPoint } from '../base/crash-points.ts';
import { systemTimer, type Timer } from '../base/timer.ts';
import type { ClaimOutcome } from '../database/claims-repository.ts';
import type { Repositories, Store } from '../database/store.ts';
import type { ClaimChannel, OutgoingClaim, SendOutcome, WrittenClaim } from './channel.ts';

export type SendDependencies = {
  readonly store: Store;
  readonly clock: Clock;
  readonly timer?: Timer;
};

/**
 * Sends claims of one batch together, each with the bytes that were kept for it, and keeps what came of each.
 * Answers with the outcomes; claims that were settled or withdrawn meanwhile have none.
 */
export async function sendClaims(
  { store, clock, timer = systemTimer }: SendDependencies,
  { channel, address }: { readonly channel: ClaimChannel; readonly address: URL },
  claimIds: readonly string[],
): Promise<readonly SendOutcome[]> {
  const now = (): string => shanghaiInstant(clock.now());
  const scope = { visits: await store.read(({ claims }) => claims.visitsOf(claimIds)) };
  const prepared = await store.transact(async (repositories) => {
    const found: PreparedClaim[] = [];
    for (const id of claimIds) {
      const claim = await prepareClaim(repositories, channel, id);
      if (claim !== null) found.push(claim);
    }
    return found;
  }, scope);
  const outcomes: [string, SendOutcome][] = [];
  const outgoing: OutgoingClaim[] = [];
  for (const { claim, isInDoubt, written } of prepared) {
    if (written.kind === 'written') outgoing.push({ claim, isInDoubt, body: written.body });
    else outcomes.push([claim.id, notSendable(written.problems)]);
  }
  if (outgoing.length > 0) {
    crashPoint('upload:before-marked-sent');
    const marked = await store.transact(async ({ claims }) => {
      const still: OutgoingClaim[] = [];
      for (const each of outgoing) {
        // A cancellation may have taken it back since it was read.
        if ((await claims.find(each.claim.id))?.state !== 'in-batch') continue;
        await claims.markSent(each.claim.id, now(), each.body);
        still.push(each);
      }
      if (channel.nameTogether !== null && still.length > 0) {
        const ids = still.map(({ claim }) => claim.id);
        await claims.keepTogether(ids, channel.nameTogether(still));
      }
      return still;
    }, scope);
    if (marked.length > 0) {
      crashPoint('upload:after-marked-sent');
      const onHandedOver = (): void => {
        crashPoint('upload:after-request');
      };
      const answered = await channel.send(marked, { address, timer, onHandedOver });
      for (const { claim } of marked) outcomes.push([claim.id, outcomeOf(answered, claim.id)]);
    }
  }
  if (outcomes.length === 0) return [];
  crashPoint('upload:after-answer');
  await store.transact(async ({ claims }) => {
    for (const [id, outcome] of outcomes) await claims.keepOutcome(id, now(), toKeep(outcome));
  }, scope);
  crashPoint('upload:after-answer-kept');
  return outcomes.map(([, outcome]) => outcome);
}

type PreparedClaim = Omit<OutgoingClaim, 'body'> & { readonly written: WrittenClaim };

/** The claim with the bytes it had before, else newly written ones; null if it is no longer in the batch. */
async function prepareClaim(
  repositories: Repositories,
  channel: ClaimChannel,
  claimId: string,
): Promise<PreparedClaim | null> {
  const claim = await repositories.claims.find(claimId);
  if (claim?.state !== 'in-batch') return null;
  const isInDoubt = await repositories.claims.isInDoubt(claimId);
  const kept = await repositories.claims.keptBody(claimId);
  if (kept !== null) return { claim, isInDoubt, written: { kind: 'written', body: kept } };
  const settlement = await repositories.settlements.find(claim.settlementId);
  const input = await repositories.settlements.inputOf(claim.settlementId);
  if (settlement === null || input === null) throw new Error(`claim ${claimId} has no settlement`);
  return { claim, isInDoubt, written: channel.write({ claim, settlement, input }) };
}

function outcomeOf(outcomes: ReadonlyMap<string, SendOutcome>, claimId: string): SendOutcome {
  const outcome = outcomes.get(claimId);
  if (outcome === undefined) throw new Error(`the channel gave no outcome for claim ${claimId}`);
  return outcome;
}

/** What is kept of an outcome; of an unknown one not how long the line was silent. */
function toKeep(outcome: SendOutcome): ClaimOutcome {
  return outcome.kind === 'unknown' ? { kind: 'unknown', problem: outcome.problem } : outcome;
}

/** Refused here, before it was ever sent: nobody can have booked it. */
const notSendable = (problems: readonly string[]): SendOutcome => ({
  kind: 'rejected',
  problem: { code: 'not-sendable', words: problems.join('; ') },
  namesIt: true,
});
