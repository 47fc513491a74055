import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { ReadingOnlyError } from '../database/reading-only.ts';
import type { Store } from '../database/store.ts';
import { maskIdNumber, type MaskedNumber } from './mask.ts';

/** An ID number in full. Nothing but `showNumbers` makes one in a folder, and that has kept who saw it. */
export type ShownNumber = string & { readonly idNumber: 'shown' };

/** An ID number as it may leave the program. */
export type LeavingNumber = MaskedNumber | ShownNumber;

/** Who sees whose number, and where. */
export type Showing = {
  readonly idNumbers: readonly string[];
  readonly by: string;
  /** The call or the command that answers with it. */
  readonly where: string;
  /** The page it is shown at; null: none, a command answers. */
  readonly page: string | null;
  /** The visit it is shown for; null: none. */
  readonly visitId: string | null;
};

/**
 * Gives ID numbers in full, each with its entry in the audit: who saw it, whose it is (by a mark that tells the number to
 * nobody), where and when. Only once the entries are kept is a number given; where the books take none, it stays masked.
 */
export async function showNumbers(
  { store, clock }: { readonly store: Store; readonly clock: Pick<Clock, 'now'> },
  { idNumbers, by, where, page, visitId }: Showing,
): Promise<readonly LeavingNumber[]> {
  const masked = idNumbers.map(maskIdNumber);
  if (store.readingOnly() !== null) return masked;
  const at = shanghaiInstant(clock.now());
  try {
    await store.transact(async ({ audit }) => {
      for (const idNumber of idNumbers) {
        const patient = audit.markOf(idNumber);
        if (patient === null)
          throw new Error('books that are written to have the key of their audit');
        const detail = { patient, where, ...(page === null ? {} : { page }) };
        const about = visitId ?? patient;
        await audit.append({ at, who: by, act: 'show-number', about, detail });
      }
    });
  } catch (problem) {
    if (problem instanceof ReadingOnlyError) return masked;
    throw problem;
  }
  return idNumbers.map((idNumber) => idNumber as ShownNumber);
}

/** A number that is read where there is no folder: no patients, nobody who signs in, and no audit to keep it in. */
export function numberWithoutFolder(idNumber: string): ShownNumber {
  return idNumber as ShownNumber;
}
