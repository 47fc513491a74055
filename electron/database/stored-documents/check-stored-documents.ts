import { sql, type Kysely } from 'kysely';

import { DatabaseDocumentNewerError } from '../database-errors.ts';
import type { Tables } from '../schema.ts';
import { readStored, type StoredKind } from './stored-kind.ts';
import { storedPlaces, type StoredPlace } from './stored-places.ts';

/** The migration that began to record which versions of documents a folder may hold. */
export const documentVersionsSince = 30;

/** Documents read at once: a result with its explanation is some tens of kilobytes. */
const pageSize = 100;

/**
 * Whether everything the folder stores is in reach of this program's steps; asked before its tables are changed.
 * Throws `DatabaseDocumentNewerError` where a newer program has written a kind of document, and
 * `DatabaseDocumentError` where an old document cannot be brought up to date; both name the document. Reads
 * only, and only kinds whose newest version is not recorded as written yet.
 */
export async function checkStoredDocuments(
  database: Kysely<Tables>,
  tablesVersion: number,
): Promise<void> {
  if (tablesVersion === 0) return;
  const recorded = await recordedVersions(database, tablesVersion);
  for (const place of storedPlaces) {
    const known = recorded.get(place.kind.id) ?? 0;
    if (known > place.kind.newest) throw await newerDocument(database, place, known);
    if (known < place.kind.newest) await readOldDocuments(database, place, tablesVersion);
  }
}

/** Whether `recordDocumentVersions` has something to say that is not recorded yet. */
export async function areDocumentVersionsRecorded(
  database: Kysely<Tables>,
  tablesVersion: number,
): Promise<boolean> {
  const recorded = await recordedVersions(database, tablesVersion);
  return kinds().every(({ id, newest }) => recorded.get(id) === newest);
}

/** Records which versions may stand in the folder from now on, so that an older program leaves it alone. */
export async function recordDocumentVersions(database: Kysely<Tables>): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    for (const { id: kind, newest } of kinds()) {
      await transaction
        .insertInto('document_versions')
        .values({ kind, newest })
        .onConflict((conflict) =>
          conflict
            .column('kind')
            .doUpdateSet({ newest })
            .where('document_versions.newest', '<', newest),
        )
        .execute();
    }
  });
}

function kinds(): readonly StoredKind<unknown>[] {
  return [...new Set(storedPlaces.map(({ kind }) => kind))];
}

/** The highest version of each kind that any program has written here. */
async function recordedVersions(
  database: Kysely<Tables>,
  tablesVersion: number,
): Promise<ReadonlyMap<string, number>> {
  if (tablesVersion < documentVersionsSince) return new Map();
  const rows = await database.selectFrom('document_versions').selectAll().execute();
  return new Map(rows.map(({ kind, newest }) => [kind, newest]));
}

async function newerDocument(
  database: Kysely<Tables>,
  { kind, table, version, key }: StoredPlace,
  recorded: number,
): Promise<DatabaseDocumentNewerError> {
  const { rows } = await sql<Record<string, unknown>>`
    select ${keyColumns(key)} from ${sql.table(table)}
    where ${sql.ref(version)} > ${kind.newest} limit 1`.execute(database);
  const id = rows[0] === undefined ? '' : ` ${Object.values(rows[0]).map(String).join(' ')}`;
  const name = { zh: `${kind.name.zh}${id}`, en: `${kind.name.en}${id}` };
  return new DatabaseDocumentNewerError(name, recorded, kind.newest);
}

async function readOldDocuments(
  database: Kysely<Tables>,
  place: StoredPlace,
  tablesVersion: number,
): Promise<void> {
  if (place.isNewWith && tablesVersion < place.since) return;
  let after: readonly unknown[] | null = null;
  do {
    const page: readonly OldDocument[] = await oldDocuments(database, place, tablesVersion, after);
    for (const { key, ...stored } of page) {
      readStored(place.kind, { id: key.map(String).join(' '), ...stored });
    }
    after = page.at(-1)?.key ?? null;
  } while (after !== null);
}

type OldDocument = {
  readonly key: readonly unknown[];
  readonly version: number;
  readonly text: string;
};

/** The documents of an older version after a key, in its order. */
async function oldDocuments(
  database: Kysely<Tables>,
  { kind, table, text, version, key, since }: StoredPlace,
  tablesVersion: number,
  after: readonly unknown[] | null,
): Promise<readonly OldDocument[]> {
  const stated = tablesVersion < since ? sql`0` : sql.ref(version);
  const beyond = after === null ? sql`` : sql`and (${keyColumns(key)}) > (${sql.join(after)})`;
  const { rows } = await sql<Record<string, unknown>>`
    select ${keyColumns(key)}, ${stated} as document_version, ${sql.ref(text)} as document_text
    from ${sql.table(table)}
    where ${sql.ref(text)} is not null and ${stated} < ${kind.newest} ${beyond}
    order by ${keyColumns(key)} limit ${pageSize}`.execute(database);
  return rows.map((row) => ({
    key: key.map((column) => row[column]),
    version: Number(row['document_version']),
    text: String(row['document_text']),
  }));
}

const keyColumns = (key: StoredPlace['key']) => sql.join(key.map((column) => sql.ref(column)));
