import type { Kysely } from 'kysely';

import { assertSettlementHeld } from './held-keys.ts';
import type { HospitalFileTable, Tables } from './schema.ts';
import { hospitalFileDocument } from './stored-documents/hospital-file-document.ts';
import { readStored } from './stored-documents/stored-kind.ts';
import { touchPart } from './row-marks.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** A file for the hospital's system, kept with the act that caused it. */
export type HospitalFile = {
  readonly id: string;
  readonly settlementId: string;
  readonly kind: HospitalFileTable['kind'];
  readonly payload: unknown;
  readonly state: HospitalFileTable['state'];
  readonly createdAt: string;
  readonly writtenAt: string | null;
};

export type HospitalFilesRepository = {
  /** Queues a file inside the transaction of the settlement or cancellation it tells of. */
  queue(file: {
    readonly id: string;
    readonly settlementId: string;
    readonly kind: HospitalFileTable['kind'];
    readonly payload: unknown;
    readonly createdAt: string;
  }): Promise<void>;
  ofSettlement(settlementId: string): Promise<readonly HospitalFile[]>;
  /** Files that are not written yet, oldest first. */
  waiting(limit: number): Promise<readonly HospitalFile[]>;
  /** `hash`: of the file as it was written. */
  markWritten(id: string, at: string, hash: string): Promise<void>;
};

export function hospitalFilesRepository(
  db: Kysely<Tables>,
  { keys, marks, auditKey }: UnitOfWork,
): HospitalFilesRepository {
  return {
    async queue({ id, settlementId, kind, payload, createdAt }) {
      await assertSettlementHeld(db, keys, settlementId);
      marks.touch('hospital_files', [id]);
      await db
        .insertInto('hospital_files')
        .values({
          id,
          settlement_id: settlementId,
          kind,
          payload_json: JSON.stringify(payload),
          payload_version: hospitalFileDocument.newest,
          state: 'waiting',
          created_at: createdAt,
          written_at: null,
          file_sha256: null,
        })
        .execute();
    },
    async ofSettlement(settlementId) {
      const rows = await db
        .selectFrom('hospital_files')
        .selectAll()
        .where('settlement_id', '=', settlementId)
        .orderBy('id')
        .execute();
      return rows.map(hospitalFileOf);
    },
    async waiting(limit) {
      const rows = await db
        .selectFrom('hospital_files')
        .selectAll()
        .where('state', '=', 'waiting')
        .orderBy('created_at')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(hospitalFileOf);
    },
    async markWritten(id, at, hash) {
      await touchPart(db, { marks, auditKey }, 'hospital_files', [[id]]);
      await db
        .updateTable('hospital_files')
        .set({ state: 'written', written_at: at, file_sha256: hash })
        .where('id', '=', id)
        .where('state', '=', 'waiting')
        .execute();
    },
  };
}

/** A row as a file, its payload brought up to date. */
export function hospitalFileOf(row: Omit<HospitalFileTable, 'file_sha256'>): HospitalFile {
  return {
    id: row.id,
    settlementId: row.settlement_id,
    kind: row.kind,
    payload: readStored(hospitalFileDocument, {
      id: row.id,
      version: row.payload_version,
      text: row.payload_json,
    }),
    state: row.state,
    createdAt: row.created_at,
    writtenAt: row.written_at,
  };
}
