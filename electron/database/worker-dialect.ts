import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';

import { createMutex } from './mutex.ts';
import type { SqlParameter } from './sqlite-connection.ts';
import type { WorkerConnection } from './worker-connection.ts';

/**
 * Kysely over one connection in a worker thread. Whoever holds the connection holds it alone, from the begin
 * of a transaction to its end. A writing connection begins with `BEGIN IMMEDIATE`: it waits for other
 * programs at the start, where nothing has been done yet, never in the middle.
 */
export function workerDialect(connection: WorkerConnection, writes: boolean): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createDriver: () => workerDriver(connection, writes ? 'begin immediate' : 'begin'),
  };
}

function workerDriver(worker: WorkerConnection, begin: string): Driver {
  const mutex = createMutex();
  const connection: DatabaseConnection = {
    async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
      const answer = await worker.execute(sql, parameters as readonly SqlParameter[]);
      const rows = answer.rows as Row[];
      if (answer.changes === null) return { rows };
      return {
        rows,
        numAffectedRows: BigInt(answer.changes),
        ...(answer.insertId === null ? {} : { insertId: answer.insertId }),
      };
    },
    streamQuery() {
      throw new Error('rows are read in pages by key, so that a reader holds nothing open');
    },
  };
  const run = async (sql: string): Promise<void> => {
    await worker.execute(sql, []);
  };
  return {
    init: () => Promise.resolve(),
    async acquireConnection() {
      await mutex.acquire();
      return connection;
    },
    beginTransaction: () => run(begin),
    commitTransaction: () => run('commit'),
    rollbackTransaction: () => run('rollback'),
    releaseConnection() {
      mutex.release();
      return Promise.resolve();
    },
    destroy: () => worker.close(),
  };
}
