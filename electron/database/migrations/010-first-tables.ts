import { sql, type Kysely } from 'kysely';

import { firstClaimTables } from './first-claim-tables.ts';
import { firstSettlementTables } from './first-settlement-tables.ts';
import { firstVisitTables } from './first-visit-tables.ts';
import type { Tables } from '../schema.ts';

/** Everything the first desk keeps: persons, visits, settlements, claims, paper, files and the audit chain. */
export async function firstTables(database: Kysely<Tables>): Promise<void> {
  const statements = [...firstVisitTables, ...firstSettlementTables, ...firstClaimTables];
  for (const statement of statements) await sql.raw(statement).execute(database);
}
