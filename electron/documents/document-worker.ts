import { parentPort } from 'node:worker_threads';

import type { DocumentFacts } from './document-facts.ts';
import { loadPaperFonts, type PaperFonts } from './paper-fonts.ts';
import { renderStatement } from './render-statement.ts';

/** What the worker is asked; `id` comes back with the answer. */
export type DocumentOrder =
  | { readonly id: number; readonly kind: 'prepare' }
  | { readonly id: number; readonly kind: 'statement'; readonly facts: DocumentFacts };

/** Setting a page takes a tenth of a second: too long for the thread that reads cards and keeps money. */
const port = parentPort;
if (port === null) throw new Error('the document worker is started as a worker thread');

let fonts: PaperFonts | null = null;

port.on('message', (order: DocumentOrder) => {
  void work(order).then(
    (answer) => {
      port.postMessage({ id: order.id, answer });
    },
    (problem: unknown) => {
      const broken =
        problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
      port.postMessage({ id: order.id, broken });
    },
  );
});

async function work(order: DocumentOrder): Promise<unknown> {
  fonts ??= loadPaperFonts();
  return order.kind === 'statement' ? renderStatement(order.facts, fonts) : null;
}
