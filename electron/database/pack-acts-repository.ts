import type { Kysely } from 'kysely';

import type { PackActTable } from './pack-tables.ts';
import type { Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** An assumption that a preparation takes as right, and why. */
export type Acceptance = { readonly assumption: string; readonly reason: string };

/** One act; `accepted` only of a preparation. */
export type PackAct = Readonly<PackActTable> & { readonly accepted: readonly Acceptance[] };

/** What was done with packs: who prepared, who approved, who withdrew. */
export type PackActsRepository = {
  /** All of them in their order. There are some for each version of a pack a hospital ever used. */
  list(): Promise<readonly PackAct[]>;
  insert(act: PackAct): Promise<void>;
};

export function packActsRepository(db: Kysely<Tables>, { keys }: UnitOfWork): PackActsRepository {
  return {
    async list() {
      const acts = await db
        .selectFrom('pack_acts')
        .selectAll()
        .orderBy('entry')
        .orderBy('id')
        .execute();
      if (acts.every(({ act }) => act !== 'prepare')) return acts.map(withNothingAccepted);
      const rows = await db
        .selectFrom('pack_acceptances')
        .selectAll()
        .orderBy('act_id')
        .orderBy('assumption')
        .execute();
      return acts.map((act) => ({
        ...act,
        accepted: rows
          .filter(({ act_id }) => act_id === act.id)
          .map(({ assumption, reason }) => ({ assumption, reason })),
      }));
    },
    async insert({ accepted, ...act }) {
      keys.assertAlone(`what is done with the pack ${act.pack}`);
      await db.insertInto('pack_acts').values(act).execute();
      for (const { assumption, reason } of accepted) {
        const row = { act_id: act.id, assumption, reason };
        await db.insertInto('pack_acceptances').values(row).execute();
      }
    },
  };
}

const withNothingAccepted = (act: PackActTable): PackAct => ({ ...act, accepted: [] });
