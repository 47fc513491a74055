import type { Ids } from '../base/ids.ts';
import type { NewClaim } from '../database/claims-repository.ts';
import type { NewSettlement } from '../database/settlements-repository.ts';
import { sumFen } from '../../shared/money/fen.ts';
import { claimedAt, destinationsOf, type ClaimDestinations } from './claim-destinations.ts';

/**
 * One claim per destination that owes something, or per platform that several of them share; its items are the non-zero shares that go there.
 */
export function claimsOf(
  settlement: NewSettlement,
  messageIds: Readonly<Record<string, string>>,
  ids: Ids,
  channels: ClaimDestinations | undefined,
): readonly NewClaim[] {
  const { settlementId, result, businessDate, settledAt } = settlement;
  return destinationsOf(result, channels).map((destination) => {
    const messageId = messageIds[destination];
    if (messageId === undefined) throw new Error(`no message id was kept for ${destination}`);
    const items = result.shares
      .filter(
        (share) => claimedAt(share.destination, channels) === destination && share.amountFen > 0,
      )
      .map(({ step, payer, amountFen }, position) => ({ position, step, payer, amountFen }));
    return {
      id: ids.next(),
      settlementId,
      visitId: result.visitId,
      // Where several payers share a destination, the first stands for them; each item names its own.
      payer: items[0]?.payer ?? destination,
      destination,
      messageId,
      claimedFen: sumFen(items.map(({ amountFen }) => amountFen)),
      businessDate,
      createdAt: settledAt,
      items,
    };
  });
}
