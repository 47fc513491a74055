import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { allAsShown } from '../../shared/domain/written-text.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import type { Repositories } from '../database/store.ts';
import { nameOfUser } from '../security/users.ts';
import type { DocumentFacts } from './document-facts.ts';

/** Reads what a sheet says from what was stored. */
export async function loadDocumentFacts(
  { settlements, users }: Pick<Repositories, 'settlements' | 'users'>,
  sheet: {
    readonly settlementId: string;
    readonly copyNumber: number;
    readonly demo: boolean;
    readonly clock: Clock;
  },
): Promise<Result<DocumentFacts, 'settlement-not-found'>> {
  const { settlementId, copyNumber, demo, clock } = sheet;
  const settlement = await settlements.find(settlementId);
  const input = await settlements.inputOf(settlementId);
  if (settlement === null || input === null) {
    return refused(databaseRefusal('settlement-not-found', { settlementId }));
  }
  return accepted({
    settlementId,
    number: settlement.number,
    settledAt: settlement.settledAt,
    settledBy: await nameOfUser(users, settlement.settledBy),
    businessDate: settlement.businessDate,
    cancelled: settlement.state === 'cancelled',
    // What the hospital's system wrote is printed among our own lines.
    input: allAsShown(input),
    result: allAsShown(settlement.result),
    tenders: await settlements.tendersOf(settlementId),
    demo,
    copyNumber,
    printedAt: shanghaiInstant(clock.now()),
  });
}
