import type { SettlementInput } from '../../shared/domain/person.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import type { Day, Tender } from '../../shared/domain/visit.ts';

/**
 * Everything a sheet says, as it was stored when the visit was settled. Nothing is reckoned again: a
 * statement printed in ten years shows what was decided then, whatever the rules have become.
 */
export type DocumentFacts = {
  readonly settlementId: string;
  readonly number: string;
  readonly settledAt: string;
  readonly settledBy: string;
  readonly businessDate: Day;
  readonly cancelled: boolean;
  readonly input: SettlementInput;
  readonly result: SettlementResult;
  readonly tenders: readonly Tender[];
  /** The folder is for practice: every sheet says so. */
  readonly demo: boolean;
  /** 0 is the original; a later one is marked 补打 第N次. */
  readonly copyNumber: number;
  /** The instant this sheet is made. */
  readonly printedAt: string;
};

/** `2017-11-27 10:15` of an instant written in Asia/Shanghai. */
export function minuteText(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}

/** 补打 第N次, or null on the original. */
export function copyMark(copyNumber: number): string | null {
  return copyNumber === 0 ? null : `补打 第${String(copyNumber)}次`;
}
