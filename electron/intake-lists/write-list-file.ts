import { Worker } from 'node:worker_threads';

import { ThreadRequests } from '../../shared/threads/thread-requests.ts';
import { partPath } from '../base/part-path.ts';
import type { ListFileOrder } from './list-file-worker.ts';

/** Writes one list as a file, in a thread of its own that ends with it: nobody does it often. */
export async function writeListFile(order: ListFileOrder): Promise<Uint8Array> {
  const thread = new ThreadRequests<ListFileOrder, Uint8Array>({
    start: () => new Worker(partPath('list-file-worker')),
    startsAgain: false,
    keepsProgramAlive: true,
    failed: ({ stack }) => new Error(`a list could not be written: ${stack}`),
    ended: (end) =>
      end.kind === 'exit'
        ? new Error(`the worker of list files ended with ${String(end.code)}`)
        : end.error instanceof Error
          ? end.error
          : new Error(String(end.error)),
  });
  try {
    return await thread.ask(order);
  } finally {
    await thread.close(new Error('the worker of list files was closed'));
  }
}
