import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import type { Repositories } from '../database/store.ts';
import type { DocumentFacts } from './document-facts.ts';

/** Reads what a sheet says from what was stored. Refused as `settlement-not-found`. */
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
): Promise<Result<DocumentFacts>> {
  const { settlementId, copyNumber, demo, clock, nameOf = (userId: string) => userId } = sheet;
  const settlement = await settlements.find(settlementId);
  const input = await settlements.inputOf(settlementId);
  if (settlement === null || input === null) return refused(noSettlement(settlementId));
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

export function noSettlement(settlementId: string) {
  return {
    code: 'settlement-not-found',
    message: {
      zh: `没有这个结算：${settlementId}。没有打印任何东西。`,
      en: `There is no settlement ${settlementId}. Nothing was printed.`,
    },
    remedy: {
      zh: '请核对结算编号；在“凭单”页可以按姓名或结算号查找。',
      en: 'Check the settlement id; the documents page finds it by name or number.',
    },
  };
}
