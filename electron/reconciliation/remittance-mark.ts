import { sha256 } from '../database/canonical-json.ts';
import type { RemittanceLineTable, RemittanceTable } from '../database/remittance-tables.ts';
import type { Repositories } from '../database/store.ts';

/**
 * A mark of what stays of a remittance as it was taken in: its head, and every line as the payer wrote it. Whether a line is booked
 * and whether the whole was taken back changes later, each with an entry of its own.
 */
export function markOfRemittance(
  audit: Pick<Repositories['audit'], 'markOfRows'>,
  { id, payer, number, sha256: file, paid_on, ...remittance }: RemittanceTable,
  lines: readonly RemittanceLineTable[],
): string | null {
  const { line_count, claimed_fen, approved_fen, adjusted_fen, paid_fen } = remittance;
  const { business_date, taken_at, taken_by } = remittance;
  const written = lines.map((line) => [
    ...[line.position, line.reference, line.step, line.claimed_fen, line.approved_fen],
    ...[line.adjusted_fen, line.paid_fen, line.code, line.words],
  ]);
  return audit.markOfRows('remittance', {
    ...{ id, payer, number, file, paid_on, business_date, taken_at, taken_by },
    ...{ line_count, claimed_fen, approved_fen, adjusted_fen, paid_fen },
    lines: sha256(JSON.stringify(written)),
  });
}
