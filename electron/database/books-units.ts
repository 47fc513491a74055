import { sql, type Kysely } from 'kysely';

import type { AnchorRecord, BooksMark } from './anchor/anchor-record.ts';
import type { Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** Counts a unit of work in the books, as its last act; answers how far they are with it. */
export async function countUnit(
  db: Kysely<Tables>,
  { numbersGiven }: UnitOfWork,
): Promise<AnchorRecord> {
  const row = await db
    .updateTable('books')
    .set({ units: sql<number>`units + 1` })
    .where('id', '=', 1)
    .returning((books) => [
      'generation',
      'units',
      books.selectFrom('audit_head').select('sequence').where('id', '=', 1).as('entries'),
      books.selectFrom('audit_head').select('hash').where('id', '=', 1).as('head'),
    ])
    .executeTakeFirstOrThrow();
  return { ...markOf(row), at: new Date().toISOString(), days: Object.fromEntries(numbersGiven) };
}

/** How far the books are, with the last number of every day. */
export async function wholeRecord(db: Kysely<Tables>): Promise<AnchorRecord> {
  return db.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom('books')
      .leftJoin('audit_head', 'audit_head.id', 'books.id')
      .select(['generation', 'units', 'sequence as entries', 'hash as head'])
      .where('books.id', '=', 1)
      .executeTakeFirstOrThrow();
    const days = await transaction.selectFrom('number_days').selectAll().execute();
    return {
      ...markOf(row),
      at: new Date().toISOString(),
      days: Object.fromEntries(days.map(({ business_date, last }) => [business_date, last])),
    };
  });
}

/** Notes whose books these are, and that the folder remembers them outside, too: a missing anchor is missed then. */
export async function markAnchored(db: Kysely<Tables>, folder: string): Promise<void> {
  await db
    .updateTable('books')
    .set({ folder, anchored: 1 })
    .where('id', '=', 1)
    .where('anchored', '=', 0)
    .execute();
}

type MarkRow = {
  readonly generation: number;
  readonly units: number;
  readonly entries: number | null;
  readonly head: string | null;
};

function markOf({ generation, units, entries, head }: MarkRow): BooksMark {
  return { generation, units, entries: entries ?? 0, head: head ?? '' };
}
