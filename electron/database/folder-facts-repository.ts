import type { Kysely } from 'kysely';

import type { FolderFactTable, Tables } from './schema.ts';
import { folderFactDocument } from './stored-documents/folder-fact-document.ts';
import { readStored } from './stored-documents/stored-kind.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** What the folder remembers about itself: its business date, its hospital, its settings. */
export type FolderFactsRepository = {
  /** The value kept under a name; null if there is none. */
  get(name: string): Promise<unknown>;
  set(name: string, value: unknown): Promise<void>;
  all(): Promise<Readonly<Record<string, unknown>>>;
};

export function folderFactsRepository(
  db: Kysely<Tables>,
  { keys }: UnitOfWork,
): FolderFactsRepository {
  return {
    async get(name) {
      const row = await db
        .selectFrom('folder_facts')
        .select(['value_json', 'value_version'])
        .where('name', '=', name)
        .executeTakeFirst();
      return row === undefined ? null : factOf({ name, ...row });
    },
    async set(name, value) {
      keys.assertAlone(`the folder's ${name}`);
      const value_json = JSON.stringify(value);
      const value_version = folderFactDocument.newest;
      await db
        .insertInto('folder_facts')
        .values({ name, value_json, value_version })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value_json }))
        .execute();
      // By itself, for the journal keeps a row for it: nearly always there is nothing to change.
      await db
        .updateTable('folder_facts')
        .set({ value_version })
        .where('name', '=', name)
        .where('value_version', '<>', value_version)
        .execute();
    },
    async all() {
      const rows = await db.selectFrom('folder_facts').selectAll().orderBy('name').execute();
      return Object.fromEntries(rows.map((row) => [row.name, factOf(row)]));
    },
  };
}

function factOf({ name, value_json, value_version }: FolderFactTable): unknown {
  return readStored(folderFactDocument, { id: name, text: value_json, version: value_version });
}
