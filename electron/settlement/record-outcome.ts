import { crashPoint } from '../base/crash-points.ts';
import type { NewSettlement } from '../database/settlements-repository.ts';
import type { Repositories } from '../database/store.ts';
import { changesOfVisit } from '../database/year-counters.ts';
import { claimsOf } from './claims-of-settlement.ts';
import { settledFile } from './hospital-file-payloads.ts';
import type { SettlementDependencies } from './settlement-dependencies.ts';

/**
 * Writes everything a settlement is, in the transaction of the repositories it is given: the settlement with
 * shares and tenders, the person's counters, one claim per destination, the sheets to be printed, the file
 * for the hospital's system, the audit entry.
 */
export async function recordOutcome(
  { ids, claimChannels }: Pick<SettlementDependencies, 'ids' | 'claimChannels'>,
  repositories: Repositories,
  settlement: NewSettlement,
  messageIds: Readonly<Record<string, string>>,
): Promise<void> {
  const { settlementId, personId, input, result, settledAt, settledBy } = settlement;
  const visitId = input.visit.id;
  const lasting = await repositories.settlements.insert(settlement);
  await repositories.settlements.markRecorded(settlementId);
  await repositories.visits.setState(visitId, 'settled');
  const after = result.yearToDate;
  const opening = await repositories.counters.openingOf(personId, after.year);
  const changes = changesOfVisit(input, result, { isOpened: opening !== null });
  await repositories.counters.applyChanges({ settlementId, personId, after, changes });
  crashPoint('settle:inside-outcome');
  const claims = claimsOf(settlement, messageIds, ids, claimChannels);
  await repositories.claims.insertForSettlement(claims);
  await repositories.printJobs.queueForSettlement({
    settlementId,
    documents: ['receipt', 'statement'],
    createdAt: settledAt,
    createdBy: settledBy,
    ids,
  });
  await repositories.hospitalFiles.queue({
    id: ids.next(),
    settlementId,
    kind: 'settled',
    payload: settledFile(settlement),
    createdAt: settledAt,
  });
  const entry = await repositories.audit.append({
    at: settledAt,
    who: settledBy,
    act: 'settle-visit',
    about: settlementId,
    detail: {
      number: settlement.number,
      visitId,
      billVersion: settlement.billVersion,
      pack: `${result.pack}@${result.packVersion}`,
      totalFen: result.totalFen,
      patientPaysFen: result.patientPaysFen,
      tenders: settlement.tenders,
      claims: claims.map(({ id, destination, claimedFen }) => ({ id, destination, claimedFen })),
      mark: repositories.audit.markOfRows('settlement', lasting),
    },
  });
  await repositories.settlements.setEntry(settlementId, entry);
}
