import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { readReason } from '../../shared/domain/written-text.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { PrintDocument, PrintJob } from '../database/print-jobs-repository.ts';
import type { Store } from '../database/store.ts';
import { databaseRefusal } from '../database/database-refusals.ts';

export type PrintAgainOrder = {
  readonly settlementId: string;
  readonly document: PrintDocument;
  /** Why one more sheet is needed, in the cashier's words. */
  readonly reason: string;
  readonly who: string;
};

/**
 * Queues one more sheet of a settlement: the next copy number, marked 补打 第N次, with who and why in the
 * audit.
 */
export async function printAgain(
  { store, clock, ids }: { readonly store: Store; readonly clock: Clock; readonly ids: Ids },
  { settlementId, document, reason, who }: PrintAgainOrder,
): Promise<Result<PrintJob, 'settlement-not-found'>> {
  const at = shanghaiInstant(clock.now());
  return store.transact(async ({ settlements, printJobs, audit }) => {
    if ((await settlements.find(settlementId)) === null)
      return refused(databaseRefusal('settlement-not-found', { settlementId }));
    const order = { id: ids.next(), settlementId, document, createdAt: at, createdBy: who };
    const job = await printJobs.queueCopy(order);
    const { id, copyNumber } = job;
    const detail = { printJobId: id, document, copyNumber, reason: readReason(reason) };
    await audit.append({ at, who, act: 'print-again', about: settlementId, detail });
    return accepted(job);
  });
}
