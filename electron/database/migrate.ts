import { sql, type Kysely } from 'kysely';

import { DatabaseNewerError } from './database-errors.ts';
import type { Migration } from './migrations/migrations.ts';
import type { Tables } from './schema.ts';

/**
 * Brings the tables up to this program's version, each migration in a transaction of its own, so that a crash
 * leaves either the old or the new tables. Two programs doing it at once take turns. Throws
 * `DatabaseNewerError` if a newer program has been here. Returns the numbers it applied.
 */
export async function migrate(
  database: Kysely<Tables>,
  migrations: readonly Migration[],
): Promise<readonly number[]> {
  const version = await versionOf(database);
  const newest = migrations.at(-1)?.number ?? 0;
  if (version > newest) throw newer(version, newest);
  const applied: number[] = [];
  for (const migration of migrations) {
    if (migration.number <= version) continue;
    await database.transaction().execute(async (transaction) => {
      // Asked again inside: another program may have been faster.
      if ((await versionOf(transaction)) >= migration.number) return;
      await migration.up(transaction);
      await sql.raw(`PRAGMA user_version = ${String(migration.number)}`).execute(transaction);
      applied.push(migration.number);
    });
  }
  return applied;
}

/** The number of the last migration applied; 0 for an empty file. */
export async function versionOf(database: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ user_version: number }>`PRAGMA user_version`.execute(database);
  return rows[0]?.user_version ?? 0;
}

function newer(version: number, newest: number): DatabaseNewerError {
  return new DatabaseNewerError(
    'NEWER',
    `the data is of version ${String(version)}, this program knows ${String(newest)}`,
  );
}
