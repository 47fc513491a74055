import { parentPort } from 'node:worker_threads';

import type { Result } from '../../shared/domain/result.ts';
import { answerRequests } from '../../shared/threads/thread-requests.ts';
import type { DocumentFacts } from './document-facts.ts';
import { loadPaperFonts, type PaperFonts } from './paper-fonts.ts';
import { renderStatement, type RenderedStatement } from './render-statement.ts';

/** What the thread is asked: to load the fonts ahead, or for a statement. */
export type DocumentOrder =
  { readonly kind: 'prepare' } | { readonly kind: 'statement'; readonly facts: DocumentFacts };

/** The statement that was ordered; null where only the fonts were. */
export type DocumentAnswer = Result<RenderedStatement, 'document-does-not-foot'> | null;

/** Setting a page takes a tenth of a second: too long for the thread that reads cards and keeps money. */
const port = parentPort;
if (port === null) throw new Error('the document worker is started as a worker thread');

let fonts: PaperFonts | null = null;

answerRequests(port, async (order: DocumentOrder): Promise<DocumentAnswer> => {
  fonts ??= loadPaperFonts();
  return order.kind === 'statement' ? renderStatement(order.facts, fonts) : null;
});
