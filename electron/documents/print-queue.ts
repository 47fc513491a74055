import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { PrintDocument, PrintJob } from '../database/print-jobs-repository.ts';
import { documentRefusal } from './document-refusals.ts';
import { printAgain, type PrintAgainOrder } from './print-again.ts';
import { maybePrintedProblem } from './print-problems.ts';
import { canPrint, type PrinterService } from './printer-service.ts';
import {
  makeStatementJob,
  printReceiptJob,
  type PrintDependencies,
  type SheetOutcome,
} from './print-sheet.ts';

export type PrintQueueDependencies = PrintDependencies & {
  readonly ids: Ids;
  /** The desk's printer; null where none is set up: receipts then wait. */
  readonly printer: PrinterService | null;
  readonly pauses?: Partial<QueuePauses>;
};

/** In milliseconds. */
export type QueuePauses = {
  /** After a sheet that did not leave; each further pause is twice as long. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** How often the queue looks for sheets another program queued. */
  readonly lookMs: number;
};

const defaultPauses: QueuePauses = { firstMs: 1000, longestMs: 30_000, lookMs: 2000 };

export type PrintQueue = {
  /** Something was queued: look at once. Called after the settlement's transaction has committed. */
  wake(): void;
  /** One more sheet, marked 补打 第N次 and kept in the audit. */
  printAgain(order: PrintAgainOrder): Promise<Result<PrintJob, 'settlement-not-found'>>;
  /** A person says whether an uncertain sheet came out. */
  answerUnknown(answer: {
    readonly printJobId: string;
    readonly cameOut: boolean;
    readonly who: string;
  }): Promise<Result<PrintJob, 'print-job-not-unknown'>>;
  /** Calls `listener` whenever a sheet's state may have changed; the answer stops that. */
  onChange(listener: () => void): () => void;
  /** Resolves when nothing more can be done now. For tests and commands. */
  settled(): Promise<void>;
  /** Lets a sheet that is being printed finish, then ends. */
  close(): Promise<void>;
};

/**
 * Starts the queue: first it finds what a crash left behind and marks it as uncertain, then it prints what
 * waits, receipts and statements each in their order. It survives a busy database and a broken printer. While the
 * data may only be read, nothing is marked and nothing printed: what came out could not be kept.
 */
export async function startPrintQueue(dependencies: PrintQueueDependencies): Promise<PrintQueue> {
  const { store, clock, printer } = dependencies;
  const pauses = { ...defaultPauses, ...dependencies.pauses };
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  let recovering: Promise<unknown> | null = null;
  const recover = (): Promise<unknown> => {
    recovering ??= store
      .transact(({ printJobs }) =>
        printJobs.recover(maybePrintedProblem('interrupted'), shanghaiInstant(clock.now())),
      )
      .catch((problem: unknown) => {
        recovering = null;
        throw problem;
      });
    return recovering;
  };
  if (store.readingOnly() === null) await recover();
  const lanes = [
    startLane('receipt', async (job) => {
      if (printer === null) return 'wait';
      const status = printer.status() ?? (await printer.look());
      if (!canPrint(status.state)) return 'wait';
      return printReceiptJob(dependencies, job, printer);
    }),
    startLane('statement', (job) => makeStatementJob(dependencies, job)),
  ];
  const wake = (): void => {
    for (const lane of lanes) lane.wake();
  };
  const stopListening = printer?.onChange(wake);

  /** Works through one kind of document, one sheet at a time. */
  function startLane(
    document: PrintDocument,
    work: (job: PrintJob) => Promise<SheetOutcome | 'wait'>,
  ) {
    /** Sheets that no repetition helps; they wait for a person or for the next start. */
    const hopeless: string[] = [];
    const doze = dozing();
    let pauseMs = pauses.firstMs;
    let closed = false;
    const isClosed = (): boolean => closed;

    async function step(): Promise<number> {
      if (store.readingOnly() !== null) return pauses.lookMs;
      await recover();
      const job = await store.read(({ printJobs }) => printJobs.nextToPrint(document, hopeless));
      if (job === null) return pauses.lookMs;
      const outcome = await work(job);
      if (outcome === 'wait') return pauses.lookMs;
      tell();
      if (outcome.state !== 'failed') {
        pauseMs = pauses.firstMs;
        return 0;
      }
      if (!outcome.retry) hopeless.push(job.id);
      return outcome.retry ? longer() : 0;
    }

    function longer(): number {
      const now = pauseMs;
      pauseMs = Math.min(pauseMs * 2, pauses.longestMs);
      return now;
    }

    async function run(): Promise<void> {
      while (!isClosed()) {
        const ms = await step().catch((fault: unknown) => {
          // A busy database is nobody's fault and passes; the sheet stays queued.
          dependencies.onFault?.(fault);
          return longer();
        });
        if (ms > 0 && !isClosed()) await doze.sleep(ms);
      }
    }

    const running = run();
    return {
      wake: doze.wake,
      settled: doze.settled,
      close: async () => {
        closed = true;
        doze.wake();
        await running;
      },
    };
  }

  return {
    wake,
    async printAgain(order) {
      const queued = await printAgain(dependencies, order);
      if (queued.ok) {
        tell();
        wake();
      }
      return queued;
    },
    async answerUnknown({ printJobId, cameOut, who }) {
      const at = shanghaiInstant(clock.now());
      const job = await store.transact(async ({ printJobs, audit }) => {
        if (!(await printJobs.answer(printJobId, cameOut, at))) return null;
        const detail = { cameOut };
        await audit.append({ at, who, act: 'answer-unknown-print', about: printJobId, detail });
        return printJobs.find(printJobId);
      });
      if (job === null) return refused(documentRefusal('print-job-not-unknown'));
      tell();
      wake();
      return accepted(job);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    settled: async () => {
      await Promise.all(lanes.map((lane) => lane.settled()));
    },
    close: async () => {
      stopListening?.();
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
}

/** A sleep that can be cut short; a wake that comes while awake is not lost. */
function dozing() {
  let woken = false;
  let end: (() => void) | null = null;
  let onDoze: (() => void)[] = [];
  return {
    sleep: async (ms: number): Promise<void> => {
      if (!woken) {
        for (const resolve of onDoze.splice(0)) resolve();
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          end = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        end = null;
      }
      woken = false;
    },
    wake: (): void => {
      woken = true;
      end?.();
    },
    /** The next time there is nothing to do. A wake not yet followed counts as something to do. */
    settled: (): Promise<void> => {
      if (end !== null && !woken) return Promise.resolve();
      return new Promise((resolve) => {
        onDoze = [...onDoze, resolve];
      });
    },
  };
}
