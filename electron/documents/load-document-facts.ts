import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import type { Repositories } from '../database/store.ts';
import type { DocumentFacts } from './document-facts.ts';

/** Reads what a sheet says from what was stored. */
export async function loadDocumentFacts(
  { settlements }: Pick<Repositories, 'settlements'>,
  sheet: {
    readonly settlementId: string;
    readonly copyNumber: number;
    readonly demo: boolean;
    readonly clock: Clock;
    /** A user's name as paper shows it; the id where nobody knows. */
    readonly nameOf?: ((userId: string) => string) | undefined;
  },
): Promise<Result<DocumentFacts, 'settlement-not-found'>> {
  const { settlementId, copyNumber, demo, clock, nameOf = (userId: string) => userId } = sheet;
  const settlement = await settlements.find(settlementId);
  const input = await settlements.inputOf(settlementId);
  if (settlement === null || input === null) {
    return refused(databaseRefusal('settlement-not-found', { settlementId }));
  }
  return accepted({
    settlementId,
    number: settlement.number,
    settledAt: settlement.settledAt,
    settledBy: nameOf(settlement.settledBy),
    businessDate: settlement.businessDate,
    cancelled: settlement.state === 'cancelled',
    input,
    result: settlement.result,
    tenders: await settlements.tendersOf(settlementId),
    demo,
    copyNumber,
    printedAt: shanghaiInstant(clock.now()),
  });
}
