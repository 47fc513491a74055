import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';

import { anchorCodec, isBehind, type AnchorCodec, type AnchorRecord } from './anchor-record.ts';

/** What a folder remembers of its books. */
export type Remembered = {
  /** The furthest mark, with the last number of every day; null where no record of the folder is there. */
  readonly furthest: AnchorRecord | null;
  /** Lines that are whole and not this folder's: changed, or written with another key. Counted from 1. */
  readonly strangeLines: readonly number[];
  /** Whether the file is there at all. */
  readonly exists: boolean;
  readonly bytes: number;
};

/** Where the anchor is and whose it is. */
export type AnchorPlace = { readonly file: string; readonly codec: AnchorCodec };

export function anchorPlace(file: string, folderKey: Uint8Array, folder: string): AnchorPlace {
  return { file, codec: anchorCodec(folderKey, folder) };
}

/** Reads the whole anchor: the furthest valid record wins, a torn line counts for nothing. */
export function readAnchor({ file, codec }: AnchorPlace): Remembered {
  const text = readIfThere(file);
  if (text === null) return { furthest: null, strangeLines: [], exists: false, bytes: 0 };
  let furthest: AnchorRecord | null = null;
  const days: Record<string, number> = {};
  const strangeLines: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const read = codec.read(line);
    if (read.kind === 'not-ours') strangeLines.push(index + 1);
    if (read.kind !== 'record') continue;
    const { record } = read;
    for (const [day, last] of Object.entries(record.days)) {
      days[day] = Math.max(days[day] ?? 0, last);
    }
    if (furthest === null || !isBehind(record, furthest)) furthest = record;
  }
  return {
    furthest: furthest === null ? null : { ...furthest, days },
    strangeLines,
    exists: true,
    bytes: Buffer.byteLength(text),
  };
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'latin1');
  } catch (problem) {
    if (isMissing(problem)) return null;
    throw problem;
  }
}

/** The anchor of an open folder, to which every commit is written. */
export type OpenAnchor = {
  /**
   * Keeps a record; when it answers the record has left this process, so that no end of the process loses it. It
   * reaches the disk shortly after: a power failure may take it, and then the database, which was on the disk
   * before, is ahead. Throws what the disk says; the record after it makes up for one that is missing.
   */
  append(record: AnchorRecord): Promise<void>;
  close(): void;
};

/** What an open anchor asks of the database and of the folder. */
type AnchorNeeds = {
  /** The record of now with every day, for a file that is made new. */
  readonly whole: () => Promise<AnchorRecord>;
  /** Of two programs one writes the file anew; null where the other is at it. */
  readonly lock: () => Promise<{ release(): void } | null>;
};

/** From this size on the anchor is written anew, with one record in place of all: reading it stays some ms. */
const compactFrom = 256 * 1024;

/** How long a record may wait for the disk. */
const syncWithinMs = 250;

/** Opens the anchor for appending; the file is made with the first record. */
export function openAnchor(place: AnchorPlace, { whole, lock }: AnchorNeeds): OpenAnchor {
  let descriptor: number | null = null;
  let unsynced: NodeJS.Timeout | null = null;

  const letGo = (): void => {
    if (descriptor !== null) closeSync(descriptor);
    descriptor = null;
  };

  async function opened(): Promise<number> {
    if (descriptor !== null && isSameFile(place.file, descriptor)) return descriptor;
    // Somebody removed the file, or another program wrote it anew.
    letGo();
    const isNew = !isThere(place.file);
    const made = isNew ? await whole() : null;
    const now = openSync(place.file, 'a', 0o600);
    descriptor = now;
    if (made !== null) writeAll(now, `${place.codec.write(made)}\n`);
    return now;
  }

  const syncSoon = (): void => {
    unsynced ??= setTimeout(() => {
      unsynced = null;
      // A disk that fails here fails at the next commit, too, where it is heard of.
      if (descriptor !== null) fdatasync(descriptor, () => undefined);
    }, syncWithinMs).unref();
  };

  async function compact(): Promise<void> {
    const held = await lock();
    if (held === null) return;
    try {
      replaceAnchor(place, await whole());
      letGo();
    } finally {
      held.release();
    }
  }

  return {
    async append(record) {
      // A torn line before it does not swallow this one.
      const line = `\n${place.codec.write(record)}\n`;
      const written = await opened();
      writeAll(written, line);
      // Written to a file that was replaced meanwhile, it would be read by nobody.
      if (!isSameFile(place.file, written)) writeAll(await opened(), line);
      if (descriptor !== null && fstatSync(descriptor).size > compactFrom) await compact();
      syncSoon();
    },
    close() {
      if (unsynced !== null) {
        clearTimeout(unsynced);
        if (descriptor !== null) fdatasyncSync(descriptor);
      }
      letGo();
    },
  };
}

/** Adds one record; it is on the disk when this answers. */
export function addToAnchor(place: AnchorPlace, record: AnchorRecord): void {
  const descriptor = openSync(place.file, 'a', 0o600);
  try {
    writeAll(descriptor, `\n${place.codec.write(record)}\n`);
    fdatasyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Writes the anchor anew with one record: whole and on the disk under another name first. What another program
 * wrote to the old file meanwhile is carried over, so that nothing that was remembered is forgotten.
 */
export function replaceAnchor(place: AnchorPlace, record: AnchorRecord): void {
  const beside = `${place.file}.${randomUUID().slice(0, 8)}.part`;
  const before = openIfThere(place.file);
  try {
    const written = openSync(beside, 'wx', 0o600);
    try {
      writeAll(written, `${place.codec.write(record)}\n`);
      fdatasyncSync(written);
    } finally {
      closeSync(written);
    }
    renameSync(beside, place.file);
    if (before !== null) carryOver(place, before, record);
  } finally {
    rmSync(beside, { force: true });
    if (before !== null) closeSync(before);
  }
}

/** What the old file knows that the new one does not; it may be written to until its writer sees the new one. */
function carryOver(place: AnchorPlace, before: number, record: AnchorRecord): void {
  const lines = readFileSync(before, 'latin1').split('\n');
  const missed = lines.filter((line) => {
    const read = place.codec.read(line);
    return read.kind === 'record' && isBehind(record, read.record);
  });
  if (missed.length === 0) return;
  const descriptor = openSync(place.file, 'a', 0o600);
  try {
    writeAll(descriptor, `\n${missed.join('\n')}\n`);
    fdatasyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** One write: two programs that append at the same time do not mix their lines. */
function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text, 'latin1');
  const written = writeSync(descriptor, bytes);
  if (written !== bytes.length) throw new Error('the anchor took only a part of a record');
}

function isSameFile(file: string, descriptor: number): boolean {
  const there = statSync(file, { bigint: true, throwIfNoEntry: false });
  return there?.ino === fstatSync(descriptor, { bigint: true }).ino;
}

const isThere = (file: string): boolean => statSync(file, { throwIfNoEntry: false }) !== undefined;

function openIfThere(file: string): number | null {
  try {
    return openSync(file, 'r');
  } catch (problem) {
    if (isMissing(problem)) return null;
    throw problem;
  }
}

const isMissing = (problem: unknown): boolean =>
  problem instanceof Error && 'code' in problem && problem.code === 'ENOENT';
