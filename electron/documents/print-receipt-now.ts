import type { ReceiptPrinter } from '../../drivers/receipt-printer/port.ts';
import { accepted, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { PrintJob } from '../database/print-jobs-repository.ts';
import { printAgain } from './print-again.ts';
import { printReceiptJob, type PrintDependencies } from './print-sheet.ts';

/** The receipt that would come next: 0 is the original. `printJobId` is null where no sheet waits for it yet. */
export type NextReceipt = { readonly copyNumber: number; readonly printJobId: string | null };

/** What became of a sheet that was printed at once. */
export type PrintedReceipt = {
  readonly printJobId: string;
  readonly state: PrintJob['state'];
};

const notSentYet: readonly PrintJob['state'][] = ['queued', 'failed'];

/** Which receipt of a settlement would come next, without counting it. */
export async function nextReceipt(
  { store }: Pick<PrintDependencies, 'store'>,
  settlementId: string,
): Promise<NextReceipt> {
  const jobs = await store.read(({ printJobs }) => printJobs.ofSettlement(settlementId));
  const receipts = jobs.filter(({ document }) => document === 'receipt');
  const open = receipts.find(({ state }) => notSentYet.includes(state));
  const copyNumber = open?.copyNumber ?? (receipts.at(-1)?.copyNumber ?? -1) + 1;
  return { copyNumber, printJobId: open?.id ?? null };
}

/**
 * The receipt that waits to be printed, or one more copy, counted and kept in the audit with who asked and why.
 *
 */
export async function takeReceiptSheet(
  dependencies: PrintDependencies & { readonly ids: Ids },
  order: { readonly settlementId: string; readonly who: string; readonly reason: string },
): Promise<Result<NextReceipt, 'settlement-not-found'>> {
  const next = await nextReceipt(dependencies, order.settlementId);
  if (next.printJobId !== null) return accepted(next);
  const { settlementId, who, reason } = order;
  const queued = await printAgain(dependencies, { settlementId, document: 'receipt', reason, who });
  if (!queued.ok) return queued;
  return accepted({ copyNumber: queued.value.copyNumber, printJobId: queued.value.id });
}

/**
 * Prints a waiting receipt on a printer of the caller's and closes the printer. A copy that did not come out is
 * withdrawn: nobody waits for it at this printer any more, and the desk must not print it later by itself.
 */
export async function printReceiptNow(
  dependencies: PrintDependencies,
  printer: ReceiptPrinter,
  printJobId: string,
): Promise<PrintedReceipt> {
  const { store, clock } = dependencies;
  const job = await store.read(({ printJobs }) => printJobs.find(printJobId));
  if (job === null) throw new Error(`the sheet ${printJobId} has gone`);
  const { state } = await printReceiptJob(dependencies, job, {
    url: printer.url,
    model: printer.model,
    print: (bytes, onProgress) => printer.print(bytes, { onProgress }),
  });
  await printer.close();
  if (state === 'failed' && job.copyNumber > 0) {
    const at = shanghaiInstant(clock.now());
    await store.transact(({ printJobs }) => printJobs.withdraw(printJobId, at));
    return { printJobId, state: 'withdrawn' };
  }
  if (state !== 'taken') return { printJobId, state };
  const taken = await store.read(({ printJobs }) => printJobs.find(printJobId));
  return { printJobId, state: taken?.state ?? 'withdrawn' };
}
