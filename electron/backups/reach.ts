import type { Books } from '../database/anchor/look-at-books.ts';
import { settlementNumber } from '../database/settlement-intents.ts';
import type { Reach } from './backup-refusals.ts';

/** How far books are: the changes kept and the last settlement number of the last day that has one. */
export function reachOf(units: number, days: Books['days']): Reach {
  const [day, last] =
    Object.entries(days)
      .filter(([, given]) => given > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .at(-1) ?? [];
  return {
    changes: units,
    lastNumber: day === undefined || last === undefined ? null : settlementNumber(day, last),
  };
}
