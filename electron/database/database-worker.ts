import { parentPort } from 'node:worker_threads';

import { answerRequests } from '../../shared/threads/thread-requests.ts';
import { openSqliteConnection, type SqliteConnection } from './sqlite-connection.ts';
import type { WorkerAnswer, WorkerRequest } from './worker-messages.ts';

/** The thread that owns one connection: each request is one query. */
const port = parentPort;
if (port === null) throw new Error('the database worker is started as a thread');

let connection: SqliteConnection | null = null;

answerRequests(port, (request: WorkerRequest): WorkerAnswer => {
  if (request.kind === 'open') {
    connection = openSqliteConnection(request.options);
    return null;
  }
  if (request.kind === 'close') {
    connection?.close();
    connection = null;
    return null;
  }
  if (connection === null) throw new Error('a query to a database that is not open');
  return connection.execute(request.sql, request.parameters);
});
