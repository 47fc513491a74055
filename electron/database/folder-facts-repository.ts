import type { Kysely } from 'kysely';

import type { Tables } from './schema.ts';
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
        .select('value_json')
        .where('name', '=', name)
        .executeTakeFirst();
      return row === undefined ? null : (JSON.parse(row.value_json) as unknown);
    },
    async set(name, value) {
      keys.assertAlone(`the folder's ${name}`);
      const value_json = JSON.stringify(value);
      await db
        .insertInto('folder_facts')
        .values({ name, value_json })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value_json }))
        .execute();
    },
    async all() {
      const rows = await db.selectFrom('folder_facts').selectAll().orderBy('name').execute();
      return Object.fromEntries(
        rows.map(({ name, value_json }) => [name, JSON.parse(value_json) as unknown]),
      );
    },
  };
}
