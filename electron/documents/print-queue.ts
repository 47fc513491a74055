import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import { systemTimer, type Timer } from '../base/timer.ts';
import type { PrintDocument, PrintJob } from '../database/print-jobs-repository.ts';
import { documentRefusal } from './document-refusals.ts';
import { printAgain, type PrintAgainOrder } from './print-again.ts';
import { maybePrintedProblem } from './print-problems.ts';
import { canPrint, type PrinterService } from './printer-service.ts';
import {
  makeStatementJob,
  printReceiptJob,
  type PrintDependencies,
  type RecordSheet,
  type SheetOutcome,
  type SheetRecord,
} from './print-sheet.ts';

export type PrintQueueDependencies = PrintDependencies & {
  readonly ids: Ids;
  /** The desk's printer; null where none is set up: receipts then wait. */
  readonly printer: PrinterService | null;
  readonly pauses?: Partial<QueuePauses>;
  /** What pauses are taken from; absent: the system's. */
  readonly timer?: Timer;
  /** The machine's uptime in milliseconds, which no clock that is set can move. */
  readonly monotonicMs?: () => number;
};

/** A person said whether a sheet came out. */
const answeredAct = 'answer-unknown-print';

/** In milliseconds. */
export type QueuePauses = {
  /** After a sheet that did not leave; each further pause is twice as long. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** How often the queue looks for sheets another program queued. */
  readonly lookMs: number;
  /** A sheet of which nothing was heard for so long is asked about. */
  readonly askAfterMs: number;
};

const defaultPauses: QueuePauses = {
  firstMs: 1000,
  longestMs: 30_000,
  lookMs: 2000,
  askAfterMs: 50_000,
};

/** Sheets on their way that are looked at once: each lane has one, and a command may have some. */
const onTheirWayMax = 100;

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
  /** Sheets that are uncertain although the books could not be told yet: the cashier is asked about them, too. */
  uncertain(): readonly PrintJob[];
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
  const timer = dependencies.timer ?? systemTimer;
  const monotonicMs = dependencies.monotonicMs ?? (() => performance.now());
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
    startLane('receipt', async (job, record) => {
      if (printer === null) return 'wait';
      const status = printer.status() ?? (await printer.look());
      if (!canPrint(status.state)) return 'wait';
      return printReceiptJob(dependencies, job, printer, record);
    }),
    startLane('statement', (job, record) => makeStatementJob(dependencies, job, record)),
  ];
  const wake = (): void => {
    for (const lane of lanes) lane.wake();
  };
  const watch = watchSheets(dependencies, { ...pauses, timer, monotonicMs, tell });
  const stopListening = printer?.onChange(wake);

  /** Works through one kind of document, one sheet at a time. */
  function startLane(
    document: PrintDocument,
    work: (job: PrintJob, record: RecordSheet) => Promise<SheetOutcome | 'wait'>,
  ) {
    /** What became of the last sheet, until the books have it: nothing else is begun before. */
    let unwritten: { readonly job: PrintJob; readonly record: SheetRecord } | null = null;
    /** Sheets that no repetition helps; they wait for a person or for the next start. */
    const hopeless: string[] = [];
    const doze = dozing(timer);
    let pauseMs = pauses.firstMs;
    let closed = false;
    const isClosed = (): boolean => closed;

    async function write(): Promise<void> {
      const left = unwritten;
      if (left === null) return;
      await store.transact(({ printJobs }) => printJobs.finish(left.job.id, left.record));
      if (unwritten === left) unwritten = null;
      tell();
    }

    async function step(): Promise<number> {
      if (store.readingOnly() !== null) return pauses.lookMs;
      await recover();
      await write();
      // A statement can wait; on a full disk it takes nothing of what is kept for steps that are under way.
      if (document === 'statement' && store.noRoom() !== null) return pauses.lookMs;
      const job = await store.read(({ printJobs }) => printJobs.nextToPrint(document, hopeless));
      if (job === null) return pauses.lookMs;
      const outcome = await work(job, async (_id, record) => {
        unwritten = { job, record };
        await write();
      });
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
      write,
      unwritten: () => unwritten,
      settled: doze.settled,
      close: async () => {
        closed = true;
        doze.wake();
        await running;
        // The last chance of this program; what is left untold the next start asks about.
        await write().catch((fault: unknown) => dependencies.onFault?.(fault));
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
      for (const lane of lanes) await lane.write();
      const at = shanghaiInstant(clock.now());
      const job = await store.transact(async ({ printJobs, audit }) => {
        // Who says so a second time may be wrong, or want a second original: from then on it is a copy that says so.
        const isSaidAgain = (await audit.about(printJobId)).some(saysNotOut);
        const standing = await printJobs.answer({
          ...{ id: printJobId, cameOut, at, who, isSaidAgain },
          copyId: dependencies.ids.next(),
        });
        if (standing === null) return null;
        const { id, copyNumber } = standing;
        const detail = id === printJobId ? { cameOut } : { cameOut, printJobId: id, copyNumber };
        await audit.append({ at, who, act: answeredAct, about: printJobId, detail });
        return standing;
      });
      if (job === null) return refused(documentRefusal('print-job-not-unknown'));
      tell();
      wake();
      return accepted(job);
    },
    uncertain: () =>
      lanes.flatMap((lane) => {
        const left = lane.unwritten();
        if (left?.record.state !== 'unknown') return [];
        const { state, problem, at: updatedAt } = left.record;
        return [{ ...left.job, state, problem, updatedAt }];
      }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    settled: async () => {
      await Promise.all(lanes.map((lane) => lane.settled()));
    },
    close: async () => {
      stopListening?.();
      await watch.close();
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
}

type Watch = Pick<QueuePauses, 'lookMs' | 'askAfterMs'> & {
  readonly timer: Timer;
  readonly monotonicMs: () => number;
  readonly tell: () => void;
};

/**
 * Looks after sheets on their way, whoever sends them: the lanes, or a command that may have been killed. One that
 * stays so for too long is uncertain, and a person is asked. What the printer says later still counts.
 */
function watchSheets({ store, clock, onFault }: PrintQueueDependencies, watch: Watch) {
  const { lookMs, askAfterMs, timer, monotonicMs, tell } = watch;
  /** Since when each attempt is known to be on its way. */
  let seen = new Map<string, number>();
  let looking: Promise<void> = Promise.resolve();
  let cancel = (): void => undefined;
  let closed = false;

  async function look(): Promise<void> {
    if (store.readingOnly() !== null) return;
    const onTheirWay = await store.read(({ printJobs }) =>
      printJobs.inState('sending', onTheirWayMax),
    );
    const now = monotonicMs();
    const still = new Map<string, number>();
    for (const job of onTheirWay) {
      const key = `${job.id} ${String(job.attempts)}`;
      const since = seen.get(key) ?? now;
      still.set(key, since);
      if (now - since < askAfterMs) continue;
      await store.transact(({ printJobs }) => printJobs.finish(job.id, givenUp(job)));
      still.delete(key);
      tell();
    }
    seen = still;
  }

  function givenUp(job: PrintJob): SheetRecord {
    const at = shanghaiInstant(clock.now());
    const { attempts: attempt } = job;
    // A statement is a file: made twice it is the same.
    return job.document === 'statement'
      ? { attempt, state: 'failed', problem: documentRefusal('document-not-made'), at }
      : { attempt, state: 'unknown', problem: maybePrintedProblem('no-word'), at };
  }

  function next(): void {
    if (closed) return;
    cancel = timer(lookMs, () => {
      looking = look()
        .catch((fault: unknown) => onFault?.(fault))
        .finally(next);
    });
  }
  next();

  return {
    close: async () => {
      closed = true;
      cancel();
      await looking;
    },
  };
}

/** A sleep that can be cut short; a wake that comes while awake is not lost. */
function dozing(timer: Timer) {
  let woken = false;
  let end: (() => void) | null = null;
  let onDoze: (() => void)[] = [];
  return {
    sleep: async (ms: number): Promise<void> => {
      if (!woken) {
        for (const resolve of onDoze.splice(0)) resolve();
        await new Promise<void>((resolve) => {
          const cancel = timer(ms, resolve);
          end = () => {
            cancel();
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

/** Whether an entry is the answer that a sheet did not come out. */
function saysNotOut({
  act,
  detail_json: text,
}: {
  readonly act: string;
  readonly detail_json: string;
}): boolean {
  if (act !== answeredAct) return false;
  const detail: unknown = JSON.parse(text);
  return typeof detail === 'object' && detail !== null && Reflect.get(detail, 'cameOut') === false;
}
