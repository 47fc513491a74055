import type { Kysely } from 'kysely';

import type { Words } from '../../shared/domain/result.ts';
import type { IntakeRefusalTable, Tables } from './schema.ts';

/** Something of a file that intake did not take, and where it stands in the file. */
export type NewIntakeRefusal = {
  readonly id: string;
  readonly file: string;
  readonly row?: number;
  readonly column?: string;
  readonly place?: string;
  readonly code: string;
  readonly message: Words;
  readonly at: string;
};

export type IntakeRefusalsRepository = {
  add(refusals: readonly NewIntakeRefusal[]): Promise<void>;
  /** Newest first. */
  list(limit: number): Promise<readonly IntakeRefusalTable[]>;
};

export function intakeRefusalsRepository(db: Kysely<Tables>): IntakeRefusalsRepository {
  return {
    async add(refusals) {
      for (const { id, file, row, column, place, code, message, at } of refusals) {
        await db
          .insertInto('intake_refusals')
          .values({
            id,
            file,
            row: row ?? null,
            column_name: column ?? null,
            place: place ?? null,
            code,
            message_json: JSON.stringify(message),
            at,
          })
          .execute();
      }
    },
    list: (limit) =>
      db.selectFrom('intake_refusals').selectAll().orderBy('id', 'desc').limit(limit).execute(),
  };
}
