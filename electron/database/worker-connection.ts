import { Worker } from 'node:worker_threads';

import { partPath } from '../base/part-path.ts';
import { DatabaseError, databaseError } from './database-errors.ts';
import type { ConnectionOptions, SqlAnswer, SqlParameter } from './sqlite-connection.ts';
import type { WorkerReply } from './worker-messages.ts';

/** A connection in a thread of its own: a busy database never blocks the program's other work. */
export type WorkerConnection = {
  execute(sql: string, parameters: readonly SqlParameter[]): Promise<SqlAnswer>;
  close(): Promise<void>;
};

type Waiting = {
  readonly resolve: (answer: SqlAnswer | null) => void;
  readonly reject: (problem: Error) => void;
};

/** Starts the thread and opens the file in it; rejects with a `DatabaseError` if it cannot be opened. */
export async function openWorkerConnection(options: ConnectionOptions): Promise<WorkerConnection> {
  const worker = new Worker(partPath('database-worker'), {
    workerData: options,
    // Rows pass through and are gone: a large nursery would only be memory that is never given back.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let gone: Error | null = null;

  const fail = (problem: Error): void => {
    gone = problem;
    for (const { reject } of waiting.values()) reject(problem);
    waiting.clear();
  };
  worker.on('error', (problem) => {
    fail(new DatabaseError('WORKER', `the database thread failed: ${String(problem)}`));
  });
  worker.on('exit', () => {
    fail(gone ?? new DatabaseError('CLOSED', 'the database is closed'));
  });
  worker.on('message', (reply: WorkerReply) => {
    const asked = waiting.get(reply.id);
    if (asked === undefined) return;
    waiting.delete(reply.id);
    // A thread that nothing waits for must not keep the program alive.
    if (waiting.size === 0) worker.unref();
    if (reply.ok) asked.resolve(reply.answer);
    else asked.reject(databaseError(reply.code, reply.message));
  });

  const expect = (id: number): Promise<SqlAnswer | null> =>
    new Promise((resolve, reject) => {
      if (gone !== null) {
        reject(gone);
        return;
      }
      if (waiting.size === 0) worker.ref();
      waiting.set(id, { resolve, reject });
    });

  await expect(0);
  return {
    async execute(sql, parameters) {
      lastId += 1;
      const reply = expect(lastId);
      worker.postMessage({ kind: 'execute', id: lastId, sql, parameters });
      const answer = await reply;
      if (answer === null) throw new DatabaseError('WORKER', 'a query without an answer');
      return answer;
    },
    async close() {
      if (gone !== null) return;
      lastId += 1;
      const reply = expect(lastId);
      worker.postMessage({ kind: 'close', id: lastId });
      await reply;
      await worker.terminate();
    },
  };
}
