import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';

import { isSafeName, NotPlainFileError, openPlainFile } from '../base/foreign-folder.ts';
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
): FileBytes | { readonly problem: IntakeProblem<IntakeCode> } {
  try {
    if (ground === 'foreign') return openForeign(file);
    // A pipe without a writer must not be waited for; Windows has no such flag.
    const handle = openSync(
      file,
      constants.O_RDONLY | ((constants as Partial<typeof constants>).O_NONBLOCK ?? 0),
    );
    const facts = fstatSync(handle);
    if (!facts.isFile()) {
      closeSync(handle);
      return { problem: intakeProblem(intakeRefusal('file-unreadable', { why: 'not a file' })) };
    }
    return bytesOf(handle, facts.size);
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
): FileBytes | { readonly problem: IntakeProblem<'file-name-unsafe'> } {
  if (!isSafeName(basename(file))) {
    return { problem: intakeProblem(intakeRefusal('file-name-unsafe')) };
  }
  const { descriptor, size } = openPlainFile(file);
  return bytesOf(descriptor, size);
}

function bytesOf(handle: number, size: number): FileBytes {
  const fill = (into: Buffer, from: number): number => {
    let filled = 0;
    while (filled < into.length) {
      const got = readSync(handle, into, filled, into.length - filled, from + filled);
      if (got === 0) break;
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
        const got = fill(buffer, at);
        if (got === 0) return;
        yield buffer.subarray(0, got);
        at += got;
      }
    },
    close() {
      closeSync(handle);
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
