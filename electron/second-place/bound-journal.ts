import type { Repositories, Store } from '../database/store.ts';

/**
 * So many rows are kept at most, about 300 MB and 4,000 settlements: beyond it a copy of everything is made sooner than
 * they are copied, and the database would grow for as long as the place is away.
 */
const journalRowsMax = 400_000;
/** Rows are forgotten in pieces, so that nobody waits long for it. */
const forgetAtOnce = 5000;
/** Since when rows are missing that were forgotten before the place had them: the fact it is kept as. */
export const forgottenSince = 'second-place-forgotten-since';

/**
 * Forgets rows beyond what is kept for a place that is away. It gets a copy of everything instead when it is back; until
 * then it is said since when something is missing.
 */
export async function boundJournal(
  { store, rowsMax = journalRowsMax }: { readonly store: Store; readonly rowsMax?: number },
  copiedTo: number,
  isClosed: () => boolean,
): Promise<void> {
  const { first, head, oldestAt } = await store.read(({ journal }) => journal.state(copiedTo));
  if (first === null || head - first < rowsMax) return;
  for (let upTo = first; upTo < head && !isClosed(); upTo += forgetAtOnce) {
    await store.transact(async ({ folderFacts, journal }) => {
      const since = await folderFacts.get(forgottenSince);
      if (since === null && copiedTo < head) await folderFacts.set(forgottenSince, oldestAt);
      await journal.forget(Math.min(head, upTo + forgetAtOnce));
    });
  }
}

/** A copy of everything is in the place: nothing is missing there any more. */
export async function nothingForgotten(folderFacts: Repositories['folderFacts']): Promise<void> {
  if ((await folderFacts.get(forgottenSince)) !== null) await folderFacts.set(forgottenSince, null);
}
