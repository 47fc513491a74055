import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

import { openPlainFile, openPlainForWriting, readPlainFile } from '../base/foreign-folder.ts';

/** Which file it is and how long: a place that was pulled out and put back, or exchanged, has others. */
type FileFacts = { readonly identity: string; readonly bytes: number };

/**
 * What a second place does on its disk: everything at once and waiting for the disk, for it is called in a thread of
 * its own. Throws the system's errors with their `code`.
 */
export type PlaceDisk = {
  list(): readonly string[];
  /** Null where there is no such file, or one that is larger than any of ours. */
  read(name: string): Buffer | null;
  facts(name: string): FileFacts | null;
  /** Writes behind the end of a file that exists, and waits until it is on the disk. */
  append(name: string, bytes: Buffer): void;
  /** Writes a whole file under its name, or nothing: on the disk when it answers. */
  writeWhole(name: string, bytes: Buffer): void;
  /** Writes over the beginning of a file, making it if need be. Does not wait for the disk. */
  overwrite(name: string, bytes: Buffer): void;
  cut(name: string, bytes: number): void;
  remove(name: string): void;
  rename(from: string, to: string): void;
  /** SHA-256 of a file, read piece by piece. */
  hash(name: string): string;
};

/** The folder of a place on a real disk. It is never made by itself: an empty mount point is no place. */
export function placeDisk(folder: string): PlaceDisk {
  const path = (name: string): string => join(folder, name);
  const within = <T>(file: number, act: (file: number) => T): T => {
    try {
      return act(file);
    } finally {
      closeSync(file);
    }
  };
  // Others may write where a place is: no link is followed, and nothing that is there is opened but plain files.
  const withFile = <T>(name: string, act: (file: number) => T): T =>
    within(openPlainForWriting(path(name)), act);
  const withNew = <T>(name: string, act: (file: number) => T): T =>
    within(openSync(path(name), 'wx', 0o600), act);
  const disk: PlaceDisk = {
    list: () => readdirSync(folder),
    read: (name) =>
      whereThere(() =>
        lstatSync(path(name)).size > readBytesMax ? null : readPlainFile(path(name), readBytesMax),
      ),
    facts: (name) =>
      whereThere(() => {
        const { dev, ino, size } = lstatSync(path(name));
        return { identity: `${String(dev)}:${String(ino)}`, bytes: size };
      }),
    append(name, bytes) {
      // Opened without making it: where the place is gone nothing is written in its stead.
      withFile(name, (file) => {
        writeAll(file, bytes, fstatSync(file).size);
        fsyncSync(file);
      });
    },
    writeWhole(name, bytes) {
      const beside = `${name}.part`;
      disk.remove(beside);
      withNew(beside, (file) => {
        writeAll(file, bytes, 0);
        fsyncSync(file);
      });
      disk.rename(beside, name);
    },
    overwrite(name, bytes) {
      const opened = disk.facts(name) === null ? withNew : withFile;
      opened(name, (file) => {
        writeAll(file, bytes, 0);
      });
    },
    cut(name, bytes) {
      withFile(name, (file) => {
        ftruncateSync(file, bytes);
        fsyncSync(file);
      });
    },
    remove(name) {
      rmSync(path(name), { force: true });
    },
    rename(from, to) {
      renameSync(path(from), path(to));
      syncFolder(folder);
    },
    hash(name) {
      const hash = createHash('sha256');
      for (const piece of piecesOf(path(name), pieceBytes)) hash.update(piece);
      return hash.digest('hex');
    },
  };
  return disk;
}

/** Segments are closed at some megabytes; what is larger than this was put there by somebody else. */
const readBytesMax = 1024 * 1024 * 1024;

/** Makes the folder of a place that is being set up. */
export function makePlaceFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** So much of a copy is read, sent and written at once: rows that wait are written between two pieces. */
export const pieceBytes = 4 * 1024 * 1024;

/** Reads a file piece by piece. */
export function* piecesOf(file: string, length: number = pieceBytes): Generator<Buffer> {
  const { descriptor: opened } = openPlainFile(file);
  try {
    for (;;) {
      const piece = Buffer.alloc(length);
      const read = readSync(opened, piece, 0, length, null);
      if (read === 0) return;
      yield piece.subarray(0, read);
    }
  } finally {
    closeSync(opened);
  }
}

function writeAll(file: number, bytes: Buffer, from: number): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(file, bytes, written, bytes.length - written, from + written);
  }
}

/** A name that was just taken is on the disk only with its folder; not every system can be asked for that. */
function syncFolder(folder: string): void {
  let opened: number;
  try {
    opened = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(opened);
  } catch {
    // A share or Windows: the rename is as safe as the system makes it.
  } finally {
    closeSync(opened);
  }
}

function whereThere<T>(act: () => T): T | null {
  try {
    return act();
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw problem;
  }
}
