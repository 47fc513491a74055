import type { Worker } from 'node:worker_threads';

import type { Thread } from '../../shared/threads/thread-requests.ts';
import { startDatabaseThread } from './database-thread.ts';
import type { WorkerRequest } from './worker-messages.ts';

// Every test opens a store of its own, and two thirds of what that costs is the start of its threads. A thread whose
// connection was closed, or never opened, knows nothing any more: it serves the next connection of the same process.

/** A writer and a reader, and as many of a second program. */
const keptMost = 4;
const idle: Worker[] = [];

type Sent = { readonly id: number; readonly request: WorkerRequest };
type Reply = { readonly id: number; readonly ok: boolean };

/** A thread for one connection: one that was kept, else a new one. */
export function keptOrNewThread(): Thread {
  return lease(idle.pop() ?? fresh());
}

function fresh(): Worker {
  const worker = startDatabaseThread();
  worker.on('exit', () => {
    const at = idle.indexOf(worker);
    if (at !== -1) idle.splice(at, 1);
  });
  return worker;
}

/** The use of a thread by one connection: its listeners go with it, and at its end the thread is kept if nothing is open in it. */
function lease(worker: Worker): Thread {
  const listeners: [string, (value: unknown) => void][] = [];
  const kinds = new Map<number, WorkerRequest['kind']>();
  let isEmpty = true;
  const listen = (event: string, listener: (value: unknown) => void): void => {
    listeners.push([event, listener]);
    worker.on(event, listener);
  };
  listen('message', (value) => {
    const { id, ok } = value as Reply;
    const kind = kinds.get(id);
    kinds.delete(id);
    if (kind === 'open') isEmpty = !ok;
    if (kind === 'close') isEmpty = ok;
  });
  for (const event of ['error', 'messageerror', 'exit']) {
    listen(event, () => {
      isEmpty = false;
    });
  }
  return {
    postMessage(message) {
      const { id, request } = message as Sent;
      worker.postMessage(message);
      kinds.set(id, request.kind);
      isEmpty = false;
    },
    on: listen,
    ref: () => {
      worker.ref();
    },
    unref: () => {
      worker.unref();
    },
    async terminate() {
      for (const [event, listener] of listeners) worker.off(event, listener);
      const mayBeKept = isEmpty && kinds.size === 0 && idle.length < keptMost;
      isEmpty = false;
      if (!mayBeKept) return worker.terminate();
      worker.unref();
      idle.push(worker);
      return 0;
    },
  };
}
