import { ThreadRequests } from '../../shared/threads/thread-requests.ts';
import { DatabaseError, databaseError } from './database-errors.ts';
import { databaseThreads } from './database-thread.ts';
import type { ConnectionOptions, SqlAnswer, SqlParameter } from './sqlite-connection.ts';
import type { WorkerAnswer, WorkerRequest } from './worker-messages.ts';

/** A connection in a thread of its own: a busy database never blocks the program's other work. */
export type WorkerConnection = {
  execute(sql: string, parameters: readonly SqlParameter[]): Promise<SqlAnswer>;
  close(): Promise<void>;
};

/** Starts the thread and opens the file in it; rejects with a `DatabaseError` if it cannot be opened. */
export async function openWorkerConnection(options: ConnectionOptions): Promise<WorkerConnection> {
  const thread = new ThreadRequests<WorkerRequest, WorkerAnswer>({
    start: () => databaseThreads.start(),
    // A new thread would know nothing of the transaction that the old one was in.
    startsAgain: false,
    keepsProgramAlive: true,
    failed: ({ code, message }) => databaseError(code, message),
    ended: (end) =>
      end.kind === 'error'
        ? new DatabaseError('WORKER', `the database thread failed: ${String(end.error)}`)
        : closed(),
  });
  try {
    await thread.ask({ kind: 'open', options });
  } catch (problem) {
    await thread.close(closed());
    throw problem;
  }
  return {
    async execute(sql, parameters) {
      const answer = await thread.ask({ kind: 'execute', sql, parameters });
      if (answer === null) throw new DatabaseError('WORKER', 'a query without an answer');
      return answer;
    },
    async close() {
      if (thread.gone !== null) return;
      await thread.ask({ kind: 'close' });
      await thread.close(closed());
    },
  };
}

function closed(): DatabaseError {
  return new DatabaseError('CLOSED', 'the database is closed');
}
