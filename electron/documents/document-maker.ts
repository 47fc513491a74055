import { Worker } from 'node:worker_threads';

import type { Result } from '../../shared/domain/result.ts';
import { partPath } from '../base/part-path.ts';
import type { DocumentFacts } from './document-facts.ts';
import type { DocumentOrder } from './document-worker.ts';
import type { RenderedStatement } from './render-statement.ts';

/** Makes documents in a thread of its own. */
export type DocumentMaker = {
  /** Loads the fonts ahead of the first document; costs memory, so only a desk does it. */
  prepare(): Promise<void>;
  /** The statement as a PDF. Refused as `document-does-not-foot`; rejects when the thread breaks. */
  statement(facts: DocumentFacts): Promise<Result<RenderedStatement>>;
  close(): Promise<void>;
};

type Waiting = {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (problem: Error) => void;
};

type Answer = { readonly id: number; readonly answer?: unknown; readonly broken?: string };

/** The thread is started with the first order, and again after it broke. */
export function startDocumentMaker(): DocumentMaker {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let orders = 0;

  function started(): Worker {
    if (worker !== null) return worker;
    const begun = new Worker(partPath('document-worker'));
    begun.on('message', ({ id, answer, broken }: Answer) => {
      const order = waiting.get(id);
      waiting.delete(id);
      if (broken === undefined) order?.resolve(answer);
      else order?.reject(new Error(`a document could not be made: ${broken}`));
    });
    begun.on('error', (problem) => {
      giveUp(begun, problem instanceof Error ? problem : new Error(String(problem)));
    });
    begun.on('exit', (code) => {
      giveUp(begun, new Error(`the document worker ended with ${String(code)}`));
    });
    // A thread that waits for orders must not keep a finished program alive.
    begun.unref();
    worker = begun;
    return begun;
  }

  function giveUp(ended: Worker, problem: Error): void {
    if (worker !== ended) return;
    worker = null;
    for (const order of waiting.values()) order.reject(problem);
    waiting.clear();
  }

  async function ask(
    order: Omit<DocumentOrder, 'id'> & { facts?: DocumentFacts },
  ): Promise<unknown> {
    orders += 1;
    const id = orders;
    const thread = started();
    thread.ref();
    try {
      return await new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        thread.postMessage({ ...order, id });
      });
    } finally {
      if (waiting.size === 0) thread.unref();
    }
  }

  return {
    prepare: async () => {
      await ask({ kind: 'prepare' });
    },
    statement: async (facts) =>
      (await ask({ kind: 'statement', facts })) as Result<RenderedStatement>,
    close: async () => {
      const ending = worker;
      if (ending === null) return;
      giveUp(ending, new Error('the document worker was closed'));
      await ending.terminate();
    },
  };
}
