import type { PrintJobView } from '../../shared/contracts/documents.ts';
import { accepted, type Result } from '../../shared/domain/result.ts';
import type { PrintJob } from '../database/print-jobs-repository.ts';
import { openStatement } from '../documents/open-statement.ts';
import { printJobViews } from '../documents/print-job-view.ts';
import type { DeskParts } from './desk-parts.ts';
import type { CallHandlers } from './handle-call.ts';

export function documentCalls(parts: DeskParts) {
  return {
    'documents:print-again': async ({ settlementId, document, reason }, caller) =>
      viewOf(
        parts,
        await parts.queue.printAgain({ settlementId, document, reason, who: caller.userId }),
      ),
    'documents:answer-unknown-print': async ({ printJobId, cameOut }, caller) =>
      viewOf(parts, await parts.queue.answerUnknown({ printJobId, cameOut, who: caller.userId })),
    'documents:open-statement': async ({ settlementId }, { userId: who, sessionId: page }) => {
      const shownTo = { who, where: 'documents:open-statement', page };
      const opened = await openStatement(parts.documents, settlementId, shownTo);
      if (!opened.ok) return opened;
      const { fileName, pdf } = opened.value;
      return accepted({ fileName, pdfBase64: Buffer.from(pdf).toString('base64') });
    },
  } satisfies Pick<
    CallHandlers,
    'documents:print-again' | 'documents:answer-unknown-print' | 'documents:open-statement'
  >;
}

async function viewOf<Code extends string>(
  { services: { store } }: DeskParts,
  printed: Result<PrintJob, Code>,
): Promise<Result<{ printJob: PrintJobView }, Code>> {
  if (!printed.ok) return printed;
  const views = await store.read((repositories) => printJobViews(repositories, [printed.value]));
  const [printJob] = views;
  if (printJob === undefined) throw new Error('a sheet has no view');
  return accepted({ printJob });
}
