import { sql, type Kysely } from 'kysely';

import type { Tables } from './schema.ts';

/** A column and how it is kept: `integer`, `text`, `blob`. */
type ColumnShape = { readonly name: string; readonly type: string };

/** A table as the database itself knows it. */
export type TableShape = {
  readonly name: string;
  readonly columns: readonly ColumnShape[];
  /** The columns of its primary key, in the order of the key. */
  readonly key: readonly string[];
};

/** Every table of ours, by name; SQLite's own are left out. */
export async function tablesOf(database: Kysely<Tables>): Promise<readonly TableShape[]> {
  const { rows } = await sql<ColumnShape & { table: string; pk: number }>`
    select tables.name as "table", columns.name, lower(columns.type) as type, columns.pk
      from sqlite_schema tables join pragma_table_info(tables.name) columns
      where tables.type = 'table' order by tables.name, columns.cid`.execute(database);
  const own = rows.filter(({ table }) => !table.startsWith('sqlite_'));
  return [...Map.groupBy(own, ({ table }) => table)].map(([name, columns]) => ({
    name,
    columns: columns.map(({ name: column, type }) => ({ name: column, type })),
    key: columns
      .filter(({ pk }) => pk > 0)
      .sort((one, other) => one.pk - other.pk)
      .map((column) => column.name),
  }));
}

/** A trigger, and the statement it was made with. */
export type TriggerShape = { readonly name: string; readonly sql: string };

export async function triggersIn(database: Kysely<Tables>): Promise<readonly TriggerShape[]> {
  const { rows } = await sql<TriggerShape>`
    select name, sql from sqlite_schema where type = 'trigger'`.execute(database);
  return rows;
}
