import { parentPort, workerData } from 'node:worker_threads';

import { openSqliteConnection, type ConnectionOptions } from './sqlite-connection.ts';
import type { WorkerReply, WorkerRequest } from './worker-messages.ts';

/** The thread that owns one connection: each message is one query, each answer one message back. */
function serveDatabase(): void {
  const port = parentPort;
  if (port === null) throw new Error('the database worker is started as a thread');
  const answer = (reply: WorkerReply): void => {
    port.postMessage(reply);
  };
  try {
    const connection = openSqliteConnection(workerData as ConnectionOptions);
    port.on('message', (request: WorkerRequest) => {
      if (request.kind === 'close') {
        connection.close();
        answer({ id: request.id, ok: true, answer: null });
        port.close();
        return;
      }
      try {
        const done = connection.execute(request.sql, request.parameters);
        answer({ id: request.id, ok: true, answer: done });
      } catch (problem) {
        answer({ id: request.id, ok: false, ...codeAndMessage(problem) });
      }
    });
    answer({ id: 0, ok: true, answer: null });
  } catch (problem) {
    answer({ id: 0, ok: false, ...codeAndMessage(problem) });
    port.close();
  }
}

function codeAndMessage(problem: unknown): { code: string; message: string } {
  if (!(problem instanceof Error)) return { code: 'UNKNOWN', message: String(problem) };
  const code = 'code' in problem && typeof problem.code === 'string' ? problem.code : problem.name;
  return { code, message: problem.message };
}

serveDatabase();
