import type { Kysely } from 'kysely';

import type { DifferenceState, DifferenceTable } from './remittance-tables.ts';
import type { Tables } from './schema.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** A difference as it was seen, before it is known whether it was seen before. */
export type SeenDifference = Pick<
  DifferenceTable,
  | 'business_date'
  | 'payer'
  | 'class'
  | 'subject'
  | 'claim_id'
  | 'settlement_id'
  | 'step'
  | 'remittance_id'
  | 'position'
  | 'ours_fen'
  | 'theirs_fen'
  | 'claim_state'
  | 'said'
>;

/** Who sees differences: a comparison or a remittance, by its id. */
export type Seeing = {
  readonly by: string;
  readonly at: string;
  readonly who: string;
  readonly nextId: () => string;
};

/** How many differences of a payer and a day are in a state. */
export type DifferenceCount = {
  readonly businessDate: string;
  readonly payer: string;
  readonly state: DifferenceState;
  readonly differences: number;
  readonly oldestAt: string;
};

/** A page of differences in the order in which they were first seen; `after` is the last one of the page before. */
export type DifferencesPage = {
  readonly businessDate?: string;
  readonly payer?: string;
  readonly states?: readonly DifferenceState[];
  readonly after?: string;
  readonly limit: number;
};

/** What does not agree, each until it is explained, corrected or gone. */
export type DifferencesRepository = {
  /**
   * Keeps what is seen: new ones are open, open ones keep their age. One that was explained stays so while its figures and
   * the claim are what was explained; otherwise, and where it had gone, it is open again.
   */
  see(seen: readonly SeenDifference[], seeing: Seeing): Promise<void>;
  /** Open ones of a day and a payer that this comparison did not see any more are gone; those of remittances stay. */
  letGo(of: {
    readonly businessDate: string;
    readonly payer: string;
    readonly seenIn: string;
    readonly at: string;
    readonly who: string;
  }): Promise<void>;
  /** Open ones that lines of a remittance made are gone with it. */
  letGoOfRemittance(remittanceId: string, at: string, who: string): Promise<void>;
  find(id: string): Promise<DifferenceTable | null>;
  close(
    id: string,
    closing: {
      readonly state: 'explained' | 'corrected';
      readonly at: string;
      readonly who: string;
      readonly reason: string;
    },
  ): Promise<void>;
  list(page: DifferencesPage): Promise<readonly DifferenceTable[]>;
  counts(states: readonly DifferenceState[]): Promise<readonly DifferenceCount[]>;
};

/** So many at most stand on one page. */
export const differencesPageMax = 500;

export function differencesRepository(
  db: Kysely<Tables>,
  { keys }: UnitOfWork,
): DifferencesRepository {
  return {
    async see(seen, seeing) {
      keys.assertAlone('differences');
      for (let from = 0; from < seen.length; from += seenAtOnce)
        await see(db, seen.slice(from, from + seenAtOnce), seeing);
    },
    async letGo({ businessDate, payer, seenIn, at, who }) {
      keys.assertAlone('differences');
      await db
        .updateTable('differences')
        .set({ state: 'gone', closed_at: at, closed_by: who })
        .where('business_date', '=', businessDate)
        .where('payer', '=', payer)
        .where('state', '=', 'open')
        .where('remittance_id', 'is', null)
        .where('seen_in', '<>', seenIn)
        .execute();
    },
    async letGoOfRemittance(remittanceId, at, who) {
      keys.assertAlone('differences');
      await db
        .updateTable('differences')
        .set({ state: 'gone', closed_at: at, closed_by: who })
        .where('remittance_id', '=', remittanceId)
        .where('state', '=', 'open')
        .execute();
    },
    async find(id) {
      const row = await db
        .selectFrom('differences')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return row ?? null;
    },
    async close(id, { state, at, who, reason }) {
      keys.assertAlone('differences');
      await db
        .updateTable('differences')
        .set({ state, closed_at: at, closed_by: who, reason })
        .where('id', '=', id)
        .where('state', '=', 'open')
        .execute();
    },
    list({ businessDate, payer, states, after, limit }) {
      let query = db
        .selectFrom('differences')
        .selectAll()
        .orderBy('id')
        .limit(Math.min(limit, differencesPageMax));
      if (businessDate !== undefined) query = query.where('business_date', '=', businessDate);
      if (payer !== undefined) query = query.where('payer', '=', payer);
      if (states !== undefined) query = query.where('state', 'in', states);
      if (after !== undefined) query = query.where('id', '>', after);
      return query.execute();
    },
    counts: (states) =>
      db
        .selectFrom('differences')
        .select((select) => [
          'business_date as businessDate',
          'payer',
          'state',
          select.fn.countAll<number>().as('differences'),
          select.fn.min('opened_at').as('oldestAt'),
        ])
        .where('state', 'in', states)
        .groupBy(['business_date', 'payer', 'state'])
        .orderBy('business_date')
        .orderBy('payer')
        .orderBy('state')
        .execute(),
  };
}

/** Each takes some twenty values of a statement. */
const seenAtOnce = 500;

async function see(
  db: Kysely<Tables>,
  seen: readonly SeenDifference[],
  { by, at, who, nextId }: Seeing,
): Promise<void> {
  const [first] = seen;
  if (first === undefined) return;
  const known = await db
    .selectFrom('differences')
    .selectAll()
    .where('business_date', '=', first.business_date)
    .where('payer', '=', first.payer)
    .where(
      'subject',
      'in',
      seen.map(({ subject }) => subject),
    )
    .execute();
  const fresh: SeenDifference[] = [];
  for (const each of seen) {
    const same = known.find(
      (row) =>
        row.class === each.class &&
        row.subject === each.subject &&
        row.payer === each.payer &&
        row.business_date === each.business_date,
    );
    if (same === undefined) {
      fresh.push(each);
      continue;
    }
    const change = db.updateTable('differences').where('id', '=', same.id);
    const isAsExplained =
      same.state !== 'gone' &&
      same.state !== 'corrected' &&
      same.ours_fen === each.ours_fen &&
      same.theirs_fen === each.theirs_fen &&
      same.claim_state === each.claim_state;
    if (same.state === 'open') await change.set({ ...each, seen_in: by }).execute();
    else if (isAsExplained) await change.set({ seen_in: by }).execute();
    else
      await change
        .set({
          ...each,
          ...{ seen_in: by, opened_at: at, opened_by: who, state: 'open' },
          ...{ closed_at: null, closed_by: null, reason: null },
        })
        .execute();
  }
  if (fresh.length === 0) return;
  await db
    .insertInto('differences')
    .values(
      fresh.map((each) => ({
        ...each,
        ...{ id: nextId(), seen_in: by, opened_at: at, opened_by: who, state: 'open' as const },
        ...{ closed_at: null, closed_by: null, reason: null },
      })),
    )
    .execute();
}
