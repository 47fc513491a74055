import type { ReceiptPrinter } from '../../drivers/receipt-printer/port.ts';
import { accepted, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import { isTakenBack, type PrintJob } from '../database/print-jobs-repository.ts';
import type { PrintProblem } from '../database/stored-documents/print-problem-document.ts';
import { documentRefusal } from './document-refusals.ts';
import { printAgain } from './print-again.ts';
import { printReceiptJob, type PrintDependencies } from './print-sheet.ts';

/** The receipt that would come next: 0 is the original. `printJobId` is null where no sheet waits for it yet. */
export type NextReceipt = { readonly copyNumber: number; readonly printJobId: string | null };

/** A receipt that waits in the books. */
export type TakenReceipt = { readonly copyNumber: number; readonly printJobId: string };

/** What became of a sheet that was printed at once. */
export type PrintedReceipt = {
  readonly printJobId: string;
  readonly state: PrintJob['state'];
  /** Why it is not known to lie on paper, and what to do; null where all went well. */
  readonly problem: PrintProblem | null;
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
  const last = receipts.at(-1);
  const copyNumber =
    open?.copyNumber ?? (last === undefined ? 0 : last.copyNumber + (isTakenBack(last) ? 0 : 1));
  return { copyNumber, printJobId: open?.id ?? null };
}

/**
 * The receipt that waits to be printed, or one more copy, counted and kept in the audit with who asked and why.
 */
export async function takeReceiptSheet(
  dependencies: PrintDependencies & { readonly ids: Ids },
  order: { readonly settlementId: string; readonly who: string; readonly reason: string },
): Promise<Result<TakenReceipt, 'settlement-not-found'>> {
  const { copyNumber, printJobId } = await nextReceipt(dependencies, order.settlementId);
  if (printJobId !== null) return accepted({ copyNumber, printJobId });
  const { settlementId, who, reason } = order;
  const queued = await printAgain(dependencies, { settlementId, document: 'receipt', reason, who });
  if (!queued.ok) return queued;
  return accepted({ copyNumber: queued.value.copyNumber, printJobId: queued.value.id });
}

/**
 * Prints a waiting receipt on a printer of the caller's and closes the printer. A copy of which nothing left is taken
 * back: nobody waits for it at this printer any more, the desk must not print it later by itself, and the next copy
 * has its number.
 */
export async function printReceiptNow(
  dependencies: PrintDependencies,
  printer: ReceiptPrinter,
  printJobId: string,
  who: string,
): Promise<PrintedReceipt> {
  const { store } = dependencies;
  const job = await store.read(({ printJobs }) => printJobs.find(printJobId));
  if (job === null) throw new Error(`the sheet ${printJobId} has gone`);
  const { state, problem } = await printReceiptJob(dependencies, job, {
    url: printer.url,
    model: printer.model,
    print: (bytes, onProgress) => printer.print(bytes, { onProgress }),
  });
  if (state === 'failed') {
    const isBack = await takeBackCopy(dependencies, { printJobId, who });
    return { printJobId, state: isBack ? 'withdrawn' : state, problem };
  }
  if (state !== 'taken') return { printJobId, state, problem };
  const taken = await store.read(({ printJobs }) => printJobs.find(printJobId));
  const isDone = taken?.state === 'sent' || taken?.state === 'confirmed';
  const why = isDone ? null : (taken?.problem ?? documentRefusal('sheet-taken'));
  return { printJobId, state: taken?.state ?? 'withdrawn', problem: why };
}

/** Takes a copy back of which nothing left. False for an original: it waits for the desk's printer. */
export async function takeBackCopy(
  { store, clock }: Pick<PrintDependencies, 'store' | 'clock'>,
  { printJobId, who }: { readonly printJobId: string; readonly who: string },
): Promise<boolean> {
  const at = shanghaiInstant(clock.now());
  return store.transact(async ({ printJobs, audit }) => {
    const job = await printJobs.find(printJobId);
    if (job === null || job.copyNumber === 0) return false;
    if (!(await printJobs.withdraw(printJobId, at))) return false;
    const { settlementId, copyNumber } = job;
    const detail = { printJobId, copyNumber };
    await audit.append({ at, who, act: 'take-back-copy', about: settlementId, detail });
    return true;
  });
}
