import { claimGroups, type ClaimGroup } from '../../shared/contracts/claims.ts';
import type { ClaimState } from '../database/schema.ts';

/** The states of each group. Claims that are withdrawn, corrected, paid or denied wait for nobody. */
export const statesOfGroup: Readonly<Record<ClaimGroup, readonly ClaimState[]>> = {
  'not-sent': ['waiting', 'in-batch'],
  unanswered: ['sent', 'acknowledged', 'unknown'],
  refused: ['rejected'],
  unpaid: ['accepted'],
};

/** The group of a state; null: it waits for nobody. */
export function groupOf(state: ClaimState): ClaimGroup | null {
  return claimGroups.find((group) => statesOfGroup[group].includes(state)) ?? null;
}
