import { Worker } from 'node:worker_threads';

import type { Result } from '../../shared/domain/result.ts';
import { ThreadRequests } from '../../shared/threads/thread-requests.ts';
import { partPath } from '../base/part-path.ts';
import type { DocumentFacts } from './document-facts.ts';
import type { DocumentAnswer, DocumentOrder } from './document-worker.ts';
import type { PackSheetFacts } from './pack-sheet-page.ts';
import type { RenderedStatement } from './render-statement.ts';

/** Makes documents in a thread of its own. */
export type DocumentMaker = {
  /** Loads the fonts ahead of the first document; costs memory, so only a desk does it. */
  prepare(): Promise<void>;
  /** The statement as a PDF. Refused as `document-does-not-foot`; rejects when the thread breaks. */
  statement(facts: DocumentFacts): Promise<Result<RenderedStatement, 'document-does-not-foot'>>;
  /** The sheet of a policy pack that is signed, as a PDF. */
  packSheet(facts: PackSheetFacts): Promise<Uint8Array>;
  close(): Promise<void>;
};

/**
 * A statement leaves some 20 MB of objects behind, and an engine that may take gigabytes lets them lie: with the usual
 * limits the thread held 190 MB after fifty of them. These are twice what the largest statement needs, with every
 * fallback font read.
 */
const limits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 12 };

/** The thread is started with the first order, and again after it broke. */
export function startDocumentMaker(): DocumentMaker {
  const thread = new ThreadRequests<DocumentOrder, DocumentAnswer>({
    start: () => new Worker(partPath('document-worker'), { resourceLimits: limits }),
    startsAgain: true,
    keepsProgramAlive: true,
    failed: ({ stack }) => new Error(`a document could not be made: ${stack}`),
    ended: (end) => {
      if (end.kind === 'exit') {
        return new Error(`the document worker ended with ${String(end.code)}`);
      }
      return end.error instanceof Error ? end.error : new Error(String(end.error));
    },
  });
  return {
    prepare: async () => {
      await thread.ask({ kind: 'prepare' });
    },
    statement: async (facts) => {
      const answer = await thread.ask({ kind: 'statement', facts });
      if (answer?.kind !== 'statement') throw new Error('a statement without an answer');
      return answer.made;
    },
    packSheet: async (facts) => {
      const answer = await thread.ask({ kind: 'pack-sheet', facts });
      if (answer?.kind !== 'pack-sheet') throw new Error('a sheet without an answer');
      return answer.pdf;
    },
    close: () => thread.close(new Error('the document worker was closed')),
  };
}
