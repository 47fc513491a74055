import { Kysely } from 'kysely';

import type { Tables } from './schema.ts';
import { openWorkerConnection } from './worker-connection.ts';
import { workerDialect } from './worker-dialect.ts';

/** Where a database is, and its key: 32 raw bytes. */
export type DatabasePlace = { readonly file: string; readonly key: Uint8Array };

/** Opens a database in a thread of its own. Runs no migration; rejects with a `DatabaseError`. */
export async function openDatabase(
  options: DatabasePlace & { readonly readOnly: boolean },
): Promise<Kysely<Tables>> {
  const connection = await openWorkerConnection(options);
  return new Kysely<Tables>({ dialect: workerDialect(connection, !options.readOnly) });
}
