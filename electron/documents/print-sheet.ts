import type {
  PrintOutcome,
  PrintProgress,
  PrinterModel,
} from '../../drivers/receipt-printer/port.ts';
import { refused, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import { fileHash } from '../base/file-hash.ts';
import { crashPoint } from '../base/crash-points.ts';
import type { PrintJob, PrintJobsRepository } from '../database/print-jobs-repository.ts';
import type { PrintProblem } from '../database/stored-documents/print-problem-document.ts';
import type { Store } from '../database/store.ts';
import type { DocumentFiles } from './document-files.ts';
import type { DocumentMaker } from './document-maker.ts';
import { documentRefusal } from './document-refusals.ts';
import { loadDocumentFacts } from './load-document-facts.ts';
import { maybePrintedProblem, notSentProblem, refusalProblem } from './print-problems.ts';
import { renderReceipt } from './render-receipt.ts';

export type PrintDependencies = {
  readonly store: Store;
  readonly clock: Clock;
  readonly maker: DocumentMaker;
  readonly files: DocumentFiles;
  /** The folder is for practice. */
  readonly demo: boolean;
  /** Called with what was not expected, for the log. */
  readonly onFault?: (fault: unknown) => void;
};

/** Why no sheet can be made of a settlement. */
export type SheetCode = 'settlement-not-found' | 'document-does-not-foot';

/** Whatever takes bytes to paper: the desk's printer service, or a printer a command names. */
export type PaperPath = {
  readonly url: string;
  readonly model: PrinterModel;
  print(bytes: Uint8Array, onProgress: (progress: PrintProgress) => void): Promise<PrintOutcome>;
};

/** How a sheet ended and why; `retry` says whether trying again by itself can help. */
export type SheetOutcome = {
  readonly state: 'sent' | 'confirmed' | 'unknown' | 'failed' | 'taken';
  readonly problem: PrintProblem | null;
  readonly retry: boolean;
};

/** What became of one attempt at a sheet. */
export type SheetRecord = Parameters<PrintJobsRepository['finish']>[1];

/** Records what became of a sheet. */
export type RecordSheet = (printJobId: string, record: SheetRecord) => Promise<void>;

/** Records it in the books, once. */
function recordIn({ store }: Pick<PrintDependencies, 'store'>): RecordSheet {
  return async (printJobId, record) => {
    await store.transact(({ printJobs }) => printJobs.finish(printJobId, record));
  };
}

/**
 * Prints one receipt: marks it as being sent, sends it, has recorded what became of it. The mark is on the disk
 * before the first byte leaves, so that a crash in between is found and asked about, never repeated. What cannot
 * be recorded `record` throws; the paper is where it is all the same.
 */
export async function printReceiptJob(
  { store, clock, demo, onFault }: PrintDependencies,
  job: PrintJob,
  paper: PaperPath,
  record: RecordSheet = recordIn({ store }),
): Promise<SheetOutcome> {
  const at = (): string => shanghaiInstant(clock.now());
  const attempt = job.attempts + 1;
  const begun = await store.transact(({ printJobs }) => printJobs.begin(job.id, paper.url, at()));
  if (!begun) return { state: 'taken', problem: null, retry: false };
  const ended = await sendReceipt();
  const { state, problem } = ended;
  await record(job.id, { attempt, state, problem, at: at() });
  return ended;

  async function sendReceipt(): Promise<Ended> {
    const slip = await renderSlip();
    if (!slip.ok) return { state: 'failed', problem: refusalProblem(slip.refusal), retry: false };
    crashPoint('print:before-send');
    let begunSending = false;
    const outcome = await paper.print(slip.value.bytes, () => {
      if (!begunSending) crashPoint('print:while-sending');
      begunSending = true;
    });
    crashPoint('print:after-send');
    return endedBy(outcome);
  }

  async function renderSlip() {
    try {
      const facts = await store.read((repositories) =>
        loadDocumentFacts(repositories, { ...job, demo, clock }),
      );
      return facts.ok ? renderReceipt(facts.value, paper.model) : facts;
    } catch (fault) {
      onFault?.(fault);
      return refused(documentRefusal('document-not-made'));
    }
  }
}

type Ended = SheetOutcome & { readonly state: SheetRecord['state'] };

function endedBy(outcome: PrintOutcome): Ended {
  switch (outcome.kind) {
    case 'confirmed':
    case 'sent':
      return { state: outcome.kind, problem: null, retry: false };
    case 'unknown':
      return {
        state: 'unknown',
        problem: maybePrintedProblem(outcome.status.state),
        retry: false,
      };
    case 'failed':
      return { state: 'failed', problem: notSentProblem(outcome.status.state), retry: true };
  }
}

/** Makes one statement and keeps it, encrypted, in the data folder. Made twice it is the same file. */
export async function makeStatementJob(
  dependencies: PrintDependencies,
  job: PrintJob,
  record: RecordSheet = recordIn(dependencies),
): Promise<SheetOutcome> {
  const { store, clock } = dependencies;
  const at = (): string => shanghaiInstant(clock.now());
  const attempt = job.attempts + 1;
  const begun = await store.transact(({ printJobs }) => printJobs.begin(job.id, 'file', at()));
  if (!begun) return { state: 'taken', problem: null, retry: false };
  let ended: Ended;
  let hash: string | undefined;
  try {
    const made = await makeStatement(dependencies, job);
    if (made.ok) hash = fileHash(made.value);
    ended = made.ok
      ? { state: 'confirmed', problem: null, retry: false }
      : { state: 'failed', problem: refusalProblem(made.refusal), retry: false };
  } catch (fault) {
    dependencies.onFault?.(fault);
    ended = { state: 'failed', problem: documentRefusal('document-not-made'), retry: true };
  }
  const { state, problem } = ended;
  await record(job.id, {
    ...{ attempt, state, problem, at: at() },
    ...(hash === undefined ? {} : { fileHash: hash }),
  });
  return ended;
}

/** Renders a statement from what is stored and keeps the file. */
async function makeStatement(
  dependencies: PrintDependencies,
  sheet: StatementSheet,
): Promise<Result<Uint8Array, SheetCode>> {
  const rendered = await renderStatementSheet(dependencies, sheet);
  if (rendered.ok) await dependencies.files.save(statementName(sheet), rendered.value);
  return rendered;
}

type StatementSheet = { readonly settlementId: string; readonly copyNumber: number };

/** The statement as it is now, kept nowhere. */
export async function renderStatementSheet(
  { store, clock, maker, demo }: PrintDependencies,
  sheet: StatementSheet,
): Promise<Result<Uint8Array, SheetCode>> {
  const facts = await store.read((repositories) =>
    loadDocumentFacts(repositories, { ...sheet, demo, clock }),
  );
  if (!facts.ok) return facts;
  const rendered = await maker.statement(facts.value);
  if (!rendered.ok) return rendered;
  return { ok: true, value: rendered.value.pdf };
}

/** The name of a statement's file in the data folder; says nothing about the patient. */
export function statementName({ settlementId, copyNumber }: StatementSheet): string {
  return `${settlementId}-${String(copyNumber)}.pdf`;
}
