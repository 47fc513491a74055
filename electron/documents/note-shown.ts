import { shanghaiInstant, type Clock } from '../base/clock.ts';
import type { PrintDocument } from '../database/print-jobs-repository.ts';
import { ReadingOnlyError } from '../database/reading-only.ts';
import type { Store } from '../database/store.ts';

/** Who is shown a sheet, by which call or command, and at which page; null: at none, a command answers. */
export type ShownTo = {
  readonly who: string;
  readonly where: string;
  readonly page: string | null;
};

/** A sheet that leaves as a file: a statement, or a slip that no printer of ours counts. */
export type ShownSheet = {
  readonly settlementId: string;
  readonly document: PrintDocument;
  readonly copyNumber: number;
};

/**
 * Keeps who is shown a sheet, before it is given: a statement bears the patient's name in full, and a slip in a file can be
 * printed as often as one likes. Books that take nothing at the moment keep nobody from reading them: then it is shown
 * without an entry.
 */
export async function noteShown(
  { store, clock }: { readonly store: Store; readonly clock: Pick<Clock, 'now'> },
  { settlementId, document, copyNumber }: ShownSheet,
  { who, where, page }: ShownTo,
): Promise<void> {
  if (store.readingOnly() !== null) return;
  const detail = { document, copyNumber, where, ...(page === null ? {} : { page }) };
  const at = shanghaiInstant(clock.now());
  try {
    await store.transact(({ audit }) =>
      audit.append({ at, who, act: 'show-document', about: settlementId, detail }),
    );
  } catch (problem) {
    if (!(problem instanceof ReadingOnlyError)) throw problem;
  }
}
