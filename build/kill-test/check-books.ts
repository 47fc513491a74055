import type { SettlementRecord } from '../../electron/database/settlements-repository.ts';
import type { Repositories, Store } from '../../electron/database/store.ts';
import { verifyFolder } from '../../electron/settlement/verify-folder.ts';
import type { Ack } from './kill-order.ts';

/** What a settling that was cut off had promised: the retry must keep it. */
export type Promised = {
  readonly settlementId: string;
  readonly number: string;
  readonly messageIds: Readonly<Record<string, string>>;
};

/** What was acknowledged in a round, and what the visits' books must hold because of it. */
export type Expectation = {
  readonly acks: readonly Ack[];
  readonly promised: readonly Promised[];
  /** How many settlements each visit must have, cancelled ones counted. */
  readonly settlementsOf: Readonly<Record<string, number>>;
};

/** What was acknowledged and is not there: asked right after a kill, before a retry could make up for it. */
export function lostAcks(store: Store, acks: readonly Ack[]): Promise<readonly string[]> {
  return store.read(async (repositories) => {
    const problems: string[] = [];
    for (const ack of acks) problems.push(...(await lostAck(repositories, ack)));
    return problems;
  });
}

/** The intents a kill left without an outcome. */
export function promisesLeft(store: Store): Promise<readonly Promised[]> {
  return store.read(({ settlements }) => settlements.openIntents(1000));
}

/**
 * What is wrong after a kill and a restart: something acknowledged is missing or changed, something is there
 * twice, or the books do not add up. Reads with this program's own code, whatever code was killed.
 */
export async function problemsInBooks(
  store: Store,
  expected: Expectation,
  slips: readonly string[],
): Promise<readonly string[]> {
  const problems: string[] = [];
  const { checks } = await verifyFolder({ store });
  for (const { name, problems: found } of checks) {
    for (const { about, problem } of found) problems.push(`verify ${name}: ${about} ${problem}`);
  }
  problems.push(...(await lostAcks(store, expected.acks)));
  await store.read(async (repositories) => {
    for (const promise of expected.promised) {
      problems.push(...(await brokenPromise(repositories, promise)));
    }
    for (const [visitId, count] of Object.entries(expected.settlementsOf)) {
      const settlements = await repositories.settlements.ofVisit(visitId);
      if (settlements.length !== count) {
        problems.push(
          `doubled or lost: visit ${visitId} has ${String(settlements.length)} settlements, not ${String(count)}`,
        );
      }
      for (const settlement of settlements) problems.push(...wrongSlips(settlement, slips));
    }
    const open = await repositories.settlements.openIntents(10);
    for (const { visitId } of open) problems.push(`left open: the settling of ${visitId}`);
  });
  return problems;
}

async function lostAck(repositories: Repositories, ack: Ack): Promise<readonly string[]> {
  switch (ack.act) {
    case 'import': {
      const visit = await repositories.visits.find(ack.visitId);
      return visit === null ? [`lost: visit ${ack.visitId} was acknowledged`] : [];
    }
    case 'settle': {
      const settlement = await repositories.settlements.find(ack.settlementId);
      if (settlement?.number === ack.number) return [];
      return [`lost: settlement ${ack.number} of ${ack.visitId} was acknowledged`];
    }
    case 'cancel': {
      const settlement = await repositories.settlements.find(ack.settlementId);
      if (settlement?.state === 'cancelled') return [];
      return [`lost: the cancellation for ${ack.visitId} was acknowledged`];
    }
    // What they left behind is looked at in the tray, the folder and the payers' ledger.
    case 'print':
    case 'hand-over':
    case 'upload':
      return [];
  }
}

async function brokenPromise(
  { settlements, claims }: Repositories,
  { settlementId, number, messageIds }: Promised,
): Promise<readonly string[]> {
  const settlement = await settlements.find(settlementId);
  if (settlement?.number !== number) return [`new id: the settling begun as ${number} got another`];
  const sent = await claims.ofSettlement(settlementId);
  return sent
    .filter(({ destination, messageId }) => messageIds[destination] !== messageId)
    .map(
      ({ destination }) =>
        `new id: the claim on ${destination} of ${number} changed its message id`,
    );
}

/** The slip of a settlement that stands came out once; that of a cancelled one at most once. */
function wrongSlips(
  { number, state }: SettlementRecord,
  slips: readonly string[],
): readonly string[] {
  const out = slips.filter((slip) => slip.includes(number)).length;
  const isWrong = out > 1 || (state === 'settled' && out === 0);
  return isWrong ? [`paper: the slip of ${number} came out ${String(out)} times`] : [];
}
