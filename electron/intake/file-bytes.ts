import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';

import {
  FileChangedError,
  isSafeName,
  NotPlainFileError,
  openPlainFile,
} from '../base/foreign-folder.ts';
import type { IntakeProblem } from './intake-problem.ts';
import { intakeProblem } from './intake-problem.ts';
import { intakeRefusal, type IntakeCode } from './intake-refusals.ts';

/** The bytes of a file that is open, read in pieces: a file may be larger than the memory for it. */
export type FileBytes = {
  readonly size: number;
  /** The bytes from one place to another, at most as many as there are. */
  read(from: number, until: number): Buffer;
  /** All bytes from a place on, in pieces that stay as they are until the next one is asked for. */
  chunks(from?: number): Generator<Buffer>;
  close(): void;
};

/** A file as it was opened. */
export type OpenFileBytes = FileBytes & {
  /** Throws a `FileChangedError` where it is not the file any more that was opened: what was read of it is none. */
  assertUnchanged(): void;
};

/** Who named a file: the person at this program, or whoever may write into a folder that is watched. */
export type FileGround = 'own' | 'foreign';

const chunkBytes = 1024 * 1024;

/**
 * Opens a file for the thread that reads files: the calls wait, so that a share that hangs holds this thread and none
 * of the threads that the rest of the program needs.
 */
export function openFileBytes(
  file: string,
  ground: FileGround = 'own',
): OpenFileBytes | { readonly problem: IntakeProblem<IntakeCode> } {
  try {
    if (ground === 'foreign') return openForeign(file);
    // A pipe without a writer must not be waited for; Windows has no such flag.
    const handle = openSync(
      file,
      constants.O_RDONLY | ((constants as Partial<typeof constants>).O_NONBLOCK ?? 0),
    );
    if (!fstatSync(handle).isFile()) {
      closeSync(handle);
      return { problem: intakeProblem(intakeRefusal('file-unreadable', { why: 'not a file' })) };
    }
    return bytesOf(handle, file);
  } catch (problem) {
    if (problem instanceof NotPlainFileError) {
      return { problem: intakeProblem(intakeRefusal('file-not-plain', problem)) };
    }
    const why = problem instanceof Error && 'code' in problem ? String(problem.code) : '';
    const refusal =
      why === 'ENOENT'
        ? intakeRefusal('file-missing', { file })
        : intakeRefusal('file-unreadable', { why });
    return { problem: intakeProblem(refusal) };
  }
}

/** A file that somebody else put under a name of his choosing. */
function openForeign(
  file: string,
): OpenFileBytes | { readonly problem: IntakeProblem<'file-name-unsafe'> } {
  if (!isSafeName(basename(file))) {
    return { problem: intakeProblem(intakeRefusal('file-name-unsafe')) };
  }
  return bytesOf(openPlainFile(file).descriptor, file);
}

function bytesOf(handle: number, file: string): OpenFileBytes {
  const opened = fstatSync(handle, { bigint: true });
  const size = Number(opened.size);
  const fill = (into: Buffer, from: number): number => {
    let filled = 0;
    while (filled < into.length) {
      const got = readSync(handle, into, filled, into.length - filled, from + filled);
      // As much was asked for as there was when it was opened: a bill must not lose its last lines, nor a register its persons.
      if (got === 0) throw new FileChangedError(file);
      filled += got;
    }
    return filled;
  };
  return {
    size,
    read(from, until) {
      const bytes = Buffer.alloc(Math.max(0, Math.min(until, size) - from));
      return bytes.subarray(0, fill(bytes, from));
    },
    *chunks(from = 0) {
      const buffer = Buffer.alloc(chunkBytes);
      for (let at = from; at < size;) {
        const got = fill(buffer.subarray(0, Math.min(chunkBytes, size - at)), at);
        yield buffer.subarray(0, got);
        at += got;
      }
    },
    close() {
      closeSync(handle);
    },
    assertUnchanged() {
      const now = fstatSync(handle, { bigint: true });
      if (now.size !== opened.size || now.mtimeNs !== opened.mtimeNs)
        throw new FileChangedError(file);
    },
  };
}

/** Bytes that were made of a file, in its place. */
export function inMemory(bytes: Buffer, close: () => void): FileBytes {
  return {
    size: bytes.length,
    read: (from, until) => bytes.subarray(from, until),
    *chunks(from = 0) {
      if (from < bytes.length) yield bytes.subarray(from);
    },
    close,
  };
}
