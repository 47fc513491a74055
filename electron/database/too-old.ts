import type { Kysely } from 'kysely';

import { databaseRefusal } from './database-refusals.ts';
import { versionOf } from './migrate.ts';
import type { ReadingOnly } from './reading-only.ts';
import type { Tables } from './schema.ts';

/**
 * Why a program that has the folder open may write no more: a newer one has changed the tables under it, and said
 * which program is the oldest that may go on (`schema_versions.oldest_program`). null: it may.
 */
export async function whyTooOld(
  database: Kysely<Tables>,
  program: string,
  newestKnown: number,
): Promise<ReadingOnly | null> {
  if ((await versionOf(database)) <= newestKnown) return null;
  const since = await database
    .selectFrom('schema_versions')
    .select(['program', 'oldest_program'])
    .where('number', '>', newestKnown)
    .orderBy('number')
    .execute();
  const forbids = since.find(
    ({ oldest_program: oldest }) => oldest !== null && isOlder(program, oldest),
  );
  return forbids === undefined
    ? null
    : databaseRefusal('program-too-old', { program, newer: forbids.program });
}

/** Whether a version of the program, in numbers with dots between, is before another. */
function isOlder(version: string, other: string): boolean {
  const [ours, theirs] = [version, other].map((text) => text.split('.').map(Number));
  for (const [index, number] of (theirs ?? []).entries()) {
    const own = ours?.[index] ?? 0;
    if (own !== number) return own < number;
  }
  return false;
}
