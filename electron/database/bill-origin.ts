import type { BillOrigin, MadeAt } from '../../shared/domain/bill-order.ts';
import type { BillOriginColumns } from './visit-tables.ts';

/** A bill that is kept, by when it was made. */
export type KnownBill = BillOrigin & { readonly billHash: string; readonly receivedAt: string };

/** A row's bill, by when it was made. */
export function knownBillOf(
  row: BillOriginColumns & { readonly bill_hash: string; readonly received_at: string },
): KnownBill {
  return {
    ...{ billHash: row.bill_hash, receivedAt: row.received_at },
    ...{ sentVersion: row.sent_version, made: madeOf(row) },
  };
}

/** What a row says of when its bill was made; null: nothing. */
export function madeOf({
  made_at: at,
  made_by: by,
}: Pick<BillOriginColumns, 'made_at' | 'made_by'>): BillOrigin['made'] {
  return at === null || by === null ? null : { at, by };
}

/** The same where the sender's word stands in the document. */
export function madeAtOf(made: BillOrigin['made']): MadeAt | null {
  return made === null || made.by === 'sender' ? null : { at: made.at, by: made.by };
}

export function originColumns({ sentVersion, made }: BillOrigin): BillOriginColumns {
  return { sent_version: sentVersion, made_at: made?.at ?? null, made_by: made?.by ?? null };
}
