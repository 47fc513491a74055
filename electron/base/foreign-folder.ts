import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  statSync,
  writeFileSync,
  type BigIntStats,
} from 'node:fs';
import { lstat, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';

import { besideOf } from './leftovers.ts';

/**
 * Files in folders in which somebody else may write too: the hospital's exchange, a stick, a share. What lies there
 * under a name we know may be a link to a file of ours, a pipe that nobody writes to, or a device.
 */

/** Why a name does not lead to a plain file that is its own. */
export type NotPlain = 'link' | 'second-name' | 'not-a-file' | 'swapped';

/** What lies under a name is no plain file; nothing was read and nothing was written. */
export class NotPlainFileError extends Error {
  override readonly name = 'NotPlainFileError';
  readonly code = 'not-plain-file';
  readonly why: NotPlain;

  constructor(why: NotPlain, file: string) {
    super(`${basename(file)} is no plain file (${why})`);
    this.why = why;
  }
}

/** A file was cut, grew or was exchanged while it was read: what was read is not what lies there. */
export class FileChangedError extends Error {
  override readonly name = 'FileChangedError';
  readonly code = 'changed-while-read';

  constructor(file: string) {
    super(`${basename(file)} changed while it was read`);
  }
}

// Windows has none of these; there a link is told by its name alone.
const flags = constants as Partial<typeof constants>;
const noFollow = flags.O_NOFOLLOW ?? 0;
const noWait = flags.O_NONBLOCK ?? 0;
const folderOnly = flags.O_DIRECTORY ?? 0;

/** How a problem with a file is named for people: the system's own code, or what it is instead of a file. */
export function whyNot(problem: unknown): string {
  if (problem instanceof NotPlainFileError) return problem.why;
  if (problem instanceof RangeError) return 'too-large';
  return problem instanceof Error && 'code' in problem ? String(problem.code) : 'unknown';
}

/** What a name leads to without following it; `null`: a plain file of one name. */
export function notPlain(facts: BigIntStats): NotPlain | null {
  if (facts.isSymbolicLink()) return 'link';
  if (!facts.isFile()) return 'not-a-file';
  return facts.nlink > 1n ? 'second-name' : null;
}

export type OpenPlainFile = { readonly descriptor: number; readonly size: number };

/**
 * Opens a plain file for reading: a link is not followed, a pipe is not waited for, a device is not touched, and a file
 * that has a second name somewhere (it may be one of ours) is left alone. `between` is a test's: it runs between the look
 * and the opening.
 */
export function openPlainFile(
  file: string,
  { flags: access = constants.O_RDONLY, between }: { flags?: number; between?: () => void } = {},
): OpenPlainFile {
  const seen = lstatSync(file, { bigint: true });
  const problem = notPlain(seen);
  if (problem !== null) throw new NotPlainFileError(problem, file);
  between?.();
  const descriptor = openNoLink(file, access);
  try {
    const facts = fstatSync(descriptor, { bigint: true });
    if (facts.ino !== seen.ino || facts.dev !== seen.dev) {
      throw new NotPlainFileError('swapped', file);
    }
    const late = notPlain(facts);
    if (late !== null) throw new NotPlainFileError(late, file);
    return { descriptor, size: Number(facts.size) };
  } catch (refused) {
    closeSync(descriptor);
    throw refused;
  }
}

/** Opens a plain file that is there for reading and writing, by the same rules. */
export function openPlainForWriting(file: string): number {
  const { descriptor } = openPlainFile(file, { flags: constants.O_RDWR });
  return descriptor;
}

function openNoLink(file: string, access: number): number {
  try {
    return openSync(file, access | noFollow | noWait);
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ELOOP') {
      throw new NotPlainFileError('link', file);
    }
    throw problem;
  }
}

/** All bytes of a plain file of at most so many. */
export function readPlainFile(file: string, bytesMax: number): Buffer {
  const { descriptor, size } = openPlainFile(file);
  try {
    return bytesUpTo(descriptor, { file, size, bytesMax });
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Bytes of a file that a person named, at most so many: a link of the person's own is followed; what is no file is
 * not waited for.
 */
export function readNamedFile(file: string, bytesMax: number): Buffer {
  const { descriptor, size } = openNamedFile(file);
  try {
    return bytesUpTo(descriptor, { file, size, bytesMax });
  } finally {
    closeSync(descriptor);
  }
}

/** What was opened to its end, whatever its size was: a file may grow while it is read, and some have no end. */
function bytesUpTo(
  descriptor: number,
  {
    file,
    size,
    bytesMax,
  }: { readonly file: string; readonly size: number; readonly bytesMax: number },
): Buffer {
  const pieces: Buffer[] = [];
  let bytes = 0;
  while (Math.max(bytes, size) <= bytesMax) {
    const piece = Buffer.allocUnsafe(Math.max(size - bytes, 0) + readPastSize);
    const read = readSync(descriptor, piece, 0, piece.length, null);
    if (read === 0) return Buffer.concat(pieces);
    pieces.push(piece.subarray(0, read));
    bytes += read;
  }
  throw new RangeError(`${basename(file)} is larger than it may be`);
}

/** So much is asked for behind the end that a file had: that it ends there is known only by reading on. */
const readPastSize = 4096;

/** Whether a name leads to a file: no folder, no pipe, no device, and not a name that cannot be one. */
export function isNamedFile(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Copies such a file into one that is made, for this user alone. Throws a `FileChangedError` where it has not as many bytes as
 * it had when it was opened: one that grows without end must not take all the room there is.
 */
export function copyNamedFile(file: string, target: string): void {
  const from = openNamedFile(file);
  try {
    const to = openSync(target, 'wx', 0o600);
    try {
      const piece = Buffer.alloc(copiedAtOnce);
      for (let copied = 0; ;) {
        const read = readSync(from.descriptor, piece, 0, piece.length, null);
        copied += read;
        if (copied > from.size || (read === 0 && copied < from.size))
          throw new FileChangedError(file);
        if (read === 0) return;
        writeFileSync(to, piece.subarray(0, read));
      }
    } finally {
      closeSync(to);
    }
  } finally {
    closeSync(from.descriptor);
  }
}

const copiedAtOnce = 4 * 1024 * 1024;

/** Opens a file that a person named; throws where it is none. */
function openNamedFile(file: string): OpenPlainFile {
  // Looked at first: opening some devices already does something.
  if (!statSync(file).isFile()) throw new NotPlainFileError('not-a-file', file);
  const descriptor = openSync(file, constants.O_RDONLY | noWait);
  const facts = fstatSync(descriptor);
  if (facts.isFile()) return { descriptor, size: facts.size };
  closeSync(descriptor);
  throw new NotPlainFileError('not-a-file', file);
}

export type WholeFile = {
  readonly mode: number;
  /** Whether nothing may lie under the name: what is there is worth more than what is written, or somebody else's. */
  readonly isNew?: boolean;
  /** Runs when the bytes are on the disk and the name is not taken yet. */
  readonly between?: () => void;
  /** A test's disk may keep no rights. */
  readonly setRights?: (made: FileHandle, mode: number) => Promise<void>;
};

/**
 * Writes a whole file under its name, or nothing: made new beside it under a name nobody can know, on the disk, then
 * renamed. A link under either name is never written through; the rights are set on what was made, whatever the umask.
 * What is no file keeps its name, and this throws.
 */
export async function writeNewWhole(
  file: string,
  bytes: Uint8Array,
  { mode, isNew = false, between, setRights = (made, rights) => made.chmod(rights) }: WholeFile,
): Promise<void> {
  // The name is taken first: of two who write under it at once one is told. A stick knows no links to take it with later.
  if (isNew) await open(file, 'wx', 0o600).then((taken) => taken.close());
  const seen = await lstat(file, { bigint: true }).catch(nullIfMissing);
  if (seen !== null && !seen.isFile()) throw new NotPlainFileError(notPlain(seen) ?? 'link', file);
  const beside = besideOf(file);
  try {
    const made = await open(beside, 'wx', 0o600);
    try {
      await made.writeFile(bytes);
      if (process.platform !== 'win32') await setRights(made, mode).catch(unlessRightsAreTheDisks);
      await made.sync();
    } finally {
      await made.close();
    }
    between?.();
    // Takes the name as it stands: a link put there meanwhile is replaced, not followed.
    await rename(beside, file);
  } catch (problem) {
    await rm(beside, { force: true }).catch(() => undefined);
    if (isNew) await rm(file, { force: true }).catch(() => undefined);
    throw problem;
  }
}

/**
 * A stick as shops sell them (FAT, exFAT) keeps no rights: whoever mounted it said who may read all that is on it. What this
 * program has just made is its own, so that nothing else refuses here.
 */
function unlessRightsAreTheDisks(problem: unknown): void {
  const { code } = problem as NodeJS.ErrnoException;
  if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP') throw problem;
}

function nullIfMissing(problem: unknown): null {
  if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw problem;
}

/** A folder that is held open: what is put in the place of its name meanwhile is not it. */
export type HeldFolder = {
  /** Names in the folder are reached through this path for as long as it is held. */
  readonly path: string;
  readonly close: () => Promise<void>;
};

const reachesByDescriptor = process.platform === 'linux' && existsSync('/proc/self/fd');

/** Holds a folder open. `followsLink`: whether its own name may be a link (the clerk's setting may name one). */
export async function holdFolder(
  folder: string,
  { followsLink }: { readonly followsLink: boolean },
): Promise<HeldFolder> {
  if (!reachesByDescriptor) {
    if (!followsLink && !lstatSync(folder).isDirectory())
      throw new NotPlainFileError('link', folder);
    return { path: folder, close: () => Promise.resolve() };
  }
  const handle = await open(
    folder,
    constants.O_RDONLY | folderOnly | (followsLink ? 0 : noFollow),
  ).catch((problem: unknown) => {
    const { code } = problem as NodeJS.ErrnoException;
    if (!followsLink && (code === 'ELOOP' || code === 'ENOTDIR')) {
      throw new NotPlainFileError('link', folder);
    }
    throw problem;
  });
  return { path: `/proc/self/fd/${String(handle.fd)}`, close: () => handle.close() };
}

/** Longer names leave no room for what is put behind and before them. */
const nameBytesMax = 200;

/**
 * Whether a name that somebody else chose may stand in our own folders and lists: no way out of the folder, no
 * characters that nobody sees, not too long, and none that Windows keeps for its devices.
 */
export function isSafeName(name: string): boolean {
  return (
    name !== '' &&
    Buffer.byteLength(name) <= nameBytesMax &&
    name.isWellFormed() &&
    !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD/\\:*?"<>|]/u.test(name) &&
    !/[. ]$/.test(name) &&
    !/^(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?:\.|$)/i.test(name)
  );
}
