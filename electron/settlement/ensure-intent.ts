import { shanghaiInstant } from '../base/clock.ts';
import type { SettlementIntent } from '../database/settlements-repository.ts';
import type { Repositories } from '../database/store.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import type { GatheredVisit } from './gather-visit.ts';
import type { SettlementDependencies } from './settlement-dependencies.ts';

/**
 * The intent of settling this bill, with a message id for every destination that owes something: the one
 * an earlier attempt left behind, else a new one. Ids that were given once are never given again.
 */
export async function ensureIntent(
  { clock, ids }: Pick<SettlementDependencies, 'clock' | 'ids'>,
  { settlements, claims }: Pick<Repositories, 'settlements' | 'claims'>,
  about: {
    readonly gathered: GatheredVisit;
    readonly result: SettlementResult;
    readonly part: number;
    readonly input: { readonly by: string };
  },
): Promise<SettlementIntent> {
  const { gathered, result, part, input } = about;
  const { visitId, billVersion, visit } = gathered.record;
  const known = await settlements.findIntent(visitId, part, billVersion);
  const messageIds: Record<string, string> = { ...known?.messageIds };
  const at = shanghaiInstant(clock.now());
  for (const destination of destinationsOf(result)) {
    messageIds[destination] ??= await claims.nextMessageId(visit.hospital.code, at);
  }
  if (known === null) {
    return settlements.insertIntent({
      settlementId: ids.next(),
      visitId,
      part,
      billVersion,
      messageIds,
      businessDate: clock.businessDate(),
      at,
      by: input.by,
    });
  }
  if (Object.keys(messageIds).length > Object.keys(known.messageIds).length) {
    await settlements.setMessageIds(known.settlementId, messageIds);
  }
  return { ...known, messageIds };
}

/** Who is asked for money, in the order of the steps, each once. */
export function destinationsOf({ shares }: Pick<SettlementResult, 'shares'>): readonly string[] {
  const owing = shares.filter(({ amountFen }) => amountFen > 0);
  return [...new Set(owing.map(({ destination }) => destination))];
}
