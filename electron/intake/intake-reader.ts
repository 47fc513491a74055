import { basename, join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { accepted, type Refusal, type Result } from '../../shared/domain/result.ts';
import { ThreadRequests } from '../../shared/threads/thread-requests.ts';
import { FileChangedError } from '../base/foreign-folder.ts';
import { partPath } from '../base/part-path.ts';
import type { CardRow, CardRows } from './card-rows.ts';
import type { FileGround } from './file-bytes.ts';
import { intakeRefusal, type IntakeCode } from './intake-refusals.ts';
import type {
  FileFacts,
  Opened,
  OpenedRegister,
  ReadingAnswer,
  ReadingOrder,
} from './intake-worker.ts';
import type { Numbered, RegisterRows } from './read-register-file.ts';
import type { FileVisit } from './read-visits-file.ts';
import type { PersonRows, RegisterRow } from './register-rows.ts';
import type { RowsOfVisits } from './visits-of-rows.ts';

/** Reads files in a thread of its own; rejects with an `IntakeReaderEndedError` where a file was too much for it. */
export type IntakeReader = {
  /** By what a file is known again; null where it is not there. */
  facts(file: string, ground?: FileGround): Promise<FileFacts | null>;
  open(file: string, ground?: FileGround): Promise<Opened>;
  /** The next visits of an open file, checked; none: that was all. */
  next(id: number): Promise<readonly FileVisit[]>;
  /** Visit JSON that came over a line; its visits are asked for as those of a file. */
  openJson(bytes: Uint8Array): Promise<Opened>;
  /** Visits that came as rows, checked. */
  visitsOfRows(rows: RowsOfVisits): Promise<readonly FileVisit[]>;
  persons(file: string): Promise<Result<PersonRows, IntakeCode>>;
  cards(file: string): Promise<Result<CardRows, IntakeCode>>;
};

/** The reading thread ended while it read, or could not go on: the file was more than its memory, or broke it. */
export class IntakeReaderEndedError extends Error {
  override readonly name = 'IntakeReaderEndedError';
}

/** The file went away under the reading, or was written to: a stick that was pulled out, a program that saved it. */
export class IntakeFileGoneError extends Error {
  override readonly name = 'IntakeFileGoneError';
  readonly why: string;

  constructor(why: string) {
    super(`the file went away: ${why}`);
    this.why = why;
  }
}

/** What the system says of a file that it cannot read on, and what this program says of one that is not the same any more. */
const isOfFile = (code: string): boolean =>
  /^E[A-Z0-9]+$/.test(code) || code === new FileChangedError('').code;

/** What the largest table needs for its index and one visit, and a document of 8 MB for its objects. */
const memoryMb = 320;

/** A reading thread of its own; it is started with the first file, and again after a file ended it. */
export function startIntakeReader({ memory = memoryMb } = {}): IntakeReader & {
  close(): Promise<void>;
} {
  const thread = new ThreadRequests<ReadingOrder, ReadingAnswer>({
    start: () =>
      new Worker(partPath('intake-worker'), {
        resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 16 },
      }),
    startsAgain: true,
    keepsProgramAlive: true,
    failed: ({ code, stack }) =>
      isOfFile(code) ? new IntakeFileGoneError(code) : new IntakeReaderEndedError(stack),
    ended: (end) =>
      new IntakeReaderEndedError(
        end.kind === 'exit' ? `exit ${String(end.code)}` : String(end.error),
      ),
  });
  const rowsOf = async <Row>(
    kind: 'persons' | 'cards',
    file: string,
  ): Promise<Result<RegisterRows<Row>, IntakeCode>> => {
    const opened = (await thread.ask({ kind, file })) as Result<OpenedRegister, IntakeCode>;
    if (!opened.ok) return opened;
    const { id, setAside } = opened.value;
    const rows: Numbered<Row>[] = [];
    for (;;) {
      const next = await thread.ask({ kind: 'next-rows', id });
      const batch = next as unknown as readonly Numbered<Row>[];
      if (batch.length === 0) return accepted({ rows, setAside });
      rows.push(...batch);
    }
  };
  return {
    facts: async (file, ground = 'own') =>
      (await thread.ask({ kind: 'facts', file, ground })) as FileFacts | null,
    open: async (file, ground = 'own') =>
      (await thread.ask({ kind: 'visits', file, ground })) as Opened,
    next: async (id) => (await thread.ask({ kind: 'next-visits', id })) as readonly FileVisit[],
    openJson: async (bytes) => (await thread.ask({ kind: 'visits-of-json', bytes })) as Opened,
    visitsOfRows: async (rows) =>
      (await thread.ask({ kind: 'visits-of-rows', rows })) as readonly FileVisit[],
    persons: (file) => rowsOf<RegisterRow>('persons', file),
    cards: (file) => rowsOf<CardRow>('cards', file),
    close: () => thread.close(new Error('the reading thread was closed')),
  };
}

/**
 * The same reader for files in a folder into which others write: plain files of safe names alone. `heldAt` is the folder
 * as it is held open; a file is opened there, whatever its path leads to meanwhile.
 */
export function readerOfForeignFolder(
  heldAt: string,
  reader: IntakeReader = usualIntakeReader(),
): IntakeReader {
  const held = (file: string): string => join(heldAt, basename(file));
  return {
    ...reader,
    facts: (file) => reader.facts(held(file), 'foreign'),
    open: (file) => reader.open(held(file), 'foreign'),
  };
}

let usual: IntakeReader | null = null;

/** The program's own reading thread. It keeps nothing between files and ends with the program. */
export function usualIntakeReader(): IntakeReader {
  usual ??= startIntakeReader();
  return usual;
}

/** What is said of a file whose reading did not come to its end; null: it is another fault. */
export function refusalOfReading(problem: unknown): Refusal<IntakeCode> | null {
  if (problem instanceof IntakeFileGoneError) return intakeRefusal('file-gone', problem);
  return problem instanceof IntakeReaderEndedError ? intakeRefusal('file-ended-reader') : null;
}
