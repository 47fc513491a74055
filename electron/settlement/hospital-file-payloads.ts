import { resultJsonFromResult } from '../../shared/contracts/result-json.ts';
import { yuanTextFromFen } from '../../shared/money/yuan-text.ts';
import type { NewSettlement, SettlementRecord } from '../database/settlements-repository.ts';

/** What the hospital's system gets for a settlement: the contract's result, its explanation left out. */
export function settledFile(settlement: NewSettlement) {
  return {
    kind: 'settled',
    settlementId: settlement.settlementId,
    number: settlement.number,
    visitId: settlement.result.visitId,
    part: settlement.part,
    billVersion: settlement.billVersion,
    businessDate: settlement.businessDate,
    settledAt: settlement.settledAt,
    settledBy: settlement.settledBy,
    tenders: settlement.tenders.map(({ kind, amountFen }) => ({
      kind,
      amount: yuanTextFromFen(amountFen),
    })),
    result: resultJsonFromResult({ ...settlement.result, trace: [] }),
  };
}

/** What the hospital's system gets for a cancellation. */
export function cancelledFile(
  settlement: SettlementRecord,
  cancellation: {
    readonly id: string;
    readonly reason: string;
    readonly cancelled_at: string;
    readonly cancelled_by: string;
    readonly business_date: string;
  },
) {
  return {
    kind: 'cancelled',
    settlementId: settlement.settlementId,
    number: settlement.number,
    visitId: settlement.visitId,
    part: settlement.part,
    billVersion: settlement.billVersion,
    cancellationId: cancellation.id,
    reason: cancellation.reason,
    businessDate: cancellation.business_date,
    cancelledAt: cancellation.cancelled_at,
    cancelledBy: cancellation.cancelled_by,
  };
}
