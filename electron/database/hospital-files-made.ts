import type { Kysely } from 'kysely';

import { hospitalFileOf } from './hospital-files-repository.ts';
import type { HospitalFileTable, Tables } from './schema.ts';

/** A file for the hospital's system, and what was written. */
export type HospitalFileMade = {
  readonly id: string;
  readonly settlementId: string;
  readonly number: string;
  readonly kind: HospitalFileTable['kind'];
  readonly payload: unknown;
  readonly isWritten: boolean;
  /** Null: from before it was kept, or not written yet. */
  readonly fileSha256: string | null;
};

/** Every file for the hospital's system in the order of their ids, after one of them. */
export async function hospitalFilesMade(
  db: Kysely<Tables>,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly HospitalFileMade[]> {
  const rows = await db
    .selectFrom('hospital_files')
    .innerJoin('settlements', 'settlements.id', 'hospital_files.settlement_id')
    .selectAll('hospital_files')
    .select('settlements.number')
    .where('hospital_files.id', '>', after)
    .orderBy('hospital_files.id')
    .limit(limit)
    .execute();
  return rows.map(({ number, file_sha256: fileSha256, ...row }) => ({
    ...hospitalFileOf(row),
    ...{ number, fileSha256, isWritten: row.state !== 'waiting' },
  }));
}
