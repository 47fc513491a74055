import { sql, type Kysely } from 'kysely';

import { migrate, versionOf } from './migrate.ts';
import { migrations } from './migrations/migrations.ts';
import { openDatabase, type DatabasePlace } from './open-database.ts';
import type { JournalRow } from './journal-repository.ts';
import type { Tables } from './schema.ts';
import { tablesOf, triggersIn, type TableShape, type TriggerShape } from './table-shapes.ts';
import type { Window } from './unit-of-work.ts';

/** The rows do not fit the copy they are replayed over: a change of what is not there, a table or column unknown. */
export class JournalMismatchError extends Error {
  override readonly name = 'JournalMismatchError';
}

/** A copy of a database that rows of the journal are replayed over. */
type Replay = {
  /** The number of the last row that is in it: of the copy at first, then of what was replayed. */
  readonly head: () => number;
  /**
   * Replays rows in their order, in one transaction; they end with a whole unit of work. What the copy holds already is
   * passed over. `schema`: the number of the last migration of the tables that the rows are of; the copy is brought
   * there first. Throws a `JournalMismatchError`.
   */
  apply(rows: readonly JournalRow[], schema: number): Promise<void>;
  /** Puts the guards of the tables back; the books begin anew under the next generation. A copy that is closed before is of no use. */
  finish(): Promise<void>;
  close(): Promise<void>;
};

/** Opens a copy to replay rows over it. The guards of its tables are away until `finish`. */
export async function openReplay(place: DatabasePlace, window: Window): Promise<Replay> {
  const database = await openDatabase({ ...place, readOnly: false });
  // Rows come in the order they were written in; a reference may only be whole again at the end of a unit.
  await sql`PRAGMA foreign_keys = OFF`.execute(database);
  let guards = await takeGuardsAway(database);
  let tables = await shapesByName(database);
  let schema = await versionOf(database);
  let head = await lastRow(database);

  const bringTo = async (wanted: number): Promise<void> => {
    if (wanted <= schema) return;
    await putGuardsBack(database, guards);
    const steps = migrations.filter(({ number }) => number <= wanted);
    await migrate(database, steps, window);
    schema = await versionOf(database);
    if (schema !== wanted) throw new JournalMismatchError(`no way to tables ${String(wanted)}`);
    guards = await takeGuardsAway(database);
    tables = await shapesByName(database);
  };

  return {
    head: () => head,
    async apply(rows, wanted) {
      await bringTo(wanted);
      await database.transaction().execute(async (transaction) => {
        for (const row of rows) {
          if (row.sequence <= head) continue;
          if (row.sequence !== head + 1) {
            throw new JournalMismatchError(`row ${String(head + 1)} is missing`);
          }
          await applyRow(transaction, tables, row);
          head = row.sequence;
        }
        await keepLastRow(transaction, rows.at(-1));
      });
    },
    async finish() {
      // Another machine begins: it remembers its books itself, from its first record on.
      await database
        .updateTable('books')
        .set({ anchored: 0, generation: sql<number>`generation + 1` })
        .execute();
      await putGuardsBack(database, guards);
    },
    close: () => database.destroy(),
  };
}

/** The journal of the copy holds the last row alone: its number is where the next machine goes on. */
async function keepLastRow(db: Kysely<Tables>, row: JournalRow | undefined): Promise<void> {
  if (row === undefined) return;
  await db.deleteFrom('journal').execute();
  await db.insertInto('journal').values(row).execute();
}

async function applyRow(
  db: Kysely<Tables>,
  tables: ReadonlyMap<string, TableShape>,
  row: JournalRow,
): Promise<void> {
  if (row.act === 'end') return;
  const table = tables.get(row.table_name);
  if (table === undefined) throw new JournalMismatchError(`no table ${row.table_name}`);
  const values = valuesOf(table, row);
  const isKey = ([name]: readonly [string, unknown]): boolean => table.key.includes(name);
  const entries = Object.entries(values);
  const where = sql.join(
    entries.filter(isKey).map(([name, value]) => sql`${sql.ref(name)} = ${value}`),
    sql` and `,
  );
  const set = entries
    .filter((entry) => !isKey(entry))
    .map(([name, value]) => sql`${sql.ref(name)} = ${value}`);
  const name = sql.table(table.name);
  switch (row.act) {
    case 'remove':
      await sql`delete from ${name} where ${where}`.execute(db);
      return;
    case 'change': {
      const { numAffectedRows } =
        await sql`update ${name} set ${sql.join(set)} where ${where}`.execute(db);
      if (numAffectedRows !== 1n) {
        throw new JournalMismatchError(`row ${String(row.sequence)} changes what is not there`);
      }
      return;
    }
    case 'put': {
      if (entries.length !== table.columns.length) {
        throw new JournalMismatchError(`row ${String(row.sequence)} is not whole`);
      }
      const columns = sql.join(entries.map(([column]) => sql.ref(column)));
      const given = sql.join(entries.map(([, value]) => sql`${value}`));
      const key = sql.join(table.key.map((column) => sql.ref(column)));
      const again = set.length === 0 ? sql`do nothing` : sql`do update set ${sql.join(set)}`;
      await sql`insert into ${name} (${columns}) values (${given}) on conflict (${key}) ${again}`.execute(
        db,
      );
    }
  }
}

/** What a row says, by column; bytes come as hexadecimal digits. */
function valuesOf(table: TableShape, row: JournalRow): Readonly<Record<string, unknown>> {
  const said: unknown = JSON.parse(row.row_json);
  if (typeof said !== 'object' || said === null) throw new JournalMismatchError('not a row');
  return Object.fromEntries(
    Object.entries(said).map(([name, value]: [string, unknown]) => {
      const column = table.columns.find((each) => each.name === name);
      if (column === undefined) {
        throw new JournalMismatchError(`no column ${name} in ${table.name}`);
      }
      const isBytes = column.type === 'blob' && typeof value === 'string';
      return [name, isBytes ? Buffer.from(value, 'hex') : value];
    }),
  );
}

async function takeGuardsAway(database: Kysely<Tables>): Promise<readonly TriggerShape[]> {
  const guards = await triggersIn(database);
  for (const { name } of guards) await sql`drop trigger ${sql.ref(name)}`.execute(database);
  return guards;
}

async function putGuardsBack(
  database: Kysely<Tables>,
  guards: readonly TriggerShape[],
): Promise<void> {
  for (const guard of guards) await sql.raw(guard.sql).execute(database);
}

async function shapesByName(database: Kysely<Tables>): Promise<ReadonlyMap<string, TableShape>> {
  return new Map((await tablesOf(database)).map((table) => [table.name, table]));
}

async function lastRow(database: Kysely<Tables>): Promise<number> {
  const { last } = await database
    .selectFrom('journal')
    .select((row) => row.fn.max<number | null>('sequence').as('last'))
    .executeTakeFirstOrThrow();
  return last ?? 0;
}
