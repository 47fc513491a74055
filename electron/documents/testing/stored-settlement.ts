import type { SettlementInput } from '../../../shared/domain/person.ts';
import type { Ids } from '../../base/ids.ts';
import { receivedBill } from '../../database/received-bill.test-support.ts';
import type { Store } from '../../database/store.ts';
import { publishedSettlement, type Changes } from './published-settlement.ts';

/**
 * Keeps the published settlement in a store as settling would, with its receipt and statement queued in the
 * same transaction. Answers its id.
 */
export async function storePublishedSettlement(
  store: Store,
  ids: Ids,
  changes: Changes & { readonly visitId?: string } = {},
): Promise<string> {
  const facts = await publishedSettlement(changes);
  const visit = { ...facts.input.visit, id: changes.visitId ?? facts.input.visit.id };
  const input: SettlementInput = { ...facts.input, visit };
  const result = { ...facts.result, visitId: visit.id };
  const settlementId = ids.next();
  const at = facts.settledAt;
  const by = 'cashier1';
  await store.transact(async ({ persons, visits, settlements, printJobs }) => {
    const { person } = input;
    const personId = await persons.upsertFromVisit({
      ...{ newId: ids.next(), person, visitId: input.visit.id, at },
    });
    const saved = { ...receivedBill(input), personId, receivedAt: at, source: 'test' };
    await visits.saveBill({ ...saved, personPinyin: 'zdh zengdehou', newSetAsideId: ids.next() });
    const key = { settlementId, visitId: visit.id, part: 1, billVersion: 1 };
    const { number } = await settlements.insertIntent({
      ...key,
      messageIds: {},
      businessDate: facts.businessDate,
      at,
      by,
    });
    await settlements.insert({
      ...key,
      number,
      personId,
      input,
      result,
      shares: result.shares.map((share) => ({
        ...share,
        decidedBy: 'engine',
        ourFen: share.amountFen,
        payerFen: null,
      })),
      tenders: facts.tenders,
      businessDate: facts.businessDate,
      settledAt: at,
      settledBy: by,
    });
    await settlements.markRecorded(settlementId);
    await printJobs.queueForSettlement({
      settlementId,
      documents: ['receipt', 'statement'],
      createdAt: at,
      createdBy: by,
      ids,
    });
  });
  return settlementId;
}
