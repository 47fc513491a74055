import {
  resultJsonFromResult,
  settlementResultFromResultJson,
} from '../../../shared/contracts/result-json.ts';
import { resultJsonFromVersion0 } from '../../../shared/contracts/result-json-of-version-0.ts';
import type { SettlementResult } from '../../../shared/domain/settlement-result.ts';
import type { StoredKind } from './stored-kind.ts';

/** What was decided, with its explanation: the contract's Result JSON. Paper is printed from it. */
export const resultDocument: StoredKind<SettlementResult> = {
  id: 'result',
  name: { zh: '结算结果', en: 'result of settlement' },
  newest: 2,
  // Since version 2 a step's year stands in full, and what the parts of a stay came to.
  steps: [resultJsonFromVersion0, (json) => json],
  decode: settlementResultFromResultJson,
};

/** The text a result is stored as, in the newest version. */
export function resultText(result: SettlementResult): string {
  return JSON.stringify(resultJsonFromResult(result));
}
