import { lstatSync, statSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';

import type { Result } from '../../shared/domain/result.ts';
import { answerRequests } from '../../shared/threads/thread-requests.ts';
import { cardsOfFile, type CardRow } from './card-rows.ts';
import { inMemory, openFileBytes, type FileGround, type OpenFileBytes } from './file-bytes.ts';
import type { IntakeProblem } from './intake-problem.ts';
import type { IntakeCode } from './intake-refusals.ts';
import type { RowSetAside } from './read-register-file.ts';
import { readVisitsFile, readVisitsJson, type FileVisit } from './read-visits-file.ts';
import { personsOfFile, type RegisterRow } from './register-rows.ts';
import { visitsOfRows, type RowsOfVisits } from './visits-of-rows.ts';

/** What the reading thread is asked. Visits and rows are handed over in batches, as they are wanted. */
export type ReadingOrder =
  | { readonly kind: 'facts'; readonly file: string; readonly ground: FileGround }
  | { readonly kind: 'visits'; readonly file: string; readonly ground: FileGround }
  | { readonly kind: 'next-visits'; readonly id: number }
  | { readonly kind: 'visits-of-json'; readonly bytes: Uint8Array }
  | { readonly kind: 'visits-of-rows'; readonly rows: RowsOfVisits }
  | { readonly kind: 'persons' | 'cards'; readonly file: string }
  | { readonly kind: 'next-rows'; readonly id: number };

export type FileFacts = { readonly size: number; readonly changedMs: number };
/** A register that was read: its rows are asked for in batches. */
export type OpenedRegister = { readonly id: number; readonly setAside: readonly RowSetAside[] };
export type Opened = { readonly id: number } | { readonly problem: IntakeProblem };
export type ReadingAnswer =
  | FileFacts
  | null
  | Opened
  | Result<OpenedRegister, IntakeCode>
  | readonly FileVisit[]
  | readonly (RegisterRow | CardRow)[];

/** About as much as the other side keeps between two looks at the next batch. */
const linesAtOnce = 500;
const rowsAtOnce = 2000;

/** Reading a large file takes seconds and would stop the desk; a file that is too much for it ends this thread alone. */
const port = parentPort;
if (port === null) throw new Error('the intake worker is started as a worker thread');

type Reading = { readonly visits: Generator<FileVisit>; readonly bytes: OpenFileBytes };
const visitsOf = new Map<number, Reading>();
const rowsOf = new Map<number, (RegisterRow | CardRow)[]>();
let lastId = 0;

answerRequests(port, (order: ReadingOrder): ReadingAnswer => {
  switch (order.kind) {
    case 'facts':
      return factsOf(order.file, order.ground);
    case 'visits':
      return openVisits(order.file, order.ground);
    case 'next-visits':
      return nextVisits(order.id);
    case 'visits-of-json':
      return openReceived(Buffer.from(order.bytes));
    case 'visits-of-rows':
      return visitsOfRows(order.rows);
    case 'persons':
    case 'cards': {
      const rows = order.kind === 'persons' ? personsOfFile(order.file) : cardsOfFile(order.file);
      if (!rows.ok) return rows;
      lastId += 1;
      rowsOf.set(lastId, [...rows.value.rows].reverse());
      return { ok: true, value: { id: lastId, setAside: rows.value.setAside } };
    }
    case 'next-rows': {
      const rows = rowsOf.get(order.id) ?? [];
      const next = rows.splice(-rowsAtOnce).reverse();
      if (rows.length === 0) rowsOf.delete(order.id);
      return next;
    }
  }
});

/** Null where the file cannot be looked at; opening it says why. */
function factsOf(file: string, ground: FileGround): FileFacts | null {
  try {
    const { size, mtimeMs: changedMs } = ground === 'own' ? statSync(file) : lstatSync(file);
    return { size, changedMs };
  } catch {
    return null;
  }
}

function openVisits(file: string, ground: FileGround): Opened {
  const bytes = openFileBytes(file, ground);
  if ('problem' in bytes) return bytes;
  const read = closingUnlessVisits(bytes);
  if ('problem' in read) return read;
  lastId += 1;
  visitsOf.set(lastId, { visits: read.visits, bytes });
  return { id: lastId };
}

/** Visits that came over a line and lie in no file. */
function openReceived(bytes: Buffer): Opened {
  const read = readVisitsJson(bytes);
  if ('problem' in read) return read;
  lastId += 1;
  const received = { ...inMemory(bytes, () => undefined), assertUnchanged: () => undefined };
  visitsOf.set(lastId, { visits: read.visits, bytes: received });
  return { id: lastId };
}

function closingUnlessVisits(bytes: OpenFileBytes): ReturnType<typeof readVisitsFile> {
  let isKept = false;
  try {
    const read = readVisitsFile(bytes);
    bytes.assertUnchanged();
    isKept = 'visits' in read;
    return read;
  } finally {
    if (!isKept) bytes.close();
  }
}

function nextVisits(id: number): readonly FileVisit[] {
  const reading = visitsOf.get(id);
  if (reading === undefined) return [];
  let isAll = true;
  try {
    const batch: FileVisit[] = [];
    for (let lines = 0; lines < linesAtOnce;) {
      const next = reading.visits.next();
      isAll = next.done === true;
      if (next.done === true) break;
      batch.push(next.value);
      lines += 1 + (next.value.places.kind === 'csv' ? next.value.places.chargeRows.length : 50);
    }
    // Read twice, and what was written between is nobody's bill.
    reading.bytes.assertUnchanged();
    return batch;
  } catch (problem) {
    isAll = true;
    throw problem;
  } finally {
    if (isAll) {
      reading.bytes.close();
      visitsOf.delete(id);
    }
  }
}
