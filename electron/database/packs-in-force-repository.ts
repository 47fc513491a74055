import type { Kysely } from 'kysely';

import type { PackInForceTable, Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** One text of a pack: SHA-256 of it, in hexadecimal, under its id and version. */
export type PackText = Pick<PackInForceTable, 'id' | 'version' | 'sha256'>;

/** The packs money was ever decided by, each with the one text its id and version stand for. */
export type PacksInForceRepository = {
  /**
   * Keeps the text of a pack, the first time its id and version are named; answers the hash of the text they stand
   * for. Another than the given one: somebody edited a pack that is in force, and its figures must not be used.
   */
  keep(pack: PackText & { readonly at: string }): Promise<string>;
  list(): Promise<readonly PackInForceTable[]>;
};

export function packsInForceRepository(
  db: Kysely<Tables>,
  { window }: UnitOfWork,
): PacksInForceRepository {
  const keptOf = (id: string, version: string) =>
    db
      .selectFrom('packs_in_force')
      .select('sha256')
      .where('id', '=', id)
      .where('version', '=', version);
  return {
    async keep({ id, version, sha256, at }) {
      const known = await keptOf(id, version).executeTakeFirst();
      if (known !== undefined) return known.sha256;
      await db
        .insertInto('packs_in_force')
        .values({ id, version, sha256, program: window.program, taken_in_at: at })
        .onConflict((conflict) => conflict.columns(['id', 'version']).doNothing())
        .execute();
      // Asked again: another window may have named the same version at the same time.
      return (await keptOf(id, version).executeTakeFirstOrThrow()).sha256;
    },
    list: () =>
      db.selectFrom('packs_in_force').selectAll().orderBy('id').orderBy('version').execute(),
  };
}
