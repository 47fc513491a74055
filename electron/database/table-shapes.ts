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
  const { rows } = await sql<{ name: string }>`
    select name from sqlite_schema where type = 'table' order by name`.execute(database);
  const tables: TableShape[] = [];
  for (const { name } of rows) {
    if (name.startsWith('sqlite_')) continue;
    const { rows: columns } = await sql<ColumnShape & { pk: number }>`
      select name, lower(type) as type, pk from pragma_table_info(${name})`.execute(database);
    const key = columns.filter(({ pk }) => pk > 0).sort((one, other) => one.pk - other.pk);
    tables.push({
      name,
      columns: columns.map(({ name: column, type }) => ({ name: column, type })),
      key: key.map((column) => column.name),
    });
  }
  return tables;
}

/** A trigger, and the statement it was made with. */
export type TriggerShape = { readonly name: string; readonly sql: string };

export async function triggersIn(database: Kysely<Tables>): Promise<readonly TriggerShape[]> {
  const { rows } = await sql<TriggerShape>`
    select name, sql from sqlite_schema where type = 'trigger'`.execute(database);
  return rows;
}
