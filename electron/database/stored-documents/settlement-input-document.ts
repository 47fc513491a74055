import {
  decodeSettlementInput,
  encodeSettlementInput,
} from '../../../shared/contracts/stored-visit.ts';
import type { SettlementInput } from '../../../shared/domain/person.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { StoredKind } from './stored-kind.ts';

/** Exactly what a settlement was decided on: the contract's Visit JSON with the person's known categories and year. */
export const settlementInputDocument: StoredKind<SettlementInput> = {
  id: 'settlement-input',
  name: { zh: '结算依据', en: 'input of settlement' },
  newest: 1,
  // Since version 1 a step's year may stand in full, and what the earlier parts of a stay came to.
  steps: [(json) => json],
  decode: decodeSettlementInput,
};

/** The text a settlement's input is stored as, in the newest version. */
export function settlementInputText(input: SettlementInput): string {
  return canonicalJson(encodeSettlementInput(input));
}
