import { shanghaiInstant } from '../base/clock.ts';
import type { SettlementIntent } from '../database/settlements-repository.ts';
import type { Repositories } from '../database/store.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import type { Day } from '../../shared/domain/visit.ts';
import { destinationsOf } from './claim-destinations.ts';
import type { GatheredVisit } from './gather-visit.ts';
import type { SettlementDependencies } from './settlement-dependencies.ts';

/**
 * The intent of settling this bill, with a message id for every destination that owes something: the one
 * an earlier attempt left behind, else a new one. Ids that were given once are never given again. One that was
 * left behind on another day than `businessDate` is abandoned: number and money are of one day, the day on which
 * the cashier confirms; its message ids go on, for a payer may have heard of them.
 */
export async function ensureIntent(
  { clock, ids, claimChannels }: Pick<SettlementDependencies, 'clock' | 'ids' | 'claimChannels'>,
  { settlements, claims, audit }: Pick<Repositories, 'settlements' | 'claims' | 'audit'>,
  about: {
    readonly gathered: GatheredVisit;
    readonly result: SettlementResult;
    readonly part: number;
    readonly input: { readonly by: string };
    /** The day the money counts for; null: that of the intent which stands. */
    readonly businessDate: Day | null;
  },
): Promise<SettlementIntent> {
  const { gathered, result, part, input } = about;
  const { visitId, billVersion, visit } = gathered.record;
  const known = await settlements.findIntent(visitId, part, billVersion);
  const messageIds: Record<string, string> = { ...known?.messageIds };
  const at = shanghaiInstant(clock.now());
  for (const destination of destinationsOf(result, claimChannels)) {
    messageIds[destination] ??= await claims.nextMessageId(visit.hospital.code, at);
  }
  const businessDate = about.businessDate ?? known?.businessDate ?? clock.businessDate();
  if (known?.businessDate === businessDate) {
    if (Object.keys(messageIds).length > Object.keys(known.messageIds).length) {
      await settlements.setMessageIds(known.settlementId, messageIds);
    }
    return { ...known, messageIds };
  }
  if (known !== null) await settlements.abandonIntent(known.settlementId);
  const settlementId = ids.next();
  const intent = await settlements.insertIntent({
    settlementId,
    visitId,
    part,
    billVersion,
    messageIds,
    businessDate,
    at,
    by: input.by,
  });
  if (known !== null) {
    const detail = {
      number: known.number,
      nowNumber: intent.number,
      nowSettlementId: settlementId,
    };
    const act = 'abandon-number';
    await audit.append({ at, who: input.by, act, about: known.settlementId, detail });
  }
  return intent;
}
