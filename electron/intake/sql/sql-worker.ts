import { parentPort } from 'node:worker_threads';

import { answerRequests } from '../../../shared/threads/thread-requests.ts';
import {
  HospitalDatabaseError,
  type Cell,
  type DatabaseAccess,
  type DatabaseFault,
  type Deadlines,
  type HospitalDatabase,
  type Row,
  type RowsWanted,
  type ViewColumn,
  type ViewName,
} from './hospital-database.ts';
import { openAccountRoutines, openDatabase } from './open-database.ts';

/** What the thread of the hospital's database is asked, of which of its connections. */
export type SqlOrder =
  | { readonly kind: 'open'; readonly access: DatabaseAccess; readonly deadlines: Deadlines }
  | { readonly kind: 'columns'; readonly id: number; readonly view: ViewName }
  | { readonly kind: 'rows'; readonly id: number; readonly wanted: RowsWanted }
  | { readonly kind: 'begin-moment' | 'end-moment' | 'close'; readonly id: number }
  | { readonly kind: 'may-write'; readonly id: number; readonly views: readonly ViewName[] }
  | {
      /** A line of its own, for this one call. */
      readonly kind: 'call-routine';
      readonly access: DatabaseAccess;
      readonly deadlines: Deadlines;
      readonly routine: ViewName;
      readonly texts: readonly string[];
    };

type SqlValue = number | Cell | readonly ViewColumn[] | readonly Row[] | boolean | null;

/** Faults are answers here: classes do not cross between threads. */
export type SqlAnswer =
  { readonly value: SqlValue } | { readonly fault: DatabaseFault; readonly said: string };

/** Bytes of answers that may lie here beside the objects that the limits of the thread count. */
const bytesHeldMax = 256 * 1024 * 1024;
const lookEveryMs = 50;
/** What the rows of one question may hold; the charges of fifty visits are a tenth of it. */
const charactersMax = 48_000_000;
/** No field of a visit is as long: an id of megabytes would be kept with the position, again and again. */
const cellMax = 64 * 1024;

const port = parentPort;
if (port === null) throw new Error('the thread of the hospital database is started as a thread');

type Connection = { readonly database: HospitalDatabase; endMoment: (() => Promise<null>) | null };
const connections = new Map<number, Connection>();
let lastId = 0;

// A server that sends without end fills buffers that no limit of the thread counts; the thread ends, and not the desk.
setInterval(() => {
  if (process.memoryUsage().external > bytesHeldMax) process.exit(1);
}, lookEveryMs).unref();

answerRequests(port, async (order: SqlOrder): Promise<SqlAnswer> => {
  try {
    return { value: await answerTo(order) };
  } catch (problem) {
    if (!(problem instanceof HospitalDatabaseError)) throw problem;
    return { fault: problem.fault, said: problem.said };
  }
});

async function answerTo(order: SqlOrder): Promise<SqlValue> {
  if (order.kind === 'open') {
    const database = await openDatabase(order.access, order.deadlines);
    connections.set(++lastId, { database, endMoment: null });
    return lastId;
  }
  if (order.kind === 'call-routine') return callOnce(order);
  const connection = connections.get(order.id);
  // It ended with the thread before this one.
  if (connection === undefined) throw new HospitalDatabaseError('unreachable', 'closed');
  const { database } = connection;
  switch (order.kind) {
    case 'columns':
      return database.columnsOf(order.view);
    case 'rows':
      return asWanted(await database.rows(order.wanted), order.wanted);
    case 'may-write':
      return database.mayWrite(order.views);
    case 'begin-moment':
      connection.endMoment = await momentOf(database);
      return null;
    case 'end-moment':
      await connection.endMoment?.();
      connection.endMoment = null;
      return null;
    case 'close':
      connections.delete(order.id);
      await database.close();
      return null;
  }
}

/** A sentence for a cashier is short; whatever else comes is not carried on. */
const answerMax = 4000;

async function callOnce({
  access,
  deadlines,
  routine,
  texts,
}: Extract<SqlOrder, { kind: 'call-routine' }>): Promise<Cell> {
  const routines = await openAccountRoutines(access, deadlines);
  try {
    return (await routines.call(routine, texts))?.slice(0, answerMax) ?? null;
  } finally {
    await routines.close();
  }
}

/** Begins a moment; what is answered ends it. */
async function momentOf(database: HospitalDatabase): Promise<() => Promise<null>> {
  const over = Promise.withResolvers<null>();
  const begun = Promise.withResolvers<null>();
  const moment = database.atOneMoment(() => {
    begun.resolve(null);
    return over.promise;
  });
  await Promise.race([begun.promise, moment]);
  return () => {
    over.resolve(null);
    return moment;
  };
}

/** A server that answers more than it was asked is not the one that was asked. */
function asWanted(rows: readonly Row[], { most, columns }: RowsWanted): readonly Row[] {
  let characters = 0;
  const isAsked = (row: Row): boolean => {
    for (const cell of row) characters += cell?.length ?? 0;
    const isShort = row.every((cell) => (cell?.length ?? 0) <= cellMax);
    return isShort && row.length === columns.length && characters <= charactersMax;
  };
  if (rows.length > most || !rows.every(isAsked))
    throw new HospitalDatabaseError('failed', 'more than was asked');
  return rows;
}
