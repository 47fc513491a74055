import { sql, type Kysely } from 'kysely';

import { DatabaseNewerError } from './database-errors.ts';
import { dropJournalTriggers, writeJournalTriggers } from './journal-triggers.ts';
import type { Migration } from './migrations/migrations.ts';
import type { Tables } from './schema.ts';
import { soleWindow, type Window } from './unit-of-work.ts';

/**
 * Brings the tables up to this program's version: an empty file in one transaction, tables that are there with each
 * migration in one of its own, so that a crash leaves either the old or the new ones. The triggers of the journal are made
 * anew at the end of each transaction. Two programs doing it at once take turns. Throws `DatabaseNewerError` if a newer
 * program has been here. Returns the numbers it applied.
 */
export async function migrate(
  database: Kysely<Tables>,
  migrations: readonly Migration[],
  window: Window = soleWindow,
): Promise<readonly number[]> {
  const version = await versionOf(database);
  assertNotNewer(version, migrations);
  // Nothing is kept in an empty file that a crash could leave half changed, and half of its tables are of no use.
  const turns = version === 0 ? [migrations] : migrations.map((migration) => [migration]);
  const applied: number[] = [];
  for (const turn of turns) {
    if (turn.every(({ number }) => number <= version)) continue;
    await database.transaction().execute(async (transaction) => {
      applied.push(...(await applyTogether(transaction, turn, window)));
    });
  }
  return applied;
}

/** Applies those that nobody has applied meanwhile, in a transaction that is the caller's. */
async function applyTogether(
  transaction: Kysely<Tables>,
  migrations: readonly Migration[],
  window: Window,
): Promise<readonly number[]> {
  // Asked again inside: another program may have been faster.
  const version = await versionOf(transaction);
  const missing = migrations.filter(({ number }) => number > version);
  const last = missing.at(-1)?.number;
  if (last === undefined) return [];
  // Old triggers would stand in the way of what it does to the tables, and know nothing of their new columns.
  await dropJournalTriggers(transaction);
  for (const migration of missing) await migration.up(transaction, { windowId: window.id });
  if (last >= firstJournalled) await writeJournalTriggers(transaction);
  for (const migration of missing) await recordVersion(transaction, migration, window);
  await sql.raw(`PRAGMA user_version = ${String(last)}`).execute(transaction);
  return missing.map(({ number }) => number);
}

/** The migration that makes the journal. */
const firstJournalled = 60;

/** The first number kept in a table; the ones before it are only in the file's own header. */
const firstRecordedNumber = 40;

/**
 * Keeps which program brought the tables to a version and when. The header's number stays beside it: programs
 * from before this table look there whether the tables are too new for them.
 */
async function recordVersion(
  database: Kysely<Tables>,
  { number, oldestProgram }: Migration,
  { program }: Window,
): Promise<void> {
  if (number < firstRecordedNumber) return;
  await database
    .insertInto('schema_versions')
    .values({
      number,
      program,
      oldest_program: oldestProgram ?? null,
      at: new Date().toISOString(),
    })
    .execute();
}

/** The number of the last migration applied; 0 for an empty file. */
export async function versionOf(database: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ user_version: number }>`PRAGMA user_version`.execute(database);
  return rows[0]?.user_version ?? 0;
}

/** Throws a `DatabaseNewerError` where the tables are of a program newer than this one. */
export function assertNotNewer(version: number, migrations: readonly Migration[]): void {
  const newest = migrations.at(-1)?.number ?? 0;
  if (version <= newest) return;
  throw new DatabaseNewerError(
    'NEWER',
    `the data is of version ${String(version)}, this program knows ${String(newest)}`,
  );
}
