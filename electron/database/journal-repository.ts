import { sql, type Kysely, type Selectable } from 'kysely';

import type { JournalTable, Tables } from './schema.ts';

/** One changed row, or the `end` of a unit of work, in the order of the changes. */
export type JournalRow = Selectable<JournalTable>;

/** How far the journal goes, and since when its oldest row that is not copied waits. */
export type JournalState = {
  /** The number of the last row ever written here; 0 before the first. */
  readonly head: number;
  /** When the first unit of work after a number was kept; null where there is none. */
  readonly oldestAt: string | null;
  /** Rows after that number. */
  readonly waiting: number;
  /** The smallest number that is still kept; null where none is. */
  readonly first: number | null;
};

export type PendingRows = {
  readonly place: unknown;
  readonly term: number | null;
  readonly rows: readonly JournalRow[];
};

/** What the second place has not got yet. Written by triggers, for as long as there is such a place. */
export type JournalRepository = {
  /**
   * Which holder of the place this folder is: 1, and one more with every machine that took over from it. Null: there
   * is no second place and nothing is written.
   */
  term(): Promise<number | null>;
  /** Begins the journal, or goes on with it under another term. */
  begin(term: number, at: string): Promise<void>;
  /** Ends the journal and forgets what it held, but for its last number. */
  stop(): Promise<void>;
  /** Ends a unit of work, if it wrote anything: what is copied always ends with whole units. */
  endUnit(at: string): Promise<void>;
  state(copied: number): Promise<JournalState>;
  /**
   * Rows after a number, in order, with the fact that names the second place and the term, in one query: it is asked in
   * every confirmed act. `place` is undefined where no such fact is kept, `term` null where there is no second place.
   */
  pending(asked: {
    readonly fact: string;
    readonly after: number;
    readonly limit: number;
  }): Promise<PendingRows>;
  /** Rows after a number, in order. */
  after(sequence: number, limit: number): Promise<readonly JournalRow[]>;
  /** Forgets rows up to a number that a verified copy of the whole database holds. */
  forget(upTo: number): Promise<void>;
};

export function journalRepository(db: Kysely<Tables>): JournalRepository {
  return {
    async term() {
      const row = await db.selectFrom('journal_places').select('term').executeTakeFirst();
      return row?.term ?? null;
    },
    async begin(term, at) {
      await db
        .insertInto('journal_places')
        .values({ id: 1, term })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ term }))
        .execute();
      await db
        .insertInto('journal')
        .values({ table_name: '', act: 'end', row_json: '{}', at })
        .execute();
    },
    async stop() {
      await db.deleteFrom('journal_places').execute();
      await forget(db, null);
    },
    async endUnit(at) {
      await sql`insert into journal (table_name, act, row_json, at)
        select '', 'end', '{}', ${at} where exists (select 1 from journal_places)
          and coalesce((select act from journal where sequence = (select max(sequence) from journal)), 'end') <> 'end'`.execute(
        db,
      );
    },
    async state(copied) {
      const end = (order: 'asc' | 'desc') =>
        db.selectFrom('journal').select('sequence').orderBy('sequence', order).limit(1);
      const head = (await end('desc').executeTakeFirst())?.sequence ?? 0;
      const first = (await end('asc').executeTakeFirst())?.sequence ?? null;
      const oldest = await db
        .selectFrom('journal')
        .select('at')
        .where('sequence', '>', copied)
        .where('act', '=', 'end')
        .orderBy('sequence')
        .limit(1)
        .executeTakeFirst();
      return {
        head,
        oldestAt: oldest?.at ?? null,
        waiting: Math.max(0, head - copied),
        first,
      };
    },
    async pending({ fact, after, limit }) {
      const found = await db
        .selectFrom('journal_places')
        .leftJoin('folder_facts', (join) => join.on('folder_facts.name', '=', fact))
        .leftJoin('journal', (join) => join.on('journal.sequence', '>', after))
        .select(['journal_places.term', 'folder_facts.value_json as place'])
        .select(['journal.sequence', 'journal.table_name', 'journal.act'])
        .select(['journal.row_json', 'journal.at'])
        .orderBy('journal.sequence')
        .limit(limit)
        .execute();
      const [first] = found;
      const place: unknown = typeof first?.place === 'string' ? JSON.parse(first.place) : undefined;
      return { place, term: first?.term ?? null, rows: found.flatMap(rowOf) };
    },
    after: (sequence, limit) =>
      db
        .selectFrom('journal')
        .selectAll()
        .where('sequence', '>', sequence)
        .orderBy('sequence')
        .limit(limit)
        .execute(),
    forget: (upTo) => forget(db, upTo),
  };
}

/** The row of the journal in a joined one; none where nothing was joined. */
function rowOf({
  sequence,
  table_name,
  act,
  row_json,
  at,
}: {
  readonly [Column in keyof JournalRow]: JournalRow[Column] | null;
}): readonly JournalRow[] {
  if (sequence === null || table_name === null || act === null || row_json === null) return [];
  return [{ sequence, table_name, act, row_json, at }];
}

/** Removes rows up to a number, or all of them, but never the last one: the next number follows it. */
async function forget(db: Kysely<Tables>, upTo: number | null): Promise<void> {
  let removing = db
    .deleteFrom('journal')
    .where('sequence', '<', (rows) =>
      rows.selectFrom('journal').select((row) => row.fn.max<number>('sequence').as('last')),
    );
  if (upTo !== null) removing = removing.where('sequence', '<=', upTo);
  await removing.execute();
}
