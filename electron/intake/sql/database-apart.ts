import { Worker } from 'node:worker_threads';

import { ThreadRequests } from '../../../shared/threads/thread-requests.ts';
import { partPath } from '../../base/part-path.ts';
import { systemTimer, type Timer } from '../../base/timer.ts';
import { within } from '../../base/within.ts';
import {
  HospitalDatabaseError,
  usualDeadlines,
  type AccountRoutines,
  type Cell,
  type DatabaseAccess,
  type Deadlines,
  type HospitalDatabase,
  type Row,
  type ViewColumn,
} from './hospital-database.ts';
import type { SqlAnswer, SqlOrder } from './sql-worker.ts';

/** What the rows of one question take as objects, several times over. */
const memoryMb = 320;
/** Beyond what the question itself may take: the thread has much else to do on a busy machine. */
const graceMs = 10_000;

let usual: ThreadRequests<SqlOrder, SqlAnswer> | null = null;

/** One thread for whatever this program asks hospitals' databases. It ends with the program. */
function usualThread(): ThreadRequests<SqlOrder, SqlAnswer> {
  usual ??= new ThreadRequests<SqlOrder, SqlAnswer>({
    start: () =>
      new Worker(partPath('sql-worker'), {
        resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 16 },
      }),
    startsAgain: true,
    keepsProgramAlive: true,
    failed: ({ stack }) => new Error(stack),
    // Bytes that are no answer, or more of them than there is room for.
    ended: () => new HospitalDatabaseError('failed', 'broken answer'),
  });
  return usual;
}

/**
 * Opens a hospital's database in a thread of its own. Whatever stands at its address may answer what is no answer, without
 * end, or what the libraries never come back from: that ends the thread and the question, and never the desk.
 */
export async function openDatabaseApart(
  access: DatabaseAccess,
  deadlines: Deadlines = usualDeadlines,
  timer: Timer = systemTimer,
): Promise<HospitalDatabase> {
  const ask = askingThread(deadlines, timer);
  const id = (await ask({ kind: 'open', access, deadlines })) as number;
  return {
    columnsOf: async (view) => (await ask({ kind: 'columns', id, view })) as readonly ViewColumn[],
    rows: async (wanted) => (await ask({ kind: 'rows', id, wanted })) as readonly Row[],
    async atOneMoment(work) {
      await ask({ kind: 'begin-moment', id });
      try {
        return await work();
      } finally {
        // What a broken line cannot end has ended with it.
        await ask({ kind: 'end-moment', id }).catch(() => undefined);
      }
    },
    mayWrite: async (views) => (await ask({ kind: 'may-write', id, views })) as boolean,
    close: async () => {
      await ask({ kind: 'close', id }).catch(() => undefined);
    },
  };
}

/** The same for the routines of accounts: each call has a line of its own. */
export function openRoutinesApart(
  access: DatabaseAccess,
  deadlines: Deadlines,
  timer: Timer = systemTimer,
): Promise<AccountRoutines> {
  const ask = askingThread(deadlines, timer);
  return Promise.resolve({
    call: async (routine, texts) =>
      (await ask({ kind: 'call-routine', access, deadlines, routine, texts })) as Cell,
    close: () => Promise.resolve(),
  });
}

function askingThread(
  { connectMs, statementMs }: Deadlines,
  timer: Timer,
): (order: SqlOrder) => Promise<unknown> {
  const thread = usualThread();
  return async (order) => {
    const answer = await within(connectMs + statementMs + graceMs, thread.ask(order), timer);
    if (answer === null) {
      const late = new HospitalDatabaseError('too-slow', 'no answer');
      await thread.close(late);
      throw late;
    }
    if ('fault' in answer) throw new HospitalDatabaseError(answer.fault, answer.said);
    return answer.value;
  };
}
