import { sql, type Kysely } from 'kysely';

import { migrate, versionOf } from './migrate.ts';
import { migrations } from './migrations/migrations.ts';
import { openDatabase } from './open-database.ts';
import type { Tables } from './schema.ts';
import { inMemoryFile } from './sqlite-connection.ts';

type Declared = { readonly type: string; readonly text: string };
type Declarations = ReadonlyMap<string, Declared>;

/**
 * Tables, indexes, triggers and views that are not those this program's migrations make, each by its name. A trigger that
 * is gone guards nothing and tells the second place nothing; one too many does what nobody asked for; a table made anew
 * may have lost its checks. What is compared with is made at once by the same migrations, in memory.
 */
export async function problemsOfDeclarations(
  database: Kysely<Tables>,
): Promise<readonly { readonly about: string; readonly problem: string }[]> {
  const declared = await declaredAt(await versionOf(database));
  const found = await declarationsIn(database);
  const problems: { about: string; problem: string }[] = [];
  for (const [about, { type, text }] of declared) {
    const here = found.get(about);
    if (here === undefined) problems.push({ about, problem: `the ${type} is missing` });
    else if (here.type !== type || here.text !== text)
      problems.push({ about, problem: `the ${type} is not the one that this program makes` });
  }
  for (const [about, { type }] of found) {
    if (!declared.has(about))
      problems.push({ about, problem: `the ${type} is not of this program` });
  }
  return problems;
}

const known = new Map<number, Promise<Declarations>>();

/** What the migrations make up to a version; once for a process, for it never changes. */
function declaredAt(version: number): Promise<Declarations> {
  const made = known.get(version) ?? makeAt(version);
  known.set(version, made);
  return made;
}

async function makeAt(version: number): Promise<Declarations> {
  const empty = await openDatabase({
    file: inMemoryFile,
    key: new Uint8Array(32),
    readOnly: false,
  });
  try {
    await migrate(
      empty,
      migrations.filter(({ number }) => number <= version),
    );
    return await declarationsIn(empty);
  } finally {
    await empty.destroy();
  }
}

async function declarationsIn(database: Kysely<Tables>): Promise<Declarations> {
  const { rows } = await sql<{ type: string; name: string; text: string | null }>`
    select type, name, sql as text from sqlite_schema order by type, name`.execute(database);
  const own = rows.filter(({ type, name }) => !isOfSqlite(type, name));
  return new Map(own.map(({ type, name, text }) => [name, { type, text: text ?? '' }]));
}

/** SQLite's own tables and the indexes of keys; it has no triggers and no views. */
const isOfSqlite = (type: string, name: string): boolean =>
  name.startsWith('sqlite_') && (type === 'table' || type === 'index');
