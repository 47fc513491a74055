import {
  closeSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { randomFillSync } from 'node:crypto';
import { join } from 'node:path';

/** Whether a folder's disk has room, and a reserve there for what is under way when it has not. */
export type DiskRoom = {
  /**
   * Bytes that are free where no new work may begin; null: there is room. Makes the reserve again where it was used and
   * there is room for it.
   */
  missingFor(): { readonly freeBytes: number } | null;
  /** Called before every unit of work: frees the reserve when what is free would not do for one. */
  letFinish(): void;
  /** Frees the reserve; false where there was none to free. */
  freeReserve(): boolean;
};

const mebibyte = 1024 * 1024;

/** Takes an outcome, its sheets and SQLite's log of them many times over: a settlement of 600 lines writes 0.5 MB. */
const reserveBytes = 4 * mebibyte;
/** New work begins only with as much free beside the reserve: several windows may begin at once. */
const beginBytes = 8 * mebibyte;
/** One unit of work may write so much; with less free the reserve goes. */
const unitBytes = 2 * mebibyte;
/** Files are made too (SQLite's log, documents): a disk may have bytes and no more names. */
const filesMin = 16;

/** For a store that has no folder of its own, such as a copy or a test's. */
export const roomUnwatched: DiskRoom = {
  missingFor: () => null,
  letFinish: () => undefined,
  freeReserve: () => false,
};

/**
 * The room of a data folder. The reserve is the file `reserve` in it, of bytes that no filesystem can store in less, and
 * the folder's alone: whoever deletes it loses nothing but the reserve.
 */
export function diskRoom(folder: string): DiskRoom {
  const reserve = join(folder, 'reserve');
  const isReserved = (): boolean =>
    (statSync(reserve, { throwIfNoEntry: false })?.size ?? 0) >= reserveBytes;
  return {
    missingFor() {
      const free = freeBytes(folder);
      // A filesystem that does not say is believed: a commit that finds no room is taken back whole.
      if (free === null) return null;
      const enough = isReserved()
        ? free >= beginBytes
        : free >= beginBytes + reserveBytes && makeReserve(reserve);
      return enough ? null : { freeBytes: free };
    },
    letFinish() {
      const free = freeBytes(folder);
      if (free !== null && free < unitBytes) freeFile(reserve);
    },
    freeReserve: () => freeFile(reserve),
  };
}

/** What a program without privileges may still write; 0 where no more files can be made. */
function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize, files, ffree } = statfsSync(folder);
    return files > 0 && ffree < filesMin ? 0 : bavail * bsize;
  } catch {
    return null;
  }
}

function makeReserve(path: string): boolean {
  const beside = `${path}.part`;
  try {
    rmSync(beside, { force: true });
    const file = openSync(beside, 'wx', 0o600);
    try {
      const chunk = Buffer.alloc(mebibyte);
      for (let written = 0; written < reserveBytes;) {
        written += writeSync(
          file,
          randomFillSync(chunk),
          0,
          Math.min(chunk.length, reserveBytes - written),
        );
      }
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
    return true;
  } catch {
    // Another program was quicker with the room, or with the reserve.
    freeFile(beside);
    return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= reserveBytes;
  }
}

function freeFile(path: string): boolean {
  try {
    rmSync(path);
    return true;
  } catch {
    return false;
  }
}
