import type { Kysely } from 'kysely';

import type { ClaimState, Tables } from './schema.ts';

/** The claims of one payer that are in one state. */
export type ClaimCount = {
  readonly destination: string;
  readonly state: ClaimState;
  readonly claims: number;
  /** What is claimed with all of them, in fen: a sum that may pass what one bill may be. */
  readonly claimedFen: number;
  readonly oldestCreatedAt: string;
};

/** How many claims of which payer are in the given states; payers in the order of their names. */
export async function claimCounts(
  db: Kysely<Tables>,
  states: readonly ClaimState[],
): Promise<readonly ClaimCount[]> {
  const rows = await db
    .selectFrom('claims')
    .select((select) => [
      'destination',
      'state',
      select.fn.countAll<number>().as('claims'),
      select.fn.sum<number | null>('claimed_fen').as('claimed'),
      select.fn.min('created_at').as('oldest'),
    ])
    .where('state', 'in', states)
    .groupBy(['destination', 'state'])
    .orderBy('destination')
    .orderBy('state')
    .execute();
  return rows.map(({ destination, state, claims, claimed, oldest }) => ({
    ...{ destination, state, claims },
    ...{ claimedFen: claimed ?? 0, oldestCreatedAt: oldest },
  }));
}
