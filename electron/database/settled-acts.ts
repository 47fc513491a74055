import type { Kysely } from 'kysely';

import { sha256 } from './canonical-json.ts';
import type { AuditEntryTable, CancellationTable, SettlementTable, Tables } from './schema.ts';

/**
 * What of a settlement stays as it was written: a mark of it tells rows that were changed later, past the program. Whom it counts
 * for, how it stands and where it is in the audit change.
 */
export type LastingSettlement = Omit<
  SettlementTable,
  'person_id' | 'state' | 'entry' | 'input_json' | 'result_json'
> & {
  /** SHA-256 of the texts, which may be of megabytes. */
  readonly input: string;
  readonly result: string;
};

/** A row without what changes, and with the hashes of its texts. */
export function lastingSettlement(row: SettlementTable): LastingSettlement {
  const { id, number, visit_id, part, bill_version, pack, pack_version } = row;
  const { input_version, result_version, total_fen, patient_pays_fen, hospital_bears_fen } = row;
  const { deposit_fen, year, business_date, settled_at, settled_by, window_id, program } = row;
  return {
    ...{ id, number, visit_id, part, bill_version, pack, pack_version },
    ...{ input_version, result_version, total_fen, patient_pays_fen, hospital_bears_fen },
    ...{ deposit_fen, year, business_date, settled_at, settled_by, window_id, program },
    input: sha256(row.input_json),
    result: sha256(row.result_json),
  };
}

/** So many settlements by id, after one of them. */
export type SettledPage = { readonly after: string; readonly limit: number };

type Entry = Pick<AuditEntryTable, 'at' | 'who' | 'detail_json'>;

/** A settlement as it is kept, beside what the audit says was done. */
export type SettledAct = {
  readonly settlement: LastingSettlement;
  readonly tenders: readonly { readonly kind: string; readonly amountFen: number }[];
  readonly claims: readonly {
    readonly id: string;
    readonly destination: string;
    readonly claimedFen: number;
  }[];
  /** The first entry of its settling; null where there is none. */
  readonly settling: Entry | null;
  readonly cancellation: CancellationTable | null;
  readonly cancelling: Entry | null;
};

const acts = ['settle-visit', 'cancel-settlement'] as const;

/** Settlements with what the audit says of each. */
export async function settledActs(
  db: Kysely<Tables>,
  { after, limit }: SettledPage,
): Promise<readonly SettledAct[]> {
  const rows = await db
    .selectFrom('settlements')
    .selectAll()
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const tenders = await db
    .selectFrom('settlement_tenders')
    .select(['settlement_id', 'kind', 'amount_fen as amountFen'])
    .where('settlement_id', 'in', ids)
    .orderBy('settlement_id')
    .orderBy('position')
    .execute();
  const claims = await db
    .selectFrom('claims')
    .select(['settlement_id', 'id', 'destination', 'claimed_fen as claimedFen'])
    .where('settlement_id', 'in', ids)
    .execute();
  const cancellations = await db
    .selectFrom('cancellations')
    .selectAll()
    .where('settlement_id', 'in', ids)
    .execute();
  const entries = await db
    .selectFrom('audit_entries')
    .select(['at', 'who', 'act', 'about', 'detail_json'])
    .where('about', 'in', ids)
    .where('act', 'in', acts)
    .orderBy('sequence')
    .execute();
  return rows.map((row) => {
    const entryOf = (wanted: (typeof acts)[number]): Entry | null =>
      entries.find(({ act, about }) => act === wanted && about === row.id) ?? null;
    const isOfRow = ({ settlement_id: id }: { readonly settlement_id: string }): boolean =>
      id === row.id;
    return {
      settlement: lastingSettlement(row),
      tenders: tenders.filter(isOfRow).map(({ kind, amountFen }) => ({ kind, amountFen })),
      claims: claims.filter(isOfRow),
      settling: entryOf('settle-visit'),
      cancellation: cancellations.find(isOfRow) ?? null,
      cancelling: entryOf('cancel-settlement'),
    };
  });
}
