import { parentPort } from 'node:worker_threads';

import type { Result } from '../../shared/domain/result.ts';
import { answerRequests } from '../../shared/threads/thread-requests.ts';
import type { DocumentFacts } from './document-facts.ts';
import type { PackSheetFacts } from './pack-sheet-page.ts';
import { loadPaperFonts, type PaperFonts } from './paper-fonts.ts';
import { renderPackSheet } from './render-pack-sheet.ts';
import { renderStatement, type RenderedStatement } from './render-statement.ts';

/** What the thread is asked: to load the fonts ahead, for a statement, or for the sheet of a policy pack. */
export type DocumentOrder =
  | { readonly kind: 'prepare' }
  | { readonly kind: 'statement'; readonly facts: DocumentFacts }
  | { readonly kind: 'pack-sheet'; readonly facts: PackSheetFacts };

/** What was ordered; null where only the fonts were. */
export type DocumentAnswer =
  | {
      readonly kind: 'statement';
      readonly made: Result<RenderedStatement, 'document-does-not-foot'>;
    }
  | { readonly kind: 'pack-sheet'; readonly pdf: Uint8Array }
  | null;

/** Setting a page takes a tenth of a second: too long for the thread that reads cards and keeps money. */
const port = parentPort;
if (port === null) throw new Error('the document worker is started as a worker thread');

let fonts: PaperFonts | null = null;

answerRequests(port, async (order: DocumentOrder): Promise<DocumentAnswer> => {
  fonts ??= loadPaperFonts();
  switch (order.kind) {
    case 'prepare':
      return null;
    case 'statement':
      return { kind: 'statement', made: await renderStatement(order.facts, fonts) };
    case 'pack-sheet':
      return { kind: 'pack-sheet', pdf: await renderPackSheet(order.facts, fonts) };
  }
});
