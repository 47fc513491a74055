import { sql, type Kysely } from 'kysely';

import { tablesOf, triggersIn, type TableShape } from './table-shapes.ts';
import type { Tables } from './schema.ts';

/** Tables whose rows no second place needs: the journal itself and whether there is a place. */
const notJournalled: ReadonlySet<string> = new Set(['journal', 'journal_places']);

/** The tables whose every change goes into the journal, as they are now. */
export async function journalledTables(database: Kysely<Tables>): Promise<readonly TableShape[]> {
  return (await tablesOf(database)).filter(({ name }) => !notJournalled.has(name));
}

/**
 * Makes the triggers of the journal from the tables as they are now. Whatever changes tables calls it at its end, in
 * the same transaction; `journalProblems` says where that was forgotten.
 */
export async function writeJournalTriggers(database: Kysely<Tables>): Promise<void> {
  await dropJournalTriggers(database);
  for (const table of await journalledTables(database)) {
    for (const { text } of triggersOf(table)) await sql.raw(text).execute(database);
  }
}

/** Takes the triggers away, for what changes the tables themselves. */
export async function dropJournalTriggers(database: Kysely<Tables>): Promise<void> {
  for (const name of (await journalTriggers(database)).keys()) {
    await sql.raw(`drop trigger ${name}`).execute(database);
  }
}

/** What the triggers of the journal leave out of the tables as they are now, each in words; empty: nothing. */
export async function journalProblems(database: Kysely<Tables>): Promise<readonly string[]> {
  const standing = await journalTriggers(database);
  const problems: string[] = [];
  for (const table of await journalledTables(database)) {
    if (table.key.length === 0) problems.push(`${table.name} has no primary key`);
    for (const { name, text } of triggersOf(table)) {
      const found = standing.get(name);
      if (found === undefined) problems.push(`${name} is missing`);
      // SQLite keeps the first words of a statement in capitals.
      else if (found.toLowerCase() !== text.toLowerCase())
        problems.push(`${name} is not that of the table as it is now`);
    }
  }
  return problems;
}

async function journalTriggers(database: Kysely<Tables>): Promise<ReadonlyMap<string, string>> {
  const own = (await triggersIn(database)).filter(({ name }) => name.startsWith('journal_'));
  return new Map(own.map((trigger) => [trigger.name, trigger.sql]));
}

type Trigger = { readonly name: string; readonly text: string };

/**
 * The triggers of one table. `put` holds a whole row, `change` the key and all but the long JSON columns, so that a
 * mark set on a settlement does not copy its explanation once more, `remove` the key alone. A change of a long column or of the key is a `put` (of the key, after a `remove`);
 * a column that is named and stays as it was is no change.
 */
function triggersOf(table: TableShape): readonly Trigger[] {
  const { name, columns, key } = table;
  const isLong = (column: string): boolean => column.endsWith('_json');
  const all = columns.map((column) => column.name);
  const short = all.filter((column) => !key.includes(column) && !isLong(column));
  const whole = all.filter((column) => key.includes(column) || isLong(column));
  const keyMoves = key.map((column) => `old.${column} <> new.${column}`).join(' or ');
  const differs = (named: readonly string[]): string =>
    named.map((column) => `old.${column} is not new.${column}`).join(' or ');
  const entry = (act: string, row: string, named: readonly string[], when = ''): string =>
    `insert into journal (table_name, act, row_json) select '${name}', '${act}', ${rowJson(table, row, named)}${when}`;
  const trigger = (of: string, on: string, acts: readonly string[], when = ''): Trigger => ({
    name: `journal_${name}_${of}`,
    text: `create trigger journal_${name}_${of} after ${on} on ${name} when ${when}exists (select 1 from journal_places) begin ${acts.map((act) => `${act};`).join(' ')} end`,
  });
  const triggers = [
    trigger('inserted', 'insert', [entry('put', 'new', all)]),
    trigger('deleted', 'delete', [entry('remove', 'old', key)]),
    trigger(
      'rewritten',
      `update of ${whole.join(', ')}`,
      [entry('remove', 'old', key, ` where ${keyMoves}`), entry('put', 'new', all)],
      `(${differs(whole)}) and `,
    ),
  ];
  if (short.length === 0) return triggers;
  return [
    ...triggers,
    trigger(
      'changed',
      `update of ${short.join(', ')}`,
      [entry('change', 'new', [...key, ...short])],
      `not (${differs(whole)}) and (${differs(short)}) and `,
    ),
  ];
}

/** The row as JSON: amounts and texts as they are, bytes as hexadecimal digits. */
function rowJson(table: TableShape, row: string, named: readonly string[]): string {
  const parts = table.columns
    .filter((column) => named.includes(column.name))
    .map(({ name, type }) => {
      const value = type === 'blob' ? `hex(${row}.${name})` : `${row}.${name}`;
      return `'${name}', ${value}`;
    });
  return `json_object(${parts.join(', ')})`;
}
