import type {
  DayCloseTable,
  DifferenceTable,
  RemittanceTable,
} from '../database/remittance-tables.ts';
import { fen } from '../../shared/money/fen.ts';
import { yuanTextFromFen } from '../../shared/money/yuan-text.ts';
import type { ReconciledDay } from './reconcile-day.ts';
import type { TakenRemittance } from './take-in-remittance.ts';

const yuan = (amount: number): string => yuanTextFromFen(fen(amount));
const yuanOrNull = (amount: number | null): string | null =>
  amount === null ? null : yuan(amount);

/** A remittance as commands print it, amounts as yuan text. */
export function remittanceJson(row: RemittanceTable) {
  return {
    ...{ remittanceId: row.id, payer: row.payer, number: row.number, paidOn: row.paid_on },
    ...{ lines: row.line_count, claimed: yuan(row.claimed_fen), approved: yuan(row.approved_fen) },
    ...{ adjusted: yuan(row.adjusted_fen), paid: yuan(row.paid_fen), sha256: row.sha256 },
    ...{ businessDate: row.business_date, takenAt: row.taken_at, takenBy: row.taken_by },
    ...{ state: row.state, takenBackBy: row.taken_back_by, takenBackReason: row.taken_back_reason },
  };
}

/** What `remit` prints. */
export function takenJson({ already, remittance, booked, claims, inDoubt }: TakenRemittance) {
  return {
    ...{ already, ...remittanceJson(remittance), booked, claims },
    differences: inDoubt.map(({ position, reference, class: of, paidFen }) => ({
      ...{ line: position, claim: reference, class: of, paid: yuanTextFromFen(paidFen) },
    })),
  };
}

/** A difference as commands print it. */
export function differenceJson(row: DifferenceTable) {
  return {
    ...{ differenceId: row.id, businessDate: row.business_date, payer: row.payer },
    ...{ class: row.class, claimId: row.claim_id, settlementId: row.settlement_id },
    ...{ step: row.step, subject: row.subject, remittanceId: row.remittance_id },
    ...{ line: row.position, ours: yuanOrNull(row.ours_fen), theirs: yuanOrNull(row.theirs_fen) },
    ...{ claimState: row.claim_state, said: row.said, openedAt: row.opened_at },
    ...{ state: row.state, closedAt: row.closed_at, closedBy: row.closed_by, reason: row.reason },
  };
}

/** Sums of many claims may pass what one bill may be. */
function yuanOfSum(sumFen: number): string {
  const digits = String(Math.abs(sumFen)).padStart(3, '0');
  return `${sumFen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** What `reconcile` prints: the two ledgers payer by payer, the cash, and what is open by class. */
export function reconciledJson(
  { businessDate, comparisons, cash }: ReconciledDay,
  open: readonly DifferenceTable[],
) {
  const tenders = (of: typeof cash.taken) =>
    Object.fromEntries(of.map(({ kind, amountFen }) => [kind, yuanOfSum(amountFen)]));
  const byClass = Map.groupBy(open, (row) => row.class);
  return {
    businessDate,
    payers: comparisons.map((row) => ({
      ...{ payer: row.payer, ledger: row.ledger, problem: row.problem },
      here: { claims: row.claims_here, amount: yuanOfSum(row.claimed_fen) },
      there: { claims: row.claims_there, amount: yuanOfSum(row.there_fen) },
    })),
    cash: {
      ...{ expected: yuanOfSum(cash.expectedFen), taken: tenders(cash.taken) },
      returned: tenders(cash.returned),
    },
    differences: Object.fromEntries(
      [...byClass].map(([of, rows]) => [of, rows.map(differenceJson)]),
    ),
  };
}

/** A day that was closed. */
export function closeJson(row: DayCloseTable) {
  return {
    ...{ businessDate: row.business_date, closedAt: row.closed_at, closedBy: row.closed_by },
    explained: row.explained,
  };
}
