import type { DifferenceRow, RemittanceRow } from '../../../../shared/contracts/reconciliation.ts';

/** What somebody does to a difference, a day or a remittance. */
export type DayAct =
  | { readonly kind: 'explain' | 'book-line'; readonly difference: DifferenceRow }
  | { readonly kind: 'close-day'; readonly businessDate: string }
  | { readonly kind: 'take-back'; readonly remittance: RemittanceRow };

/** What it is about, by which it is known again. */
export function aboutOf(act: DayAct): string {
  switch (act.kind) {
    case 'explain':
    case 'book-line':
      return act.difference.differenceId;
    case 'close-day':
      return act.businessDate;
    case 'take-back':
      return act.remittance.remittanceId;
  }
}
