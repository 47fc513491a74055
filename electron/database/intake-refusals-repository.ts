import type { Kysely } from 'kysely';

import type { Words } from '../../shared/domain/result.ts';
import type { IntakeRefusalTable, Tables } from './schema.ts';
import {
  intakeRefusalDocument,
  type IntakeRefusalWords,
} from './stored-documents/intake-refusal-document.ts';
import { readStored } from './stored-documents/stored-kind.ts';

/** Something of a file that intake did not take, and where it stands in the file. */
export type NewIntakeRefusal = {
  readonly id: string;
  readonly file: string;
  readonly row?: number;
  readonly column?: string;
  readonly place?: string;
  readonly code: string;
  readonly message: Words;
  readonly remedy: Words;
  readonly at: string;
};

/** The same as it is kept. */
type KeptIntakeRefusal = Omit<IntakeRefusalTable, 'message_json' | 'message_version'> &
  IntakeRefusalWords;

export type IntakeRefusalsRepository = {
  add(refusals: readonly NewIntakeRefusal[]): Promise<void>;
  /** Newest first. */
  list(limit: number): Promise<readonly KeptIntakeRefusal[]>;
};

export function intakeRefusalsRepository(db: Kysely<Tables>): IntakeRefusalsRepository {
  return {
    async add(refusals) {
      for (const { id, file, row, column, place, code, message, remedy, at } of refusals) {
        await db
          .insertInto('intake_refusals')
          .values({
            id,
            file,
            row: row ?? null,
            column_name: column ?? null,
            place: place ?? null,
            code,
            message_json: JSON.stringify({ message, remedy }),
            message_version: intakeRefusalDocument.newest,
            at,
          })
          .execute();
      }
    },
    async list(limit) {
      const rows = await db
        .selectFrom('intake_refusals')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ message_json: text, message_version: version, ...row }) => ({
        ...row,
        ...readStored(intakeRefusalDocument, { id: row.id, text, version }),
      }));
    },
  };
}
